//! Compares expected text with observed text, and shows the difference.
//!
//! Leading white space counts. Within a line, several blanks count as one, because the width of columns depends on
//! their content.

use std::{collections::HashMap, time::Duration};

use regex::{Captures, Regex};
use similar::{ChangeTag, TextDiff};

use super::wildcard::{Kept, TOO_COMPLEX, compiled, expression, filled};
use crate::escape;

/// How long a difference may be searched for: a longer one is less exact.
const PATIENCE: Duration = Duration::from_secs(2);

/// Checks that `seen` as a whole matches `expected`, line by line.
///
/// # Errors
/// If it does not match; the text is the difference, ready to be shown.
///
/// # Examples
///
/// ```
/// use labproof::internal::conditions::{text, wildcard::Kept};
///
/// let kept = text::is("hello 10.244.1.7", "hello [IP:server]", &Kept::new()).unwrap();
/// assert_eq!(kept["server"], "10.244.1.7");
/// assert!(text::is("hello 10.244.1.8", "hello [=server]", &kept).is_err());
/// ```
pub fn is(seen: &str, expected: &str, kept: &Kept) -> Result<Kept, String> {
    let expected: Vec<&str> = trimmed(expected).lines().collect();
    let lines: Vec<&str> = trimmed(seen).lines().collect();
    let found = Comparison::new(&lines, &expected).rest(0, 0, kept);
    let found = found.or_else(|| is(&uncoloured(seen)?, &expected.join("\n"), kept).ok());
    found.ok_or_else(|| difference(&lines, &expected, kept))
}

/// The text without the blanks at its end. A no-break space is no blank.
fn trimmed(text: &str) -> &str {
    text.trim_end_matches(|letter: char| letter.is_ascii_whitespace())
}

/// The text without the codes by which a terminal changes its colours; [`None`] if it has none.
fn uncoloured(seen: &str) -> Option<String> {
    seen.contains('\u{1b}').then(|| anstream::adapter::strip_str(seen).to_string()).filter(|plain| plain != seen)
}

/// Checks that a line of `seen` contains a match for `expected`.
///
/// # Errors
/// If none does; the text says what was seen instead.
pub fn contains(seen: &str, expected: &str, kept: &Kept) -> Result<Kept, String> {
    let Some(wanted) = compiled(&expression(expected, kept)) else { return Err(TOO_COMPLEX.into()) };
    let mut found = kept.clone();
    for line in seen.lines() {
        if let Some(captures) = wanted.captures(line) {
            keep(&wanted, &captures, &mut found);
            return Ok(found);
        }
    }
    if let Some(found) = uncoloured(seen).and_then(|plain| contains(&plain, expected, kept).ok()) {
        return Ok(found);
    }
    Err(if seen.trim().is_empty() { "nothing".to_owned() } else { seen.trim_end().to_owned() })
}

/// Whether a value ends with the same blanks as the expected one. They mean nothing at the end of an output, but those of
/// a value do. Only `[...]` at the end of the expected value stands for any blanks.
#[must_use]
pub fn ends_alike(seen: &str, expected: &str) -> bool {
    let blanks = |text: &str| text[trimmed(text).len()..].to_owned();
    expected.ends_with("[...]") || blanks(seen) == blanks(expected)
}

/// Lines that are compared. Where a line `[...]` has failed, it fails from any later line, too, so that several of them do
/// not multiply the work.
struct Comparison<'a> {
    seen: &'a [&'a str],
    expected: &'a [&'a str],
    /// The expression of each expected line, with what it uses of what was kept.
    compiled: HashMap<(usize, Kept), Option<Regex>>,
    /// The first seen line from which a line `[...]` does not match, by its index and what was kept before.
    failed: HashMap<(usize, Kept), usize>,
}

impl<'a> Comparison<'a> {
    fn new(seen: &'a [&'a str], expected: &'a [&'a str]) -> Self {
        Self { seen, expected, compiled: HashMap::new(), failed: HashMap::new() }
    }

    /// Matches the rest of the lines from the left; returns what is kept then. A line `[...]` takes as few lines as possible
    /// so that the rest still matches.
    fn rest(&mut self, seen: usize, expected: usize, kept: &Kept) -> Option<Kept> {
        let Some(line) = self.expected.get(expected) else {
            return (seen == self.seen.len()).then(|| kept.clone());
        };
        if line.trim() != "[...]" {
            return self.line(seen, expected, kept).and_then(|kept| self.rest(seen + 1, expected + 1, &kept));
        }
        let place = (expected, kept.clone());
        let end = self.failed.get(&place).copied().unwrap_or(self.seen.len() + 1);
        let found = (seen..end).find_map(|next| self.rest(next, expected + 1, kept));
        if found.is_none() {
            self.failed.insert(place, seen.min(end));
        }
        found
    }

    fn line(&mut self, seen: usize, expected: usize, kept: &Kept) -> Option<Kept> {
        let (line, text) = (*self.seen.get(seen)?, self.expected[expected]);
        let used = if text.contains("[=") { kept.clone() } else { Kept::new() };
        let wanted = self.compiled.entry((expected, used));
        let wanted = wanted.or_insert_with(|| compiled(&whole_line(text, kept)));
        let mut kept = kept.clone();
        matches(wanted.as_ref()?, line, &mut kept).then_some(kept)
    }
}

/// The expression of an expected line, which a whole line must match.
fn whole_line(expected: &str, kept: &Kept) -> String {
    format!("^{}$", expression(trimmed(expected), kept))
}

fn matches(wanted: &Regex, seen: &str, kept: &mut Kept) -> bool {
    let Some(captures) = wanted.captures(trimmed(seen)) else { return false };
    keep(wanted, &captures, kept);
    true
}

fn keep(wanted: &Regex, captures: &Captures<'_>, kept: &mut Kept) {
    for name in wanted.capture_names().flatten() {
        if let Some(value) = captures.name(name) {
            kept.insert(name.to_owned(), value.as_str().to_owned());
        }
    }
}

/// The difference of the two texts, with all invisible characters written out. An expected line that matches a seen
/// line is shown as that line, and `[...]` as the lines up to the match for the following line.
fn difference(seen: &[&str], expected: &[&str], kept: &Kept) -> String {
    let (mut from, mut kept) = (0, kept.clone());
    let mut aligned: Vec<String> = Vec::new();
    for (index, line) in expected.iter().enumerate() {
        if line.trim() == "[...]" {
            let next = expected[index + 1..].iter().find(|next| next.trim() != "[...]");
            let to = match next {
                Some(next) => find(&seen[from..], next, &mut kept.clone()).map_or(from, |at| from + at),
                None => seen.len(),
            };
            aligned.extend(seen[from..to].iter().map(|line| (*line).to_owned()));
            from = to;
            continue;
        }
        match find(&seen[from..], line, &mut kept) {
            Some(at) => {
                from += at + 1;
                aligned.push(seen[from - 1].to_owned());
            }
            None => aligned.push(filled(line, &kept)),
        }
    }
    let aligned: Vec<&str> = aligned.iter().map(String::as_str).collect();
    let diff = TextDiff::configure().timeout(PATIENCE).diff_slices(&aligned, seen);
    let mut shown = String::from("- expected\n+ seen\n");
    for change in diff.iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => ' ',
        };
        // In lines without a difference, a tab is shown as a blank.
        let line = change.value().split('\t').map(escape::visible);
        let line: Vec<String> = line.collect();
        shown += &format!("{sign} {}\n", line.join(if sign == ' ' { "\t" } else { "\\t" }));
    }
    shown
}

/// The index of the first line that matches.
fn find(seen: &[&str], expected: &str, kept: &mut Kept) -> Option<usize> {
    let wanted = compiled(&whole_line(expected, kept))?;
    seen.iter().position(|line| matches(&wanted, line, kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(seen: &str, expected: &str) -> bool {
        is(seen, expected, &Kept::new()).is_ok()
    }

    #[test]
    fn colours_are_no_text() {
        let (seen, kept) = ("error: \u{1b}[1;31mred\u{1b}[0m alert\n", Kept::new());
        assert!(contains(seen, "red alert", &kept).is_ok() && is(seen, "error: red alert", &kept).is_ok());
        assert!(contains(seen, "\u{1b}[1;31mred", &kept).is_ok());
        assert!(contains(seen, "blue", &kept).unwrap_err().contains('\u{1b}') && is(seen, "red alert", &kept).is_err());
    }

    #[test]
    fn columns_may_be_wider_than_expected() {
        assert!(matches("NAME    READY   AGE\nhello   1/1     2m31s\n", "NAME READY   AGE\nhello 1/1  [AGE]"));
    }

    #[test]
    fn many_lines_of_dots_cost_no_more_than_a_few() {
        let (seen, expected) = ("a\n".repeat(300), "[...]\na\n".repeat(30) + "[...]\nb");
        let began = std::time::Instant::now();
        assert!(!matches(&seen, &expected));
        assert!(matches(&seen, &expected.replace('b', "a")));
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }

    #[test]
    fn an_endless_output_is_compared_in_seconds() {
        let began = std::time::Instant::now();
        assert!(!matches(&"a\n".repeat(100_000), "[...]\na\n[...]\nb"));
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }

    #[test]
    fn a_line_that_is_too_complex_matches_nothing() {
        let line = "[TIME] ".repeat(200);
        assert!(!matches("x", &line));
        assert_eq!(contains("x", &line, &Kept::new()).unwrap_err(), TOO_COMPLEX);
        assert_eq!(super::super::wildcard::wrong_names(&line).as_deref(), Some(TOO_COMPLEX));
    }

    #[test]
    fn what_an_earlier_line_keeps_decides_where_dots_end() {
        let seen = "a 1\na 2\nb\nc 2";
        assert!(matches(seen, "[...]\na [NUMBER:n]\n[...]\nc [=n]"));
        assert!(!matches("a 1\na 2\nb\nc 3", "[...]\na [NUMBER:n]\n[...]\nc [=n]"));
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
    fn what_cannot_be_seen_is_written_out_on_both_sides_of_a_difference() {
        let difference = is("Hello\u{a0}World\n\tx", "Hello World\u{200b}\n  x", &Kept::new()).unwrap_err();
        assert_eq!(difference, "- expected\n+ seen\n- Hello World\\u{200b}\n-   x\n+ Hello\\u{a0}World\n+ \\tx\n");
        let same = is("a\tb\nc", "a b\nd", &Kept::new()).unwrap_err();
        assert!(same.contains("  a\tb\n"), "{same}");
    }

    #[test]
    fn elided_lines_are_no_difference() {
        let difference = is("1\n2\n3\n4\n5\n6", "1\n[...]\n4\n[...]\n5", &Kept::new()).unwrap_err();
        assert_eq!(difference, "- expected\n+ seen\n  1\n  2\n  3\n  4\n  5\n+ 6\n");
    }

    #[test]
    fn a_wildcard_stands_for_a_whole_number_or_address() {
        assert!(contains("123abc", "[NUMBER]", &Kept::new()).is_err());
        assert!(contains("999.0.0.1", "[IP]", &Kept::new()).is_err());
        let kept = is("12", "[NUMBER:n]", &Kept::new()).unwrap();
        assert!(contains("123", "[=n]", &kept).is_err() && contains("12 Pods", "[=n] Pods", &kept).is_ok());
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
    fn a_no_break_space_at_the_end_is_a_character() {
        assert!(is("a\u{a0}", "a", &Kept::new()).is_err() && is("a\u{a0}\nb", "a\nb", &Kept::new()).is_err());
        assert!(is("a\u{a0} \t\n\n", "a\u{a0}", &Kept::new()).is_ok());
    }

    #[test]
    fn all_forms_of_a_time_are_known() {
        assert!(matches("\"2022-10-03T05:51:03Z\"", "\"[TIME]\""));
        assert!(matches("Mon, 03 Oct 2022 05:51:03 +0000", "[TIME]"));
        assert!(matches("Wed Nov 25 21:26:23 UTC 2026", "[TIME]") && matches("Wed Nov  5 21:26:23 UTC 2026", "[TIME]"));
    }
}
