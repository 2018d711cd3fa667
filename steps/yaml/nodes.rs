//! The nodes of a YAML document, as they are written: aliases are not followed, and scalars have no meaning yet.

use std::collections::HashMap;

use libyaml_safer::{Encoding, Event, EventData, Parser};

use super::{Bounds, Problem, words};

/// A node's place in its tree.
pub(super) type Id = usize;

/// A document's nodes.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The nodes; the first is the document's own, and there is none in an empty text.
    pub(super) nodes: Vec<Node>,
}

/// A node.
#[derive(Debug)]
pub(super) struct Node {
    /// Its line in the document; the first is 1.
    pub(super) line: usize,
    /// What it is.
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// A text with its tag; `implicit` tells whether its meaning depends on what it looks like.
    Scalar {
        text: String,
        tag: Option<String>,
        implicit: bool,
    },
    Sequence(Vec<Id>),
    Mapping(Vec<(Id, Id)>),
    Alias(Id),
}

/// The nodes of the first document in a text.
///
/// # Errors
/// What is wrong with the text, or that it lies too deep.
pub(super) fn parse(text: &str, bounds: &Bounds) -> Result<Tree, Problem> {
    let mut input = text.strip_prefix('\u{feff}').unwrap_or(text).as_bytes();
    let mut parser = Parser::new();
    parser.set_encoding(Encoding::Utf8);
    parser.set_input(&mut input);
    let mut reader = Reader { parser, text, bounds, tree: Tree::default(), anchors: HashMap::new() };
    reader.next()?;
    if !matches!(reader.next()?.data, EventData::StreamEnd) {
        let first = reader.next()?;
        reader.node(first, 0)?;
        reader.next()?;
    }
    Ok(reader.tree)
}

struct Reader<'a, 'b> {
    parser: Parser<&'a mut &'b [u8]>,
    text: &'a str,
    bounds: &'a Bounds,
    tree: Tree,
    anchors: HashMap<String, Id>,
}

impl Reader<'_, '_> {
    fn next(&mut self) -> Result<Event, Problem> {
        self.parser.parse().map_err(|error| words::syntax(self.text, &error))
    }

    /// Takes the node that begins with this event.
    fn node(&mut self, event: Event, depth: usize) -> Result<Id, Problem> {
        self.bounds.check_depth(depth)?;
        let line = 1 + usize::try_from(event.start_mark.line).unwrap_or_default();
        match event.data {
            EventData::Alias { anchor } => {
                let unknown =
                    || Problem::Text(line, format!("*{anchor} repeats something that &{anchor} names nowhere before"));
                let id = self.anchors.get(&anchor).copied().ok_or_else(unknown)?;
                Ok(self.add(line, None, Kind::Alias(id)))
            }
            EventData::Scalar { anchor, tag, value, plain_implicit, .. } => {
                let tag = tag.filter(|tag| !tag.is_empty() && tag != "!");
                Ok(self.add(line, anchor, Kind::Scalar { text: value, tag, implicit: plain_implicit }))
            }
            EventData::SequenceStart { anchor, .. } => self.sequence(line, anchor, depth),
            EventData::MappingStart { anchor, .. } => self.mapping(line, anchor, depth),
            other => Err(Problem::Text(line, format!("{other:?} does not begin a value"))),
        }
    }

    fn sequence(&mut self, line: usize, anchor: Option<String>, depth: usize) -> Result<Id, Problem> {
        let id = self.add(line, anchor, Kind::Sequence(Vec::new()));
        let mut items = Vec::new();
        loop {
            let event = self.next()?;
            if matches!(event.data, EventData::SequenceEnd) {
                break;
            }
            items.push(self.node(event, depth + 1)?);
        }
        self.tree.nodes[id].kind = Kind::Sequence(items);
        Ok(id)
    }

    fn mapping(&mut self, line: usize, anchor: Option<String>, depth: usize) -> Result<Id, Problem> {
        let id = self.add(line, anchor, Kind::Mapping(Vec::new()));
        let mut fields = Vec::new();
        loop {
            let event = self.next()?;
            if matches!(event.data, EventData::MappingEnd) {
                break;
            }
            let key = self.node(event, depth + 1)?;
            let value = self.next()?;
            fields.push((key, self.node(value, depth + 1)?));
        }
        self.tree.nodes[id].kind = Kind::Mapping(fields);
        Ok(id)
    }

    fn add(&mut self, line: usize, anchor: Option<String>, kind: Kind) -> Id {
        let id = self.tree.nodes.len();
        self.tree.nodes.push(Node { line, kind });
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, id);
        }
        id
    }
}
