//! `AsciiDoc`: listing and literal blocks, with the attributes before them.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::{Captures, Regex};

use super::{Block, Found, Piece};
use crate::expression::regex;

/// The blocks and headings of a text.
#[must_use]
pub fn blocks(text: &str) -> Vec<Found> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let (mut place, mut attributes, mut title) = (0, String::new(), None);
    let mut values = BTreeMap::new();
    // Where the lines about the next block begin: they are no prose.
    let mut about = None;
    while place < lines.len() {
        let line = lines[place].trim_end();
        if let Some(after) = after_hidden(&lines, place, &values) {
            found.push(Found { from: place + 1, to: after, piece: None });
            place = after;
            continue;
        }
        let block = || block(&lines, place, &attributes, title.as_ref(), &values);
        let block = || block().map(|found| Found { from: about.unwrap_or(found.from), ..found });
        let next = heading(line, place).or_else(block);
        match line {
            _ if line.starts_with('[') && line.ends_with(']') => {
                // A block may have several such lines.
                attributes += &format!(",{}", line.trim_matches(['[', ']']));
                about = about.or(Some(place + 1));
            }
            _ if line.starts_with('.') && !line.starts_with("..") && line.len() > 1 => {
                title = Some(line[1..].to_owned());
                about = about.or(Some(place + 1));
            }
            _ => (attributes, title, about) = (String::new(), None, None),
        }
        values.extend(definition(line));
        place = next.as_ref().map_or(place + 1, |found: &Found| found.to);
        found.extend(next);
    }
    found
}

fn heading(line: &str, place: usize) -> Option<Found> {
    let title = line.trim_start_matches('=');
    let is_heading = title.len() < line.len() && title.starts_with(' ') && !title.trim().is_empty();
    is_heading.then(|| Found { from: place + 1, to: place + 1, piece: Some(Piece::Heading(title.trim().to_owned())) })
}

/// The line after a comment, or after a part that is shown only if an attribute has a value that it does not have.
fn after_hidden(lines: &[&str], place: usize, values: &BTreeMap<String, String>) -> Option<usize> {
    let line = lines[place].trim_end();
    if line.len() >= 4 && line.chars().all(|sign| sign == '/') {
        return Some(
            (place + 1..lines.len()).find(|at| lines[*at].trim_end() == line).map_or(lines.len(), |at| at + 1),
        );
    }
    let condition = line.strip_suffix("[]")?;
    let is_shown = |names: &str| names.split([',', '+']).any(|name| values.contains_key(name));
    let is_hidden = condition.strip_prefix("ifdef::").is_some_and(|names| !is_shown(names))
        || condition.strip_prefix("ifndef::").is_some_and(is_shown);
    let end = (place + 1..lines.len()).find(|at| lines[*at].starts_with("endif::")).filter(|_| is_hidden)?;
    Some(end + 1)
}

/// The document's attribute that a line defines, as `:name: value` does.
fn definition(line: &str) -> Option<(String, String)> {
    let (name, value) = line.strip_prefix(':')?.split_once(": ")?;
    let is_name = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
    is_name.then(|| (name.to_owned(), value.trim().to_owned()))
}

/// The text of a block as it is shown: with the attributes' values if `[subs="attributes"]` asks for them, and without the
/// numbers of its callouts.
fn shown(text: &str, attributes: &str, values: &BTreeMap<String, String>) -> String {
    static CALLOUTS: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?m)(?:[ \t]*(?:#|//|--|;;))?(?:[ \t]*<(?:\d+|\.)>)+[ \t]*$"));
    let text = CALLOUTS.replace_all(text, "");
    if !(attributes.contains("subs") && attributes.contains("attributes")) {
        return text.into_owned();
    }
    resolved(&text, values)
}

/// The text with the attributes' values in the paths of the files that it includes.
fn with_paths(text: &str, values: &BTreeMap<String, String>) -> String {
    let line = |line: &str| {
        let path = if line.starts_with("include::") { resolved(line, values) } else { line.to_owned() };
        path + "\n"
    };
    text.lines().map(line).collect()
}

/// A text with the attributes' values; one that the document does not define stays.
fn resolved(text: &str, values: &BTreeMap<String, String>) -> String {
    static NAME: LazyLock<Regex> = LazyLock::new(|| regex(r"\{([\w-]+)\}"));
    let value = |found: &Captures<'_>| values.get(&found[1]).cloned().unwrap_or_else(|| found[0].to_owned());
    NAME.replace_all(text, value).into_owned()
}

/// The block whose delimiter is this line.
fn block(
    lines: &[&str],
    place: usize,
    attributes: &str,
    title: Option<&String>,
    values: &BTreeMap<String, String>,
) -> Option<Found> {
    let delimiter = lines[place].trim_end();
    let is_delimiter = ["----", "....", "```"].iter().any(|sign| {
        delimiter.starts_with(sign) && (delimiter.chars().all(|other| sign.starts_with(other)) || *sign == "```")
    });
    let end = is_delimiter.then(|| {
        let closing = if delimiter.starts_with("```") { "```" } else { delimiter };
        (place + 1..lines.len()).find(|at| lines[*at].trim_end() == closing)
    })?;
    let is_open = end.is_none();
    let end = end.unwrap_or(lines.len());
    let text: String = lines[place + 1..end].iter().map(|line| format!("{line}\n")).collect();
    let text = shown(&with_paths(&text, values), attributes, values);
    let words: Vec<&str> = attributes.split([',', '%']).map(str::trim).collect();
    let after_source = words.iter().skip_while(|word| **word != "source").skip(1);
    let language =
        match after_source.copied().find(|word| !matches!(*word, "linenums" | "nowrap") && !word.contains('=')) {
            // The author's role says more than the language, by which only colours are chosen.
            _ if attributes.contains("console-output") => "output".to_owned(),
            Some(language) => language.to_owned(),
            None if attributes.contains("console-input") => "bash".to_owned(),
            None => delimiter.trim_start_matches('`').trim_matches(['-', '.']).to_owned(),
        };
    let block = Block {
        line: place + 2,
        language,
        title: title.map(|title| resolved(title, values)),
        text,
        is_open,
        ..Block::default()
    };
    Some(Found { from: place + 1, to: (end + 1).min(lines.len()), piece: Some(Piece::Block(block)) })
}
