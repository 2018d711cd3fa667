//! Turns the nodes of a document into JSON. Aliases and merge keys are replaced by what they refer to, within limits.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::{
    Bounds, YamlProblem,
    nodes::{Id, Node, NodeKind, Tree},
    scalar::{self, Scalar},
};

/// The JSON of a document.
///
/// # Errors
/// If a part has no meaning in JSON, or the result is too large.
pub(super) fn decode(tree: &Tree, bounds: &Bounds) -> Result<Value, YamlProblem> {
    let mut decoder = Decoder { tree, bounds, open: Vec::new() };
    if tree.nodes.is_empty() { Ok(Value::Null) } else { decoder.value(0, 0)? }
}

/// A value, or why JSON has no such value. As in kubectl, this is an error only if no later field replaces the value.
type Json = Result<Value, YamlProblem>;

/// The fields of a mapping.
#[derive(Default)]
struct Fields {
    all: BTreeMap<String, Json>,
    /// What is wrong with a field whose name JSON does not have.
    unnamed: Option<YamlProblem>,
}

impl Fields {
    /// Adds a field, which replaces an earlier one of its name.
    fn add(&mut self, key: Result<String, YamlProblem>, value: Json) {
        match key {
            Ok(key) => _ = self.all.insert(key, value),
            Err(problem) => _ = self.unnamed.get_or_insert(problem),
        }
    }

    fn into_json(self) -> Json {
        if let Some(problem) = self.unnamed {
            return Err(problem);
        }
        let all: Result<Map<_, _>, _> = self.all.into_iter().map(|(key, value)| Ok((key, value?))).collect();
        all.map(Value::Object)
    }
}

struct Decoder<'a> {
    tree: &'a Tree,
    bounds: &'a Bounds,
    /// The aliases that are being replaced at the moment.
    open: Vec<Id>,
}

impl<'a> Decoder<'a> {
    fn node(&self, id: Id) -> &'a Node {
        &self.tree.nodes[id]
    }

    fn value(&mut self, id: Id, depth: usize) -> Result<Json, YamlProblem> {
        self.bounds.check_depth(depth)?;
        let node = self.node(id);
        match &node.kind {
            NodeKind::Alias(named) => self.through(*named, |decoder| decoder.value(*named, depth)),
            NodeKind::Scalar { .. } => Ok(json(node, self.scalar(node)?)),
            NodeKind::Sequence(items) => {
                self.bounds.count(0)?;
                let items: Vec<Json> =
                    items.iter().map(|item| self.value(*item, depth + 1)).collect::<Result<_, _>>()?;
                Ok(items.into_iter().collect())
            }
            NodeKind::Mapping(_) => {
                let mut all = Fields::default();
                self.fill(&mut all, id, depth)?;
                Ok(all.into_json())
            }
        }
    }

    /// What an alias refers to. It must not contain the alias itself.
    fn through<T>(
        &mut self,
        named: Id,
        take: impl FnOnce(&mut Self) -> Result<T, YamlProblem>,
    ) -> Result<T, YamlProblem> {
        if self.open.contains(&named) {
            return Err(YamlProblem::Bomb);
        }
        self.open.push(named);
        let taken = take(self);
        self.open.pop();
        taken
    }

    fn scalar(&self, node: &Node) -> Result<Scalar, YamlProblem> {
        let NodeKind::Scalar { text, tag, implicit } = &node.kind else {
            return Err(YamlProblem::Text(node.line, key_words(node)));
        };
        self.bounds.count(text.len())?;
        if tag.is_none() && !implicit {
            return Ok(Scalar::Text(text.clone()));
        }
        scalar::resolve(tag.as_deref(), text).map_err(|why| YamlProblem::Text(node.line, why))
    }

    /// Adds the fields of a mapping to `all`. As in kubectl, a field replaces an earlier one of its name, even if it comes
    /// from a merge key.
    fn fill(&mut self, all: &mut Fields, id: Id, depth: usize) -> Result<(), YamlProblem> {
        self.bounds.check_depth(depth)?;
        self.bounds.count(0)?;
        let NodeKind::Mapping(fields) = &self.node(id).kind else { return Err(self.no_mapping(id)) };
        for (key, value) in fields {
            if is_merge(self.node(*key)) {
                self.merge(all, *value, depth)?;
            } else {
                let key = self.key(*key)?;
                let value = self.value(*value, depth + 1)?;
                all.add(key, value);
            }
        }
        Ok(())
    }

    /// The first of several mappings has precedence.
    fn merge(&mut self, all: &mut Fields, id: Id, depth: usize) -> Result<(), YamlProblem> {
        match &self.node(id).kind {
            NodeKind::Sequence(items) => items.iter().rev().try_for_each(|item| self.merge_one(all, *item, depth)),
            _ => self.merge_one(all, id, depth),
        }
    }

    fn merge_one(&mut self, all: &mut Fields, id: Id, depth: usize) -> Result<(), YamlProblem> {
        match self.node(id).kind {
            NodeKind::Alias(named) => self.through(named, |decoder| decoder.fill(all, named, depth + 1)),
            _ => self.fill(all, id, depth + 1),
        }
    }

    fn no_mapping(&self, id: Id) -> YamlProblem {
        YamlProblem::Text(self.node(id).line, "<< must be followed by fields, or by an alias of some".into())
    }

    /// The name of a field, or why JSON has no such name.
    fn key(&mut self, id: Id) -> Result<Result<String, YamlProblem>, YamlProblem> {
        let mut node = self.node(id);
        while let NodeKind::Alias(named) = node.kind {
            node = self.node(named);
        }
        let wrong = |message: String| Err(YamlProblem::Text(node.line, message));
        Ok(match self.scalar(node)? {
            Scalar::Text(text) => Ok(text),
            Scalar::Bool(value) => Ok(value.to_string()),
            Scalar::Int(value) => Ok(value.to_string()),
            Scalar::Float(value) => Ok(key_of(value)),
            Scalar::Null => wrong("a field has no name".into()),
            Scalar::Large(value) => wrong(format!("the name of the field {value} needs quotation marks")),
        })
    }
}

/// The error for a field whose name is not a text.
fn key_words(node: &Node) -> String {
    match node.kind {
        NodeKind::Mapping(_) => {
            "{{ begins a template, as Helm has them: kubectl does not fill it in, so write the value itself, \
                             or put it in quotation marks"
                .into()
        }
        _ => "the name of a field must be a text".into(),
    }
}

fn is_merge(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Scalar { text, tag, implicit }
        if text == "<<" && (*implicit || tag.as_deref() == Some("tag:yaml.org,2002:merge")))
}

fn json(node: &Node, scalar: Scalar) -> Json {
    Ok(match scalar {
        Scalar::Null => Value::Null,
        Scalar::Bool(value) => value.into(),
        Scalar::Int(value) => value.into(),
        #[expect(clippy::cast_precision_loss, reason = "kubectl loses it, too")]
        Scalar::Large(value) => number(value as f64).unwrap_or_default(),
        Scalar::Text(text) => text.into(),
        Scalar::Float(value) => number(value).ok_or_else(|| {
            YamlProblem::Text(node.line, format!("{value} is not a number in JSON: put it in quotation marks"))
        })?,
    })
}

/// A float as kubectl sends it: an integer if it has an integer value and is written without an exponent.
pub(super) fn number(value: f64) -> Option<Value> {
    let integer = (value.fract() == 0.0).then(|| format!("{value}").parse::<i64>().ok()).flatten();
    integer.map(Value::from).or_else(|| Number::from_f64(value).map(Value::Number))
}

/// A float as the name of a field, with as many digits as distinguish it from other 32-bit floats.
fn key_of(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "kubectl writes such a name with 32 bits")]
    let short = value as f32;
    if !short.is_finite() {
        return if short.is_nan() {
            ".nan"
        } else if short > 0.0 {
            ".inf"
        } else {
            "-.inf"
        }
        .into();
    }
    let written = format!("{short:e}");
    let (digits, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    match exponent.parse::<i32>().unwrap_or_default() {
        -4..6 => format!("{short}"),
        exponent => format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs()),
    }
}
