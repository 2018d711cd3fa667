//! Where an expected text is written: below a step of a feature file, or as a file of its own.
//!
//! All other lines of the file stay as they are, byte for byte, and so do lines of the text that stay.

use super::text::Line;

/// The lines of an expected text in a file.
#[derive(Clone, Debug)]
pub(super) struct Block<'a> {
    /// All lines of the file, with their ends.
    lines: Vec<&'a str>,
    /// The index of the text's first line.
    from: usize,
    /// The index of the first line after it.
    to: usize,
    /// The white space before each line of the text.
    margin: &'a str,
    /// The quotes around the text, which it must not contain.
    quotes: Option<&'static str>,
}

impl<'a> Block<'a> {
    /// The text below the step in this line of a feature file, counted from 1.
    pub(super) fn below(file: &'a str, step: usize) -> Option<Self> {
        let lines: Vec<&str> = file.split_inclusive('\n').collect();
        let is_text = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with('#');
        let open = step + lines.get(step..)?.iter().position(is_text)?;
        let quotes = ["\"\"\"", "```"].into_iter().find(|quotes| lines[open].trim().starts_with(quotes))?;
        let from = open + 1;
        let to = from + lines[from..].iter().position(|line| line.trim().starts_with(quotes))?;
        let margin = &lines[open][..lines[open].len() - lines[open].trim_start().len()];
        Some(Self { lines, from, to, margin, quotes: Some(quotes) })
    }

    /// The whole file, without the empty lines at its end.
    pub(super) fn whole(file: &'a str) -> Self {
        let lines: Vec<&str> = file.split_inclusive('\n').collect();
        let to = lines.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |last| last + 1);
        Self { lines, from: 0, to, margin: "", quotes: None }
    }

    /// The lines of the text, as the step expects them.
    pub(super) fn text(&self) -> Vec<String> {
        let margin = self.margin.chars().count();
        let within = |line: &&str| {
            let line = line.strip_suffix('\n').unwrap_or(line);
            let line = line.strip_suffix('\r').unwrap_or(line);
            let blanks = line.chars().take(margin).take_while(|letter| letter.is_whitespace());
            let line = &line[blanks.map(char::len_utf8).sum()..];
            self.quotes.map_or_else(|| line.to_owned(), |quotes| line.replace(&escaped(quotes), quotes))
        };
        self.lines[self.from..self.to].iter().map(within).collect()
    }

    /// The file with these lines as the text.
    pub(super) fn with(&self, new: &[Line]) -> String {
        let end = if self.lines.iter().any(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
        let mut file = self.lines[..self.from].concat();
        for line in new {
            match line {
                Line::Old(place) => file += self.lines[self.from + place],
                Line::New(text) => file += &format!("{}{end}", self.quoted(text)),
            }
            if !file.ends_with('\n') {
                file += end;
            }
        }
        let after = self.lines[self.to..].concat();
        let had_end = self.to < self.lines.len() || self.lines.last().is_none_or(|last| last.ends_with('\n'));
        if !had_end {
            file.truncate(file.trim_end_matches(['\r', '\n']).len());
        }
        file + &after
    }

    fn quoted(&self, text: &str) -> String {
        let text = self.quotes.map_or_else(|| text.to_owned(), |quotes| text.replace(quotes, &escaped(quotes)));
        if text.is_empty() { text } else { format!("{}{text}", self.margin) }
    }
}

/// The quotes as they are written within a text.
fn escaped(quotes: &str) -> String {
    quotes.chars().flat_map(|quote| ['\\', quote]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(lines: &[&str]) -> Vec<Line> {
        lines.iter().map(|line| Line::New((*line).to_owned())).collect()
    }

    #[test]
    fn only_the_text_below_the_step_changes() {
        let file = "Feature: Ä\r\n  Scenario: s\r\n    Then it prints:\r\n    # a comment\r\n\t\"\"\"txt\r\n\ta\r\n\t  b\r\n\t\"\"\"\r\n    | x |\r\n";
        let block = Block::below(file, 3).unwrap();
        assert_eq!(block.text(), ["a", "  b"]);
        let changed = block.with(&[Line::New("é \"\"\" |".into()), Line::Old(1), Line::New(String::new())]);
        assert_eq!(changed, file.replace("\ta\r\n", "\té \\\"\\\"\\\" |\r\n").replace("  b\r\n", "  b\r\n\r\n"));
        assert_eq!(Block::below(&changed, 3).unwrap().text(), ["é \"\"\" |", "  b", ""]);
    }

    #[test]
    fn a_step_without_a_text_has_none() {
        assert!(Block::below("Feature: f\n  Scenario: s\n    Then a\n    Then b:\n      ```\n", 3).is_none());
        assert!(Block::below("", 3).is_none());
    }

    #[test]
    fn a_file_keeps_its_last_line_end() {
        assert_eq!(Block::whole("a\nb").with(&new(&["c"])), "c");
        assert_eq!(Block::whole("a\nb\n\n").with(&new(&["c", "d"])), "c\nd\n\n");
        assert_eq!(Block::whole("a").with(&[Line::Old(0), Line::New("b".into())]), "a\nb");
    }
}
