//! Assembles the lines of a sheet: which step belongs to which scenario, and which table to which step.
//!
//! It reports misplaced lines, and continues as if they were correct, so one mistake gives one problem. It does not
//! judge the content of scenarios; `rules` does.

mod builder;
mod stray_lines;

use super::SheetProblem;
use super::keywords::{Heading, Keywords, Lead};
use super::scan::Scanned;

/// A sheet with its correct line numbers.
#[derive(Default)]
pub(super) struct ScannedSheet {
    pub(super) feature: Option<Title>,
    pub(super) rules: Vec<Title>,
    /// Backgrounds and scenarios, in order.
    pub(super) blocks: Vec<TextBlock>,
    /// The description lines.
    pub(super) prose: Vec<(usize, String)>,
}

#[derive(Default)]
pub(super) struct Title {
    pub(super) line: usize,
    pub(super) name: String,
    /// The tags, without `@`.
    pub(super) tags: Vec<String>,
    pub(super) description: Vec<String>,
}

/// A background or a scenario.
pub(super) struct TextBlock {
    pub(super) kind: Heading,
    pub(super) title: Title,
    /// The index of its rule.
    pub(super) rule: Option<usize>,
    pub(super) steps: Vec<ScannedStep>,
    pub(super) examples: Vec<Examples>,
    /// Whether a line could not be read; content that is missing may be in that line.
    pub(super) damaged: bool,
}

pub(super) struct ScannedStep {
    pub(super) line: usize,
    pub(super) lead: Lead,
    pub(super) words: String,
    pub(super) text: Option<(usize, String)>,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Examples {
    pub(super) title: Title,
    /// The rows; the first is the header.
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) line: usize,
    /// The cells; `None` if they could not be separated.
    pub(super) cells: Option<Vec<String>>,
}

/// Assembles the items into a draft.
pub(super) fn draft(scanned: Scanned<'_>, keywords: &Keywords) -> (ScannedSheet, Vec<SheetProblem>) {
    let mut builder = builder::Builder::new(keywords, scanned.problems);
    for item in scanned.items {
        builder.add(item);
    }
    builder.finish();
    (builder.draft, builder.problems)
}
