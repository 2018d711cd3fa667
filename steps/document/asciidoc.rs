//! `AsciiDoc`: listing and literal blocks, with the attributes before them.

mod about;
mod attributes;

use std::sync::LazyLock;

use about::About;
use attributes::Attributes;
use regex::Regex;

use super::{Block, Found, Piece, includes::Files, prose::begins_manifest, shell};
use crate::expression::regex;

/// The blocks and headings of a text. Files may define attributes of it.
#[must_use]
pub fn blocks(text: &str, files: Files<'_>) -> Vec<Found> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let mut values = Attributes::around(files);
    let (mut index, mut about) = (0, About::default());
    while index < lines.len() {
        let line = lines[index].trim_end();
        if let Some(after) = after_hidden(&lines, index, &values) {
            found.push(Found { from: index + 1, to: after, piece: None });
            index = after;
            continue;
        }
        let block = || block(&lines, index, &about, &values);
        let block = || block().map(|found| Found { from: about.first.unwrap_or(found.from), ..found });
        let next = heading(line, index).or_else(block);
        about.take(line, index + 1, &values);
        values.take(line, files);
        index = next.as_ref().map_or(index + 1, |found: &Found| found.to);
        if next.is_some() {
            about = About::default();
        }
        found.extend(next);
    }
    found
}

fn heading(line: &str, index: usize) -> Option<Found> {
    let title = line.trim_start_matches('=');
    let is_heading = title.len() < line.len() && title.starts_with(' ') && !title.trim().is_empty();
    is_heading.then(|| Found { from: index + 1, to: index + 1, piece: Some(Piece::Heading(title.trim().to_owned())) })
}

/// The line after a comment, or after a part that is shown only if an attribute has a value that it does not have.
fn after_hidden(lines: &[&str], index: usize, values: &Attributes) -> Option<usize> {
    let line = lines[index].trim_end();
    if line.len() >= 4 && line.chars().all(|sign| sign == '/') {
        return Some(
            (index + 1..lines.len()).find(|at| lines[*at].trim_end() == line).map_or(lines.len(), |at| at + 1),
        );
    }
    let is_shown = |names: &str| names.split([',', '+']).any(|name| values.has(name));
    let condition = line.strip_suffix("[]").unwrap_or_default();
    let is_hidden = condition.strip_prefix("ifdef::").is_some_and(|names| !is_shown(names))
        || condition.strip_prefix("ifndef::").is_some_and(is_shown)
        || line.strip_prefix("ifeval::[").is_some_and(|test| !holds(&values.resolved(test.trim_end_matches(']'))));
    if !is_hidden {
        return None;
    }
    let mut depth = 0_usize;
    let end = (index..lines.len()).find(|at| {
        let line = lines[*at].trim_end();
        let is_condition = line.starts_with("ifeval::[")
            || (line.starts_with("ifdef::") || line.starts_with("ifndef::")) && line.ends_with("[]");
        depth += usize::from(is_condition);
        depth -= usize::from(line.starts_with("endif::"));
        depth == 0
    });
    Some(end.map_or(lines.len(), |end| end + 1))
}

/// Whether a condition of `ifeval` holds: only whether two texts are equal is read.
fn holds(test: &str) -> bool {
    let bare = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
    match (test.split_once("=="), test.split_once("!=")) {
        (Some((left, right)), _) => bare(left) == bare(right),
        (None, Some((left, right))) => bare(left) != bare(right),
        (None, None) => false,
    }
}

/// The block that begins at a line: one with a delimiter, a paragraph to which attributes or its indentation give the style
/// of one.
fn block(lines: &[&str], index: usize, about: &About, values: &Attributes) -> Option<Found> {
    delimited(lines, index, about, values)
        .or_else(|| styled(lines, index, about, values))
        .or_else(|| literal(lines, index, values))
}

fn delimited(lines: &[&str], index: usize, about: &About, values: &Attributes) -> Option<Found> {
    let delimiter = lines[index].trim_end();
    let is_delimiter = ["----", "....", "```"].iter().any(|sign| {
        delimiter.starts_with(sign) && (delimiter.chars().all(|other| sign.starts_with(other)) || *sign == "```")
    });
    let end = is_delimiter.then(|| {
        let closing = if delimiter.starts_with("```") { "```" } else { delimiter };
        (index + 1..lines.len()).find(|at| lines[*at].trim_end() == closing)
    })?;
    let is_open = end.is_none();
    let end = end.unwrap_or(lines.len());
    let of_fence = delimiter.trim_start_matches('`').trim_matches(['-', '.']);
    let block = about.block(&lines[index + 1..end], of_fence, values);
    let block = Block { line: index + 2, is_open, ..block };
    Some(Found { from: index + 1, to: (end + 1).min(lines.len()), piece: Some(Piece::Block(block)) })
}

/// A paragraph that attributes make a block: `[source,bash]`, without delimiters.
fn styled(lines: &[&str], index: usize, about: &About, values: &Attributes) -> Option<Found> {
    let begins = lines[index].trim_end();
    let is_attribute = begins.starts_with('[') && begins.ends_with(']') || begins.starts_with('.');
    if begins.is_empty() || is_attribute || begins.chars().all(|sign| "=*-+".contains(sign)) || !about.has_style() {
        return None;
    }
    let end = paragraph(lines, index);
    let block = Block { line: index + 1, ..about.block(&lines[index..end], "", values) };
    Some(Found { from: index + 1, to: end, piece: Some(Piece::Block(block)) })
}

/// A paragraph that is indented after an empty line. Prompts and manifests may have empty lines in them, and are read with
/// the prose.
fn literal(lines: &[&str], index: usize, values: &Attributes) -> Option<Found> {
    static ITEM: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:[*.-]+|\d+\.|<\d+>|\+|//.*|\|.*)(?:\s|$)|::$"));
    let first = lines[index].trim();
    let is_indented = lines[index].starts_with([' ', '\t']) && !first.is_empty() && !ITEM.is_match(first);
    let is_after_blank = index.checked_sub(1).is_none_or(|before| matches!(lines[before].trim(), "" | "+"));
    let is_read_elsewhere = shell::prompt(first).is_some() || begins_manifest(first);
    if !is_indented || !is_after_blank || is_read_elsewhere {
        return None;
    }
    let end = paragraph(lines, index);
    let indent =
        lines[index..end].iter().map(|line| line.len() - line.trim_start_matches([' ', '\t']).len()).min().unwrap_or(0);
    let own: Vec<&str> = lines[index..end].iter().map(|line| &line[indent..]).collect();
    let block = Block { line: index + 1, is_indented: true, ..About::default().block(&own, "", values) };
    Some(Found { from: index + 1, to: end, piece: Some(Piece::Block(block)) })
}

/// Where the paragraph ends that begins at a line.
fn paragraph(lines: &[&str], index: usize) -> usize {
    let is_end = |line: &str| matches!(line.trim(), "" | "+");
    (index..lines.len()).find(|at| is_end(lines[*at])).unwrap_or(lines.len())
}
