//! Commands and their output in one block: with prompts, or without.

use super::{
    Teller,
    forms::{self, Before},
};
use crate::document::{
    Block,
    safety::WhyNotRun,
    shell,
    story::{
        Act, Deed, ShownOutput, Source,
        hints::{is_error, output_in_comments},
        transcript::{TypedLine, steps},
    },
};

impl Teller {
    /// Tells what stands above the first prompt of a block. In slides, a manifest and its commands may be one block.
    pub(super) fn tell_before(&mut self, part: &Block) {
        let commands = shell::commands(&part.text);
        if Source::is_content(part) {
            self.content(part);
        } else if commands.iter().all(|command| shell::is_known(&command.text)) {
            self.commands(part, commands);
        } else {
            self.leave(part, WhyNotRun::Shown("lines before the first command".into()));
        }
    }

    /// Commands and outputs without prompts: a line that begins as a command does, first or after a blank line or
    /// another command, is one, and what no program prints is one anywhere.
    pub(super) fn mixed(&mut self, block: &Block) {
        let mut output = ShownOutput::default();
        let lines: Vec<&str> = block.text.lines().collect();
        let commands = shell::commands(&block.text);
        let mut commands = commands.iter().peekable();
        let (mut index, mut last, mut is_note) = (0, "", false);
        // What stands before the line.
        let mut before = Before::Command;
        while index < lines.len() {
            let line = lines[index];
            while commands.peek().is_some_and(|command| command.lines_before < index) {
                commands.next();
            }
            let command = commands.peek().filter(|command| command.lines_before == index);
            let text = command.map_or(line, |command| command.text.as_str());
            // helm prints commands as well, for later.
            is_note |= line == "NOTES:";
            let may_begin = before != Before::Output && !is_note && !forms::is_printed_setting(last, line);
            if may_begin && shell::is_known(text) || !is_note && shell::is_unmistakable(line) {
                (last, before) = (text, Before::Command);
                self.answer(std::mem::take(&mut output));
                self.command(block.line + index, text, None);
                index += text.lines().count();
                let comments = lines[index..].iter().take_while(|line| line.starts_with('#')).count();
                if let Some(text) = output_in_comments(text, lines[index..].iter().copied()) {
                    self.answer(ShownOutput { line: block.line + index, text, ..ShownOutput::default() });
                    index += comments;
                }
                continue;
            }
            // The first line of a block is a command.
            let above = if index == 0 { Before::Comment } else { before };
            if !is_note && forms::is_other_program(text, above, last) {
                self.answer(std::mem::take(&mut output));
                self.leave_lines(block, index, text);
                (index, before) = (index + text.lines().count(), Before::Comment);
                continue;
            }
            let heading = if is_note { 0 } else { forms::comments_above_command(&lines[index..]) };
            if heading > 0 {
                (index, before) = (index + heading, Before::Comment);
                continue;
            }
            if output.text.is_empty() {
                output.line = block.line + index;
            }
            output.text += &format!("{line}\n");
            before = if line.trim().is_empty() { Before::Blank } else { Before::Output };
            index += 1;
        }
        self.answer(output);
    }

    fn leave_lines(&mut self, block: &Block, index: usize, text: &str) {
        let program = text.split_whitespace().next().unwrap_or_default();
        let why = WhyNotRun::NotUnderstood(format!("labproof does not know the program {program}"));
        self.act(block.line + index, Deed::Leave(text.to_owned(), why));
    }

    /// Commands with prompts, and their outputs. A transcript may begin with the commands of the block before, to show what
    /// they print.
    pub(super) fn transcript(&mut self, block: &Block) {
        let mut again = self.before.clone().filter(|acts| !acts.is_empty());
        for step in steps(block) {
            if let Some((index, output)) = again.clone().and_then(|acts| self.shown_again(acts, &step)) {
                if let Some(Act { deed: Deed::Type(typed), .. }) = self.acts.get_mut(index)
                    && !output.text.is_empty()
                {
                    typed.may_fail |= is_error(&output.text);
                    typed.expected.get_or_insert(output);
                }
            } else {
                again = None;
                self.command(step.line, &step.command, Some(&step.prompt));
                self.answer(step.output);
            }
        }
    }

    /// The act that a step shows again, without an output so far, and its output. Further commands of the same block
    /// may stand in the step's output.
    fn shown_again(&self, acts: std::ops::Range<usize>, step: &TypedLine) -> Option<(usize, ShownOutput)> {
        let typed = |index: usize| match &self.acts[index].deed {
            Deed::Type(typed) => Some(shell::normal(&typed.command)),
            _ => None,
        };
        let is_open = |index: &usize| matches!(&self.acts[*index].deed, Deed::Type(typed) if typed.expected.is_none());
        let wanted = shell::normal(&step.command);
        let mut index = acts.clone().filter(is_open).find(|index| typed(*index).as_deref() == Some(wanted.as_str()))?;
        let mut output = step.output.clone();
        while index + 1 < acts.end {
            let Some(next) = typed(index + 1) else { break };
            let count = match &self.acts[index + 1].deed {
                Deed::Type(typed) => typed.command.lines().count(),
                _ => break,
            };
            let head: Vec<&str> = output.text.lines().take(count).collect();
            if shell::normal(&head.join("\n")) != next {
                break;
            }
            output.text = output.text.lines().skip(count).map(|line| format!("{line}\n")).collect();
            output.line += count;
            index += 1;
        }
        Some((index, output))
    }
}
