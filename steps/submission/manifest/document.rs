//! The documents of a learner's file, each read within bounds, and the lines in which things stand.

use serde_json::Value;

use super::bounded::{Bounds, Unfit};
use crate::submission::{rule::Rule, shown};

/// How large a manifest may be, in bytes.
const LARGEST: usize = 64 * 1024;

/// How many documents a file may have.
const MOST_DOCUMENTS: usize = 20;

/// A document that is not empty.
#[derive(Debug)]
pub(super) struct Document {
    /// Its own text.
    text: String,
    /// The number of lines before it in the file.
    lines_before: usize,
    /// What it says.
    pub(super) content: Result<Value, Wrong>,
}

/// Why a document cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It is dangerous to read.
    Unfit(Unfit),
    /// It is no YAML, or no JSON can be made of it: the reason, with the line in the file.
    Unread(String),
}

/// The documents of a file.
///
/// # Errors
/// Why the file as a whole is not fit to be read: the rule and what to do instead.
pub(super) fn read(text: &str) -> Result<Vec<Document>, (Rule, String)> {
    if text.len() > LARGEST {
        let message = format!("it has {} bytes, and {} KiB are the most", text.len(), LARGEST / 1024);
        return Err((Rule::FileSize, message));
    }
    let texts = split(text);
    if texts.len() > MOST_DOCUMENTS {
        let message = format!("it has {} documents, and {MOST_DOCUMENTS} are the most", texts.len());
        return Err((Rule::DocumentCount, message));
    }
    let bounds = Bounds::new();
    let documents = texts.into_iter().map(|(lines_before, text)| {
        let content = bounds.read(&text).map(as_the_server_reads).map_err(|error| match bounds.unfit() {
            Some(unfit) => Wrong::Unfit(unfit),
            None => Wrong::Unread(reason(lines_before, &error)),
        });
        Document { text, lines_before, content }
    });
    Ok(documents.filter(|document| document.content != Ok(Value::Null)).collect())
}

/// The documents that are not empty, each with the number of lines before it.
fn split(text: &str) -> Vec<(usize, String)> {
    let mut documents = vec![(0, String::new())];
    for (number, line) in text.lines().enumerate() {
        match documents.last_mut() {
            Some((_, document)) if !ends_document(line) => *document += &format!("{line}\n"),
            _ => documents.push((number + 1, String::new())),
        }
    }
    documents.retain(|(_, document)| document.lines().any(says_something));
    documents
}

/// Whether a line is `---`, with a comment at most. Other readers take more for one: none of them sees this text.
fn ends_document(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| {
        let comment = rest.trim_start();
        comment.is_empty() || comment.starts_with('#') && rest.starts_with([' ', '\t'])
    })
}

fn says_something(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with('#')
}

/// What is wrong with a document, with the line in the whole file.
fn reason(lines_before: usize, error: &serde_yaml::Error) -> String {
    let message = error.to_string();
    let message = shown(message.split(" at line ").next().unwrap_or_default());
    let line = lines_before + error.location().map_or(1, |place| place.line());
    format!("line {line}: {message}")
}

/// Fields that hold texts by names of the learner's own.
const TEXTS: [&str; 6] = ["labels", "annotations", "matchLabels", "selector", "data", "stringData"];

/// Fields that say yes or no.
const BOOLEANS: [&str; 18] = [
    "allowPrivilegeEscalation",
    "automountServiceAccountToken",
    "enableServiceLinks",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostUsers",
    "immutable",
    "optional",
    "privileged",
    "publishNotReadyAddresses",
    "readOnly",
    "readOnlyRootFilesystem",
    "runAsNonRoot",
    "shareProcessNamespace",
    "stdin",
    "stdinOnce",
    "tty",
];

/// The document as the server's YAML, which is of version 1.1, takes it: `0644` is an octal number, as the documentation of
/// Kubernetes writes the modes of files, and `no` is false. Ours takes both for texts.
fn as_the_server_reads(mut value: Value) -> Value {
    fn below(value: &mut Value, in_volumes: bool) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| below(item, in_volumes)),
            Value::Object(fields) => {
                for (key, field) in fields {
                    let read = match key.as_str() {
                        "mode" | "defaultMode" if in_volumes => octal(field),
                        key if BOOLEANS.contains(&key) => boolean(field),
                        _ => None,
                    };
                    match read {
                        Some(read) => *field = read,
                        None if TEXTS.contains(&key.as_str()) => {}
                        None => below(field, in_volumes || key == "volumes"),
                    }
                }
            }
            _ => {}
        }
    }
    below(&mut value, false);
    value
}

fn boolean(value: &Value) -> Option<Value> {
    match value.as_str()? {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true.into()),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false.into()),
        _ => None,
    }
}

fn octal(value: &Value) -> Option<Value> {
    let digits = value.as_str().filter(|text| text.len() <= 5)?.strip_prefix('0')?;
    i64::from_str_radix(digits, 8).ok().filter(|_| !digits.starts_with(['+', '-'])).map(Value::from)
}

impl Document {
    /// The first line that says something, as it is numbered in the file.
    pub(super) fn first_line(&self) -> usize {
        1 + self.lines_before + self.text.lines().position(says_something).unwrap_or_default()
    }

    /// The line in the file in which a field stands, as well as it can be found: the first with its name and value, or
    /// with the value in a list, or with its name, or the document's first.
    pub(super) fn line_of(&self, key: &str, value: &str) -> usize {
        let lines = || self.text.lines().enumerate().filter(|(_, line)| says_something(line));
        let has_value = |line: &str| !value.is_empty() && line.contains(value);
        let found = lines()
            .find(|(_, line)| has_key(line, key) && has_value(line))
            .or_else(|| lines().find(|(_, line)| line.trim_start().starts_with('-') && has_value(line)))
            .or_else(|| lines().find(|(_, line)| has_key(line, key)));
        found.map_or_else(|| self.first_line(), |(number, _)| 1 + self.lines_before + number)
    }
}

/// Whether a line has a field of this name.
fn has_key(line: &str, key: &str) -> bool {
    line.match_indices(key).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
        before.is_none_or(|before| " \t{,\"'".contains(before)) && after.starts_with(':')
    })
}
