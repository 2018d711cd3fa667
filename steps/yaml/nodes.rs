//! The nodes of a YAML document, as they are written: aliases are not followed, and scalars have no meaning yet.

use std::collections::HashMap;

use libyaml_safer::{Encoding, Event, EventData, Parser, ScalarStyle};

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

/// Letters of no meaning that stand for a colon and for a byte order mark where the parser, but not kubectl, stops at one.
const STAND_INS: [(char, char); 2] = [('\u{f8f0}', ':'), ('\u{f8f1}', '\u{feff}')];

/// How many colons are replaced in a text.
const MOST_COLONS: usize = 100;

/// The nodes of the first document in a text.
///
/// # Errors
/// What is wrong with the text, or that it lies too deep.
pub(super) fn parse(text: &str, bounds: &Bounds) -> Result<Tree, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if STAND_INS.iter().any(|(stand_in, _)| text.contains(*stand_in)) {
        return parse_once(text, bounds).map_err(|(problem, _)| problem);
    }
    let [(colon, _), (mark, _)] = STAND_INS;
    let mut text = text.replace('\u{feff}', &mark.to_string());
    for _ in 0..MOST_COLONS {
        match parse_once(&text, bounds) {
            Ok(tree) => return Ok(tree),
            Err((problem, None)) => return Err(problem),
            Err((_, Some(at))) => text.replace_range(at..=at, &colon.to_string()),
        }
    }
    parse_once(&text, bounds).map_err(|(problem, _)| problem)
}

/// Parses a text; with what is wrong comes the place of a colon that is part of a text for kubectl, as in `[a:]`.
fn parse_once(text: &str, bounds: &Bounds) -> Result<Tree, (Problem, Option<usize>)> {
    let mut input = text.as_bytes();
    let mut parser = Parser::new();
    parser.set_encoding(Encoding::Utf8);
    parser.set_input(&mut input);
    let mut reader = Reader { parser, text, bounds, tree: Tree::default(), anchors: HashMap::new(), colon: None };
    match reader.document() {
        Ok(()) => Ok(reader.tree),
        Err(problem) => Err((problem, reader.colon)),
    }
}

struct Reader<'a, 'b> {
    parser: Parser<&'a mut &'b [u8]>,
    text: &'a str,
    bounds: &'a Bounds,
    tree: Tree,
    anchors: HashMap<String, Id>,
    /// The place of the colon at which the parser stopped.
    colon: Option<usize>,
}

impl Reader<'_, '_> {
    fn document(&mut self) -> Result<(), Problem> {
        self.next()?;
        if !matches!(self.next()?.data, EventData::StreamEnd) {
            let first = self.next()?;
            self.node(first, 0)?;
            self.next()?;
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Event, Problem> {
        self.parser.parse().map_err(|error| {
            let place = error.problem_mark().and_then(|mark| self.place(mark.index));
            let is_colon = error.problem() == "found unexpected ':'";
            self.colon = place.filter(|place| is_colon && self.text[*place..].starts_with(':'));
            words::syntax(self.text, &error)
        })
    }

    /// A place of the parser's in the text, in bytes.
    fn place(&self, index: u64) -> Option<usize> {
        usize::try_from(index).ok().filter(|place| self.text.is_char_boundary(*place))
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
            EventData::Scalar { anchor, tag, value, plain_implicit, style, .. } => {
                if style == ScalarStyle::DoubleQuoted
                    && self.escapes_a_slash(event.start_mark.index, event.end_mark.index)
                {
                    return Err(Problem::Text(line, "\\/ means nothing in YAML: write / alone".into()));
                }
                let value = STAND_INS.iter().fold(value, |value, (from, to)| value.replace(*from, &to.to_string()));
                let tag = tag.filter(|tag| !tag.is_empty()).or_else(|| self.bare_tag(event.start_mark.index));
                Ok(self.add(line, anchor, Kind::Scalar { text: value, tag, implicit: plain_implicit }))
            }
            EventData::SequenceStart { anchor, .. } => self.sequence(line, anchor, depth),
            EventData::MappingStart { anchor, .. } => self.mapping(line, anchor, depth),
            other => Err(Problem::Text(line, format!("{other:?} does not begin a value"))),
        }
    }

    /// The tag `!` of a scalar that begins here with an anchor or a tag; the parser leaves it out.
    fn bare_tag(&self, index: u64) -> Option<String> {
        self.text.contains('!').then_some(())?;
        let words =
            self.text.get(self.place(index)?..)?.split_whitespace().take(2).skip_while(|word| word.starts_with('&'));
        words.take(1).find(|word| *word == "!").map(str::to_owned)
    }

    /// Whether `\\/` stands between two characters: kubectl takes it in JSON only.
    fn escapes_a_slash(&self, begin: u64, end: u64) -> bool {
        if !self.text.contains("\\/") {
            return false;
        }
        let end = self.place(end).unwrap_or(self.text.len());
        let quoted = self.place(begin).and_then(|begin| self.text.get(begin..end)).unwrap_or_default();
        quoted.replace("\\\\", "").contains("\\/")
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
