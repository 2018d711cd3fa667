//! Judges a learner's manifest: refuses what is dangerous or breaks the lab's rules.
//!
//! It does not refuse mere mistakes, because they fail where the lab uses the manifest. Fields are read as the server
//! reads them, by their exact names; a field of the wrong type counts as set. No rule depends on the YAML syntax,
//! because the judged values have no aliases, merge keys or tags. A manifest is parsed once: the server gets the judged
//! [`Object`]s.

mod container;
mod document;
mod findings;
mod image;
mod kind;
mod metadata;
mod pod;
mod printed;
#[cfg(test)]
mod tests;
mod variables;
mod volume;

use std::collections::BTreeSet;

use document::Document;
use findings::Findings;
pub(super) use image::{is_among, listed};
use serde_json::Value;

use super::{Refusal, rule::Rule};
use crate::{image_name::ImageName, yaml::Unreadable};

/// The maximum number of refusals to report for a file.
const MOST_REFUSALS: usize = 20;

/// What the lab allows in learners' manifests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The allowed kinds of objects, such as `Pod`.
    pub kinds: BTreeSet<String>,
    /// The allowed images.
    pub images: BTreeSet<ImageName>,
}

/// A parsed and judged manifest.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedManifest {
    /// At most 20 refusals, in the order of the lines.
    pub refusals: Vec<Refusal>,
    /// Its objects in the order of the file. If the text cannot be parsed, the error contains the line.
    pub objects: Result<Vec<Object>, String>,
}

/// An object of a learner's manifest: JSON made from the judged values, never the learner's bytes, because two YAML
/// parsers could read them differently.
///
/// Only [`judge`] creates it. The refusals decide whether the server may get it.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    line: usize,
    value: Value,
}

impl Object {
    /// The first line of its document in the file.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The object as JSON.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }
}

/// Parses a manifest and judges it by the lab's rules.
#[must_use]
pub fn judge(file: &str, text: &str, rules: &Rules) -> JudgedManifest {
    let documents = match document::read(text) {
        Ok(documents) => documents,
        Err((rule, message)) => {
            let refusal = Refusal { file: file.into(), line: 0, rule, message: message.clone() };
            return JudgedManifest { refusals: vec![refusal], objects: Err(message) };
        }
    };
    let mut refusals: Vec<Refusal> =
        documents.iter().flat_map(|document| judge_document(file, document, rules)).collect();
    refusals.sort();
    refusals.truncate(MOST_REFUSALS);
    JudgedManifest { refusals, objects: objects(documents) }
}

fn judge_document(file: &str, document: &Document, rules: &Rules) -> Vec<Refusal> {
    match &document.0.content {
        Ok(object) => {
            let mut findings = Findings { rules, document, file, refusals: Vec::new() };
            kind::judge(&mut findings, object);
            findings.refusals
        }
        Err(Unreadable::Bomb) => {
            let (line, message) = (document.0.first_line(), TOO_LARGE.into());
            vec![Refusal { file: file.into(), line, rule: Rule::YamlBomb, message }]
        }
        Err(Unreadable::Unread { .. }) => Vec::new(),
    }
}

/// What to do about a document that exceeds the limits.
const TOO_LARGE: &str = "it grows too large or too deep when it is read: write it out without aliases";

fn objects(documents: Vec<Document>) -> Result<Vec<Object>, String> {
    if documents.is_empty() {
        return Err("it describes no object".into());
    }
    let (objects, wrong): (Vec<_>, Vec<_>) = documents.into_iter().map(object).partition(Result::is_ok);
    let wrong: Vec<String> = wrong.into_iter().filter_map(Result::err).collect();
    if wrong.is_empty() { objects.into_iter().collect() } else { Err(wrong.join("; ")) }
}

fn object(document: Document) -> Result<Object, String> {
    let line = document.0.first_line();
    match document.0.content {
        Ok(value) if value.is_object() => Ok(Object { line, value }),
        Ok(_) => Err(format!("line {line}: this is not an object")),
        Err(Unreadable::Unread { line, message }) => Err(format!("line {line}: {message}")),
        Err(Unreadable::Bomb) => Err(format!("line {line}: {TOO_LARGE}")),
    }
}
