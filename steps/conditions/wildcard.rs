//! Wildcards in expected text, for parts that vary. The matched text can be kept under a name and be expected again
//! later.
//!
//! | in the expected text | stands for |
//! |---|---|
//! | `[...]` on a line of its own | any number of lines, including none |
//! | `[...]` within a line | any text up to the end of the line |
//! | `[IP]`, `[AGE]` and others | see [`WILDCARDS`] |
//! | `[IP:server]` | the same, kept under the name `server` |
//! | `[=server]` | the text that was kept under that name |

mod parts;
mod time;

use crate::expression::regex;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

pub use parts::{Part, kinds, matcher, parts};
use regex::{Captures, Regex, RegexBuilder};
use similar::TextDiff;
use time::TIME;

/// The texts that were kept, by name.
pub type Kept = BTreeMap<String, String>;

/// A name as Kubernetes allows it.
const NAME: &str = r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?";

/// An IPv4 address, or an IPv6 address in full or shortened; see RFC 4291, section 2.2.
const IP: &str = concat!(
    r"(?:::(?:[fF]{4}:(?:0:)?)?)?(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}",
    r"|(?:[\da-fA-F]{1,4}:){7}[\da-fA-F]{1,4}|(?:[\da-fA-F]{1,4}:){1,6}:[\da-fA-F]{1,4}",
    r"|(?:[\da-fA-F]{1,4}:){1,5}(?::[\da-fA-F]{1,4}){1,2}|(?:[\da-fA-F]{1,4}:){1,4}(?::[\da-fA-F]{1,4}){1,3}",
    r"|(?:[\da-fA-F]{1,4}:){1,3}(?::[\da-fA-F]{1,4}){1,4}|(?:[\da-fA-F]{1,4}:){1,2}(?::[\da-fA-F]{1,4}){1,5}",
    r"|[\da-fA-F]{1,4}:(?::[\da-fA-F]{1,4}){1,6}|:(?::[\da-fA-F]{1,4}){1,7}|(?:[\da-fA-F]{1,4}:){1,7}:|::"
);

/// How similar a word in brackets must be to a wildcard's name to count as misspelt; 1 means equal.
const ALIKE: f32 = 0.5;

/// A wildcard for one kind of text.
pub struct Wildcard {
    /// Its name, as written in brackets.
    pub name: &'static str,
    /// What it matches.
    pub meaning: &'static str,
    expression: &'static str,
}

/// How large the expression of a line may become, in bytes; that of a wildcard has some ten thousand.
const LARGEST: usize = 4 << 20;

/// What is wrong with a line of which no expression can be made.
pub const TOO_COMPLEX: &str = "a line of the expected text has too many wildcards: write [...] for several of them";

/// The wildcards for one kind of text each.
pub const WILDCARDS: [Wildcard; 7] = [
    Wildcard {
        name: "AGE",
        meaning: "an age as kubectl prints it, such as 5s, 2m31s, 7s (x3 over 2m) or <unknown>",
        expression: r"(?:\d+(?:ms|[smhdy]))+(?: \(x\d+ over (?:\d+(?:ms|[smhdy]))+\))?|<unknown>|<invalid>",
    },
    Wildcard { name: "IP", meaning: "an IPv4 or IPv6 address", expression: IP },
    Wildcard { name: "NODE", meaning: "a name that a node may have", expression: NAME },
    Wildcard { name: "NAME", meaning: "a name as Kubernetes allows it, such as that of a namespace", expression: NAME },
    Wildcard {
        name: "ID",
        meaning: "a hexadecimal id or digest, with or without its kind as in sha256:… or containerd://…, or a UID",
        expression: r"(?:sha(?:256|384|512):|[a-z][a-z-]*://)?(?:[0-9a-f]{8,128}|[0-9A-F]{8,128})(?:-[0-9a-fA-F]{4,12}){0,4}",
    },
    Wildcard {
        name: "TIME",
        meaning: "a date and time with seconds, in any zone and language, as RFC 3339, Go, `kubectl describe`, `date`, HTTP or a log prints it",
        expression: TIME,
    },
    Wildcard { name: "NUMBER", meaning: "a whole number", expression: r"-?\d+" },
];

static WILDCARD: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"\[(?:(?<any>\.\.\.)|(?<kind>[A-Z]+)(?::(?<name>[a-z][a-z0-9_]*))?|=(?<kept>[a-z][a-z0-9_]*))\]")
});

/// The expression of the wildcard of this name; empty if there is none.
#[must_use]
pub fn pattern_of(name: &str) -> &'static str {
    WILDCARDS.iter().find(|wildcard| wildcard.name == name).map_or("", |wildcard| wildcard.expression)
}

/// The words in `expected` that are probably misspelt wildcards: a name similar to one of those above, or a wildcard
/// with an invalid name after its colon.
#[must_use]
pub fn unknown(expected: &str) -> Vec<String> {
    static LIKE_A_WILDCARD: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"\[(?:(?<word>[A-Za-z]+|\.\.\.)(?::[^\]\[]*)?|(?<spaced>[A-Z]+)[ =;_.-]+[a-z]\w*|=(?<kept> *[A-Za-z][\w .-]*))\]",
        )
    });
    let is_none = |captures: &Captures<'_>| {
        let known = |name: &str| WILDCARDS.iter().any(|wildcard| wildcard.name == name);
        if let Some(word) = captures.name("spaced") {
            return known(word.as_str());
        }
        let is_whole = WILDCARD.find(&captures[0]).is_some_and(|found| found.len() == captures[0].len());
        let Some(word) = captures.name("word").map(|word| word.as_str()) else { return !is_whole };
        if known(word) || word == "..." {
            return !is_whole;
        }
        let upper = word.to_uppercase();
        let near = WILDCARDS.iter().any(|wildcard| TextDiff::from_chars(wildcard.name, &upper).ratio() >= ALIKE);
        known(&upper) || (word == upper && near)
    };
    LIKE_A_WILDCARD.captures_iter(expected).filter(is_none).map(|captures| captures[0].to_owned()).collect()
}

/// Whether `expected` matches every text. An empty one matches no output only.
#[must_use]
pub fn fits_anything(expected: &str) -> bool {
    expected.contains("[...]") && expected.replace("[...]", "").trim().is_empty()
}

/// Finds an error in the names in an expected text: a name that is kept twice, or that one line both keeps and expects.
#[must_use]
pub fn wrong_names(expected: &str) -> Option<String> {
    let mut all = BTreeSet::new();
    for line in expected.lines() {
        let (kept, wanted) = names(line);
        if is_distinct(&kept) && compiled(&expression(line, &Kept::new())).is_none() {
            return Some(TOO_COMPLEX.into());
        }
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

/// The expression of a line, unless it has too many wildcards.
pub(crate) fn compiled(expression: &str) -> Option<Regex> {
    RegexBuilder::new(expression).size_limit(LARGEST).build().ok()
}

/// Whether no name comes twice.
fn is_distinct(names: &[String]) -> bool {
    names.iter().collect::<BTreeSet<_>>().len() == names.len()
}

/// Expected text for display: each name is replaced by its kept text.
#[must_use]
pub fn filled(expected: &str, kept: &Kept) -> String {
    let value = |captures: &Captures<'_>| {
        let value = captures.name("kept").and_then(|name| kept.get(name.as_str()));
        value.cloned().unwrap_or_else(|| captures[0].to_owned())
    };
    WILDCARD.replace_all(expected, value).into_owned()
}

/// The names that `expected` keeps, and the names that must have been kept before.
#[must_use]
pub fn names(expected: &str) -> (Vec<String>, Vec<String>) {
    let of = |part: &str| {
        let named =
            WILDCARD.captures_iter(expected).filter_map(|captures| Some(captures.name(part)?.as_str().to_owned()));
        named.collect()
    };
    (of("name"), of("kept"))
}

/// The regular expression for one line of expected text.
pub(crate) fn expression(line: &str, kept: &Kept) -> String {
    let mut expression = String::new();
    let mut end = 0;
    for captures in WILDCARD.captures_iter(line) {
        let Some(whole) = captures.get(0) else { continue };
        expression += &literal(&line[end..whole.start()], end == 0);
        end = whole.end();
        let edges = (line[..whole.start()].chars().last(), line[end..].chars().next());
        expression += &wildcard(&captures, edges, kept).unwrap_or_else(|| regex::escape(whole.as_str()));
    }
    expression + &literal(&line[end..], end == 0)
}

/// The regular expression of a wildcard between these characters. It matches whole words: 12 does not match in 123. Where
/// the expected text itself goes on with a letter, as in `[NUMBER]Mi`, the word ends with that.
fn wildcard(captures: &Captures<'_>, (before, after): (Option<char>, Option<char>), kept: &Kept) -> Option<String> {
    if captures.name("any").is_some() {
        return Some(".*".to_owned());
    }
    if let Some(name) = captures.name("kept") {
        return kept.get(name.as_str()).map(|value| bounded(value));
    }
    let kind = captures.name("kind")?.as_str();
    let expression = WILDCARDS.iter().find(|wildcard| wildcard.name == kind)?.expression;
    let goes_on = |edge: Option<char>| edge.is_some_and(char::is_alphabetic);
    let begins = if goes_on(before) { "" } else { r"\b{start-half}" };
    let ends = if goes_on(after) { "" } else { r"\b{end-half}" };
    Some(match captures.name("name") {
        Some(name) => format!("{begins}(?<{}>{expression}){ends}", name.as_str()),
        None => format!("{begins}(?:{expression}){ends}"),
    })
}

/// Matches exactly the value: 12 does not match in 123.
fn bounded(value: &str) -> String {
    let edge = |end: Option<char>| if end.is_some_and(|end| end.is_alphanumeric() || end == '_') { r"\b" } else { "" };
    let (begins, ends) = (edge(value.chars().next()), edge(value.chars().last()));
    format!("{begins}{}{ends}", regex::escape(value))
}

/// Plain text: several blanks match any number of blanks, but white space at the beginning of a line must be equal.
fn literal(text: &str, begins_line: bool) -> String {
    static BLANKS: LazyLock<Regex> = LazyLock::new(|| regex(r"[ \t]+"));
    let rest = if begins_line { text.trim_start_matches([' ', '\t']) } else { text };
    let indent = &text[..text.len() - rest.len()];
    indent.to_owned() + &BLANKS.replace_all(&regex::escape(rest), r"[ \t]+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_anything_asserts_nothing() {
        assert!(fits_anything("[...]") && fits_anything(" [...]\n[...]"));
        assert!(!fits_anything("[IP]") && !fits_anything("") && !fits_anything("\n"));
    }

    #[test]
    fn a_name_is_kept_once_and_known_from_the_next_line_on() {
        assert!(wrong_names("[IP:a]\n[IP:a]").unwrap().contains("twice"));
        assert!(wrong_names("[IP:a] [=a]").unwrap().contains("the next line"));
        assert_eq!(wrong_names("[IP:a] [IP:b]\n[=a]"), None);
    }

    /// For each wildcard: texts that it matches, and texts that it does not.
    const FORMS: [(&str, &[&str], &[&str]); 5] = [
        (
            "[TIME]",
            &[
                "2026-11-26T11:42:46Z",
                "2026-11-26T11:42:46.123456789Z",
                "2026-11-26T11:42:46+00:00",
                "2026-11-26T08:42:46,5-0300",
                "2026-11-26 11:42:46+05:30",
                "2026-11-26 08:42:43.5 -0300 -03 m=+0.5",
                "2026-11-26 11:42:46 +0000 UTC",
                "2026-11-26T11:42:46",
                "Thu, 26 Nov 2026 08:42:43 -0300",
                "Thu, 26 Nov 2026 11:42:43 GMT",
                "Thu Nov 26 08:42:43 -03 2026",
                "Thu Nov  5 08:42:43 +0530 2026",
                "Thu Nov 26 08:42:43 AM CEST 2026",
                "Thu Nov 26 08:42:43 2026",
                "2026/11/26 11:42:46",
                "26/Nov/2026:11:42:46 +0000",
                "31.12.2026 23:59:58",
                "23:59:58 31.12.2026",
                "23:59:58 2026-12-31",
                "11/26/2026, 8:42:43 AM",
                "26/11/2026 08:42:43",
                "Thu 26 Nov 08:42:43 GMT 2026",
                "Do 26. Nov 08:42:43 CET 2026",
                "jeu. 26 nov. 2026 08:42:43 CET",
                "qui 26 nov 2026 08:42:43 -03",
                "gio 26 nov 2026, 08:42:43, CET",
                "czw, 26 lis 2026, 08:42:43 CET",
                "Чт 26 ноя 2026 08:42:43 MSK",
                "2026年 11月 26日 木曜日 08:42:43 JST",
                "2026. 11. 26. (목) 08:42:43 KST",
                "Thu Nov 26 2026 08:42:43 GMT+0000 (Coordinated Universal Time)",
                "26 de noviembre de 2026 08:42:43",
                "Nov 26 08:42:43",
                "Thursday, 26-Nov-2026 11:42:46 GMT",
            ],
            &[
                "2026-11-26",
                "11:42:46",
                "soon",
                "2026-11-26T11:42",
                "at 11:42:46",
                "26 days 11:42:46",
                "1.2.3 11:42:46",
            ],
        ),
        (
            "[IP]",
            &["10.244.1.7", "::1", "::", "fd00:10:244::7", "2001:db8:0:0:0:0:2:1", "fe80::", "::ffff:10.0.0.1"],
            &["256.0.0.1", "1:2:3", "12345::1", "::1::2", "g::1"],
        ),
        (
            "[AGE]",
            &["0s", "2m31s", "3d4h", "2y45d", "7s (x3 over 2m)", "<unknown>", "<invalid>"],
            &["soon", "5", "5 s", "<none>"],
        ),
        ("[NUMBER]", &["0", "12", "-1"], &["1.5", "x", "1e3", ""]),
        (
            "[ID]",
            &[
                "0123456789ab",
                "sha256:0123456789abcdef",
                "containerd://0123456789abcdef",
                "123e4567-e89b-12d3-a456-426614174000",
                "123E4567-E89B-12D3-A456-426614174000",
            ],
            &["1234", "hello-pod", "sha256:xyz"],
        ),
    ];

    #[test]
    fn each_wildcard_stands_for_all_forms_of_what_it_promises() {
        for (wildcard, fits, others) in FORMS {
            let whole = regex(&format!("^{}$", expression(wildcard, &Kept::new())));
            for form in fits {
                assert!(whole.is_match(form), "{form} is no {wildcard}");
                let kept = wildcard.replace(']', ":x]");
                let within = regex(&expression(&format!("at {kept}."), &Kept::new()));
                let text = format!("at {form}.");
                assert_eq!(within.captures(&text).map(|found| found["x"].to_owned()).as_deref(), Some(*form));
            }
            for form in others {
                assert!(!whole.is_match(form), "{form} is a {wildcard}");
            }
        }
    }

    #[test]
    fn a_wildcard_is_a_whole_word_unless_the_text_goes_on() {
        let matches = |expected: &str, seen: &str| regex(&expression(expected, &Kept::new())).is_match(seen);
        assert!(matches("v[NUMBER].[NUMBER] took [NUMBER]Mi", "v1.22 took 64Mi"));
        assert!(
            !matches("took [NUMBER]Mi", "took 6x4Mi") && !matches("[NUMBER]", "123abc") && !matches("[NUMBER]", "x12")
        );
    }

    #[test]
    fn a_wildcard_that_nobody_knows_is_found() {
        assert_eq!(unknown("[AGE] [IPS] [npm start] [NODE:x] [ERROR] [...]"), ["[IPS]"]);
        let slips = ["[NUMBER:my-count]", "[ip]", "[...:rest]", "[Age:a]"];
        assert_eq!(unknown(&slips.join(" ")), slips);
    }

    #[test]
    fn keeping_a_name_differs_from_expecting_it() {
        assert_eq!(names("[IP:a] [=b] [AGE] [ID:c]"), (vec!["a".into(), "c".into()], vec!["b".into()]));
    }
}
