//! The lines of a document's fields in its file.

use super::Document;

impl Document {
    /// The number of its first non-empty line in the file.
    #[must_use]
    pub fn first_line(&self) -> usize {
        1 + self.lines_before + self.text.lines().position(says_something).unwrap_or_default()
    }

    /// The best guess for the line of a field in the file: the first line with its name and value, or with the value in
    /// a list, or with its name, or the document's first line.
    #[must_use]
    pub fn line_of(&self, key: &str, value: &str) -> usize {
        let lines = || self.text.lines().enumerate().filter(|(_, line)| says_something(line));
        let has_value = |line: &str| !value.is_empty() && line.contains(value);
        let found = lines()
            .find(|(_, line)| has_key(line, key) && has_value(line))
            .or_else(|| lines().find(|(_, line)| line.trim_start().starts_with('-') && has_value(line)))
            .or_else(|| lines().find(|(_, line)| has_key(line, key)));
        found.map_or_else(|| self.first_line(), |(number, _)| 1 + self.lines_before + number)
    }
}

fn says_something(line: &str) -> bool {
    let blank = line.trim_start().trim_start_matches("---").trim_start();
    !blank.is_empty() && !blank.starts_with('#')
}

/// Whether a line has a field of this name.
fn has_key(line: &str, key: &str) -> bool {
    line.match_indices(key).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
        before.is_none_or(|before| " \t{,\"'".contains(before)) && after.starts_with(':')
    })
}
