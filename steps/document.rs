//! A course document as a test: reads it, decides what each of its blocks is, and judges what its commands print.
//!
//! Everything here is pure and works on text. The readers make one [`Document`] of Markdown, `reStructuredText`,
//! `AsciiDoc` and HTML; `story` turns it into the acts of one terminal; `judge` compares printed output with real output.
//! `follow` runs the acts.

pub mod asciidoc;
pub mod bash;
pub mod blanks;
mod chosen;
pub mod defect;
pub mod doubt;
pub mod draft;
pub mod fix;
pub mod fixed;
pub mod html;
pub mod includes;
pub mod inline;
pub mod judge;
mod kubectl;
pub mod markdown;
pub mod names;
pub mod prose;
pub mod reads;
pub mod remarks;
pub mod rest;
pub mod review;
pub mod safety;
pub mod shell;
pub mod story;
pub mod tabs;
pub mod words;

use std::{collections::BTreeMap, sync::LazyLock};

use crate::expression::regex;
use regex::Regex;

/// The largest document that is read, in bytes.
pub const LARGEST: usize = 5 << 20;

/// A document: its pieces in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The pieces.
    pub pieces: Vec<Piece>,
    /// What the document leaves to its reader, and the names that labproof has chosen for it.
    pub chosen: BTreeMap<String, String>,
}

impl Document {
    /// All of its prose, with its headings.
    #[must_use]
    pub fn prose(&self) -> String {
        let texts = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Prose(_, text) | Piece::Heading(text) => Some(text.as_str()),
            Piece::Block(_) | Piece::Remark(..) => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }
}

/// A part of a document. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A heading.
    Heading(String),
    /// Text for the reader, and its first line.
    Prose(usize, String),
    /// A block of commands, output, or the content of a file.
    Block(Block),
    /// What the author says to labproof in a comment: `<!-- labproof: skip -->`.
    Remark(usize, String),
}

/// A block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The line of its first line of text.
    pub line: usize,
    /// Its language, in lower case; empty if the document names none.
    pub language: String,
    /// Its title or role, if it has one.
    pub title: Option<String>,
    /// Its text, without the indentation that its place requires.
    pub text: String,
    /// Whether only its indentation makes it a block. In Markdown, it may also be indented prose.
    pub is_indented: bool,
    /// Whether nothing closes it, so that the rest of the document seems to belong to it.
    pub is_open: bool,
    /// The tabs that it stands in, from the outermost.
    pub tabs: Vec<tabs::Tab>,
}

/// The formats of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Markdown, and plain text that looks like it.
    Markdown,
    /// `reStructuredText`.
    Rest,
    /// `AsciiDoc`.
    AsciiDoc,
    /// HTML.
    Html,
}

impl Markup {
    /// The format of a file with this name; `None` if the name is not that of a document. The text decides for `.txt`.
    #[must_use]
    pub fn of(name: &str, text: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_lowercase().as_str() {
            "rst" => Some(Self::Rest),
            "adoc" | "asciidoc" => Some(Self::AsciiDoc),
            "html" | "htm" | "xhtml" => Some(Self::Html),
            "txt" if !text.contains("\n```") && reads_as_rest(text) => Some(Self::Rest),
            "md" | "markdown" | "mdx" | "txt" => Some(Self::Markdown),
            _ => None,
        }
    }
}

/// Whether plain text is read as reStructuredText: it has literal blocks, or commands with little indentation, in which or
/// between which Markdown would see headings. A line with `# ` between blank lines may be one.
fn reads_as_rest(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let is_blank =
        |index: Option<usize>| index.and_then(|index| lines.get(index)).is_none_or(|line| line.trim().is_empty());
    let is_command = |(index, line): (usize, &&str)| {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let is_alone = is_blank(index.checked_sub(1)) && is_blank(Some(index + 1));
        let is_prompt =
            line.trim_start().starts_with("$ ") && indent > 0 || line.trim_start().starts_with("# ") && !is_alone;
        indent < 4 && is_prompt && shell::prompt(line.trim_start()).is_some()
    };
    text.contains("::\n\n") || lines.iter().enumerate().any(is_command)
}

impl Document {
    /// The first heading.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Heading(title) => Some(title.trim()).filter(|title| !title.is_empty()),
            _ => None,
        })
    }
}

/// Reads a document without the files that it includes.
#[must_use]
pub fn read(format: Markup, text: &str) -> Document {
    read_with(format, text, &|_| None)
}

/// Reads a document, and the files that its blocks include. It never fails: what is no block is prose.
#[must_use]
pub fn read_with(format: Markup, text: &str, files: includes::Files<'_>) -> Document {
    let mut document = with_open_names(format, &normalized(text), files);
    document.chosen = chosen::fill(&mut document.pieces);
    document
}

fn with_open_names(format: Markup, text: &str, files: includes::Files<'_>) -> Document {
    let blocks = match format {
        Markup::Html => return Document { pieces: html::pieces(text), ..Document::default() },
        Markup::Markdown => markdown::blocks(text),
        Markup::Rest => rest::blocks(text),
        Markup::AsciiDoc => asciidoc::blocks(text, files),
    };
    let mut document = assemble(text, blocks);
    tabs::mark(&mut document.pieces, &tabs::regions(format, text));
    if format != Markup::Markdown {
        includes::fill(&mut document.pieces, files);
    }
    document
}

/// A block, or a heading, with the lines that it takes in the document, from 1, the last one included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The first line.
    pub from: usize,
    /// The last line.
    pub to: usize,
    /// The piece; [`None`] for a comment in the source, which is not read.
    pub piece: Option<Piece>,
}

/// The text with line feeds only, and without control characters, which no reader sees.
fn normalized(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|character| matches!(character, '\n' | '\t') || !character.is_control()).collect()
}

/// The pieces of a document: what was found, and everything between as prose.
fn assemble(text: &str, found: Vec<Found>) -> Document {
    let lines: Vec<&str> = text.lines().collect();
    let numbered = |from: usize, to: usize| (from..=to.min(lines.len())).map(|line| (line, lines[line - 1]));
    let (mut pieces, mut next) = (Vec::new(), 1);
    for Found { from, to, piece } in found {
        if from < next {
            continue;
        }
        pieces.extend(prose::pieces(numbered(next, from - 1)));
        pieces.extend(piece);
        next = to + 1;
    }
    pieces.extend(prose::pieces(numbered(next, lines.len())));
    Document { pieces, ..Document::default() }
}

/// The language of a fence: `bash` of `bash title="x"`, `{.bash}` and `shell{1-3}`.
#[must_use]
pub fn language(info: &str) -> String {
    let word = info.trim().trim_start_matches(['{', '.']);
    word.split([' ', ',', '{', '}', '=', ':']).next().unwrap_or_default().to_lowercase()
}

/// What a line says to labproof, if it does: the words after `labproof:` in a comment.
#[must_use]
pub fn remark(line: &str) -> Option<String> {
    static REMARK: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^\s*(?:<!--|//|\.\.|\{/\*|\[//\]: # \()\s*labproof:\s*(.*?)\s*(?:-->|\*/\}|\))?\s*$"));
    REMARK.captures(line).map(|found| found[1].to_owned())
}

#[cfg(test)]
mod tests;
