//! Distinguishes the lines of a sheet: keywords, tags, table rows, complete text blocks, and others.
//!
//! It does not know which line may follow which.

use super::SheetProblem;
use super::cells;
use super::keywords::{Heading, Keyword, Keywords, Lead};

/// A meaningful line, or a text block.
#[derive(Debug)]
pub(super) struct Item<'a> {
    /// The line where it begins, counted from 1.
    pub(super) line: usize,
    pub(super) kind: LineKind<'a>,
}

/// The kind of an item.
#[derive(Debug)]
pub(super) enum LineKind<'a> {
    Heading(Heading, &'a str),
    Step(Lead, &'a str),
    /// Tags, without `@`.
    Tags(Vec<String>),
    /// A table row with its cells; `None` if they could not be separated.
    Row(Option<Vec<String>>),
    /// A text block with the text between its quotes.
    Block(String),
    Text(&'a str),
}

/// All items of a text.
#[derive(Default)]
pub(super) struct Scanned<'a> {
    pub(super) items: Vec<Item<'a>>,
    pub(super) problems: Vec<SheetProblem>,
    /// Whether the last text block was still open at the end.
    unclosed: bool,
}

impl Scanned<'_> {
    /// The lines before which a text can be cut.
    pub(super) fn starts(&self) -> Vec<usize> {
        let before = [None].into_iter().chain(self.items.iter().map(Some));
        let pairs = before.zip(&self.items);
        let apart = pairs.filter(|(before, item)| {
            !matches!(item.kind, LineKind::Block(_))
                && !before.is_some_and(|before| matches!(before.kind, LineKind::Tags(_)))
        });
        apart.map(|(_, item)| item.line).collect()
    }

    fn has_stray_text(&self) -> bool {
        self.items.iter().any(|item| matches!(item.kind, LineKind::Text(_)))
    }
}

/// When a line that looks like a keyword proves that the text block around it was not closed.
#[derive(Clone, Copy, PartialEq)]
enum UnclosedSign {
    Never,
    /// If it is indented less than the quotes.
    Outside,
    /// If it is not indented more than the quotes.
    Beside,
}

/// Reads all lines.
///
/// If quotes are unbalanced, all later blocks are inverted. The text is then read again with doubt, to find the block
/// that was really not closed.
pub(super) fn scan<'a>(text: &'a str, keywords: &Keywords) -> Scanned<'a> {
    let trusting = Scan::new(keywords, UnclosedSign::Never).run(text);
    let doubt = match trusting.unclosed {
        true => UnclosedSign::Beside,
        false if trusting.has_stray_text() || !trusting.problems.is_empty() => UnclosedSign::Outside,
        false => return trusting,
    };
    Scan::new(keywords, doubt).run(text)
}

struct Scan<'k, 'a> {
    keywords: &'k Keywords,
    doubt: UnclosedSign,
    open: Option<Open<'a>>,
    found: Scanned<'a>,
}

/// A text block whose end has not been found yet.
struct Open<'a> {
    line: usize,
    indent: usize,
    quotes: &'static str,
    lines: Vec<&'a str>,
}

impl Open<'_> {
    /// The lines without the margin, and with escaped quotes resolved. The margin is the indentation of the quotes; all
    /// further indentation is content.
    fn text(&self) -> String {
        let within = |line: &&str| {
            let blanks = line.chars().take(self.indent).take_while(|letter| letter.is_whitespace());
            line[blanks.map(char::len_utf8).sum()..].to_owned()
        };
        let escaped: String = self.quotes.chars().flat_map(|quote| ['\\', quote]).collect();
        self.lines.iter().map(within).collect::<Vec<_>>().join("\n").replace(&escaped, self.quotes)
    }
}

impl<'k, 'a> Scan<'k, 'a> {
    fn new(keywords: &'k Keywords, doubt: UnclosedSign) -> Self {
        Self { keywords, doubt, open: None, found: Scanned::default() }
    }

    fn run(mut self, text: &'a str) -> Scanned<'a> {
        for (number, line) in (1..).zip(text.lines()) {
            match self.open.take() {
                Some(open) => self.inside(open, number, line),
                None => self.outside(number, line),
            }
        }
        if let Some(open) = self.open.take() {
            self.found.unclosed = true;
            let hint = format!("put {} on a line of its own where the text ends", open.quotes);
            self.unclosed(&open, &hint);
            self.close(&open);
        }
        self.found
    }

    fn outside(&mut self, number: usize, line: &'a str) {
        let text = line.trim();
        let kind = match text.as_bytes() {
            [] | [b'#', ..] => return,
            [b'@', ..] => self.tags(number, text),
            [b'|', ..] => LineKind::Row(self.noted(cells::split(number, text))),
            [b'"', b'"', b'"', ..] => return self.open(number, line, text, "\"\"\""),
            [b'`', b'`', b'`', ..] => return self.open(number, line, text, "```"),
            _ => match self.keywords.read(number, text) {
                Some((Keyword::Heading(heading), name)) => LineKind::Heading(heading, name),
                Some((Keyword::Step(lead), words)) => LineKind::Step(lead, words),
                None => LineKind::Text(text),
            },
        };
        self.found.items.push(Item { line: number, kind });
    }

    fn tags(&mut self, number: usize, text: &str) -> LineKind<'a> {
        let tags = || text.split_whitespace().take_while(|tag| !tag.starts_with('#'));
        let wrong = tags().find(|tag| !is_tags(tag));
        if let Some(tag) = wrong {
            let message = format!("\"{tag}\" among tags is not a tag");
            let hint = "a tag is \"@\" and a name without spaces, for example @points:3";
            self.found.problems.push(SheetProblem::new(number, message, hint));
        }
        LineKind::Tags(tags().flat_map(|tags| tags.split('@').skip(1)).map(str::to_owned).collect())
    }

    fn open(&mut self, line: usize, raw: &'a str, text: &'a str, quotes: &'static str) {
        let indent = indent(raw);
        let open = Open { line, indent, quotes, lines: Vec::new() };
        let rest = text[quotes.len()..].trim();
        if rest.is_empty() || is_media_type(rest) {
            self.open = Some(open);
            return;
        }
        let message = format!("text after the opening {quotes}");
        let hint = format!("leave {quotes} alone on its line or with a word such as \"yaml\", and begin below it");
        self.found.problems.push(SheetProblem::new(line, message, hint));
        if rest.contains(quotes) {
            self.close(&open);
        } else {
            self.open = Some(open);
        }
    }

    fn inside(&mut self, mut open: Open<'a>, number: usize, line: &'a str) {
        let text = line.trim();
        if let Some(rest) = text.strip_prefix(open.quotes) {
            self.after_closing(number, rest.trim(), open.quotes);
            self.close(&open);
        } else if self.was_left_open(&open, number, line) {
            let hint = format!("put {} on a line of its own before line {number}: \"{text}\"", open.quotes);
            self.unclosed(&open, &hint);
            self.close(&open);
            self.outside(number, line);
        } else {
            open.lines.push(line);
            self.open = Some(open);
        }
    }

    fn close(&mut self, open: &Open<'a>) {
        self.found.items.push(Item { line: open.line, kind: LineKind::Block(open.text()) });
    }

    fn unclosed(&mut self, open: &Open<'a>, hint: &str) {
        self.found.problems.push(SheetProblem::new(open.line, "this text block is never closed", hint));
    }

    fn was_left_open(&self, open: &Open<'a>, number: usize, line: &str) -> bool {
        let left = match self.doubt {
            UnclosedSign::Never => false,
            UnclosedSign::Outside => indent(line) < open.indent,
            UnclosedSign::Beside => indent(line) <= open.indent,
        };
        let keyword = || self.keywords.read(number, line.trim());
        left && keyword().is_some_and(|(keyword, _)| keyword != Keyword::Step(Lead::Star))
    }

    /// Checks the text after closing quotes; the parser allows a comment there.
    fn after_closing(&mut self, number: usize, rest: &str, quotes: &str) {
        if !rest.is_empty() && !rest.starts_with('#') {
            let hint = format!("leave {quotes} alone on its line");
            self.found.problems.push(SheetProblem::new(number, format!("text after the closing {quotes}"), hint));
        }
    }

    fn noted<T>(&mut self, result: Result<T, SheetProblem>) -> Option<T> {
        result.map_err(|problem| self.found.problems.push(problem)).ok()
    }
}

/// Whether a text is a media type, such as `yaml` or `application/json; charset=utf-8`. It has no effect.
fn is_media_type(text: &str) -> bool {
    let (kind, parameters) = text.split_once(';').map_or((text, None), |(kind, rest)| (kind.trim_end(), Some(rest)));
    let is_word = !kind.is_empty() && kind.chars().all(|letter| letter.is_alphanumeric() || "/+-._".contains(letter));
    is_word && parameters.is_none_or(|rest| rest.split(';').all(|parameter| parameter.contains('=')))
}

fn indent(line: &str) -> usize {
    line.chars().take_while(|letter| letter.is_whitespace()).count()
}

/// Whether a word is `@a`, or several tags without a space, as in `@a@b`.
fn is_tags(word: &str) -> bool {
    let mut names = word.split('@');
    names.next() == Some("") && names.all(|name| !name.is_empty())
}

/// Whether a character looks like a space or like nothing, but is not blank for the parser.
pub(super) fn is_invisible(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}
