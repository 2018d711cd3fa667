//! Corrections of a document that are safe: what a newer version prints, and commands with a slip that their message names.
//! What a manifest says is never changed.

use std::collections::BTreeSet;

use similar::TextDiff;

use crate::verdict::Correction;

/// The document with the corrections, and how many of them there were. A correction is left out if its line does not
/// contain the text exactly once, as in HTML where signs are written as entities.
#[must_use]
pub fn corrected(text: &str, corrections: &BTreeSet<Correction>) -> (String, usize) {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let mut made = 0;
    for Correction { line, says, write } in corrections {
        let Some(line) = line.checked_sub(1).and_then(|index| lines.get_mut(index)) else { continue };
        if says != write && line.matches(says.as_str()).count() == 1 {
            *line = line.replacen(says.as_str(), write, 1);
            made += 1;
        }
    }
    (lines.concat(), made)
}

/// The difference between a file before and after, for `git apply` and `patch -p1`.
#[must_use]
pub fn difference(path: &str, before: &str, after: &str) -> String {
    let (from, to) = (format!("a/{path}"), format!("b/{path}"));
    TextDiff::from_lines(before, after).unified_diff().header(&from, &to).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_corrected_where_it_says_the_text_once() {
        let correction =
            |line: usize, says: &str, write: &str| Correction { line, says: says.into(), write: write.into() };
        let all = [
            correction(2, "pod \"a\" deleted", "pod \"a\" deleted from default namespace"),
            correction(3, "x", "y"),
            correction(9, "a", "b"),
        ];
        let text = "one\r\n   pod \"a\" deleted\r\nx x";
        let (after, made) = corrected(text, &all.into());
        assert_eq!((after.as_str(), made), ("one\r\n   pod \"a\" deleted from default namespace\r\nx x", 1));
        assert!(difference("a.md", text, &after).starts_with("--- a/a.md\n+++ b/a.md\n@@ -1,3 +1,3 @@\n"));
    }
}
