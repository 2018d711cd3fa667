//! `reStructuredText`: literal blocks after `::`, and the directives for code.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::{Captures, Regex};

use super::{Block, Found, Piece};
use crate::expression::regex;

/// The directives whose content is a block.
const DIRECTIVES: [&str; 5] = [".. code-block::", ".. code::", ".. sourcecode::", ".. prompt::", ".. parsed-literal::"];

/// The directive in whose content markup is read.
const PARSED: &str = ".. parsed-literal::";

/// The blocks and headings of a text.
#[must_use]
pub fn blocks(text: &str) -> Vec<Found> {
    let lines: Vec<&str> = text.lines().collect();
    let values = substitutions(&lines);
    let mut found = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        let next = heading(&lines, index)
            .or_else(|| hidden(&lines, index))
            .or_else(|| included(&lines, index))
            .or_else(|| block(&lines, index, &values));
        index = next.as_ref().map_or(index + 1, |found: &Found| found.to);
        found.extend(next);
    }
    found
}

/// The words that the page replaces by texts: `.. |image| replace:: nginx:1.27`.
fn substitutions<'a>(lines: &[&'a str]) -> BTreeMap<&'a str, &'a str> {
    let pair = |line: &&'a str| {
        let (name, rest) = line.trim().strip_prefix(".. |")?.split_once('|')?;
        Some((name, rest.trim().strip_prefix("replace::")?.trim()))
    };
    lines.iter().filter_map(pair).collect()
}

/// A text with the words that the page replaces. One that it does not define is left to the reader: `<word>`.
fn substituted(text: &str, values: &BTreeMap<&str, &str>) -> String {
    static WORD: LazyLock<Regex> = LazyLock::new(|| regex(r"\|([A-Za-z][\w-]*)\|"));
    let value = |found: &Captures<'_>| {
        values.get(&found[1]).map_or_else(|| format!("<{}>", &found[1]), |value| (*value).to_owned())
    };
    WORD.replace_all(text, value).into_owned()
}

/// The text of a literal block in which markup is read, as the reader sees it: without marks of emphasis and escapes.
fn parsed(text: &str) -> String {
    static MARKED: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?m)(^|[\s=/:'\x22(])(?:\*\*(\S(?:[^*\n]*\S)?)\*\*|\*(\S(?:[^*\n]*\S)?)\*|``(\S(?:[^`\n]*\S)?)``)")
    });
    static ESCAPED: LazyLock<Regex> = LazyLock::new(|| regex(r"\\(.)"));
    // An escaped blank only separates marks.
    let text = MARKED.replace_all(text, "$1$2$3$4").replace("\\ ", "");
    ESCAPED.replace_all(&text, "$1").into_owned()
}

/// A line with a line of the same sign below it.
fn heading(lines: &[&str], index: usize) -> Option<Found> {
    let (title, below) = (lines[index].trim(), lines.get(index + 1)?.trim_end());
    let sign = below.chars().next().filter(char::is_ascii_punctuation)?;
    let is_line = below.len() >= 3 && below.chars().all(|other| other == sign);
    let is_title = title.chars().any(char::is_alphanumeric) && title.chars().count() <= below.len() + 2;
    (is_line && is_title).then(|| Found {
        from: index + 1,
        to: index + 2,
        piece: Some(Piece::Heading(title.to_owned())),
    })
}

/// A comment, or a part for some readers only, with all that is indented below it.
fn hidden(lines: &[&str], index: usize) -> Option<Found> {
    let line = lines[index].trim();
    let content = line.strip_prefix("..").filter(|rest| rest.is_empty() || rest.starts_with(' '))?.trim();
    let is_explicit = content.contains("::") || content.starts_with(['_', '[', '|']);
    let is_for_some = content.starts_with("only::") && !content.contains("html");
    if is_explicit && !is_for_some {
        return None;
    }
    let outer = indentation(lines[index]);
    let inner = |at: &usize| lines[*at].trim().is_empty() || indentation(lines[*at]) > outer;
    let end = (index + 1..lines.len()).take_while(inner).last().map_or(index + 1, |at| at + 1);
    // A remark for labproof stands in such a comment.
    (!content.starts_with("labproof")).then_some(Found { from: index + 1, to: end, piece: None })
}

/// The block whose content is a file, with the options that choose a part of it.
fn included(lines: &[&str], index: usize) -> Option<Found> {
    let path = lines[index].trim().strip_prefix(".. literalinclude::")?.trim();
    let options: Vec<&str> =
        lines[index + 1..].iter().map(|line| line.trim()).take_while(|line| line.starts_with(':')).collect();
    let option = |name: &str| {
        let found = options.iter().find_map(|option| option.strip_prefix(':')?.strip_prefix(name)?.strip_prefix(':'));
        found.map(str::trim)
    };
    let parts = ["lines", "start-after", "end-before"].iter().filter_map(|name| Some((name, option(name)?)));
    let parts: Vec<String> = parts.map(|(name, value)| format!("{name}=\"{value}\"")).collect();
    let text = format!("include::{path}[{}]\n", parts.join(","));
    let language = option("language").map(super::language).unwrap_or_default();
    let title = option("caption").or(option("name")).map(str::to_owned);
    let block = Block { line: index + 1, language, title, text, ..Block::default() };
    Some(Found { from: index + 1, to: index + 1 + options.len(), piece: Some(Piece::Block(block)) })
}

/// The block that this line begins: a directive, or the blank line after a paragraph that ends with `::`.
fn block(lines: &[&str], index: usize, values: &BTreeMap<&str, &str>) -> Option<Found> {
    let line = lines[index].trim();
    let directive = DIRECTIVES.iter().find_map(|directive| line.strip_prefix(directive));
    let outer = indentation(lines[index]);
    let mut first = index + 1;
    let mut title = None;
    let mut is_substituted = line.starts_with(PARSED);
    if directive.is_some() {
        while let Some(option) = lines.get(first).map(|line| line.trim()).filter(|line| line.starts_with(':')) {
            let named = option.strip_prefix(":caption:").or(option.strip_prefix(":name:"));
            title = named.map(|name| name.trim().to_owned()).or(title);
            is_substituted |= option.starts_with(":substitutions:");
            first += 1;
        }
    } else if !line.ends_with("::") || line.starts_with("..") {
        return None;
    }
    // A literal block needs a blank line before it.
    if !lines.get(first)?.trim().is_empty() {
        return None;
    }
    let begin = (first..lines.len()).find(|at| !lines[*at].trim().is_empty())?;
    let inner = indentation(lines[begin]);
    let end = (begin..lines.len()).find(|at| !lines[*at].trim().is_empty() && indentation(lines[*at]) <= outer);
    let mut end = end.unwrap_or(lines.len());
    while end > begin && lines[end - 1].trim().is_empty() {
        end -= 1;
    }
    if inner <= outer || end == begin {
        return None;
    }
    let mut text: String = lines[begin..end].iter().map(|line| without(line, inner) + "\n").collect();
    if is_substituted {
        text = substituted(&text, values);
    }
    if line.starts_with(PARSED) {
        text = parsed(&text);
    }
    let language = directive.map(super::language).unwrap_or_default();
    let block = Block { line: begin + 1, language, title, text, ..Block::default() };
    // A directive is no prose; a paragraph that ends with `::` is.
    let from = if directive.is_some() { index + 1 } else { begin + 1 };
    Some(Found { from, to: end, piece: Some(Piece::Block(block)) })
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// A line without so many blanks at its beginning.
pub(super) fn without(line: &str, blanks: usize) -> String {
    let has = indentation(line).min(blanks);
    line.get(has..).unwrap_or_default().trim_end().to_owned()
}
