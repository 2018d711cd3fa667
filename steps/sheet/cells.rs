//! Splits one line of a table into its cells.
//!
//! It does not compare rows with each other.

use super::SheetProblem;

/// The cells of a line that begins with `|`, or why the parser would not accept the line.
pub(super) fn split(number: usize, line: &str) -> Result<Vec<String>, SheetProblem> {
    let raw = pieces(line);
    let (last, cells) = raw.split_last().map_or(("", &raw[..]), |(last, rest)| (*last, rest));
    if !last.trim().is_empty() || cells.is_empty() {
        return Err(open_ended(number, last));
    }
    Ok(cells.iter().map(|cell| unescape(cell.trim())).collect())
}

/// The texts between unescaped bars, and the text after the last bar.
fn pieces(line: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut escaped) = (Vec::new(), 1, false);
    for (at, letter) in line.char_indices().skip(1) {
        if letter == '|' && !escaped {
            pieces.push(&line[start..at]);
            start = at + 1;
        }
        escaped = letter == '\\' && !escaped;
    }
    pieces.push(&line[start..]);
    pieces
}

/// Resolves escapes; a backslash before any other character is an ordinary character.
fn unescape(cell: &str) -> String {
    let mut letters = cell.chars().peekable();
    let mut text = String::with_capacity(cell.len());
    while let Some(letter) = letters.next() {
        let meant = match (letter, letters.peek()) {
            ('\\', Some('n')) => Some('\n'),
            ('\\', Some(meant @ ('|' | '\\'))) => Some(*meant),
            _ => None,
        };
        if meant.is_some() {
            letters.next();
        }
        text.push(meant.unwrap_or(letter));
    }
    text
}

fn open_ended(number: usize, rest: &str) -> SheetProblem {
    let hint = if rest.trim_start().starts_with('#') {
        "put the comment on a line of its own"
    } else {
        "write \"|\" around each cell; a \"|\" inside a cell is written \"\\|\""
    };
    SheetProblem::new(number, "this table row does not end with \"|\"", hint)
}
