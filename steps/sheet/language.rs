//! The language of the keywords, and the text in the form that the parser needs for other languages.
//!
//! It does not know the keywords themselves.

use super::SheetProblem;

/// The language of a file's keywords.
pub(super) enum Language {
    English,
    /// A code that the parser knows, such as `ru`.
    Other(String),
}

/// The text in the form that the parser needs: with empty blank lines, no comments above the language, and empty text
/// blocks, which are read without the parser.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 1);
    let (mut is_named, mut open) = (false, None);
    for line in text.lines() {
        let meant = line.trim();
        let quotes = ["\"\"\"", "```"].into_iter().find(|quotes| meant.starts_with(quotes));
        match (open, quotes) {
            (None, Some(quotes)) => (open, plain) = (Some(quotes), plain + quotes),
            (Some(ours), Some(quotes)) if ours == quotes => (open, plain) = (None, plain + quotes),
            (Some(_), _) => {}
            (None, None) if is_named && !is_blank(line) => plain += line,
            (None, None) => {
                is_named |= directive(line).is_some() || !(is_blank(line) || meant.starts_with('#'));
                plain += if is_named { line.trim_end() } else { "" };
            }
        }
        plain.push('\n');
    }
    plain
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// The language that is named above the first line that is neither blank nor a comment.
pub(super) fn of(text: &str) -> Result<Language, Vec<SheetProblem>> {
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !is_blank(line)).peekable();
    if lines.peek().is_none() {
        return Err(vec![SheetProblem::new(
            1,
            "the file is empty",
            "begin with a line \"Feature: \" and the lab's name",
        )]);
    }
    let mut comments = lines.take_while(|(_, line)| line.trim_start().starts_with('#'));
    match comments.find_map(|(number, line)| Some((number, directive(line)?))) {
        None | Some((_, "en")) => Ok(Language::English),
        Some((_, code)) if gherkin::is_language_supported(code) => Ok(Language::Other(code.to_owned())),
        Some((number, code)) => Err(vec![unknown(number, code)]),
    }
}

fn unknown(line: usize, code: &str) -> SheetProblem {
    let hint = "use a code from https://cucumber.io/docs/gherkin/languages, for example en, de or ru";
    SheetProblem::new(line, format!("there are no gherkin keywords in the language \"{code}\""), hint)
}

fn directive(line: &str) -> Option<&str> {
    let comment = line.trim().strip_prefix('#')?.trim_start();
    Some(comment.strip_prefix("language")?.trim_start().strip_prefix(':')?.trim())
}
