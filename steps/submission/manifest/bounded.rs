//! Reads YAML into JSON within bounds: so many values, so deep, so much text, no tags.
//!
//! A few lines of YAML can mean gigabytes, since an alias repeats what it names and may repeat aliases. Everything is
//! counted while it is read, so that no more than the bounds is ever held. What comes out has no aliases, merge keys or
//! tags left: what is judged is what the server gets.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How many values a file may have, those that aliases repeat included.
const MOST_VALUES: usize = 20_000;

/// How much text they may hold together, in bytes.
const MOST_TEXT: usize = 1024 * 1024;

/// How deep values may lie in each other; an object's deepest field lies about 15 deep.
const DEEPEST: usize = 64;

/// Why a document is not fit to be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It means too much, or lies too deep.
    Bomb,
    /// A value has a tag of its own.
    Tag,
}

/// What is left of the bounds while a file's documents are read.
#[derive(Debug)]
pub(super) struct Bounds {
    values: Cell<usize>,
    text: Cell<usize>,
    unfit: Cell<Option<Unfit>>,
}

impl Bounds {
    pub(super) fn new() -> Self {
        Self { values: Cell::new(MOST_VALUES), text: Cell::new(MOST_TEXT), unfit: Cell::new(None) }
    }

    /// Reads one document.
    ///
    /// # Errors
    /// What is wrong with it; [`Bounds::unfit`] tells whether that is dangerous.
    pub(super) fn read(&self, document: &str) -> Result<Value, serde_yaml::Error> {
        let result = Seed { bounds: self, depth: 0 }.deserialize(serde_yaml::Deserializer::from_str(document));
        // The reader's own limits, which it tells in words only.
        if result.as_ref().is_err_and(|error| error.to_string().contains("limit exceeded")) {
            self.unfit.set(self.unfit.get().or(Some(Unfit::Bomb)));
        }
        result
    }

    /// Why the last document was not read to its end, where that is dangerous.
    pub(super) fn unfit(&self) -> Option<Unfit> {
        self.unfit.take()
    }

    fn count<E: Error>(&self, text: usize) -> Result<(), E> {
        let values = self.values.get().checked_sub(1).ok_or_else(|| self.stop(Unfit::Bomb))?;
        let text = self.text.get().checked_sub(text).ok_or_else(|| self.stop(Unfit::Bomb))?;
        self.values.set(values);
        self.text.set(text);
        Ok(())
    }

    fn stop<E: Error>(&self, unfit: Unfit) -> E {
        self.unfit.set(Some(unfit));
        E::custom(match unfit {
            Unfit::Bomb => "it means too much",
            Unfit::Tag => "it has a tag of its own",
        })
    }
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    bounds: &'a Bounds,
    depth: usize,
}

impl Seed<'_> {
    fn below<E: Error>(self) -> Result<Self, E> {
        if self.depth == DEEPEST {
            return Err(self.bounds.stop(Unfit::Bomb));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    fn leaf<E: Error>(self, value: impl Into<Value>) -> Result<Value, E> {
        self.bounds.count(0)?;
        Ok(value.into())
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.leaf(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.leaf(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.leaf(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.leaf(Number::from_f64(value).ok_or_else(|| E::custom("a number has no end"))?)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.bounds.count(value.len())?;
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.leaf(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.leaf(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.bounds.count(0)?;
        let below = self.below()?;
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(below)? {
            all.push(item);
        }
        Ok(all.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        self.bounds.count(0)?;
        let below = self.below()?;
        let (mut all, mut merged) = (Map::new(), None);
        while let Some(key) = fields.next_key_seed(Key(self.bounds))? {
            if all.contains_key(&key) || key == "<<" && merged.is_some() {
                return Err(A::Error::custom(format!("{key} is there twice")));
            }
            let value = fields.next_value_seed(below)?;
            if key == "<<" {
                merged = Some(value);
            } else {
                all.insert(key, value);
            }
        }
        for (key, value) in merged.map_or(Ok(Vec::new()), to_merge)? {
            all.entry(key).or_insert(value);
        }
        Ok(all.into())
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<Value, A::Error> {
        Err(self.bounds.stop(Unfit::Tag))
    }
}

/// The fields that a merge key adds, the ones that count first.
fn to_merge<E: Error>(value: Value) -> Result<Vec<(String, Value)>, E> {
    let items = if let Value::Array(items) = value { items } else { vec![value] };
    let mut fields = Vec::new();
    for item in items {
        let Value::Object(item) = item else { return Err(E::custom("<< takes mappings only")) };
        fields.extend(item);
    }
    Ok(fields)
}

/// A field's name, which JSON wants to be a text.
struct Key<'a>(&'a Bounds);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field, in quotation marks where it is a number")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<String, E> {
        self.0.count(value.len())?;
        Ok(value.to_owned())
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<String, A::Error> {
        Err(self.0.stop(Unfit::Tag))
    }
}
