//! Splits a file into documents as kubectl does: JSON objects in a row, or YAML between lines of `---`.

use std::borrow::Cow;

use serde_json::Value;

use super::{Bounds, Document, Unreadable, YamlProblem, decode, list, read_yaml, words};

/// The documents of a file that are not empty.
#[must_use]
pub fn read(text: &str, bounds: &Bounds) -> Vec<Document> {
    let mut documents = Vec::new();
    let rest = if text.trim_start().starts_with('{') { objects(text, bounds, &mut documents) } else { Some(text) };
    if let Some(rest) = rest {
        let before = lines(&text[..text.len() - rest.len()]);
        documents
            .extend(split(rest).into_iter().map(|(lines_before, chunk)| yaml(before + lines_before, chunk, bounds)));
    }
    documents.retain(|document| document.content != Ok(Value::Null));
    documents.into_iter().map(readable).collect()
}

/// A document, unless it is a list that kubectl cannot read.
fn readable(document: Document) -> Document {
    match document.content.as_ref().ok().and_then(list::wrong) {
        Some(message) => unread(document.lines_before, document.text, (1, message.into())),
        None => document,
    }
}

/// Reads the JSON objects at the beginning of a text. If there is none or only one, the rest may be YAML and is returned.
fn objects<'a>(text: &'a str, bounds: &Bounds, documents: &mut Vec<Document>) -> Option<&'a str> {
    let mut rest = text;
    loop {
        if rest.trim_start_matches(JSON_BLANKS).is_empty() {
            return None;
        }
        let repaired = without_half_characters(rest);
        match json(&repaired, bounds) {
            Ok((mut value, length)) => {
                // A repaired text is as long as before: `\ufffd` for another escape.
                let lines_before = lines(&text[..text.len() - rest.len()]);
                if let Err(Unreadable::Unread { line, .. }) = &mut value {
                    *line += lines_before;
                }
                documents.push(Document { text: rest[..length].to_owned(), lines_before, content: value });
                rest = &rest[length..];
            }
            Err(problem) if documents.len() > 1 => {
                let lines_before = lines(&text[..text.len() - rest.len()]);
                documents.push(unread(lines_before, rest.to_owned(), problem));
                return None;
            }
            Err(problem) => {
                let lines_before = lines(&text[..text.len() - rest.len()]);
                return yaml_instead(rest, bounds, lines_before, problem, documents);
            }
        }
    }
}

/// The blanks that may stand between JSON values.
const JSON_BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// The JSON value at the beginning of a text and its length, or the error.
type Taken = Result<(Result<Value, Unreadable>, usize), (usize, String)>;

fn json(text: &str, bounds: &Bounds) -> Taken {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match values.next() {
        Some(Ok(value)) => {
            let content = if deeper_than(&value, bounds.depth) { Err(Unreadable::Bomb) } else { Ok(as_sent(value)) };
            Ok((content, values.byte_offset()))
        }
        Some(Err(error)) if error.to_string().starts_with("recursion limit") => Ok((Err(Unreadable::Bomb), text.len())),
        Some(Err(error)) if error.to_string().starts_with("number out of range") => {
            Ok((Err(Unreadable::Unread { line: error.line(), message: words::json(&error) }), text.len()))
        }
        Some(Err(error)) => Err((error.line(), words::json(&error))),
        None => Err((1, "there is no JSON".into())),
    }
}

fn deeper_than(value: &Value, depth: usize) -> bool {
    let below = |value: &Value| depth == 0 || deeper_than(value, depth - 1);
    match value {
        Value::Array(items) => items.iter().any(below),
        Value::Object(fields) => fields.values().any(below),
        _ => false,
    }
}

/// Numbers as kubectl sends them.
fn as_sent(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(as_sent).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, value)| (key, as_sent(value))).collect(),
        Value::Number(number) if !number.is_i64() => number.as_f64().and_then(decode::number).unwrap_or_default(),
        other => other,
    }
}

/// Replaces each lone half of a surrogate pair by the replacement character, as kubectl does. All positions in the text
/// stay the same.
fn without_half_characters(text: &str) -> Cow<'_, str> {
    let code = |at: usize| {
        let digits = text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))
    };
    let (mut repaired, mut done, mut at) = (String::new(), 0, 0);
    while let Some(found) = text[at..].find('\\') {
        let start = at + found;
        let length = match code(start) {
            Some(0xd800..0xdc00) if matches!(code(start + 6), Some(0xdc00..0xe000)) => 12,
            Some(0xd800..0xe000) => {
                repaired += &text[done..start];
                repaired += "\\ufffd";
                done = start + 6;
                6
            }
            _ => 1 + text[start + 1..].chars().next().map_or(0, char::len_utf8),
        };
        at = start + length;
    }
    if done == 0 { Cow::Borrowed(text) } else { Cow::Owned(repaired + &text[done..]) }
}

/// Reads a text that is not JSON as YAML, as kubectl does. If its first document is not YAML either, and the text looks
/// like JSON, the error is that of JSON.
fn yaml_instead<'a>(
    text: &'a str,
    bounds: &Bounds,
    lines_before: usize,
    problem: (usize, String),
    documents: &mut Vec<Document>,
) -> Option<&'a str> {
    let blanks = text.find(|letter: char| !letter.is_whitespace() || letter == '\n').unwrap_or(text.len());
    let rest = text[blanks..].strip_prefix('\n').unwrap_or(&text[blanks..]);
    let looks_like_json = rest.trim_start().strip_prefix('{').is_some_and(|inner| inner.trim_start().starts_with('"'));
    let first = split(rest).into_iter().next().map(|(_, chunk)| yaml(0, chunk, &bounds.clone()).content);
    if looks_like_json && matches!(first, Some(Err(Unreadable::Unread { .. }))) {
        documents.push(unread(lines_before, text.to_owned(), problem));
        return None;
    }
    Some(rest)
}

fn unread(lines_before: usize, text: String, (line, message): (usize, String)) -> Document {
    Document { text, lines_before, content: Err(Unreadable::Unread { line: lines_before + line.max(1), message }) }
}

/// The text of a YAML document, or the error in the line that begins it.
type Chunk = Result<String, String>;

/// The texts between lines of `---`, each with the number of lines before it. Such a line belongs to the text after it
/// only if there is no text before it.
fn split(text: &str) -> Vec<(usize, Chunk)> {
    let mut chunks = Vec::new();
    let (mut begins, mut chunk) = (0, String::new());
    for (number, line) in text.lines().enumerate() {
        if let Some(rest) = line.strip_prefix("---") {
            let rest = rest.trim();
            let wrong = !rest.is_empty() && !rest.starts_with('#');
            if wrong {
                // The text before it is lost with it.
                let message = format!("{rest} stands behind ---, where nothing but a comment may stand");
                chunks.push((number, Err(message)));
                chunk.clear();
                begins = number + 1;
            } else if !chunk.is_empty() {
                chunks.push((begins, Ok(std::mem::take(&mut chunk))));
                begins = number + 1;
            }
            if begins == number + 1 {
                continue;
            }
        }
        chunk += &format!("{line}\n");
    }
    chunks.push((begins, Ok(chunk)));
    chunks
}

fn yaml(lines_before: usize, chunk: Chunk, bounds: &Bounds) -> Document {
    match chunk {
        Err(message) => unread(lines_before, String::new(), (1, message)),
        Ok(text) => match read_yaml(&text, bounds) {
            Ok(value) => Document { text, lines_before, content: Ok(value) },
            Err(YamlProblem::Bomb) => Document { text, lines_before, content: Err(Unreadable::Bomb) },
            Err(YamlProblem::Text(line, message)) => unread(lines_before, text, (line, message)),
        },
    }
}

fn lines(text: &str) -> usize {
    text.matches('\n').count()
}
