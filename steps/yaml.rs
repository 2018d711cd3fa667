//! Reads the text of a manifest as kubectl reads it: finds the documents, decides whether each is JSON or YAML, and
//! returns the JSON that the server gets.
//!
//! kubectl reads YAML 1.1 with go-yaml (version 2), so `no` is false, `052` is 42, and an earlier field gives way to a
//! later one of the same name. A test compares this module with kubectl itself, for thousands of texts. Rules for what a
//! learner may write are in `submission`; here, only texts that would take too much memory are refused.

mod decode;
mod list;
mod nodes;
mod place;
mod scalar;
mod stream;
#[cfg(test)]
mod tests;
mod words;

use std::{
    borrow::Cow,
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    str::Utf8Error,
};

pub use list::items;
use serde_json::Value;
pub use stream::read;

/// A document that is not empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its own text.
    pub text: String,
    /// The number of lines before it in the file.
    pub lines_before: usize,
    /// Its content.
    pub content: Result<Value, Unreadable>,
}

/// Why a document cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Its content is too large or too deep.
    Bomb,
    /// kubectl cannot read it either.
    Unread {
        /// The line in the file.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

/// How much the documents of a file may contain together, including what aliases repeat. Reading reduces it.
#[derive(Clone, Debug)]
pub struct Bounds {
    values: Cell<usize>,
    text: Cell<usize>,
    depth: usize,
}

impl Bounds {
    /// Limits for the number of values, the bytes of text, and the depth.
    #[must_use]
    pub fn new(values: usize, text: usize, depth: usize) -> Self {
        Self { values: Cell::new(values), text: Cell::new(text), depth }
    }

    /// The limits for a trusted file.
    #[must_use]
    pub fn trusted() -> Self {
        Self::new(1_000_000, 64 << 20, 120)
    }

    /// Counts a value with this many bytes of text.
    fn count(&self, text: usize) -> Result<(), YamlProblem> {
        self.values.set(self.values.get().checked_sub(1).ok_or(YamlProblem::Bomb)?);
        self.text.set(self.text.get().checked_sub(text).ok_or(YamlProblem::Bomb)?);
        Ok(())
    }

    /// Fails if the value is too deep.
    fn check_depth(&self, depth: usize) -> Result<(), YamlProblem> {
        if depth > self.depth { Err(YamlProblem::Bomb) } else { Ok(()) }
    }
}

/// Why one document cannot be read; lines are those of the document, the first is 1.
#[derive(Clone, Debug, PartialEq, Eq)]
enum YamlProblem {
    Bomb,
    Text(usize, String),
}

/// The text of a file as kubectl decodes it: UTF-16 if the file begins with its byte order mark, and UTF-8 otherwise.
///
/// # Errors
/// If it is neither.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Utf8Error> {
    let of_pair: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return std::str::from_utf8(bytes).map(Cow::Borrowed),
    };
    let (pairs, rest) = bytes[2..].as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| of_pair(*pair)).collect();
    let cut_off = if rest.is_empty() { "" } else { "\u{fffd}" };
    Ok(Cow::Owned(String::from_utf16_lossy(&units) + cut_off))
}

/// The line in which a text ends being UTF-8.
#[must_use]
pub fn line_of_fault(bytes: &[u8], error: Utf8Error) -> usize {
    String::from_utf8_lossy(&bytes[..error.valid_up_to()]).split('\n').count()
}

/// Reads YAML: the first document of the text, as kubectl does.
fn read_yaml(text: &str, bounds: &Bounds) -> Result<Value, YamlProblem> {
    // A safety net: no text is known for which the parser panics after `nodes` has prepared it.
    let parsed = panic::catch_unwind(AssertUnwindSafe(|| nodes::parse(text, bounds)));
    let tree = parsed.unwrap_or_else(|_| Err(YamlProblem::Text(1, "this is no YAML".into())))?;
    decode::decode(&tree, bounds)
}
