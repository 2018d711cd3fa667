//! Puts the lines of a sheet together: which step belongs to which scenario, which table to which step.
//!
//! Reports lines that stand where they may not, and reads on as if they had been right, so that one mistake is one
//! problem. Does not judge what a scenario says; `rules` does.

mod builder;
mod stray_lines;

use super::Problem;
use super::keywords::{Heading, Keywords, Lead};
use super::scan::Scanned;

/// A sheet with true lines.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) feature: Option<Title>,
    pub(super) rules: Vec<Title>,
    /// Backgrounds and scenarios, in order.
    pub(super) blocks: Vec<Block>,
    /// The lines of all descriptions.
    pub(super) prose: Vec<(usize, String)>,
}

#[derive(Default)]
pub(super) struct Title {
    pub(super) line: usize,
    pub(super) name: String,
    /// Without `@`.
    pub(super) tags: Vec<String>,
    pub(super) description: Vec<String>,
}

/// A background or a scenario.
pub(super) struct Block {
    pub(super) kind: Heading,
    pub(super) title: Title,
    /// The place of its rule among the rules.
    pub(super) rule: Option<usize>,
    pub(super) steps: Vec<Step>,
    pub(super) examples: Vec<Examples>,
    /// A line could not be read, so what is missing may be in it.
    pub(super) damaged: bool,
}

pub(super) struct Step {
    pub(super) line: usize,
    pub(super) lead: Lead,
    pub(super) words: String,
    pub(super) text: Option<(usize, String)>,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Examples {
    pub(super) title: Title,
    /// The first is the header.
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) line: usize,
    /// Nothing if they could not be told apart.
    pub(super) cells: Option<Vec<String>>,
}

/// Sorts the items into a draft.
pub(super) fn draft(scanned: Scanned<'_>, keywords: &Keywords) -> (Draft, Vec<Problem>) {
    let mut builder = builder::Builder::new(keywords, scanned.problems);
    for item in scanned.items {
        builder.add(item);
    }
    builder.finish();
    (builder.draft, builder.problems)
}
