//! Finds mistakes that show without running anything: references and selectors between the manifests of a document, and
//! names in its prose that none of its blocks has. The server accepts each of these manifests.
//!
//! Each rule is silent unless the document itself shows what is right: what another file may make is not judged.

pub mod beside;
mod containers;
mod flow;
mod fragments;
mod hosts;
mod literals;
mod misspelt;
mod objects;
mod prose;
mod references;
mod roles;
pub mod runs;
mod selectors;
mod tables;
mod untyped;
pub mod versions;

pub use objects::volume_names;

use super::{
    Document, Piece,
    doubt::Doubt,
    prose::begins_manifest,
    remarks::{KNOWN, Remark},
    story::Story,
    words::{EXAMPLE, INTENDED, has},
};

/// Reviews a document, and adds what is wrong to the acts of its story.
pub fn review(document: &Document, story: &mut Story) {
    let objects = objects::of(story);
    let mut doubts = references::doubts(&objects, story);
    doubts.extend(roles::doubts(&objects));
    doubts.extend(selectors::doubts(&objects, story));
    doubts.extend(selectors::in_commands(&objects, story));
    doubts.extend(containers::doubts(&objects, story));
    doubts.extend(flow::doubts(document, &objects, story));
    doubts.extend(runs::doubts(story));
    doubts.extend(untyped::doubts(story));
    doubts.extend(hosts::doubts(&objects, story));
    doubts.extend(fragments::doubts(story));
    doubts.extend(versions::old_roles(story));
    doubts.extend(versions::in_parts(story));
    doubts.extend(literals::doubts(&objects, story));
    let is_meant = |doubt: &Doubt| {
        let said = prose_before(document, doubt);
        has(said, INTENDED) || has(said, EXAMPLE) && story.is_only_offered(doubt.line)
    };
    let doubts: Vec<Doubt> = doubts.into_iter().filter(|doubt| !is_meant(doubt)).collect();
    for doubt in doubts {
        story.doubt(doubt);
    }
    let said = prose::doubts(document, &objects, story).into_iter();
    for doubt in said.chain(tables::doubts(document)).chain(unknown_remarks(document)) {
        story.say(doubt);
    }
}

/// The last paragraph directly before the manifest that a doubt is about; empty if it is about another block.
fn prose_before<'a>(document: &'a Document, doubt: &Doubt) -> &'a str {
    let (mut said, mut last) = ("", "");
    for piece in &document.pieces {
        match piece {
            Piece::Prose(_, prose) => last = prose.trim().rsplit("\n\n").next().unwrap_or_default(),
            Piece::Block(block) if block.line <= doubt.line => {
                said = if block.text.lines().any(begins_manifest) { last } else { "" };
                last = "";
            }
            Piece::Block(_) => break,
            Piece::Heading(_) | Piece::Remark(..) => last = "",
        }
    }
    said
}

/// Remarks that labproof does not know, and would ignore.
fn unknown_remarks(document: &Document) -> impl Iterator<Item = Doubt> {
    document.pieces.iter().filter_map(|piece| match piece {
        Piece::Remark(line, text) if Remark::read(text).is_none() => {
            Some(Doubt::mistake(*line, format!("labproof does not know the remark \"{text}\": {KNOWN}")))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests;
