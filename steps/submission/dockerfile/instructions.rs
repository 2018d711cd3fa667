//! The instructions of a Dockerfile: continued lines joined, comments taken out.

use super::{directives::Doubt, words};

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instruction {
    /// The line in which it begins.
    pub(super) line: usize,
    /// Its name, in lower case.
    pub(super) name: String,
    /// What stands after the name.
    pub(super) arguments: String,
}

impl Instruction {
    /// Its flags, and the rest of its arguments.
    pub(super) fn parts(&self) -> (Vec<String>, &str) {
        words::flags(&self.arguments)
    }
}

/// The instructions of a text, and the lines that builders could read differently.
pub(super) fn read(text: &str, escape: char) -> (Vec<Instruction>, Vec<Doubt>) {
    let (mut instructions, mut doubts) = (Vec::new(), Vec::new());
    // A byte order mark is no part of the first instruction.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.split('\n').zip(1..);
    while let Some((first, number)) = lines.next() {
        instructions.extend(joined(first, number, escape, &mut lines, &mut doubts));
    }
    (instructions, doubts)
}

/// The instruction that begins in a line, with the lines that continue it; nothing where the line is empty or a comment.
fn joined<'a>(
    first: &str,
    number: usize,
    escape: char,
    lines: &mut impl Iterator<Item = (&'a str, usize)>,
    doubts: &mut Vec<Doubt>,
) -> Option<Instruction> {
    let first = first.trim_start();
    if first.starts_with('#') {
        return None;
    }
    let (mut text, mut continued) = continuation(first, number, escape, doubts);
    while continued {
        let Some((line, number)) = lines.next() else { break };
        let trimmed = line.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let (more, goes_on) = continuation(line, number, escape, doubts);
        text += &more;
        continued = goes_on;
    }
    let text = text.trim();
    let (name, arguments) = text.split_once([' ', '\t', '\r', '\u{b}', '\u{c}']).unwrap_or((text, ""));
    let arguments = arguments.trim().to_owned();
    (!name.is_empty()).then(|| Instruction { line: number, name: name.to_lowercase(), arguments })
}

/// A line without the escape character at its end, and whether there was one. Two of them end a line for old builders
/// only.
fn continuation(line: &str, number: usize, escape: char, doubts: &mut Vec<Doubt>) -> (String, bool) {
    let end = line.trim_end_matches('\r').trim_end_matches([' ', '\t']);
    let Some(before) = end.strip_suffix(escape) else {
        return (line.to_owned(), false);
    };
    if before.ends_with(escape) {
        doubts.push((
            number,
            "builders disagree whether the next line continues this one: end it with one escape character",
        ));
    }
    (before.to_owned(), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instructions(text: &str, escape: char) -> Vec<(usize, String)> {
        let (instructions, doubts) = read(text, escape);
        assert_eq!(doubts, []);
        instructions.into_iter().map(|found| (found.line, format!("{} {}", found.name, found.arguments))).collect()
    }

    #[test]
    fn continued_lines_are_joined_over_comments_and_empty_lines() {
        let text = "\n# a\n  from busybox\r\nRUN a \\\r\n  # b \\\n\n  && c\\  \nd\nCMD e \\\n";
        let expected = [(3, "from busybox".to_owned()), (4, "run a   && cd".into()), (9, "cmd e".into())];
        assert_eq!(instructions(text, '\\'), expected);
    }

    #[test]
    fn the_escape_character_may_be_another() {
        let text = "COPY a C:\\\nRUN b `\n c\n";
        assert_eq!(instructions(text, '`'), [(1, "copy a C:\\".to_owned()), (2, "run b  c".into())]);
    }

    #[test]
    fn a_name_may_be_continued() {
        assert_eq!(instructions("FR\\\nOM x\n\\\nUSER u\n", '\\'), [(1, "from x".to_owned()), (3, "user u".into())]);
    }

    #[test]
    fn what_builders_read_differently_is_doubtful() {
        assert_eq!(read("RUN a \\\\\nUSER b\n", '\\').1.len(), 1);
    }
}
