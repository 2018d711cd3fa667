//! The documents of a learner's file, read with limits.

use serde_json::Value;

use super::printed;
use crate::{
    submission::rule::Rule,
    yaml::{self, Bounds, Unreadable},
};

/// The maximum size of a manifest, in bytes.
const LARGEST: usize = 64 * 1024;

/// The maximum number of documents in a file; each object of a list counts as one.
const MOST_DOCUMENTS: usize = 20;

/// The limits for a file: the number of values, including those that aliases repeat; the size of all texts, in bytes;
/// and the depth of nesting, which is about 15 for the deepest field of an object.
const BOUNDS: (usize, usize, usize) = (20_000, 1024 * 1024, 64);

/// A document that is not empty, or an object of a list with the text of the whole list.
#[derive(Debug)]
pub(super) struct Document(pub(super) yaml::Document);

/// The documents of a file; a list is the objects that it lists.
///
/// # Errors
/// If the whole file is refused; contains the rule and what to do instead.
pub(super) fn read(text: &str) -> Result<Vec<Document>, (Rule, String)> {
    if text.len() > LARGEST {
        let message = format!("it has {} bytes; at most {} KiB are allowed", text.len(), LARGEST / 1024);
        return Err((Rule::FileSize, message));
    }
    let (values, bytes, depth) = BOUNDS;
    let documents: Vec<_> = yaml::read(text, &Bounds::new(values, bytes, depth))
        .into_iter()
        .map(|document| (items(&document), document))
        .collect();
    let number: usize = documents.iter().map(|(items, _)| items.len()).sum();
    if number > MOST_DOCUMENTS {
        let message = format!("it has {number} documents; at most {MOST_DOCUMENTS} are allowed");
        return Err((Rule::DocumentCount, message));
    }
    let each = |(items, document): (Vec<_>, yaml::Document)| {
        items.into_iter().map(move |content| Document(yaml::Document { content, ..document.clone() }))
    };
    Ok(documents.into_iter().flat_map(each).collect())
}

/// An object, without what the learner's own cluster chose for it.
fn as_handed_in(mut object: Value) -> Value {
    printed::leave_out_chosen(&mut object);
    object
}

/// What a document contains: an object, those of a list, or why it cannot be read.
fn items(document: &yaml::Document) -> Vec<Result<Value, Unreadable>> {
    match &document.content {
        Ok(value) => yaml::items(value).into_iter().map(|object| Ok(as_handed_in(object))).collect(),
        Err(wrong) => vec![Err(wrong.clone())],
    }
}
