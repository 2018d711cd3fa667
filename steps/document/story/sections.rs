//! The sections of a document, and a digest of each that changes with its commands, outputs and files.

use sha2::{Digest, Sha256};

use super::{Deed, Section, Story};

/// How many hexadecimal digits of a digest are kept.
const DIGITS: usize = 12;

/// The sections of headings, each with the number of acts before it.
pub(super) fn of(headings: Vec<(String, usize)>, acts: usize) -> Vec<Section> {
    let ends: Vec<usize> = headings.iter().skip(1).map(|(_, first)| *first).chain([acts]).collect();
    let mut sections: Vec<Section> = Vec::new();
    for ((title, first), end) in headings.into_iter().zip(ends).filter(|((_, first), end)| first < end) {
        let is_taken = |title: &String| sections.iter().any(|section| section.title == *title);
        let numbered = (2..).map(|number| format!("{title} ({number})"));
        let title = std::iter::once(title.clone()).chain(numbered).find(|title| !is_taken(title)).unwrap_or_default();
        sections.push(Section { title, acts: first..end });
    }
    sections
}

impl Story {
    /// The sections' titles, each with the digest of what its blocks say. Prose does not count: a scenario does not
    /// depend on it.
    #[must_use]
    pub fn digests(&self) -> Vec<(String, String)> {
        let digest = |section: &Section| {
            let mut digest = Sha256::new();
            for act in &self.acts[section.acts.clone()] {
                let (kind, text, output) = match &act.deed {
                    Deed::Type(typed) => {
                        ("type", &typed.command, typed.expected.as_ref().map_or("", |expected| &expected.text))
                    }
                    Deed::Write(source) | Deed::Offer(source) => ("write", &source.text, source.name()),
                    Deed::Leave(text, _) => ("leave", text, ""),
                    Deed::Say(_) => continue,
                };
                // Each part ends with a byte that no text contains.
                for part in [kind, text.trim(), output.trim()] {
                    digest.update(format!("{part}\0"));
                }
            }
            hex::encode(digest.finalize())[..DIGITS].to_owned()
        };
        self.sections.iter().map(|section| (section.title.clone(), digest(section))).collect()
    }
}
