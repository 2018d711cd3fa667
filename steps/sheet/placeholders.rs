//! Placeholders such as `<name>` in the text of an outline: finds them and fills them in.
//!
//! It does not judge whether a name is known.

/// Words that kubectl prints in angle brackets; they are ordinary text unless a column has that name.
const PRINTED: [&str; 6] = ["none", "unknown", "pending", "unset", "nil", "invalid"];

/// The names in angle brackets, in order.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('<').filter_map(|(at, _)| name(&text[at + 1..]))
}

/// The text with the columns' names replaced; placeholders inside a cell's text are left unchanged.
pub(super) fn fill(text: &str, columns: &[String], cells: &[String]) -> String {
    let (mut filled, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('<') {
        let (before, after) = rest.split_at(at);
        filled.push_str(before);
        let cell = name(&after[1..]).and_then(|name| Some((name, cell(name, columns, cells)?)));
        filled.push_str(cell.map_or("<", |(_, cell)| cell));
        rest = &after[cell.map_or(1, |(name, _)| name.len() + 2)..];
    }
    filled + rest
}

/// Whether a name that is not a column is ordinary text.
pub(super) fn is_printed(name: &str) -> bool {
    PRINTED.contains(&name)
}

fn cell<'a>(name: &str, columns: &[String], cells: &'a [String]) -> Option<&'a str> {
    let at = columns.iter().position(|column| column == name)?;
    cells.get(at).map(String::as_str)
}

/// Spaces are allowed inside a name but not at its ends: `< "$file" >` in a command is not a placeholder.
fn name(text: &str) -> Option<&str> {
    let name = &text[..text.find(['<', '>', '\n'])?];
    let closed = text[name.len()..].starts_with('>');
    (closed && !name.is_empty() && name.trim() == name).then_some(name)
}
