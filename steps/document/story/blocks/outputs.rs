//! Which command a block of output belongs to.

use super::Teller;
use crate::document::{
    Block, inline,
    prose::announces_output,
    safety::WhyNotRun,
    shell,
    story::{Act, Deed, ShownOutput, Typed, hints::is_error, listings::listing_after, transcript::remarks},
};

/// How many lines of prose may stand between a command and its output.
const MOST_PROSE: usize = 4;

impl Teller {
    /// Takes a block as the output of a command: of the one that the prose names, or of the last one.
    pub(super) fn output(&mut self, block: &Block) {
        let output = ShownOutput { line: block.line, text: block.text.clone(), is_shared: self.is_of_several() };
        let introduced = self.introduced().filter(|(_, command)| !self.awaits_output() || self.is_another(command));
        let listing = || self.last_command().and_then(|typed| listing_after(&typed.command, &block.text));
        if let Some((line, command)) = introduced {
            self.command(line, &command, None);
            self.answer(output);
        } else if let Some(command) = listing().filter(|_| self.awaits_output() && !self.prose.trim().is_empty()) {
            self.command(block.line, &command, None);
            if let Some(act) = self.acts.last_mut() {
                act.notes.push("the document shows this listing without the command: labproof typed it".into());
            }
            self.answer(output);
        } else if self.awaits_output() {
            self.answer(output);
        } else {
            self.leave(
                block,
                WhyNotRun::NotUnderstood(
                    "it looks like an output, but no command before it could have printed it".into(),
                ),
            );
        }
    }

    /// Takes a text as what the last command should print.
    pub(super) fn answer(&mut self, ShownOutput { line, text, is_shared }: ShownOutput) {
        let remarks = remarks(&text);
        let shown = text.lines().skip(remarks).filter(|line| !shell::is_bare_prompt(line));
        let text: String = shown.map(|line| format!("{line}\n")).collect();
        let (line, text) = (line + remarks, text.trim_end());
        if text.trim().is_empty() {
            return;
        }
        let mut followed = self.acts.iter_mut().rev().filter(|act| !act.is_of_other_tab());
        if let Some(Act { deed: Deed::Type(typed), .. }) = followed.next() {
            typed.may_fail |= is_error(text);
            typed.expected = Some(ShownOutput { line, text: format!("{text}\n"), is_shared });
        }
    }

    /// Whether the block of the last command has others, none of them with an output.
    fn is_of_several(&self) -> bool {
        let mut followed = self.acts.iter().rev().skip_while(|act| act.is_of_other_tab()).peekable();
        let block = followed.peek().map(|act| act.block);
        let mut others = followed.take_while(|act| Some(act.block) == block).skip(1).peekable();
        let is_open =
            |act: &Act| matches!(&act.deed, Deed::Type(typed) if typed.expected.is_none() && !typed.is_inside);
        others.peek().is_some() && others.all(is_open)
    }

    /// Whether the last act is a command without an output, with nothing but prose after it.
    pub(super) fn awaits_output(&self) -> bool {
        self.before.is_some() && self.last_command().is_some_and(|typed| typed.expected.is_none())
    }

    pub(super) fn last_command(&self) -> Option<&Typed> {
        match self.acts.iter().rev().find(|act| !act.is_of_other_tab()) {
            Some(Act { deed: Deed::Type(typed), .. }) => Some(typed),
            _ => None,
        }
    }

    /// The command whose output the last paragraph introduces, and its line.
    pub(super) fn introduced(&self) -> Option<(usize, String)> {
        let prose = self.prose.trim_end();
        let start = prose.rfind("\n\n").map_or(0, |at| at + 2);
        let (index, command) = inline::introduced(&prose[start..])?;
        Some((self.prose_line + prose[..start].matches('\n').count() + index, command.to_owned()))
    }

    /// Whether the prose, which ends with a colon, introduces the output of another command than the one before.
    fn is_another(&self, command: &str) -> bool {
        let is_same = |typed: &Typed| shell::normal(&typed.command) == shell::normal(command);
        self.ends_with_a_colon() && !self.last_command().is_some_and(is_same)
    }

    pub(super) fn ends_with_a_colon(&self) -> bool {
        self.prose.trim_end().ends_with([':', '：'])
    }

    /// Whether little prose stands between the command and this block.
    pub(super) fn is_near(&self) -> bool {
        self.is_announced() || self.prose.trim().lines().count() <= MOST_PROSE
    }

    pub(super) fn is_announced(&self) -> bool {
        self.prose.trim().lines().next_back().is_some_and(announces_output)
    }
}
