//! What a document asks its reader to do, as acts in order: files to write, commands to type with the output that they
//! should print, and everything that is not run, each with the reason. No block is dropped silently.

mod blocks;
mod content;
mod edited;
mod edits;
mod files;
mod hints;
mod hosts;
mod images;
mod insertions;
mod kinds;
mod listing;
mod listings;
mod naming;
mod sections;
mod shells;
mod transcript;
mod used;

pub use blocks::MOST_ACTS;
pub(in crate::document) use content::is_fragment;
pub use files::{Named, Source};
pub(in crate::document) use hints::is_table;
pub use images::{built as images_built, needed as images};
pub use insertions::with_lines;
pub use kinds::Runs;
pub use used::{
    addresses, aliases, folders_made, in_other_folders, paths_named, used_files, wanted as wanted_files, written_files,
};

use std::ops::Range;

use super::{
    Document, Piece,
    doubt::Doubt,
    safety::{ReaderTerminal, WhyNotRun},
    tabs::Choices,
};

/// The acts of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// The acts, in order.
    pub acts: Vec<Act>,
    /// The sections that have acts.
    pub sections: Vec<Section>,
}

/// A section of a document: what stands below one heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Its heading; a number follows if an earlier section has the same. Empty before the first heading.
    pub title: String,
    /// Its acts, by their places in the story.
    pub acts: Range<usize>,
}

/// One act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Its line in the document.
    pub line: usize,
    /// The number of its block; commands of one block are typed without a pause.
    pub block: usize,
    /// What is done.
    pub deed: Deed,
    /// What the author should know, although nothing failed.
    pub notes: Vec<String>,
    /// What is wrong with it, even before it is run.
    pub doubts: Vec<Doubt>,
}

/// What an act does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Types a command.
    Type(Typed),
    /// Writes a file.
    Write(Source),
    /// Gives a manifest that no command uses to the server, which says whether it accepts it.
    Offer(Source),
    /// Nothing.
    Leave(String, WhyNotRun),
    /// Nothing: a sentence of the prose is wrong.
    Say(String),
}

/// A command that is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// The command.
    pub command: String,
    /// What it should print; `None` if the document does not show it.
    pub expected: Option<ShownOutput>,
    /// Whether the document says that it may fail.
    pub may_fail: bool,
    /// What the prose before it says about it.
    pub role: ProseRole,
    /// How it runs.
    pub runs: Runs,
    /// Whether it is typed into a container's shell, which an earlier command has opened.
    pub is_inside: bool,
    /// The prose before it, if it is the first command of its block.
    pub asked: String,
}

/// What the prose says about the next command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProseRole {
    /// Nothing that matters.
    #[default]
    Plainly,
    /// Time passes before it.
    Later,
    /// It is another way to do what a command before it has done.
    OtherWay,
}

/// An output as a document shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShownOutput {
    /// The line of its first line.
    pub line: usize,
    /// The text.
    pub text: String,
    /// Whether it is the output of all commands of its block together.
    pub is_shared: bool,
}

impl Story {
    /// The story of a document.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let mut teller = blocks::Teller::of(document, Choices::of(&document.pieces));
        let mut headings = vec![(String::new(), 0)];
        for piece in &document.pieces {
            match piece {
                Piece::Heading(title) => {
                    headings.push((title.trim().to_owned(), teller.acts.len()));
                    teller.heading(title);
                }
                Piece::Prose(line, text) => teller.prose(*line, text),
                Piece::Remark(_, remark) => teller.remark(remark),
                Piece::Block(block) => teller.block(block),
            }
        }
        let mut acts = teller.acts;
        let prose = document.prose();
        naming::settle(&mut acts, &prose);
        files::settle(&mut acts, &prose);
        kinds::settle(&mut acts);
        Self { sections: sections::of(headings, acts.len()), acts }
    }

    /// Leaves out the commands that this terminal does not take, because of files that stand beside the document.
    pub fn judge_again(&mut self, terminal: ReaderTerminal) {
        kinds::judge_again(&mut self.acts, terminal);
    }

    /// Whether the document has more acts than labproof reads.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        self.acts.len() > blocks::MOST_ACTS
    }

    /// The commands that are typed on this machine, and the contents of all files.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let texts = self.acts.iter().filter_map(|act| match &act.deed {
            Deed::Type(typed) => Some(typed.command.clone()),
            Deed::Write(source) | Deed::Offer(source) => Some(source.text.clone()),
            Deed::Leave(..) | Deed::Say(_) => None,
        });
        texts.collect()
    }

    /// Adds a doubt to the act of its line.
    pub(in crate::document) fn doubt(&mut self, doubt: Doubt) {
        let act = self.acts.iter_mut().rev().find(|act| act.line <= doubt.line);
        if let Some(act) = act {
            act.doubts.push(doubt);
        }
    }

    /// The prose before the block of an act.
    pub(crate) fn asked_before(&self, index: usize) -> String {
        let block = self.acts[index].block;
        let of_block = self.acts.iter().filter(|act| act.block == block);
        let asked = of_block.filter_map(|act| match &act.deed {
            Deed::Type(typed) => Some(typed.asked.as_str()),
            _ => None,
        });
        asked.collect()
    }

    /// Whether this line belongs to a manifest that no command of the document uses.
    pub(in crate::document) fn is_only_offered(&self, line: usize) -> bool {
        let act = self.acts.iter().rev().find(|act| act.line <= line);
        act.is_some_and(|act| matches!(&act.deed, Deed::Offer(source) if !source.is_applied))
    }

    /// Adds a doubt about the prose.
    pub(in crate::document) fn say(&mut self, doubt: Doubt) {
        let index = self.acts.iter().position(|act| act.line > doubt.line).unwrap_or(self.acts.len());
        let block = usize::MAX;
        let act = Act { doubts: vec![doubt.clone()], ..Act::new(doubt.line, block, Deed::Say(doubt.text)) };
        self.acts.insert(index, act);
        for Section { acts, .. } in &mut self.sections {
            acts.start += usize::from(acts.start >= index);
            acts.end += usize::from(acts.end >= index);
        }
    }

    /// Whether a block is a file that is called nearly so.
    pub(in crate::document) fn makes_file_like(&self, name: &str) -> bool {
        let names = self.acts.iter().filter_map(|act| match &act.deed {
            Deed::Write(source) | Deed::Offer(source) => source.name.as_deref(),
            _ => None,
        });
        super::names::file_like(name, names).is_some()
    }

    /// Whether an act makes a file of this name.
    pub(in crate::document) fn makes_file(&self, name: &str) -> bool {
        self.acts.iter().any(|act| act.makes(name))
    }
}

impl Act {
    fn new(line: usize, block: usize, deed: Deed) -> Self {
        Self { line, block, deed, notes: Vec::new(), doubts: Vec::new() }
    }

    /// Whether it makes a file of this name.
    fn makes(&self, name: &str) -> bool {
        let is_same = |made: &str| used::base(made) == used::base(name);
        match &self.deed {
            Deed::Write(source) | Deed::Offer(source) => source.name.as_deref().is_some_and(is_same),
            Deed::Type(typed) => used::written_files(&typed.command).iter().any(|made| is_same(made)),
            Deed::Leave(..) | Deed::Say(_) => false,
        }
    }

    /// Whether it stands in a tab that labproof does not follow.
    #[must_use]
    pub fn is_of_other_tab(&self) -> bool {
        matches!(self.deed, Deed::Leave(_, WhyNotRun::OtherTab(_)))
    }

    /// The act's text with the right words in place of wrong ones that a review found, so that they are not found again.
    #[must_use]
    pub fn mended(&self, text: &str) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for doubt in &self.doubts {
            let line = doubt.line.checked_sub(self.line).and_then(|index| lines.get_mut(index));
            if let (Some(line), Some((wrong, right))) = (line, &doubt.instead)
                && let Some(at) = line.rfind(wrong.as_str())
            {
                line.replace_range(at..at + wrong.len(), right);
            }
        }
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// The act's name in reports: the first line of its text.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.deed {
            Deed::Type(typed) => first_line(&typed.command),
            Deed::Write(source) => format!("the file {}", source.name()),
            Deed::Offer(source) if source.objects().is_empty() => "the manifest".into(),
            Deed::Offer(source) => format!("the manifest of {}", source.objects().join(", ")),
            Deed::Leave(text, _) => first_line(text),
            Deed::Say(_) => "the prose".into(),
        }
    }
}

fn first_line(text: &str) -> String {
    let mut lines = text.trim().lines();
    let first = lines.next().unwrap_or_default().trim_end();
    let short: String = first.chars().take(120).collect();
    if lines.next().is_some() || short.len() < first.len() { format!("{short} …") } else { short }
}
