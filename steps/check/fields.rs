//! Finds what the server would refuse in the objects of a lab's manifests: fields that their kind does not have, values of
//! the wrong type, and values that no server takes.
//!
//! The kinds are those of Kubernetes 1.34 in `k8s-openapi`, which ignores a field that it does not know. Each unknown field is
//! reported, except those of [`NEWER`].

mod path;
mod schedule;
mod structure;
#[cfg(test)]
mod tests;
mod types;
mod values;

use path::{Path, Segment};
use serde_json::Value;
use types::{Reader, reader};

use crate::{document::names, kinds::versions, sheet::spelling::distance};

/// Fields of newer versions of Kubernetes.
const NEWER: [&str; 3] = ["schedulingGroup", "userAnnotations", "workloadRef"];

/// Something that the server would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WrongField {
    /// The name of the field.
    pub(super) key: String,
    /// Its value as the manifest has it; empty for lists and mappings.
    pub(super) value: String,
    /// What is wrong.
    pub(super) message: String,
    /// What to write.
    pub(super) hint: Option<String>,
}

/// Finds everything in an object that the server would refuse. An object of an unknown kind has no errors.
pub(super) fn wrong(object: &Value) -> Vec<WrongField> {
    let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
    let Some(read) = reader(text("apiVersion"), text("kind")) else { return Vec::new() };
    let mut walk = Walk { read, object, kind: text("kind"), found: Vec::new() };
    for (key, value) in object.as_object().into_iter().flatten() {
        if !["apiVersion", "kind", "status"].contains(&key.as_str()) {
            walk.judge(&Path::default().key(key), value);
        }
    }
    if walk.found.is_empty() {
        walk.found = structure::wrong(walk.kind, object);
    }
    walk.found
}

/// Finds the error in the path of a field that a step names: one of the fields on the way does not exist, and looks like
/// another. A step that wants it absent could not fail.
pub(super) fn wrong_path(kind: &str, written: &str) -> Option<(String, Option<String>)> {
    let version = versions(kind)?.first()?;
    let walk = Walk { read: reader(version, kind)?, object: &Value::Null, kind, found: Vec::new() };
    // A field of another type exists, too.
    let any = Value::String(String::new());
    let path = Path::of_step(written);
    let unknown = path.prefixes().find(|path| matches!(path.last(), Segment::Key(_)) && !walk.has(path, &any))?;
    let hint = walk.meant(&unknown, &any)?;
    Some((format!("{} has no field {}", unknown.parent().in_words(kind), unknown.name()), Some(hint)))
}

/// The walk through the fields of an object.
struct Walk<'a> {
    read: Reader,
    object: &'a Value,
    kind: &'a str,
    found: Vec<WrongField>,
}

impl Walk<'_> {
    /// Judges a field, and what it contains unless it is wrong itself.
    fn judge(&mut self, path: &Path, value: &Value) {
        let is_number_of_amount = value.is_number() && path.is_amount();
        if value.is_null() || is_number_of_amount {
            return;
        }
        if let Err(why) = (self.read)(path.only(empty(value))) {
            let (message, hint) = types::in_words(path, value, &why);
            return self.report(path, value, message, hint);
        }
        if matches!(path.last(), Segment::Key(_)) && value != &Value::Array(Vec::new()) && !self.has(path, value) {
            if !NEWER.contains(&path.name()) {
                let message = format!("{} has no field {}", path.parent().in_words(self.kind), path.name());
                let hint = self.meant(path, value).unwrap_or_else(|| "Kubernetes 1.34 has no such field".to_owned());
                self.report(path, value, message, Some(hint));
            }
            return;
        }
        if let Some((message, hint)) = values::wrong(self.kind, path, value) {
            return self.report(path, value, message, hint);
        }
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, field)| self.judge(&path.key(key), field)),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(place, item)| self.judge(&path.item(place), item));
            }
            _ => {}
        }
    }

    /// Whether the kind has this field. One whose value has another type exists.
    fn has(&self, path: &Path, value: &Value) -> bool {
        (self.read)(path.only(sample(value))).map_or(true, |back| path.find_first(&back).is_some())
    }

    /// What to write in place of a field that does not exist: another name, or the same name in another place.
    fn meant(&self, path: &Path, value: &Value) -> Option<String> {
        let (wrote, siblings) = (path.name(), path.parent());
        if let Some(name) = like(wrote, |name| self.has(&siblings.key(name), value)) {
            return Some(format!("did you mean {name}?"));
        }
        let outside = path.ancestors().filter(|outer| outer.find(self.object).is_some_and(Value::is_object));
        let inside = [["template", "spec"].as_slice(), &["containers"]].into_iter().map(|keys| {
            let inner = keys.iter().fold(path.parent(), |path, key| path.key(key));
            if keys == ["containers"] { inner.item(0) } else { inner }
        });
        let mut elsewhere = outside.chain(inside).map(|place| place.key(path.name()));
        let place = elsewhere.find(|place| self.has(place, value))?;
        Some(format!("write it as {place}: look at its indentation"))
    }

    fn report(&mut self, path: &Path, value: &Value, message: String, hint: Option<String>) {
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            _ => String::new(),
        };
        self.found.push(WrongField { key: path.name().to_owned(), value, message, hint });
    }
}

/// The name that a misspelt one probably stands for, of those that exist in its place.
fn like(wrote: &str, exists: impl Fn(&str) -> bool) -> Option<&'static str> {
    let most = if wrote.len() < 6 { 1 } else { 2 };
    let near = |name: &&str| distance(wrote, name) <= most || name.strip_suffix('s') == Some(wrote);
    let found = names::fields().filter(near).filter(|name| exists(name));
    found.min_by_key(|name| distance(wrote, name))
}

/// A value of the same type that contains nothing.
fn empty(value: &Value) -> Value {
    match value {
        Value::Object(_) => Value::Object(serde_json::Map::new()),
        Value::Array(_) => Value::Array(Vec::new()),
        scalar => scalar.clone(),
    }
}

/// A value of the same type that is not left out when it is written: a list needs an item.
fn sample(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().take(1).map(sample).collect()),
        value => empty(value),
    }
}
