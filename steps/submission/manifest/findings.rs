//! Collects the refusals for a document, and answers simple questions about fields.

use serde_json::Value;

use super::{Rules, document::Document};
use crate::submission::{Refusal, rule::Rule, shown};

/// The longest grace period that a Pod may have, in seconds.
pub(super) const LONGEST_GRACE: u32 = 120;

/// The refusals for one document.
pub(super) struct Findings<'a> {
    pub(super) rules: &'a Rules,
    pub(super) document: &'a Document,
    pub(super) file: &'a str,
    pub(super) refusals: Vec<Refusal>,
}

impl Findings<'_> {
    /// Refuses a field. Takes its name, its value, which is shown and finds the line, and what to write instead.
    pub(super) fn refuse(&mut self, rule: Rule, key: &str, value: Option<&Value>, instead: &str) {
        let value = value.map(text).unwrap_or_default();
        let line = self.document.0.line_of(key, &value);
        let found = if value.is_empty() { shown(key) } else { format!("{}: {}", shown(key), shown(&value)) };
        self.refuse_at(line, rule, format!("{found} is not allowed: {instead}"));
    }

    /// Refuses a line, with a message that says what was found and what to write instead.
    pub(super) fn refuse_at(&mut self, line: usize, rule: Rule, message: String) {
        let refusal = Refusal { file: self.file.into(), line, rule, message };
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }

    /// Refuses those of the fields of `value` that are set.
    pub(super) fn refuse_given(&mut self, rule: Rule, value: &Value, keys: &[&str], instead: &str) {
        for key in keys {
            if let Some(found) = given(value, key) {
                self.refuse(rule, key, Some(found), instead);
            }
        }
    }

    /// Refuses those of the fields of `value` that are set to anything except false.
    pub(super) fn refuse_true(&mut self, value: &Value, keys: &[(&str, Rule)], instead: &str) {
        for (key, rule) in keys {
            let found = value.get(key).filter(|found| !matches!(found, Value::Null | Value::Bool(false)));
            if let Some(found) = found {
                self.refuse(*rule, key, Some(found), instead);
            }
        }
    }

    /// Refuses a number that is greater than `most`, and every value that is not a number.
    pub(super) fn refuse_above(&mut self, rule: Rule, value: &Value, keys: &[&str], most: u32) {
        for key in keys {
            let small = |found: &Value| found.is_null() || found.as_f64().is_some_and(|found| found <= most.into());
            if let Some(found) = value.get(key).filter(|found| !small(found)) {
                self.refuse(rule, key, Some(found), &format!("at most {most} are allowed"));
            }
        }
    }
}

/// A value for display: a text without its quotes; empty for lists and mappings.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        _ => String::new(),
    }
}

/// The field, if it is set: neither absent nor empty.
pub(super) fn given<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).filter(|found| match found {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    })
}

/// The items of a list. A value that is not a list counts as its only item.
pub(super) fn items<'a>(value: &'a Value, key: &str) -> Vec<&'a Value> {
    match value.get(key) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items.iter().collect(),
        Some(other) => vec![other],
    }
}

/// The fields of a mapping, with their names.
pub(super) fn fields<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flatten()
}
