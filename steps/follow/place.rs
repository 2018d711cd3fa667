//! The line of a manifest that the server's message is about. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{
    regex,
    story::{Act, Deed},
};

/// The line in the document of what a message names: an unknown field, or a version that has no such kind. The acts are those
/// before the command, the newest last.
pub(super) fn of_message(message: &str, acts: &[Act]) -> Option<usize> {
    static FIELD: LazyLock<Regex> = LazyLock::new(|| regex(r#"unknown field "(?:[^"]*\.)?([^".\[\]]+)""#));
    static VERSION: LazyLock<Regex> = LazyLock::new(|| regex(r#"no matches for kind "([^"]+)" in version "([^"]+)""#));
    let written = if let Some(found) = FIELD.captures(message) {
        format!("{}:", &found[1])
    } else {
        let found = VERSION.captures(message)?;
        format!("apiVersion: {}", &found[2])
    };
    let texts = acts.iter().rev().filter_map(|act| match &act.deed {
        Deed::Write(source) | Deed::Offer(source) => Some((act.line, source.text.as_str())),
        Deed::Type(typed) if typed.command.contains("<<") => Some((act.line, typed.command.as_str())),
        _ => None,
    });
    texts.into_iter().find_map(|(line, text)| line_with(text, &written).map(|place| line + place))
}

/// The place of the only line of a text that begins so.
fn line_with(text: &str, written: &str) -> Option<usize> {
    let begins = |line: &str| line.trim_start_matches([' ', '-']).replace(['"', '\''], "").starts_with(written);
    let mut places = text.lines().enumerate().filter(|(_, line)| begins(line)).map(|(place, _)| place);
    places.next().filter(|_| places.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Format, read, story::Story};

    #[test]
    fn a_message_about_a_manifest_has_its_line() {
        let page = "a\n\n```yaml\napiVersion: batch/v1beta1\nkind: Job\nspec:\n  backoffLimits: 2\n```\n";
        let acts = Story::of(&read(Format::Markdown, page)).acts;
        let unknown = "Error: strict decoding error: unknown field \"spec.backoffLimits\"";
        assert_eq!(of_message(unknown, &acts), Some(7));
        let gone = "no matches for kind \"Job\" in version \"batch/v1beta1\"";
        assert_eq!(of_message(gone, &acts), Some(4));
        assert_eq!(of_message("unknown field \"spec.other\"", &acts), None);
        assert_eq!(of_message("pods \"a\" not found", &acts), None);
    }
}
