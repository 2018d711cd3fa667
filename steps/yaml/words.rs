//! Explains what is wrong with a text, for authors of manifests who know nothing about parsers.

use libyaml_safer::Error;

use super::YamlProblem;
use crate::escape;

/// The explanation of an error of the parser.
const WORDS: [(&str, &str); 12] = [
    (
        "mapping values are not allowed",
        "a field begins where none may begin: check the indentation, or put a text with a colon in quotation marks",
    ),
    ("did not find expected key", "this line does not fit the lines above it: check the indentation"),
    ("did not find expected '-' indicator", "this line does not fit the list above it: check the indentation"),
    ("could not find expected ':'", "a colon is missing after the name of a field"),
    ("did not find expected ',' or ']'", "a list in [ ] is not closed, or a comma is missing in it"),
    ("did not find expected ',' or '}'", "fields in { } are not closed, or a comma is missing between them"),
    ("did not find expected node content", "a value is missing here"),
    (
        "did not find expected <document start>",
        "something stands before or after the document that does not belong to it",
    ),
    ("found unexpected end of stream", "a quotation mark is not closed"),
    ("block sequence entries are not allowed", "an item of a list begins where none may begin: check the indentation"),
    (
        "did not find expected whitespace or line break",
        "a tag, which begins with !, must be followed by a space: put a text that begins with ! in quotation marks",
    ),
    ("control characters are not allowed", "a character stands here that YAML may not have: delete it"),
];

/// Why a text is not YAML.
pub(super) fn syntax(text: &str, error: &Error) -> YamlProblem {
    let mark = error.problem_mark().or_else(|| error.context_mark()).unwrap_or_default();
    let index = usize::try_from(mark.line).unwrap_or_default();
    let column = usize::try_from(mark.column).unwrap_or_default();
    let line = text.lines().nth(index).unwrap_or_default();
    let message = tab(line, column).or_else(|| no_beginning(error, line, column)).unwrap_or_else(|| {
        let problem = error.problem();
        let known = WORDS.iter().find(|(begins, _)| problem.starts_with(begins));
        known.map_or_else(
            || format!("this is no YAML: {}", escape::short_line(problem, 80)),
            |(_, words)| (*words).into(),
        )
    });
    YamlProblem::Text(index + 1, message)
}

/// A tab is the cause if the parser stopped at it, or if it indents the line.
fn tab(line: &str, column: usize) -> Option<String> {
    let indents = line.chars().take_while(|letter| letter.is_whitespace()).any(|letter| letter == '\t');
    let is_tab = indents || line.chars().nth(column) == Some('\t');
    is_tab.then(|| "a tab is not allowed here: YAML is indented with spaces, so write spaces in its place".into())
}

fn no_beginning(error: &Error, line: &str, column: usize) -> Option<String> {
    let letter = line.chars().nth(column)?;
    let stops = error.problem().starts_with("found character that cannot start any token");
    stops.then(|| format!("no text begins with {letter}: put it in quotation marks"))
}

/// Why a text is not JSON.
pub(super) fn json(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    format!("this is no JSON: {}", escape::short_line(message, 80))
}
