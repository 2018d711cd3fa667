//! What stands indented in Markdown although it is no code: the content of tabs and admonitions of `MkDocs`.

use std::{borrow::Cow, sync::LazyLock};

use crate::expression::regex;
use regex::Regex;

/// By how many blanks the content is indented.
const INDENT: usize = 4;

/// The text with the content of tabs (`=== "Linux"`) and admonitions (`!!! note`, `??? note`) in the column of their own lines.
/// No line moves.
pub(super) fn unnested(text: &str) -> Cow<'_, str> {
    static OPENS: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"^ *(?:===[!+]* +["'].*["']|(?:!!!|\?\?\?\+?) +[\w-]+.*) *$"#));
    if !text.lines().any(|line| OPENS.is_match(line)) {
        return text.into();
    }
    // The columns of the open tabs and admonitions, in the source.
    let mut open: Vec<usize> = Vec::new();
    let mut unnested = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        if !line.trim().is_empty() {
            open.retain(|column| blanks >= column + INDENT);
        }
        let indent = (open.len() * INDENT).min(blanks);
        if OPENS.is_match(line.trim_end()) {
            open.push(blanks);
        }
        unnested += &line[indent..];
    }
    unnested.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_of_tabs_and_admonitions_is_text_like_any_other() {
        let text = "=== \"Commands\"\n\n    ```sh\n    kubectl get pods\n    ```\n\n    !!! note\n        In it.\n\nOut.\n\n    code\n";
        let plain = "=== \"Commands\"\n\n```sh\nkubectl get pods\n```\n\n!!! note\nIn it.\n\nOut.\n\n    code\n";
        assert_eq!(unnested(text), plain);
        assert!(matches!(unnested("Title\n===\n\n    code\n"), Cow::Borrowed(_)));
    }
}
