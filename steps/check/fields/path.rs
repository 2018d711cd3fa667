//! The place of a field in an object.

use std::{fmt, sync::LazyLock};

use regex::Regex;
use serde_json::{Value, json};

use crate::expression::regex;

/// One part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// A field.
    Key(String),
    /// An item of a list; the first is 0.
    Item(usize),
}

/// The way from an object to one of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Path(Vec<Segment>);

/// Fields whose own fields have names that the author chooses.
const FREE: [&str; 11] = [
    "labels",
    "annotations",
    "matchLabels",
    "nodeSelector",
    "selector",
    "data",
    "stringData",
    "binaryData",
    "parameters",
    "volumeAttributes",
    "options",
];

/// Fields whose own fields are amounts, such as `cpu: 1`.
const OF_AMOUNTS: [&str; 10] = [
    "limits",
    "requests",
    "capacity",
    "hard",
    "default",
    "defaultRequest",
    "max",
    "min",
    "maxLimitRequestRatio",
    "podFixed",
];

impl Path {
    /// The path that a step names, such as `status.conditions[type="Ready"].reason`: a name in brackets is that of a field,
    /// and an item of a list stands for any.
    pub(super) fn of_step(written: &str) -> Self {
        static PART: LazyLock<Regex> = LazyLock::new(|| regex(r#"(\w+)|\[(?:\d+|\w+="[^"]+")\]|\["([^"]+)"\]"#));
        PART.captures_iter(written).fold(Self::default(), |path, part| match part.get(1).or_else(|| part.get(2)) {
            Some(name) => path.key(name.as_str()),
            None => path.item(0),
        })
    }

    /// The paths that lead to this one, from the outside to the inside, and the path itself.
    pub(super) fn prefixes(&self) -> impl Iterator<Item = Self> + '_ {
        (1..=self.0.len()).map(|length| Self(self.0[..length].to_vec()))
    }

    /// The path of a field of this place.
    pub(super) fn key(&self, key: &str) -> Self {
        self.with(Segment::Key(key.to_owned()))
    }

    /// The path of an item of this list.
    pub(super) fn item(&self, index: usize) -> Self {
        self.with(Segment::Item(index))
    }

    fn with(&self, segment: Segment) -> Self {
        Self(self.0.iter().cloned().chain([segment]).collect())
    }

    /// The place that contains this one.
    pub(super) fn parent(&self) -> Self {
        Self(self.0[..self.0.len().saturating_sub(1)].to_vec())
    }

    /// The places around its parent, from the inside to the outside.
    pub(super) fn ancestors(&self) -> impl Iterator<Item = Self> + '_ {
        (0..self.0.len().saturating_sub(1)).rev().map(|length| Self(self.0[..length].to_vec()))
    }

    /// Its last part.
    pub(super) fn last(&self) -> &Segment {
        self.0.last().unwrap_or(&Segment::Item(0))
    }

    /// The names of the fields on the way, from the outside to the inside.
    pub(super) fn keys(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.iter().filter_map(|segment| match segment {
            Segment::Key(key) => Some(key.as_str()),
            Segment::Item(_) => None,
        })
    }

    /// The name of the field, or of the list that contains the item.
    pub(super) fn name(&self) -> &str {
        self.keys().next_back().unwrap_or_default()
    }

    /// Whether the names of the innermost fields are these, such as `strategy.type`.
    pub(super) fn ends_with(&self, fields: &str) -> bool {
        let mut keys = self.keys().rev();
        fields.rsplit('.').all(|field| keys.next() == Some(field))
    }

    /// Whether the value of a label stands here, or one that is compared with it.
    pub(super) fn is_label(&self, kind: &str) -> bool {
        let parent = self.parent();
        let is_field = matches!(self.last(), Segment::Key(_)) && matches!(parent.last(), Segment::Key(_));
        let is_selector = ["Service", "ReplicationController"].contains(&kind) && parent.to_string() == "spec.selector";
        let labels = ["metadata.labels", "matchLabels", "nodeSelector"];
        is_field && (is_selector || labels.iter().any(|name| parent.ends_with(name)))
    }

    /// Whether the names here are chosen by the author: labels, data and the like.
    pub(super) fn is_free(&self) -> bool {
        self.keys().rev().skip(1).any(|key| FREE.contains(&key))
    }

    /// Whether an amount stands here, which may be a number or text.
    pub(super) fn is_amount(&self) -> bool {
        let inside = matches!(self.parent().last(), Segment::Key(key) if OF_AMOUNTS.contains(&key.as_str()));
        let is_of_metric = self.keys().any(|key| key == "metrics") && self.name() == "value";
        (inside && !self.is_free()) || is_of_metric || ["sizeLimit", "divisor", "averageValue"].contains(&self.name())
    }

    /// An object that has only this field, with this value. Lists on the way have one item.
    pub(super) fn only(&self, value: Value) -> Value {
        self.0.iter().rev().fold(value, |inner, segment| match segment {
            Segment::Key(key) => json!({ key: inner }),
            Segment::Item(_) => json!([inner]),
        })
    }

    /// The value of the field in an object.
    pub(super) fn find<'a>(&self, object: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(object, |value, segment| match segment {
            Segment::Key(key) => value.get(key),
            Segment::Item(index) => value.get(index),
        })
    }

    /// The value of the field in an object that [`Self::only`] made.
    pub(super) fn find_first<'a>(&self, object: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(object, |value, segment| match segment {
            Segment::Key(key) => value.get(key),
            Segment::Item(_) => value.get(0),
        })
    }

    /// The place in a message; the object itself has the name of its kind.
    pub(super) fn in_words(&self, kind: &str) -> String {
        if self.0.is_empty() { format!("a {kind}") } else { self.to_string() }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Key(key) if place == 0 => f.write_str(key)?,
                Segment::Key(key) => write!(f, ".{key}")?,
                Segment::Item(item) => write!(f, "[{item}]")?,
            }
        }
        Ok(())
    }
}
