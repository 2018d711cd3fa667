//! Blocks that are the content of a file, a manifest, or an object as the server shows it.

use std::sync::LazyLock;

use regex::Regex;

use super::{Teller, forms};
use crate::document::{
    Block,
    safety::{Edit, WhyNotRun},
    story::{Act, Deed, Named, Source, edited, insertions},
};
use crate::expression::regex;

impl Teller {
    /// The content of a file, or the output of a command that prints such content.
    pub(super) fn content(&mut self, block: &Block) {
        let last = self.last_command().filter(|typed| typed.expected.is_none());
        let last = last.map(|typed| typed.command.clone()).unwrap_or_default();
        let mut source = Source::of(block, &self.prose);
        // A template prints a part of an object, at most.
        if Source::is_printed_by(&last) || last.contains("jsonpath") && !source.is_manifest() {
            return self.output(block);
        }
        let edited = edited::file(&last).filter(|name| source.is_manifest() || !edited::is_yaml(name));
        source.name = edited.or(source.name);
        if source.name.is_some() {
            self.forget_learned(&source);
            return self.act(block.line, Deed::Write(source));
        }
        if !source.is_manifest()
            && let Some(target) = insertions::target(&self.prose, &self.acts)
        {
            let name = target.1.name().to_owned();
            return match insertions::inserted(&self.prose, &block.text, target) {
                Some(source) => self.edit(block.line, source, "labproof added these lines as the prose says"),
                None => self.leave(block, WhyNotRun::Edit(Edit { file: name, below: Vec::new() })),
            };
        }
        if !source.is_manifest()
            && let Some(edit) = insertions::made_by_command(&self.prose, &self.acts)
        {
            return self.leave(block, WhyNotRun::Edit(edit));
        }
        if edited::is_form(&source.text) {
            return self.leave(block, WhyNotRun::Shown("a manifest without values".into()));
        }
        let Some(text) = edited::without_server_fields(&source.text) else {
            return self.act(block.line, Deed::Write(source));
        };
        if !edited::opens_object(&last) {
            return self.leave(block, WhyNotRun::Shown("an object as the server shows it".into()));
        }
        let note = "labproof applied it, without the fields that the server sets, in place of the edit";
        self.act(block.line, Deed::Offer(Source { text, is_applied: true, ..source }));
        if let Some(act) = self.acts.last_mut() {
            act.notes.push(note.into());
        }
    }

    /// Forgets that the prose gave the file before its name, if it speaks of this one: `Save this as a.yaml:`.
    fn forget_learned(&mut self, source: &Source) {
        if let Some(index) = self.learned
            && let Some(Act { deed: Deed::Write(before), .. }) = self.acts.get_mut(index)
            && before.name == source.name
        {
            before.name = None;
        }
    }

    /// Takes the block before for the file that this block's first command reads: settings for `--from-env-file`, or what
    /// is no command.
    pub(super) fn file_before_commands(&mut self, block: &Block) {
        static READS: LazyLock<Regex> =
            LazyLock::new(|| regex(r"--from-(?:env-)?file[= ](?:[\w.-]+=)?((?:\./)?[\w./-]*\w\.\w+)"));
        let Some(found) = READS.captures(&block.text) else { return };
        let (name, before) = (found[1].to_owned(), self.before.clone().unwrap_or(0..0));
        let is_made = self.acts.iter().any(|act| act.makes(&name));
        let is_content = |act: &Act| match &act.deed {
            Deed::Type(typed) => typed.expected.is_none() && is_assignment(&typed.command),
            Deed::Leave(_, why) => matches!(why, WhyNotRun::NotUnderstood(_) | WhyNotRun::Shown(_)),
            _ => false,
        };
        let Block { line, text, language, .. } = self.block_before.clone();
        if forms::OF_COMMANDS.contains(&language.as_str())
            || is_made
            || before.is_empty()
            || before.end != self.acts.len()
            || !self.acts[before.clone()].iter().all(is_content)
        {
            return;
        }
        self.acts.truncate(before.start);
        let source = Source { name: Some(name), named_by: Named::Command(block.line), text, ..Source::default() };
        self.act(line, Deed::Write(source));
    }
}

/// Whether a command does nothing but give a variable a value.
fn is_assignment(command: &str) -> bool {
    command
        .split_once('=')
        .is_some_and(|(name, _)| name.chars().all(|letter| letter.is_alphanumeric() || letter == '_'))
}
