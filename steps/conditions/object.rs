//! Conditions of an object of any kind, as JSON: its fields, and the conditions in its status.

use std::fmt;

use serde_json::Value;

use super::{Judgement, text, wildcard::Kept};

/// A part of the path to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Key(String),
    Index(usize),
    /// The first item of a list whose field has this value.
    With(String, String),
}

/// The path of a field, such as `spec.template.spec.containers[0].image`, `spec.taints[key="dedicated"].effect` or
/// `metadata.labels["app.kubernetes.io/name"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath(Vec<Part>);

impl FieldPath {
    /// Reads a path; `None` if it is invalid.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while !rest.is_empty() {
            if let Some(quoted) = rest.strip_prefix("[\"") {
                let (key, behind) = quoted.split_once("\"]")?;
                parts.push(Part::Key(key.to_owned()));
                rest = behind;
            } else if let Some(bracket) = rest.strip_prefix('[') {
                let (part, behind) = item(bracket)?;
                parts.push(part);
                rest = behind;
            } else {
                let plain = rest.strip_prefix('.').unwrap_or(rest);
                let end = plain.find(['.', '[']).unwrap_or(plain.len());
                if end == 0 {
                    return None;
                }
                parts.push(Part::Key(plain[..end].to_owned()));
                rest = &plain[end..];
            }
        }
        (!parts.is_empty()).then_some(Self(parts))
    }

    /// The longest part of the path that the object has, and its value; `None` if it does not even have the first.
    fn known<'a>(&self, object: &'a Value) -> Option<(Self, &'a Value)> {
        let parts = (1..self.0.len()).rev().map(|end| Self(self.0[..end].to_vec()));
        parts.into_iter().find_map(|part| part.of(object).map(|value| (part, value)))
    }

    /// The field's value; `None` if the object does not have it.
    #[must_use]
    pub fn of<'a>(&self, object: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(object, |value, part| match part {
            Part::Key(key) => value.get(key),
            Part::Index(index) => value.get(index),
            Part::With(field, wanted) => {
                value.as_array()?.iter().find(|item| item.get(field).is_some_and(|seen| is_written(seen, wanted)))
            }
        })
    }
}

/// The maximum number of names that are listed beside a missing field.
const MOST: usize = 12;

/// The judgement on a field that the object does not have, with what is there instead.
fn lacks(object: &Value, path: &FieldPath) -> Judgement {
    let beside = match path.known(object) {
        Some((known, Value::Object(fields))) if !fields.is_empty() => {
            let names: Vec<&str> = fields.keys().take(MOST).map(String::as_str).collect();
            let more = if fields.len() > MOST { ", …" } else { "" };
            format!("; {known} has {}{more}", names.join(", "))
        }
        Some((known, Value::Array(items))) if items.len() == 1 => format!("; {known} has 1 item"),
        Some((known, Value::Array(items))) => format!("; {known} has {} items", items.len()),
        _ => String::new(),
    };
    Judgement::NotYet(format!("it does not have this field{beside}").into())
}

/// Reads which item of a list is meant, up to the bracket, and returns the rest.
fn item(text: &str) -> Option<(Part, &str)> {
    if let Some((field, rest)) = text.split_once("=\"").filter(|(field, _)| !field.contains(']')) {
        let (value, rest) = rest.split_once("\"]")?;
        return (!field.is_empty()).then(|| (Part::With(field.to_owned(), value.to_owned()), rest));
    }
    let (index, rest) = text.split_once(']')?;
    Some((Part::Index(index.parse().ok()?), rest))
}

fn is_written(seen: &Value, wanted: &str) -> bool {
    match seen {
        Value::String(seen) => seen == wanted,
        other => format!("{other}") == wanted,
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, part) in self.0.iter().enumerate() {
            match part {
                Part::Index(index) => write!(f, "[{index}]")?,
                Part::With(field, value) => write!(f, "[{field}=\"{value}\"]")?,
                Part::Key(key) if key.contains(['.', '/']) => write!(f, "[\"{key}\"]")?,
                Part::Key(key) if place == 0 => f.write_str(key)?,
                Part::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

/// The value that a sheet expects of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedField {
    /// A number or a boolean, written without quotes.
    Plain(Value),
    /// A text, which may contain wildcards.
    Text(String),
    /// This number or a larger one.
    AtLeast(u32),
    /// This number or a smaller one.
    AtMost(u32),
}

impl fmt::Display for ExpectedField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(value) => write!(f, "{value}"),
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::AtLeast(least) => write!(f, "at least {least}"),
            Self::AtMost(most) => write!(f, "at most {most}"),
        }
    }
}

/// The field has this value. Named wildcards in a text keep what they match.
///
/// # Errors
/// The judgement, if the field does not have the value.
pub fn has_field(
    object: Option<&Value>,
    path: &FieldPath,
    expected: &ExpectedField,
    kept: &Kept,
) -> Result<Kept, Judgement> {
    let object = object.ok_or_else(missing)?;
    match (path.of(object), expected) {
        (None, _) => Err(lacks(object, path)),
        (Some(seen), ExpectedField::Plain(value)) if seen == value => Ok(kept.clone()),
        (Some(Value::Number(seen)), ExpectedField::AtLeast(least)) if seen.as_f64() >= Some((*least).into()) => {
            Ok(kept.clone())
        }
        (Some(Value::Number(seen)), ExpectedField::AtMost(most)) if seen.as_f64() <= Some((*most).into()) => {
            Ok(kept.clone())
        }
        (Some(Value::String(seen)), ExpectedField::Text(wanted)) => {
            let is_alike = text::ends_alike(seen.trim_end_matches('\n'), wanted.trim_end_matches('\n'));
            let found = if is_alike { text::is(seen, wanted, kept).ok() } else { None };
            found.ok_or_else(|| Judgement::NotYet(format!("it is \"{seen}\"").into()))
        }
        (Some(seen @ (Value::Number(_) | Value::Bool(_))), ExpectedField::Text(_)) => {
            let why = format!("it is {seen}, which is not a string: write the expected value without quotes");
            Err(Judgement::NotYet(why.into()))
        }
        (Some(seen), _) => Err(Judgement::NotYet(format!("it is {seen}").into())),
    }
}

/// The object has this field; one that is null counts as absent.
#[must_use]
pub fn has_any(object: Option<&Value>, path: &FieldPath) -> Judgement {
    let Some(object) = object else { return missing() };
    let is_there = path.of(object).is_some_and(|seen| !seen.is_null());
    if is_there { Judgement::Holds } else { lacks(object, path) }
}

/// The object exists, and does not have this field; one that is null counts as absent.
#[must_use]
pub fn lacks_field(object: Option<&Value>, path: &FieldPath) -> Judgement {
    let Some(object) = object else { return missing() };
    let seen = path.of(object).filter(|seen| !seen.is_null());
    seen.map_or(Judgement::Holds, |seen| Judgement::NotYet(format!("it is {seen}").into()))
}

/// The condition of this type is true and belongs to the current version of the object.
#[must_use]
pub fn has_condition(object: Option<&Value>, name: &str) -> Judgement {
    let Some(object) = object else { return missing() };
    let conditions = object["status"]["conditions"].as_array().map_or(&[][..], Vec::as_slice);
    let Some(condition) = conditions.iter().find(|condition| condition["type"] == name) else {
        let others: Vec<&str> = conditions.iter().filter_map(|condition| condition["type"].as_str()).collect();
        let others = if others.is_empty() { "none".to_owned() } else { others.join(", ") };
        return Judgement::NotYet(format!("it does not have this condition; it has {others}").into());
    };
    let text = |field: &str| condition[field].as_str().unwrap_or_default();
    if is_outdated(object) || is_older(&condition["observedGeneration"], object) {
        return Judgement::NotYet(OUTDATED.into());
    }
    if text("status") == "True" {
        return Judgement::Holds;
    }
    let why =
        [text("reason"), text("message")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
    let why = if why.is_empty() { why } else { format!(" ({why})") };
    Judgement::NotYet(format!("it is {}{why}", text("status")).into())
}

/// The state of an object whose controller has not processed the last change.
pub const OUTDATED: &str = "its controller has not seen the last change yet";

/// Whether the status is older than the last change of the object.
#[must_use]
pub fn is_outdated(object: &Value) -> bool {
    is_older(&object["status"]["observedGeneration"], object)
}

fn is_older(generation: &Value, object: &Value) -> bool {
    match (generation.as_i64(), object["metadata"]["generation"].as_i64()) {
        (Some(observed), Some(generation)) => observed < generation,
        _ => false,
    }
}

/// Just so many of these objects name this one as their owner.
#[must_use]
pub fn own_some(objects: &[Value], kind: &str, name: &str, count: usize) -> Judgement {
    let kind = kind.split('.').next().unwrap_or_default();
    let owned = objects.iter().filter(|object| is_owned(object, kind, name));
    let names: Vec<&str> = owned.filter_map(|object| object["metadata"]["name"].as_str()).collect();
    if names.len() == count {
        return Judgement::Holds;
    }
    let seen = if names.is_empty() { "none".to_owned() } else { format!("{}: {}", names.len(), names.join(", ")) };
    Judgement::NotYet(format!("it owns {seen}").into())
}

/// Whether an object of this kind and name owns the object.
pub(super) fn is_owned(object: &Value, kind: &str, name: &str) -> bool {
    let is_owner = |owner: &Value| owner["kind"] == kind && owner["name"] == name;
    object["metadata"]["ownerReferences"].as_array().is_some_and(|owners| owners.iter().any(is_owner))
}

/// The object exists.
#[must_use]
pub fn exists(object: Option<&Value>) -> Judgement {
    object.map_or_else(missing, |_| Judgement::Holds)
}

/// The object with this UID no longer exists. Another object of the same name does not count.
#[must_use]
pub fn is_gone(object: Option<&Value>, uid: &str) -> Judgement {
    match object {
        Some(object) if object["metadata"]["uid"] == uid => {
            let finalizers = object["metadata"]["finalizers"].as_array().filter(|finalizers| !finalizers.is_empty());
            let state = match (object["metadata"]["deletionTimestamp"].is_string(), finalizers) {
                (false, _) => "nobody deleted it".to_owned(),
                (true, None) => "it is being deleted".to_owned(),
                (true, Some(finalizers)) => {
                    format!("it is being deleted, and waits for {}", Value::from(finalizers.clone()))
                }
            };
            Judgement::NotYet(state.into())
        }
        _ => Judgement::Holds,
    }
}

/// The judgement on an object that does not exist.
pub(super) fn missing() -> Judgement {
    Judgement::NotYet("it does not exist".into())
}

#[cfg(test)]
mod tests;
