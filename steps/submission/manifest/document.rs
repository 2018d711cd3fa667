//! The documents of a learner's file, read within bounds, and the lines in which things stand.

use crate::{
    submission::rule::Rule,
    yaml::{self, Bounds},
};

/// How large a manifest may be, in bytes.
const LARGEST: usize = 64 * 1024;

/// How many documents a file may have.
const MOST_DOCUMENTS: usize = 20;

/// How many values a file may have, those that aliases repeat included; how much text, in bytes; how deep they may lie
/// within each other, where an object's deepest field lies about 15 deep.
const BOUNDS: (usize, usize, usize) = (20_000, 1024 * 1024, 64);

/// A document that is not empty.
#[derive(Debug)]
pub(super) struct Document(pub(super) yaml::Document);

/// The documents of a file.
///
/// # Errors
/// Why the file as a whole is not fit to be read: the rule and what to do instead.
pub(super) fn read(text: &str) -> Result<Vec<Document>, (Rule, String)> {
    if text.len() > LARGEST {
        let message = format!("it has {} bytes; at most {} KiB are allowed", text.len(), LARGEST / 1024);
        return Err((Rule::FileSize, message));
    }
    let (values, bytes, depth) = BOUNDS;
    let documents = yaml::read(text, &Bounds::new(values, bytes, depth));
    if documents.len() > MOST_DOCUMENTS {
        let message = format!("it has {} documents; at most {MOST_DOCUMENTS} are allowed", documents.len());
        return Err((Rule::DocumentCount, message));
    }
    Ok(documents.into_iter().map(Document).collect())
}

fn says_something(line: &str) -> bool {
    let blank = line.trim_start().trim_start_matches("---").trim_start();
    !blank.is_empty() && !blank.starts_with('#')
}

impl Document {
    /// The first line that says something, as it is numbered in the file.
    pub(super) fn first_line(&self) -> usize {
        1 + self.0.lines_before + self.0.text.lines().position(says_something).unwrap_or_default()
    }

    /// The line in the file in which a field stands, as well as it can be found: the first with its name and value, or
    /// with the value in a list, or with its name, or the document's first.
    pub(super) fn line_of(&self, key: &str, value: &str) -> usize {
        let lines = || self.0.text.lines().enumerate().filter(|(_, line)| says_something(line));
        let has_value = |line: &str| !value.is_empty() && line.contains(value);
        let found = lines()
            .find(|(_, line)| has_key(line, key) && has_value(line))
            .or_else(|| lines().find(|(_, line)| line.trim_start().starts_with('-') && has_value(line)))
            .or_else(|| lines().find(|(_, line)| has_key(line, key)));
        found.map_or_else(|| self.first_line(), |(number, _)| 1 + self.0.lines_before + number)
    }
}

/// Whether a line has a field of this name.
fn has_key(line: &str, key: &str) -> bool {
    line.match_indices(key).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
        before.is_none_or(|before| " \t{,\"'".contains(before)) && after.starts_with(':')
    })
}
