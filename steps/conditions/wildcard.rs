//! Wildcards in expected text, for what varies; what one of them matched can be kept under a name and be expected again.
//!
//! | in the expected text | stands for |
//! |---|---|
//! | `[...]` on a line of its own | any number of lines, none included |
//! | `[...]` within a line | any text up to the line's end |
//! | `[IP]`, `[AGE]` and others | what [`WILDCARDS`] say of them |
//! | `[IP:server]` | the same, kept under the name `server` |
//! | `[=server]` | what was kept under that name |

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::{Captures, Regex};
use similar::TextDiff;

/// Named pieces of what was seen, for later steps.
pub type Kept = BTreeMap<String, String>;

/// A name as Kubernetes allows it.
const NAME: &str = r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?";

/// How much of a word in brackets has to be a wildcard's name for it to be taken for a slip.
const ALIKE: f32 = 0.5;

/// A wildcard for text of one kind.
pub struct Wildcard {
    /// Its name, as it stands in brackets.
    pub name: &'static str,
    /// What it stands for.
    pub meaning: &'static str,
    expression: &'static str,
}

/// The wildcards of one kind each.
pub const WILDCARDS: [Wildcard; 7] = [
    Wildcard {
        name: "AGE",
        meaning: "an age as kubectl prints it, such as 5s or 2m31s",
        expression: r"(?:\d+(?:ms|[smhdy]))+",
    },
    Wildcard {
        name: "IP",
        meaning: "an IPv4 address",
        expression: r"(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}",
    },
    Wildcard { name: "NODE", meaning: "the name of a node", expression: NAME },
    Wildcard { name: "NAME", meaning: "a name as Kubernetes allows it, such as that of a namespace", expression: NAME },
    Wildcard {
        name: "ID",
        meaning: "a hexadecimal id or digest, or a UID",
        expression: r"(?:sha256:)?[0-9a-f]{8,64}(?:-[0-9a-f]{4,12}){0,4}",
    },
    Wildcard {
        name: "TIME",
        meaning: "a date and time, as RFC 3339, or as `kubectl describe` or `date` prints it",
        expression: r"(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [A-Z]{3,5} \d{4})",
    },
    Wildcard { name: "NUMBER", meaning: "a whole number", expression: r"\d+" },
];

static WILDCARD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\[(?:(?<any>\.\.\.)|(?<kind>[A-Z]+)(?::(?<name>[a-z][a-z0-9_]*))?|=(?<kept>[a-z][a-z0-9_]*))\]")
});

/// What in `expected` looks like a wildcard and is none: a name that is nearly one of those above, or one of them with
/// something else than a name after a colon.
#[must_use]
pub fn unknown(expected: &str) -> Vec<String> {
    static LIKE_A_WILDCARD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[(?<word>[A-Za-z]+|\.\.\.)(?::[^\]\[]*)?\]"));
    let is_none = |captures: &Captures<'_>| {
        let known = |name: &str| WILDCARDS.iter().any(|wildcard| wildcard.name == name);
        let word = &captures["word"];
        let is_whole = WILDCARD.find(&captures[0]).is_some_and(|found| found.len() == captures[0].len());
        if known(word) || word == "..." {
            return !is_whole;
        }
        let upper = word.to_uppercase();
        let near = WILDCARDS.iter().any(|wildcard| TextDiff::from_chars(wildcard.name, &upper).ratio() >= ALIKE);
        known(&upper) || (word == upper && near)
    };
    LIKE_A_WILDCARD.captures_iter(expected).filter(is_none).map(|captures| captures[0].to_owned()).collect()
}

/// Whether any text at all is as `expected` says.
#[must_use]
pub fn fits_anything(expected: &str) -> bool {
    expected.replace("[...]", "").trim().is_empty()
}

/// What is wrong with the names in an expected text: one that is kept twice, or that a line both keeps and expects.
#[must_use]
pub fn wrong_names(expected: &str) -> Option<String> {
    let mut all = BTreeSet::new();
    for line in expected.lines() {
        let (kept, wanted) = names(line);
        for name in kept {
            if wanted.contains(&name) {
                return Some(format!("[={name}] stands in the line that keeps it: it is known from the next line on"));
            }
            if !all.insert(name.clone()) {
                return Some(format!("the text keeps {name} twice: put [={name}] in the second place"));
            }
        }
    }
    None
}

/// Expected text as it is to be shown: what was kept stands in the place of its name.
#[must_use]
pub fn filled(expected: &str, kept: &Kept) -> String {
    let value = |captures: &Captures<'_>| {
        let value = captures.name("kept").and_then(|name| kept.get(name.as_str()));
        value.cloned().unwrap_or_else(|| captures[0].to_owned())
    };
    WILDCARD.replace_all(expected, value).into_owned()
}

/// The names under which `expected` keeps something, and those that it expects to be kept already.
#[must_use]
pub fn names(expected: &str) -> (Vec<String>, Vec<String>) {
    let of = |part: &str| {
        let named =
            WILDCARD.captures_iter(expected).filter_map(|captures| Some(captures.name(part)?.as_str().to_owned()));
        named.collect()
    };
    (of("name"), of("kept"))
}

/// The regular expression of one line of expected text.
pub(super) fn expression(line: &str, kept: &Kept) -> String {
    let mut expression = String::new();
    let mut end = 0;
    for captures in WILDCARD.captures_iter(line) {
        let Some(whole) = captures.get(0) else { continue };
        expression += &literal(&line[end..whole.start()], end == 0);
        end = whole.end();
        expression += &wildcard(&captures, kept).unwrap_or_else(|| regex::escape(whole.as_str()));
    }
    expression + &literal(&line[end..], end == 0)
}

fn wildcard(captures: &Captures<'_>, kept: &Kept) -> Option<String> {
    if captures.name("any").is_some() {
        return Some(".*".to_owned());
    }
    if let Some(name) = captures.name("kept") {
        return kept.get(name.as_str()).map(|value| bounded(value));
    }
    let kind = captures.name("kind")?.as_str();
    let expression = WILDCARDS.iter().find(|wildcard| wildcard.name == kind)?.expression;
    Some(match captures.name("name") {
        Some(name) => format!(r"\b(?<{}>{expression})\b", name.as_str()),
        None => format!(r"\b(?:{expression})\b"),
    })
}

/// The value and no more: 12 is not in 123.
fn bounded(value: &str) -> String {
    let edge = |end: Option<char>| if end.is_some_and(|end| end.is_alphanumeric() || end == '_') { r"\b" } else { "" };
    let (begins, ends) = (edge(value.chars().next()), edge(value.chars().last()));
    format!("{begins}{}{ends}", regex::escape(value))
}

/// Plain text: runs of blanks as one or more blanks, but white space that begins a line as it is.
fn literal(text: &str, begins_line: bool) -> String {
    static BLANKS: LazyLock<Regex> = LazyLock::new(|| pattern(r"[ \t]+"));
    let rest = if begins_line { text.trim_start_matches([' ', '\t']) } else { text };
    let indent = &text[..text.len() - rest.len()];
    indent.to_owned() + &BLANKS.replace_all(&regex::escape(rest), r"[ \t]+")
}

/// Compiles an expression that is correct by construction.
#[expect(clippy::expect_used, reason = "every part is a constant of this module or was escaped")]
pub(super) fn pattern(expression: &str) -> Regex {
    Regex::new(expression).expect("a correct expression")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_anything_asserts_nothing() {
        assert!(fits_anything("") && fits_anything(" [...]\n[...]") && !fits_anything("[IP]"));
    }

    #[test]
    fn a_name_is_kept_once_and_known_from_the_next_line_on() {
        assert!(wrong_names("[IP:a]\n[IP:a]").unwrap().contains("twice"));
        assert!(wrong_names("[IP:a] [=a]").unwrap().contains("the next line"));
        assert_eq!(wrong_names("[IP:a] [IP:b]\n[=a]"), None);
    }

    #[test]
    fn a_wildcard_that_nobody_knows_is_found() {
        assert_eq!(unknown("[AGE] [IPS] [npm start] [NODE:x] [ERROR] [...]"), ["[IPS]"]);
        let slips = ["[NUMBER:my-count]", "[ip]", "[...:rest]", "[Age:a]"];
        assert_eq!(unknown(&slips.join(" ")), slips);
    }

    #[test]
    fn names_that_are_kept_are_told_from_those_that_are_expected() {
        assert_eq!(names("[IP:a] [=b] [AGE] [ID:c]"), (vec!["a".into(), "c".into()], vec!["b".into()]));
    }
}
