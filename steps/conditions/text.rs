//! Expected text, with typed wildcards for what varies, and the difference where it does not match.
//!
//! | in the expected text | stands for |
//! |---|---|
//! | `[...]` on a line of its own | any number of lines, none included |
//! | `[...]` within a line | any text up to the line's end |
//! | `[IP]`, `[AGE]` and others | what [`WILDCARDS`] say of them |
//! | `[IP:server]` | the same, kept under the name `server` |
//! | `[=server]` | what was kept under that name |
//!
//! Leading white space counts; within a line, a run of blanks counts as one, since columns grow with their content.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::{Captures, Regex};
use similar::{ChangeTag, TextDiff};

/// Named pieces of what was seen, for later steps.
pub type Kept = BTreeMap<String, String>;

/// A wildcard for text of one kind.
pub struct Wildcard {
    /// Its name, as it stands in brackets.
    pub name: &'static str,
    /// What it stands for.
    pub meaning: &'static str,
    expression: &'static str,
}

/// The wildcards of one kind each.
pub const WILDCARDS: [Wildcard; 6] = [
    Wildcard {
        name: "AGE",
        meaning: "an age as kubectl prints it, such as 5s or 2m31s",
        expression: r"(?:\d+(?:ms|[smhdy]))+",
    },
    Wildcard { name: "IP", meaning: "an IPv4 address", expression: r"\d{1,3}(?:\.\d{1,3}){3}" },
    Wildcard {
        name: "NODE",
        meaning: "a name as Kubernetes allows it, of a node or of any object",
        expression: r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?",
    },
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

/// Whether the whole of `seen` is what `expected` says, line by line.
///
/// # Errors
/// The difference, to be shown as it is.
pub fn is(seen: &str, expected: &str, kept: &Kept) -> Result<Kept, String> {
    let expected: Vec<&str> = expected.trim_end().lines().collect();
    let lines: Vec<&str> = seen.trim_end().lines().collect();
    let mut found = kept.clone();
    if lines_match(&lines, &expected, &mut found) { Ok(found) } else { Err(difference(&lines, &expected, kept)) }
}

/// Whether a line of `seen` contains what `expected` says.
///
/// # Errors
/// What was seen instead.
pub fn contains(seen: &str, expected: &str, kept: &Kept) -> Result<Kept, String> {
    let wanted = pattern(&expression(expected, kept));
    let mut found = kept.clone();
    for line in seen.lines() {
        if let Some(captures) = wanted.captures(line) {
            keep(&wanted, &captures, &mut found);
            return Ok(found);
        }
    }
    Err(if seen.trim().is_empty() { "nothing".to_owned() } else { seen.trim_end().to_owned() })
}

/// The wildcards of `expected` that are not in the table above.
#[must_use]
pub fn unknown_wildcards(expected: &str) -> Vec<String> {
    let known = |kind: &str| WILDCARDS.iter().any(|wildcard| wildcard.name == kind);
    WILDCARD
        .captures_iter(expected)
        .filter(|captures| captures.name("kind").is_some_and(|kind| !known(kind.as_str())))
        .map(|captures| captures[0].to_owned())
        .collect()
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

/// Matches from the left; a line of `[...]` takes as few lines as lets the rest match.
fn lines_match(seen: &[&str], expected: &[&str], kept: &mut Kept) -> bool {
    let Some((first, rest)) = expected.split_first() else { return seen.is_empty() };
    if first.trim() == "[...]" {
        return (0..=seen.len()).any(|skipped| {
            let mut attempt = kept.clone();
            let matched = lines_match(&seen[skipped..], rest, &mut attempt);
            if matched {
                *kept = attempt;
            }
            matched
        });
    }
    seen.split_first().is_some_and(|(line, others)| line_matches(line, first, kept) && lines_match(others, rest, kept))
}

fn line_matches(seen: &str, expected: &str, kept: &mut Kept) -> bool {
    let wanted = pattern(&format!("^{}$", expression(expected.trim_end(), kept)));
    let Some(captures) = wanted.captures(seen.trim_end()) else { return false };
    keep(&wanted, &captures, kept);
    true
}

fn keep(wanted: &Regex, captures: &Captures<'_>, kept: &mut Kept) {
    for name in wanted.capture_names().flatten() {
        if let Some(value) = captures.name(name) {
            kept.insert(name.to_owned(), value.as_str().to_owned());
        }
    }
}

/// The regular expression of one line of expected text.
fn expression(line: &str, kept: &Kept) -> String {
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
        return kept.get(name.as_str()).map(|value| regex::escape(value));
    }
    let kind = captures.name("kind")?.as_str();
    let expression = WILDCARDS.iter().find(|wildcard| wildcard.name == kind)?.expression;
    Some(match captures.name("name") {
        Some(name) => format!("(?<{}>{expression})", name.as_str()),
        None => format!("(?:{expression})"),
    })
}

/// Plain text: runs of blanks as one or more blanks, but white space that begins a line as it is.
fn literal(text: &str, begins_line: bool) -> String {
    static BLANKS: LazyLock<Regex> = LazyLock::new(|| pattern(r"[ \t]+"));
    let rest = if begins_line { text.trim_start_matches([' ', '\t']) } else { text };
    let indent = &text[..text.len() - rest.len()];
    indent.to_owned() + &BLANKS.replace_all(&regex::escape(rest), r"[ \t]+")
}

/// The two texts side by side; a wildcard line that matches somewhere is shown as the line it matches.
fn difference(seen: &[&str], expected: &[&str], kept: &Kept) -> String {
    let (mut from, mut kept) = (0, kept.clone());
    let aligned: Vec<String> = expected
        .iter()
        .map(|line| match seen[from..].iter().position(|other| line_matches(other, line, &mut kept)) {
            Some(at) => {
                from += at + 1;
                seen[from - 1].to_owned()
            }
            None => filled(line, &kept),
        })
        .collect();
    let aligned: Vec<&str> = aligned.iter().map(String::as_str).collect();
    let diff = TextDiff::from_slices(&aligned, seen);
    let mut shown = String::from("- expected\n+ seen\n");
    for change in diff.iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => ' ',
        };
        shown += &format!("{sign} {}\n", change.value());
    }
    shown
}

/// Compiles an expression that is correct by construction.
#[expect(clippy::expect_used, reason = "every part is a constant of this module or was escaped")]
fn pattern(expression: &str) -> Regex {
    Regex::new(expression).expect("a correct expression")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(seen: &str, expected: &str) -> bool {
        is(seen, expected, &Kept::new()).is_ok()
    }

    #[test]
    fn columns_may_be_wider_than_expected() {
        assert!(matches("NAME    READY   AGE\nhello   1/1     2m31s\n", "NAME READY   AGE\nhello 1/1  [AGE]"));
    }

    #[test]
    fn leading_white_space_counts() {
        assert!(!matches("spec:\nname: hello", "spec:\n  name: hello"));
        assert!(matches("  name: hello", "  name: hello"));
    }

    #[test]
    fn columns_after_a_wildcard_may_be_wider_than_expected() {
        assert!(matches("4s    default-scheduler  Assigned", "[AGE]  default-scheduler  Assigned"));
        assert!(matches("hello 10.0.0.1      node-1   <none>", "hello [IP] [NODE] <none>"));
        assert!(!matches("4sdefault", "[AGE] default"));
    }

    #[test]
    fn what_a_line_keeps_is_known_further_down_in_a_difference() {
        let difference = is("IP: 10.0.0.1\n  IP: 10.0.0.1\nx", "IP: [IP:a]\n  IP: [=a]\ny", &Kept::new()).unwrap_err();
        assert!(!difference.contains("[=a]"), "{difference}");
    }

    #[test]
    fn what_was_kept_is_shown_in_a_difference() {
        let kept = is("IP: 10.0.0.1", "IP: [IP:a]", &Kept::new()).unwrap();
        let difference = is("10.0.0.2", "[=a]", &kept).unwrap_err();
        assert!(difference.contains("- 10.0.0.1\n+ 10.0.0.2"), "{difference}");
    }

    #[test]
    fn an_age_is_not_just_any_text() {
        assert!(!matches("hello   soon", "hello   [AGE]"));
    }

    #[test]
    fn a_line_too_many_is_a_difference() {
        let difference = is("one\ntwo\nthree", "one\nthree", &Kept::new()).unwrap_err();
        assert_eq!(difference, "- expected\n+ seen\n  one\n+ two\n  three\n");
    }

    #[test]
    fn an_elided_block_is_as_short_as_the_rest_allows() {
        assert!(matches("a\nb\nc\nb\nd", "a\n[...]\nb\nd"));
        assert!(matches("a", "a\n[...]"));
        assert!(!matches("a\nb", "a\n[...]\nc"));
    }

    #[test]
    fn what_was_kept_can_be_expected_again() {
        let kept = is("IP: 10.244.1.8", "IP: [IP:server]", &Kept::new()).unwrap();
        assert_eq!(kept["server"], "10.244.1.8");
        assert!(contains("to 10.244.1.8:3000", "to [=server]:3000", &kept).is_ok());
        assert!(contains("to 10.244.1.9:3000", "to [=server]:3000", &kept).is_err());
    }

    #[test]
    fn characters_of_regular_expressions_stand_for_themselves() {
        assert!(contains("wget: (10.0.0.1) [x] a+b?", "(10.0.0.1) [x] a+b?", &Kept::new()).is_ok());
        assert!(contains("aab", "a+b", &Kept::new()).is_err());
    }

    #[test]
    fn nothing_printed_is_said() {
        assert_eq!(contains("", "Hello World", &Kept::new()).unwrap_err(), "nothing");
    }

    #[test]
    fn a_wildcard_that_nobody_knows_is_found() {
        assert_eq!(unknown_wildcards("[AGE] [IPS] [npm start] [NODE:x]"), ["[IPS]"]);
    }

    #[test]
    fn names_that_are_kept_are_told_from_those_that_are_expected() {
        assert_eq!(names("[IP:a] [=b] [AGE] [ID:c]"), (vec!["a".into(), "c".into()], vec!["b".into()]));
    }

    #[test]
    fn all_forms_of_a_time_are_known() {
        assert!(matches("\"2022-10-03T05:51:03Z\"", "\"[TIME]\""));
        assert!(matches("Mon, 03 Oct 2022 05:51:03 +0000", "[TIME]"));
        assert!(matches("Wed Nov 25 21:26:23 UTC 2026", "[TIME]") && matches("Wed Nov  5 21:26:23 UTC 2026", "[TIME]"));
    }
}
