//! Finds mistakes that show without running anything: references and selectors between the manifests of a document, and
//! names in its prose that none of its blocks has. The server accepts each of these manifests.
//!
//! Each rule is silent unless the document itself shows what is right: what another file may make is not judged.

mod containers;
mod flow;
mod fragments;
mod objects;
mod prose;
mod references;
mod selectors;
mod slips;
mod tables;
pub mod versions;

pub use objects::volume_names;

use super::{
    Document,
    doubt::{Doubt, Kind},
    story::Story,
};

/// Reviews a document, and adds what is wrong to the acts of its story.
pub fn review(document: &Document, story: &mut Story) {
    let objects = objects::of(story);
    let mut doubts = references::doubts(&objects, story);
    doubts.extend(selectors::doubts(&objects, story));
    doubts.extend(selectors::in_commands(&objects, story));
    doubts.extend(containers::doubts(&objects, story));
    doubts.extend(flow::doubts(document, &objects, story));
    doubts.extend(fragments::doubts(story));
    for doubt in doubts {
        story.doubt(doubt);
    }
    for doubt in prose::doubts(document, &objects, story).into_iter().chain(tables::doubts(document)) {
        story.say(doubt);
    }
}

#[cfg(test)]
mod tests;
