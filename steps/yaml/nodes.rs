//! Parses a YAML document into its nodes, as written: aliases are not followed, and scalars have no meaning yet.

use std::collections::HashMap;

use libyaml_safer::{Encoding, Event, EventData, MappingStyle, Parser, ScalarStyle, SequenceStyle};

use super::{Bounds, YamlProblem, words};

/// The index of a node in its document.
pub(super) type Id = usize;

/// A document's nodes.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The nodes; the first is the root. An empty text has none.
    pub(super) nodes: Vec<Node>,
}

/// A node.
#[derive(Debug)]
pub(super) struct Node {
    /// Its line in the document; the first is 1.
    pub(super) line: usize,
    /// Its kind and content.
    pub(super) kind: NodeKind,
}

#[derive(Debug)]
pub(super) enum NodeKind {
    /// A text with its tag. If it is `implicit`, its meaning depends on its form.
    Scalar {
        text: String,
        tag: Option<String>,
        implicit: bool,
    },
    Sequence(Vec<Id>),
    Mapping(Vec<(Id, Id)>),
    Alias(Id),
}

/// Letters that do not occur in a text. They replace characters at which the parser stops but kubectl does not.
#[derive(Clone, Copy)]
struct StandIns {
    /// For a colon within a text.
    colon: char,
    /// For a byte order mark.
    mark: char,
    /// For a comma directly after a tag, where the parser panics.
    comma: char,
}

impl StandIns {
    /// Takes three letters for private use. There are more of them than letters in a learner's manifest.
    fn absent_in(text: &str) -> Option<Self> {
        let mut absent = ('\u{f0000}'..='\u{ffffd}').filter(|letter| !text.contains(*letter));
        Some(Self { colon: absent.next()?, mark: absent.next()?, comma: absent.next()? })
    }

    /// The text of a scalar, with the original characters.
    fn restored(self, text: &str) -> String {
        [(self.colon, ":"), (self.mark, "\u{feff}"), (self.comma, ",")]
            .into_iter()
            .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    }
}

/// How many colons and commas of a text are replaced at most.
const MOST_REPLACED: usize = 100;

/// What to write where more commas are doubtful.
const TOO_MANY_COMMAS: &str = "too many exclamation marks stand before commas: put the texts in quotation marks";

/// What to write in place of an unquoted text with a question mark between brackets.
const QUESTION_MARK: &str = "a text with ? between [ ] or { } needs quotation marks";

/// The nodes of the first document in a text.
///
/// # Errors
/// If the text is not valid or too deep.
pub(super) fn parse(text: &str, bounds: &Bounds) -> Result<Tree, YamlProblem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(stand_ins) = StandIns::absent_in(text) else { return Err(YamlProblem::Bomb) };
    let StandIns { colon, mark, comma } = stand_ins;
    let parse_once = |text: &str| parse_once(text, bounds, stand_ins);
    let mut text = without_commas_after_tags(&text.replace('\u{feff}', &mark.to_string()), comma);
    for _ in 0..MOST_REPLACED {
        let doubtful = text.find(comma);
        let restore = match (parse_once(&text), doubtful) {
            (Ok(tree), None) => return Ok(tree),
            (Err((_, Some((at, What::Colon)))), _) => {
                text.replace_range(at..=at, &colon.to_string());
                continue;
            }
            (Err((problem, _)), None) => return Err(problem),
            // The text before the comma is wrong, or the tag that the comma ends.
            (Err((problem, Some((at, what)))), Some(doubtful))
                if at < doubtful || at == doubtful && what == What::Tag =>
            {
                return Err(problem);
            }
            // The parser has passed the comma, so no tag ends there.
            (_, Some(at)) => at,
        };
        text.replace_range(restore..restore + comma.len_utf8(), ",");
    }
    match text.find(comma) {
        None => parse_once(&text).map_err(|(problem, _)| problem),
        Some(at) => Err(YamlProblem::Text(1 + text[..at].matches('\n').count(), TOO_MANY_COMMAS.into())),
    }
}

/// Replaces each comma that may directly follow a tag: a `!` is before it, and between them only what a tag may contain.
/// A tag such as `!<a,b>` may contain commas.
fn without_commas_after_tags(text: &str, comma: char) -> String {
    let (mut in_tag, mut before) = (false, ' ');
    let mut may_have_commas = false;
    let replaced = text.chars().map(|letter| {
        if letter == '!' {
            in_tag = true;
        } else if before == '!' {
            may_have_commas = letter == '<';
        }
        let replaced = if in_tag && letter == ',' { comma } else { letter };
        in_tag &=
            letter.is_ascii_alphanumeric() || IN_TAGS.contains(letter) || may_have_commas && ",[]".contains(letter);
        before = letter;
        replaced
    });
    replaced.collect()
}

/// What a tag may contain, apart from letters and digits.
const IN_TAGS: &str = "-_;/?:@&=+$.%!~*'()<>";

/// The kind of place at which the parser stopped.
#[derive(Clone, Copy, PartialEq)]
enum What {
    /// A colon that belongs to the text for kubectl, as in `[a:]`.
    Colon,
    /// A character that must not end a tag.
    Tag,
    Other,
}

/// The place at which the parser stopped, in bytes, and its kind.
type Stop = Option<(usize, What)>;

fn parse_once(text: &str, bounds: &Bounds, stand_ins: StandIns) -> Result<Tree, (YamlProblem, Stop)> {
    let mut input = text.as_bytes();
    let mut parser = Parser::new();
    parser.set_encoding(Encoding::Utf8);
    parser.set_input(&mut input);
    let (tree, anchors) = (Tree::default(), HashMap::new());
    let mut reader = Reader { parser, text, bounds, stand_ins, tree, anchors, stop: None, brackets: 0 };
    match reader.document() {
        Ok(()) => Ok(reader.tree),
        Err(problem) => Err((problem, reader.stop)),
    }
}

struct Reader<'a, 'b> {
    parser: Parser<&'a mut &'b [u8]>,
    text: &'a str,
    bounds: &'a Bounds,
    stand_ins: StandIns,
    tree: Tree,
    anchors: HashMap<String, Id>,
    /// The place at which the parser stopped.
    stop: Stop,
    /// How many `[` and `{` are open.
    brackets: usize,
}

impl Reader<'_, '_> {
    fn document(&mut self) -> Result<(), YamlProblem> {
        self.next()?;
        if !matches!(self.next()?.data, EventData::StreamEnd) {
            let first = self.next()?;
            self.node(first, 0)?;
            self.next()?;
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Event, YamlProblem> {
        self.parser.parse().map_err(|error| {
            let what = match error.problem() {
                "found unexpected ':'" => What::Colon,
                "did not find expected whitespace or line break" => What::Tag,
                _ => What::Other,
            };
            let at = error.problem_mark().and_then(|mark| self.place(mark.index));
            let is_there = |at: &usize| what != What::Colon || self.text[*at..].starts_with(':');
            self.stop = at.filter(is_there).map(|at| (at, what));
            words::syntax(self.text, &error)
        })
    }

    /// Converts the parser's position to bytes of the text.
    fn place(&self, index: u64) -> Option<usize> {
        usize::try_from(index).ok().filter(|place| self.text.is_char_boundary(*place))
    }

    /// Reads the node that begins with this event.
    fn node(&mut self, event: Event, depth: usize) -> Result<Id, YamlProblem> {
        self.bounds.check_depth(depth)?;
        let line = 1 + usize::try_from(event.start_mark.line).unwrap_or_default();
        match event.data {
            EventData::Alias { anchor } => {
                let unknown = || {
                    YamlProblem::Text(line, format!("*{anchor} repeats something that &{anchor} names nowhere before"))
                };
                let id = self.anchors.get(&anchor).copied().ok_or_else(unknown)?;
                Ok(self.add(line, None, NodeKind::Alias(id)))
            }
            EventData::Scalar { anchor, tag, value, plain_implicit, style, .. } => {
                if style == ScalarStyle::DoubleQuoted
                    && self.escapes_a_slash(event.start_mark.index, event.end_mark.index)
                {
                    return Err(YamlProblem::Text(line, "\\/ means nothing in YAML: write / alone".into()));
                }
                // For kubectl, this `?` begins the name of a field.
                if style == ScalarStyle::Plain && self.brackets > 0 && value.contains('?') {
                    return Err(YamlProblem::Text(line, QUESTION_MARK.into()));
                }
                let value = self.stand_ins.restored(&value);
                let tag = tag.filter(|tag| !tag.is_empty()).or_else(|| self.bare_tag(event.start_mark.index));
                Ok(self.add(line, anchor, NodeKind::Scalar { text: value, tag, implicit: plain_implicit }))
            }
            EventData::SequenceStart { anchor, style, .. } => {
                let brackets = usize::from(style == SequenceStyle::Flow);
                self.within(brackets, |reader| reader.sequence(line, anchor, depth))
            }
            EventData::MappingStart { anchor, style, .. } => {
                let brackets = usize::from(style == MappingStyle::Flow);
                self.within(brackets, |reader| reader.mapping(line, anchor, depth))
            }
            other => Err(YamlProblem::Text(line, format!("{other:?} does not begin a value"))),
        }
    }

    /// Reads a node that begins with this many brackets.
    fn within(
        &mut self,
        brackets: usize,
        read: impl FnOnce(&mut Self) -> Result<Id, YamlProblem>,
    ) -> Result<Id, YamlProblem> {
        self.brackets += brackets;
        let read = read(self);
        self.brackets -= brackets;
        read
    }

    /// The tag `!` of a scalar that begins here with an anchor or a tag. The parser does not report this tag.
    fn bare_tag(&self, index: u64) -> Option<String> {
        let text = self.text.get(self.place(index)?..)?;
        text.starts_with(['&', '!']).then_some(())?;
        let words = text.split_whitespace().take(2).skip_while(|word| word.starts_with('&'));
        words.take(1).find(|word| *word == "!").map(str::to_owned)
    }

    /// Whether `\\/` is between two characters. kubectl accepts it in JSON only.
    fn escapes_a_slash(&self, begin: u64, end: u64) -> bool {
        let end = self.place(end).unwrap_or(self.text.len());
        let quoted = self.place(begin).and_then(|begin| self.text.get(begin..end)).unwrap_or_default();
        quoted.replace("\\\\", "").contains("\\/")
    }

    fn sequence(&mut self, line: usize, anchor: Option<String>, depth: usize) -> Result<Id, YamlProblem> {
        let id = self.add(line, anchor, NodeKind::Sequence(Vec::new()));
        let mut items = Vec::new();
        loop {
            let event = self.next()?;
            if matches!(event.data, EventData::SequenceEnd) {
                break;
            }
            items.push(self.node(event, depth + 1)?);
        }
        self.tree.nodes[id].kind = NodeKind::Sequence(items);
        Ok(id)
    }

    fn mapping(&mut self, line: usize, anchor: Option<String>, depth: usize) -> Result<Id, YamlProblem> {
        let id = self.add(line, anchor, NodeKind::Mapping(Vec::new()));
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
        self.tree.nodes[id].kind = NodeKind::Mapping(fields);
        Ok(id)
    }

    fn add(&mut self, line: usize, anchor: Option<String>, kind: NodeKind) -> Id {
        let id = self.tree.nodes.len();
        self.tree.nodes.push(Node { line, kind });
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, id);
        }
        id
    }
}
