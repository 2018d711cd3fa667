//! Commands and their output in one block: with prompts, or without.

use super::Teller;
use crate::document::{
    Block,
    safety::WhyNotRun,
    shell,
    story::{
        Act, Deed, Expected, Source,
        hints::is_error,
        transcript::{Step, steps},
    },
};

impl Teller {
    /// Tells what stands above the first prompt of a block. In slides, a manifest and its commands may be one block.
    pub(super) fn tell_before(&mut self, part: &Block) {
        if Source::is_content(part) {
            self.content(part);
        } else {
            self.leave(part, WhyNotRun::Shown("lines before the first command".into()));
        }
    }

    /// Commands and outputs without prompts: a line that begins as a command does, first or after a blank line or
    /// another command, is one, and what no program prints is one anywhere.
    pub(super) fn mixed(&mut self, block: &Block) {
        let mut output = Expected::default();
        let mut next_is_command = true;
        let commands = shell::commands(&block.text);
        let mut commands = commands.iter().peekable();
        let mut skipped = 0;
        for (place, line) in block.text.lines().enumerate() {
            while commands.peek().is_some_and(|command| command.lines_before < place) {
                commands.next();
            }
            let command = commands.peek().filter(|command| command.lines_before == place);
            if place < skipped {
                continue;
            }
            if next_is_command && shell::is_known(line) || shell::is_unmistakable(line) {
                self.answer(std::mem::take(&mut output));
                let text = command.map_or(line, |command| command.text.as_str());
                self.command(block.line + place, text, None);
                skipped = place + text.lines().count();
                continue;
            }
            if output.text.is_empty() {
                output.line = block.line + place;
            }
            output.text += &format!("{line}\n");
            next_is_command = line.trim().is_empty();
        }
        self.answer(output);
    }

    /// Commands with prompts, and their outputs. A transcript may show the commands of the block before once more.
    pub(super) fn transcript(&mut self, block: &Block) {
        let again = self.before.clone().filter(|acts| !acts.is_empty());
        for step in steps(block) {
            if let Some((place, output)) = again.clone().and_then(|acts| self.shown_again(acts, &step)) {
                if let Some(Act { deed: Deed::Type(typed), .. }) = self.acts.get_mut(place) {
                    typed.may_fail |= is_error(&output.text);
                    typed.expected.get_or_insert(output);
                }
            } else {
                self.command(step.line, &step.command, Some(&step.prompt));
                self.answer(step.output);
            }
        }
    }

    /// The act that a step shows again, without an output so far, and its output. Further commands of the same block
    /// may stand in the step's output.
    fn shown_again(&self, acts: std::ops::Range<usize>, step: &Step) -> Option<(usize, Expected)> {
        let typed = |place: usize| match &self.acts[place].deed {
            Deed::Type(typed) => Some(shell::normal(&typed.command)),
            _ => None,
        };
        let is_open = |place: &usize| matches!(&self.acts[*place].deed, Deed::Type(typed) if typed.expected.is_none());
        let wanted = shell::normal(&step.command);
        let mut place = acts.clone().filter(is_open).find(|place| typed(*place).as_deref() == Some(wanted.as_str()))?;
        let mut output = step.output.clone();
        while place + 1 < acts.end {
            let Some(next) = typed(place + 1) else { break };
            let count = match &self.acts[place + 1].deed {
                Deed::Type(typed) => typed.command.lines().count(),
                _ => break,
            };
            let head: Vec<&str> = output.text.lines().take(count).collect();
            if shell::normal(&head.join("\n")) != next {
                break;
            }
            output.text = output.text.lines().skip(count).map(|line| format!("{line}\n")).collect();
            output.line += count;
            place += 1;
        }
        Some((place, output))
    }
}
