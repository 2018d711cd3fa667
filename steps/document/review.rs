//! Finds mistakes that show without running anything: references and selectors between the manifests of a document, and
//! names in its prose that none of its blocks has. The server accepts each of these manifests.
//!
//! Each rule is silent unless the document itself shows what is right: what another file may make is not judged.

mod containers;
mod flow;
mod objects;
mod prose;
mod references;
mod selectors;
mod slips;
pub mod versions;

pub use objects::volume_names;

use super::{Document, story::Story};

/// What kind of mistake a review found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is wrong.
    Mistake,
    /// It was right with an older version.
    Drift,
    /// It comes too early.
    Timing,
}

/// A mistake that shows without running the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The line in the document.
    pub line: usize,
    /// What kind of mistake it is.
    pub kind: Kind,
    /// What is wrong, and what would be right.
    pub text: String,
    /// The wrong word in this line and the right one, if labproof can mend it to judge what comes after it.
    pub instead: Option<(String, String)>,
}

impl Doubt {
    fn mistake(line: usize, text: impl Into<String>) -> Self {
        Self { line, kind: Kind::Mistake, text: text.into(), instead: None }
    }

    /// The same; labproof may write this word in place of that one.
    fn instead(self, wrong: &str, right: &str) -> Self {
        Self { instead: Some((wrong.to_owned(), right.to_owned())), ..self }
    }
}

/// Reviews a document, whose text this is, and adds what is wrong to the acts of its story.
pub fn review(document: &Document, text: &str, story: &mut Story) {
    let objects = objects::of(story);
    let mut doubts = references::doubts(&objects, story);
    doubts.extend(selectors::doubts(&objects, story));
    doubts.extend(containers::doubts(&objects, story));
    doubts.extend(flow::doubts(document, &objects, story));
    for doubt in doubts {
        story.doubt(doubt);
    }
    for doubt in prose::doubts(document, text, &objects, story) {
        story.say(doubt);
    }
}

#[cfg(test)]
mod tests;
