//! The parts of an expected text, for changing it.

use regex::Regex;

use super::{Kept, WILDCARD, compiled, expression};

/// A part of a line of expected text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text that stands for itself.
    Text(&'a str),
    /// A wildcard, as written.
    Wildcard(&'a str),
}

/// The parts of a line.
#[must_use]
pub fn parts(line: &str) -> Vec<Part<'_>> {
    let (mut parts, mut end) = (Vec::new(), 0);
    for found in WILDCARD.find_iter(line) {
        parts.extend([Part::Text(&line[end..found.start()]), Part::Wildcard(found.as_str())]);
        end = found.end();
    }
    parts.push(Part::Text(&line[end..]));
    parts.retain(|part| *part != Part::Text(""));
    parts
}

/// The names that the expected text keeps, each with its wildcard. With the names filled in, each line can be matched on its own.
#[must_use]
pub fn kinds(expected: &str) -> Kept {
    let mut kinds = Kept::new();
    for captures in WILDCARD.captures_iter(expected) {
        if let (Some(kind), Some(name)) = (captures.name("kind"), captures.name("name")) {
            kinds.insert(name.as_str().to_owned(), format!("[{}]", kind.as_str()));
        }
    }
    kinds
}

/// The regular expression for a part of a line, unless it is too complex.
#[must_use]
pub fn matcher(part: &str, kept: &Kept) -> Option<Regex> {
    compiled(&expression(part, kept))
}
