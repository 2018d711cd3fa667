//! HTML: `<pre>` elements are blocks, with their exact lines; headings and text as a browser shows them are the rest.
//!
//! Text keeps the line of the source in which it stands, so that each finding names the author's own line.

mod element;
mod panels;

use std::sync::LazyLock;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use regex::Regex;

use self::{
    element::{Element, Role},
    panels::{Panels, Part},
};
use super::{Block, Markup, Piece, prose, remark};
use crate::expression::regex;

/// The pieces of a text.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    // The content of `<script>` and the like is no HTML.
    emitter.naively_switch_states(true);
    let mut reader = Reader { starts: starts(text), ..Reader::default() };
    for token in Tokenizer::new_with_emitter(text, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => reader.begin(&tag),
            Token::EndTag(tag) => reader.end(&String::from_utf8_lossy(&tag.name)),
            Token::String(words) => reader.text(words.span.start, &String::from_utf8_lossy(&words.value)),
            Token::Comment(words) => reader.comment(words.span.start, &String::from_utf8_lossy(&words.value)),
            Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.done()
}

/// How many elements may be open at once; browsers have a similar limit.
const DEEPEST: usize = 500;

/// Where each line of a text begins.
fn starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

#[derive(Debug, Default)]
struct Reader {
    starts: Vec<usize>,
    pieces: Vec<Piece>,
    /// The open elements.
    open: Vec<Element>,
    /// The lines of the paragraph so far.
    paragraph: Vec<(usize, String)>,
    heading: Option<String>,
    block: Option<Block>,
    /// The text of an element that gives the next block its title.
    title: Option<String>,
    /// The text of slides in Markdown so far, and its first line.
    markdown: Option<(usize, String)>,
    /// The tabs.
    panels: Panels,
    /// Whether lines of the open block have the numbers of callouts behind them.
    has_callouts: bool,
}

impl Reader {
    fn begin(&mut self, tag: &StartTag<usize>) {
        let mut element = Element::of(tag);
        element.tab = element.part.and_then(|part| self.panels.begin(part));
        let is_in_slide = self.open.iter().any(|open| open.role == Role::Markdown);
        if element.is_template && is_in_slide {
            element.role = Role::Markdown;
        } else if element.is_hidden && element.tab.is_none() {
            // The reader sees one tab at a time, and chooses which.
            element.role = Role::Hidden;
        }
        match element.role {
            Role::Block if self.block.is_none() => {
                self.end_paragraph();
                let language = self.open.iter().rev().chain([&element]).find_map(|open| open.language.clone());
                let title = self.title.take().or_else(|| element.title.clone());
                let language = element.language.clone().or(language).unwrap_or_default();
                let tabs = self.open.iter().filter_map(|open| open.tab.clone()).collect();
                self.block = Some(Block { language, title, tabs, ..Block::default() });
            }
            Role::Code => match &mut self.block {
                Some(block) if block.language.is_empty() => {
                    block.language = element.language.clone().unwrap_or_default();
                }
                Some(_) => {}
                None => self.text(tag.span.start, "`"),
            },
            Role::Heading => {
                self.end_paragraph();
                self.heading = Some(String::new());
            }
            Role::Title => {
                self.end_paragraph();
                self.title = Some(String::new());
            }
            Role::Break => self.text(tag.span.start, if self.block.is_some() { "\n" } else { " " }),
            Role::Paragraph if self.block.is_none() => self.end_paragraph(),
            Role::Callout => self.has_callouts = true,
            Role::Block | Role::Paragraph | Role::Markdown | Role::Hidden | Role::Other => {}
        }
        // `<p>` and the like may be without an end: another one ends them.
        if self.open.last().is_some_and(|open| open.role == Role::Paragraph && open.name == element.name) {
            self.open.pop();
        }
        if !element.is_empty && self.open.len() < DEEPEST {
            self.open.push(element);
        }
    }

    /// Ends the innermost element of this name, with all elements in it.
    fn end(&mut self, name: &str) {
        let Some(index) = self.open.iter().rposition(|element| element.name == name) else { return };
        for element in self.open.split_off(index).into_iter().rev() {
            match element.role {
                Role::Block => self.end_block(),
                Role::Heading => self.pieces.extend(self.heading.take().map(|text| Piece::Heading(text.trim().into()))),
                Role::Code if self.block.is_none() => self.add("`"),
                Role::Paragraph => self.end_line_or_paragraph(),
                Role::Markdown => self.end_markdown(),
                _ => {}
            }
        }
    }

    fn text(&mut self, at: usize, words: &str) {
        let is_in = |role: Role| self.open.iter().any(|element| element.role == role);
        let line = self.starts.partition_point(|start| *start <= at);
        if self.open.iter().any(|element| element.part == Some(Part::Label)) {
            self.panels.label(words);
        }
        if is_in(Role::Hidden) {
            return;
        }
        if is_in(Role::Markdown) && self.block.is_none() {
            self.markdown.get_or_insert((line, String::new())).1.push_str(words);
            return;
        }
        if let Some(block) = &mut self.block {
            // The first line break after `<pre>` is not shown.
            let shown = words.strip_prefix('\n').filter(|_| block.line == 0 && block.text.is_empty());
            if block.line == 0 {
                block.line = line + usize::from(shown.is_some());
            }
            block.text += shown.unwrap_or(words);
        } else if let Some(heading) = &mut self.heading {
            *heading += words;
        } else if let Some(title) = self.title.as_mut().filter(|_| is_in(Role::Title)) {
            *title += words.trim();
        } else {
            for (index, part) in words.split('\n').enumerate() {
                self.prose(line + index, part);
            }
        }
    }

    /// Adds a part of a line of prose. A line without text is an empty one.
    fn prose(&mut self, line: usize, part: &str) {
        if self.paragraph.is_empty() && part.trim().is_empty() {
            return;
        }
        self.title = None;
        let next = self.paragraph.last().map_or(line, |(last, _)| last + 1);
        self.paragraph.extend((next..=line).map(|line| (line, String::new())));
        self.add(part);
    }

    /// Adds to the last line of prose.
    fn add(&mut self, part: &str) {
        if let Some((_, text)) = self.paragraph.last_mut() {
            text.push_str(part);
        }
    }

    fn comment(&mut self, at: usize, words: &str) {
        if let Some(remark) = remark(&format!("<!--{}-->", words.trim_end())) {
            self.end_paragraph();
            let line = self.starts.partition_point(|start| *start <= at);
            self.pieces.push(Piece::Remark(line, remark));
        }
    }

    /// Ends a paragraph; an empty line is between it and the next.
    fn end_paragraph(&mut self) {
        if self.block.is_some() || self.heading.is_some() {
            return;
        }
        let lines = std::mem::take(&mut self.paragraph);
        let mut pieces = prose::pieces(lines.iter().map(|(line, text)| (*line, text.trim_end())));
        if let Some(Piece::Prose(_, text)) = pieces.last_mut() {
            text.push('\n');
        }
        self.pieces.extend(pieces);
    }

    /// Ends a paragraph; within a block, ends its line: some generators put each line into an element of its own.
    fn end_line_or_paragraph(&mut self) {
        match &mut self.block {
            Some(block) if !block.text.is_empty() && !block.text.ends_with('\n') => block.text.push('\n'),
            Some(_) => {}
            None => self.end_paragraph(),
        }
    }

    fn end_block(&mut self) {
        static CALLOUT: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)[ \t]*(?:\(\d+\)[ \t]*)+$"));
        let Some(mut block) = self.block.take() else { return };
        if std::mem::take(&mut self.has_callouts) {
            block.text = CALLOUT.replace_all(&block.text, "").into_owned();
        }
        if !block.text.ends_with('\n') {
            block.text.push('\n');
        }
        if !block.text.trim().is_empty() {
            self.pieces.push(Piece::Block(block));
        }
    }

    /// Reads the slides in Markdown that end here. What all of their lines have before them is no indentation of code.
    fn end_markdown(&mut self) {
        let Some((first, text)) = self.markdown.take() else { return };
        self.end_paragraph();
        let own = || text.lines().filter(|line| !line.trim().is_empty());
        let indent = own().map(|line| line.len() - line.trim_start_matches([' ', '\t']).len()).min().unwrap_or(0);
        let lines = text.lines().map(|line| format!("{}\n", line.get(indent..).unwrap_or_default()));
        let pieces = super::read(Markup::Markdown, &lines.collect::<String>()).pieces;
        self.pieces.extend(pieces.into_iter().map(|piece| below(piece, first - 1)));
    }

    fn done(mut self) -> Vec<Piece> {
        if let Some(block) = &mut self.block {
            block.is_open = true;
        }
        self.end_block();
        self.heading = None;
        self.end_paragraph();
        self.pieces
    }
}

/// A piece that stands so many lines further below.
fn below(piece: Piece, lines: usize) -> Piece {
    match piece {
        Piece::Heading(title) => Piece::Heading(title),
        Piece::Prose(line, text) => Piece::Prose(line + lines, text),
        Piece::Block(block) => Piece::Block(Block { line: block.line + lines, ..block }),
        Piece::Remark(line, remark) => Piece::Remark(line + lines, remark),
    }
}
