//! Remarks for labproof: in a comment of the document, or in a file beside a document that may not be changed.

use serde::Deserialize;

use super::{Block, Document, Piece};
use crate::settings::{self, SettingsError};

/// What ends the name of the file beside a document: `page.md.labproof.yaml`.
pub const BESIDE: &str = ".labproof.yaml";

/// What a remark may say of the block after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// It is not run.
    Skip,
    /// It is the output of the last command.
    Output,
    /// Each of its lines is a command.
    Commands,
    /// It is the content of a file with this name.
    File(String),
}

impl Remark {
    /// Reads a remark; `None` if labproof does not know it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text.trim() {
            "skip" => Some(Self::Skip),
            "output" => Some(Self::Output),
            "commands" => Some(Self::Commands),
            other => other
                .strip_prefix("file ")
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(|name| Self::File(name.into())),
        }
    }
}

/// An entry of the file beside a document.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct RemarkEntry {
    /// The block in which this line stands.
    line: Option<usize>,
    /// The block whose first line begins so.
    begins: Option<String>,
    /// What the block is, as in a comment.
    is: String,
}

impl RemarkEntry {
    fn fits(&self, block: &Block) -> bool {
        let last = block.line + block.text.lines().count().max(1) - 1;
        let first = block.text.trim_start();
        self.line.is_none_or(|line| (block.line..=last).contains(&line))
            && self.begins.as_deref().is_none_or(|begins| first.starts_with(begins))
    }
}

/// Adds the remarks of the file beside a document.
///
/// # Errors
/// If the text is not valid, or if an entry fits no block of the document or several.
pub fn add(document: &mut Document, text: &str) -> Result<(), SettingsError> {
    let entries: Vec<RemarkEntry> = settings::read(text)?;
    for (number, entry) in entries.iter().enumerate() {
        let wrong = |why: &str| Err(SettingsError::from(format!("entry {}: {why}", number + 1)));
        if Remark::read(&entry.is).is_none() {
            return wrong(&format!("\"{}\" is none of {KNOWN}", entry.is));
        }
        if entry.line.is_none() && entry.begins.is_none() {
            return wrong("it needs `line` or `begins`");
        }
        let fitting = |piece: &Piece| matches!(piece, Piece::Block(block) if entry.fits(block));
        let mut places = (0..document.pieces.len()).filter(|index| fitting(&document.pieces[*index]));
        match (places.next(), places.next()) {
            (Some(index), None) => document.pieces.insert(index, Piece::Remark(0, entry.is.clone())),
            (Some(_), Some(_)) => return wrong("several blocks of the document fit: add `line`"),
            (None, _) => return wrong("no block of the document fits"),
        }
    }
    Ok(())
}

/// The remarks, for messages.
pub const KNOWN: &str = "skip, output, commands, file NAME";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Markup, read, story::Story};

    const PAGE: &str = "# A\n\n```\nkubectl get pods\n```\n\n```\nsome text\n```\n\n```\nkubectl get pods\n```\n";

    fn listing(beside: &str) -> Result<String, SettingsError> {
        let mut document = read(Markup::Markdown, PAGE);
        add(&mut document, beside)?;
        Ok(Story::of(&document).listing())
    }

    #[test]
    fn a_remark_beside_the_document_is_one_in_it() {
        let listing = listing("- {begins: some, is: file a.txt}\n- {line: 12, is: skip}\n").unwrap();
        assert!(listing.contains("write       the file a.txt"), "{listing}");
        assert!(listing.contains("   4  run") && listing.contains("   12  skip"), "{listing}");
    }

    #[test]
    fn an_entry_that_means_nothing_is_named() {
        for (entry, why) in [
            ("{begins: kubectl, is: skip}", "entry 1: several blocks of the document fit: add `line`"),
            ("{line: 2, is: skip}", "entry 1: no block of the document fits"),
            ("{line: 4, is: skp}", "entry 1: \"skp\" is none of skip, output, commands, file NAME"),
            ("{is: skip}", "entry 1: it needs `line` or `begins`"),
        ] {
            assert_eq!(listing(&format!("- {entry}\n")), Err(SettingsError::from(why.to_owned())));
        }
        assert!(listing("- {lin: 4, is: skip}\n").unwrap_err().message.contains("no field `lin`"));
    }
}
