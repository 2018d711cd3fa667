//! A mistake in a document that shows without running it.

use super::defect::Defect;

/// A mistake that shows without running the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The line in the document.
    pub line: usize,
    /// In which way the line is not right.
    pub kind: Defect,
    /// What is wrong, and what would be right.
    pub text: String,
    /// The wrong word in this line and the right one, if labproof can mend it to judge what comes after it.
    pub instead: Option<(String, String)>,
}

impl Doubt {
    /// A mistake.
    #[must_use]
    pub fn mistake(line: usize, text: impl Into<String>) -> Self {
        Self { line, kind: Defect::Mistake, text: text.into(), instead: None }
    }

    /// The same; labproof may write this word in place of that one.
    #[must_use]
    pub fn instead(self, wrong: &str, right: &str) -> Self {
        Self { instead: Some((wrong.to_owned(), right.to_owned())), ..self }
    }
}
