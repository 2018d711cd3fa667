//! What comes before the first keyword: byte order mark, line ends, and the language of the keywords.
//!
//! Does not know the keywords themselves.

use super::Problem;

/// Which keywords a file uses.
pub(super) enum Language {
    English,
    /// A code that the parser knows, for example `ru`.
    Other(String),
}

/// The text as the parser wants it: no byte order mark, bare line feeds, nothing in blank lines.
///
/// Blanks in an empty line below tags stop the parser, and it takes a space after the language for a part of it.
pub(super) fn plain(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut plain = String::with_capacity(text.len() + 1);
    for line in text.lines() {
        let meant = match directive(line) {
            Some(_) => line.trim_end(),
            None => line,
        };
        plain.push_str(if is_blank(line) { "" } else { meant });
        plain.push('\n');
    }
    plain
}

fn is_blank(line: &str) -> bool {
    line.trim_matches([' ', '\t']).is_empty()
}

/// The language named on the first line of the text.
pub(super) fn of(text: &str) -> Result<Language, Vec<Problem>> {
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !is_blank(line));
    let Some((number, first)) = lines.next() else {
        return Err(vec![Problem::new(1, "the file is empty", "begin with a line \"Feature: \" and the lab's name")]);
    };
    let Some(code) = directive(first) else {
        return late_directive(lines).map_or(Ok(Language::English), |problem| Err(vec![problem]));
    };
    match code {
        "en" => Ok(Language::English),
        code if gherkin::is_language_supported(code) => Ok(Language::Other(code.to_owned())),
        code => Err(vec![unknown(number, code)]),
    }
}

fn unknown(line: usize, code: &str) -> Problem {
    let hint = "use a code from https://cucumber.io/docs/gherkin/languages, for example en, de or ru";
    Problem::new(line, format!("there are no gherkin keywords in the language \"{code}\""), hint)
}

/// A directive below another comment is a comment to the parser, which then reads English.
fn late_directive<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Option<Problem> {
    lines
        .take_while(|(_, line)| line.trim_start().starts_with('#'))
        .find(|(_, line)| directive(line).is_some_and(|code| code != "en"))
        .map(|(number, _)| {
            Problem::new(number, "the language is named too late", "move this line to the top of the file")
        })
}

fn directive(line: &str) -> Option<&str> {
    let comment = line.trim().strip_prefix('#')?.trim_start();
    Some(comment.strip_prefix("language")?.trim_start().strip_prefix(':')?.trim())
}
