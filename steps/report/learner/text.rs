//! Text for a learner: untrusted text, escaped by [`crate::escape`] and limited in length.

use serde_json::Value;

use crate::escape;

/// The maximum length of a reason or of evidence, in characters. A longer text loses its beginning, because errors come
/// last.
pub const PART: usize = 2000;

/// The maximum length of all text about a scenario, in characters: a runner of GitHub Classroom is passed in an
/// environment variable, which Linux limits to 128 KiB.
pub const WHOLE: usize = 10_000;

const SHORT: usize = 200;
const CUT: &str = "[...]";

/// A text in one line of at most [`PART`] characters.
#[must_use]
pub fn one_line(text: &str) -> String {
    ending(&in_a_line(text), PART)
}

/// A name or a sentence in one line; a very long one loses its end.
#[must_use]
pub fn short(text: &str) -> String {
    beginning(&in_a_line(text), SHORT)
}

/// The beginning of a text, at most `most` characters, with a mark if it was cut.
#[must_use]
pub fn beginning(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}{CUT}", &text[..end]),
        None => text.to_owned(),
    }
}

/// The end of a text, at most [`PART`] characters, with `prefix` before each line.
#[must_use]
pub fn block(text: &str, prefix: &str) -> String {
    let kept = ending(escape::text(text).trim_end(), PART);
    kept.lines().map(|line| format!("{prefix}{line}")).collect::<Vec<_>>().join("\n")
}

/// The end of a text, at most `most` characters including the mark if it was cut.
#[must_use]
pub fn ending(text: &str, most: usize) -> String {
    let surplus = text.chars().count().saturating_sub(most);
    if surplus == 0 {
        return text.to_owned();
    }
    let mark = format!("{CUT}\n");
    mark.chars().chain(text.chars().skip(surplus + mark.len())).collect()
}

/// A value as indented JSON, with a newline at its end. It contains no `<` or `>`, because some consumers put it into a
/// page, which it must not end.
#[must_use]
pub fn json(value: &Value) -> String {
    defused(&format!("{value:#}"))
}

/// A value as JSON in one line, with a newline at its end. It contains no `<` or `>`, as in [`json`].
#[must_use]
pub fn json_line(value: &Value) -> String {
    defused(&value.to_string())
}

fn defused(json: &str) -> String {
    escape::json(json).replace('<', "\\u003c").replace('>', "\\u003e") + "\n"
}

fn in_a_line(text: &str) -> String {
    escape::text(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_seen_is_spelled_out() {
        assert_eq!(one_line(" a\n\tb\u{7} \r"), "a b\\u{7}");
        assert_eq!(short("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(block("a\u{202e}b\r\nc\n", "| "), "| a\\u{202e}b\n| c");
    }

    #[test]
    fn of_a_long_text_the_end_is_kept_and_of_a_long_name_the_beginning() {
        let long = format!("{}end", "ü".repeat(3000));
        let kept = ending(&long, PART);
        assert!(kept.starts_with("[...]\nü") && kept.ends_with("end") && kept.chars().count() == PART);
        assert!(
            short(&format!("begin{long}")).starts_with("begin") && short(&long).chars().count() == SHORT + CUT.len()
        );
        assert_eq!(ending("ab", 2), "ab");
    }

    #[test]
    fn json_ends_no_script() {
        let text = "</script><!-- \u{1b}";
        let json = json_line(&json!({ "a": text }));
        assert!(!json.contains(['<', '>']) && json.ends_with("}\n") && json.lines().count() == 1);
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap()["a"], text);
    }
}
