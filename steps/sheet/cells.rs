//! Splits one line of a table into its cells.
//!
//! Does not compare rows with each other.

use super::Problem;

const BLANK: [char; 2] = [' ', '\t'];

/// The cells of a line that begins with `|`, or why the parser would not take it.
pub(super) fn split(number: usize, line: &str) -> Result<Vec<String>, Problem> {
    let raw = pieces(line);
    let (last, cells) = raw.split_last().map_or(("", &raw[..]), |(last, rest)| (*last, rest));
    if !last.trim_matches(BLANK).is_empty() || cells.is_empty() {
        return Err(open_ended(number, last));
    }
    cells.iter().map(|cell| unescape(number, cell.trim_matches(BLANK))).collect()
}

/// What stands between the bars that no backslash precedes, and what follows the last of them.
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

fn unescape(number: usize, cell: &str) -> Result<String, Problem> {
    let mut letters = cell.chars();
    let mut text = String::with_capacity(cell.len());
    while let Some(letter) = letters.next() {
        text.push(match letter {
            '\\' => escape(letters.next()).ok_or_else(|| lone_backslash(number))?,
            letter => letter,
        });
    }
    Ok(text)
}

fn escape(letter: Option<char>) -> Option<char> {
    match letter {
        Some('n') => Some('\n'),
        Some(letter @ ('|' | '\\')) => Some(letter),
        _ => None,
    }
}

fn open_ended(number: usize, rest: &str) -> Problem {
    let hint = if rest.trim_start().starts_with('#') {
        "put the comment on a line of its own"
    } else {
        "write \"|\" around each cell; a \"|\" inside a cell is written \"\\|\""
    };
    Problem::new(number, "this table row does not end with \"|\"", hint)
}

fn lone_backslash(number: usize) -> Problem {
    let hint = "write \"\\\\\" for a backslash, \"\\|\" for a bar and \"\\n\" for a line end";
    Problem::new(number, "a backslash in a table cell that means nothing", hint)
}
