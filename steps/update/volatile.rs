//! Words of an output, and the wildcard for a word that is different in each run: an address, a time, an id, a
//! generated name.
//!
//! Numbers and durations stay, because most of them are what the lab is about; only the last column of a table whose
//! header ends with AGE becomes `[AGE]`.

use std::sync::LazyLock;

use regex::Regex;

use crate::conditions::wildcard::{self, Kept};

/// The IDs are UUIDs and SHA-256 digests. A generated name ends as Kubernetes ends the names of a Deployment's Pods.
static VOLATILE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let time = wildcard::matcher("[TIME]", &Kept::new())?;
    let ip = r"\b\d{1,3}(?:\.\d{1,3}){3}\b";
    let id = r"\b(?:[a-z0-9]+:(?://)?)?(?:[0-9a-f]{64}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\b";
    let generated = r"-[0-9a-f]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b";
    Regex::new(&format!("(?<time>{})|(?<ip>{ip})|(?<id>{id})|(?<generated>{generated})", time.as_str())).ok()
});

static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[\p{L}\p{N}_]+|[ \t]+|(?s:.)").ok());

/// A word, blanks, or a character between words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    /// Where it begins in the line, in bytes.
    pub(super) at: usize,
    /// The wildcard to write for it, if its text will be different in the next run.
    pub(super) wildcard: Option<&'static str>,
}

impl Word<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim_matches([' ', '\t']).is_empty()
    }
}

/// What is known about the lines of an output.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Output<'a> {
    /// The scenario's namespace, whose name is new in each run.
    pub(super) namespace: Option<&'a str>,
    /// Whether the last column contains ages.
    pub(super) has_ages: bool,
}

impl<'a> Output<'a> {
    /// What is known about this output.
    pub(super) fn of(seen: &str, namespace: Option<&'a str>) -> Self {
        let has_ages = seen.lines().any(|line| line.split_whitespace().next_back() == Some("AGE"));
        Self { namespace, has_ages }
    }
}

/// The words of a line.
pub(super) fn words<'a>(line: &'a str, output: Output<'_>) -> Vec<Word<'a>> {
    let (mut words, mut end) = (Vec::new(), 0);
    for (from, to, wildcard) in volatile(line, output) {
        if from >= end {
            plain(&mut words, line, end, from);
            words.push(Word { text: &line[from..to], at: from, wildcard: Some(wildcard) });
            end = to;
        }
    }
    plain(&mut words, line, end, line.len());
    words
}

fn plain<'a>(words: &mut Vec<Word<'a>>, line: &'a str, from: usize, to: usize) {
    let Some(word) = WORD.as_ref() else { return };
    let found = word.find_iter(&line[from..to]);
    words.extend(found.map(|found| Word { text: found.as_str(), at: from + found.start(), wildcard: None }));
}

/// The volatile parts of a line, in order: where each begins and ends, and its wildcard.
fn volatile(line: &str, output: Output<'_>) -> Vec<(usize, usize, &'static str)> {
    let mut found = Vec::new();
    for captures in VOLATILE.iter().flat_map(|volatile| volatile.captures_iter(line)) {
        let Some(whole) = captures.get(0) else { continue };
        let is_fixed = whole.as_str().starts_with("127.") || whole.as_str() == "0.0.0.0";
        let kinds = [("time", "[TIME]"), ("ip", "[IP]"), ("id", "[ID]"), ("generated", "-[NAME]")];
        let kind = kinds.iter().find(|(kind, _)| captures.name(kind).is_some()).filter(|_| !is_fixed);
        found.extend(kind.map(|(_, wildcard)| (whole.start(), whole.end(), *wildcard)));
    }
    if let Some(namespace) = output.namespace.filter(|namespace| !namespace.is_empty()) {
        found.extend(line.match_indices(namespace).map(|(at, name)| (at, at + name.len(), "[NAME]")));
    }
    let age = wildcard::matcher("[AGE]", &Kept::new()).filter(|_| output.has_ages);
    let last = line.trim_end().rsplit([' ', '\t']).next().unwrap_or_default();
    if age.and_then(|age| age.find(last).map(|found| found.len() == last.len())).unwrap_or_default() {
        let end = line.trim_end().len();
        found.push((end - last.len(), end, "[AGE]"));
    }
    found.sort_unstable();
    found
}
