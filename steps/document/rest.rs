//! `reStructuredText`: literal blocks after `::`, and the directives for code.

use super::{Block, Found, Piece};

/// The directives whose content is a block.
const DIRECTIVES: [&str; 5] = [".. code-block::", ".. code::", ".. sourcecode::", ".. prompt::", ".. parsed-literal::"];

/// The blocks and headings of a text.
#[must_use]
pub fn blocks(text: &str) -> Vec<Found> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let mut place = 0;
    while place < lines.len() {
        let next = heading(&lines, place)
            .or_else(|| hidden(&lines, place))
            .or_else(|| included(&lines, place))
            .or_else(|| block(&lines, place));
        place = next.as_ref().map_or(place + 1, |found: &Found| found.to);
        found.extend(next);
    }
    found
}

/// A line with a line of the same sign below it.
fn heading(lines: &[&str], place: usize) -> Option<Found> {
    let (title, below) = (lines[place].trim(), lines.get(place + 1)?.trim_end());
    let sign = below.chars().next().filter(char::is_ascii_punctuation)?;
    let is_line = below.len() >= 3 && below.chars().all(|other| other == sign);
    let is_title = title.chars().any(char::is_alphanumeric) && title.chars().count() <= below.len() + 2;
    (is_line && is_title).then(|| Found {
        from: place + 1,
        to: place + 2,
        piece: Some(Piece::Heading(title.to_owned())),
    })
}

/// A comment, or a part for some readers only, with all that is indented below it.
fn hidden(lines: &[&str], place: usize) -> Option<Found> {
    let line = lines[place].trim();
    let content = line.strip_prefix("..").filter(|rest| rest.is_empty() || rest.starts_with(' '))?.trim();
    let is_explicit = content.contains("::") || content.starts_with(['_', '[', '|']);
    let is_for_some = content.starts_with("only::") && !content.contains("html");
    if is_explicit && !is_for_some {
        return None;
    }
    let outer = indentation(lines[place]);
    let inner = |at: &usize| lines[*at].trim().is_empty() || indentation(lines[*at]) > outer;
    let end = (place + 1..lines.len()).take_while(inner).last().map_or(place + 1, |at| at + 1);
    // A remark for labproof stands in such a comment.
    (!content.starts_with("labproof")).then_some(Found { from: place + 1, to: end, piece: None })
}

/// The block whose content is a file, with the options that choose a part of it.
fn included(lines: &[&str], place: usize) -> Option<Found> {
    let path = lines[place].trim().strip_prefix(".. literalinclude::")?.trim();
    let options: Vec<&str> =
        lines[place + 1..].iter().map(|line| line.trim()).take_while(|line| line.starts_with(':')).collect();
    let option = |name: &str| {
        let found = options.iter().find_map(|option| option.strip_prefix(':')?.strip_prefix(name)?.strip_prefix(':'));
        found.map(str::trim)
    };
    let parts = ["lines", "start-after", "end-before"].iter().filter_map(|name| Some((name, option(name)?)));
    let parts: Vec<String> = parts.map(|(name, value)| format!("{name}=\"{value}\"")).collect();
    let text = format!("include::{path}[{}]\n", parts.join(","));
    let language = option("language").map(super::language).unwrap_or_default();
    let title = option("caption").or(option("name")).map(str::to_owned);
    let block = Block { line: place + 1, language, title, text, ..Block::default() };
    Some(Found { from: place + 1, to: place + 1 + options.len(), piece: Some(Piece::Block(block)) })
}

/// The block that this line begins: a directive, or the blank line after a paragraph that ends with `::`.
fn block(lines: &[&str], place: usize) -> Option<Found> {
    let line = lines[place].trim();
    let directive = DIRECTIVES.iter().find_map(|directive| line.strip_prefix(directive));
    let outer = indentation(lines[place]);
    let mut first = place + 1;
    let mut title = None;
    if directive.is_some() {
        while let Some(option) = lines.get(first).map(|line| line.trim()).filter(|line| line.starts_with(':')) {
            let named = option.strip_prefix(":caption:").or(option.strip_prefix(":name:"));
            title = named.map(|name| name.trim().to_owned()).or(title);
            first += 1;
        }
    } else if !line.ends_with("::") || line.starts_with("..") {
        return None;
    }
    // A literal block needs a blank line before it.
    if !lines.get(first)?.trim().is_empty() {
        return None;
    }
    let begin = (first..lines.len()).find(|at| !lines[*at].trim().is_empty())?;
    let inner = indentation(lines[begin]);
    let end = (begin..lines.len()).find(|at| !lines[*at].trim().is_empty() && indentation(lines[*at]) <= outer);
    let mut end = end.unwrap_or(lines.len());
    while end > begin && lines[end - 1].trim().is_empty() {
        end -= 1;
    }
    if inner <= outer || end == begin {
        return None;
    }
    let text: String = lines[begin..end].iter().map(|line| without(line, inner) + "\n").collect();
    let language = directive.map(super::language).unwrap_or_default();
    let block = Block { line: begin + 1, language, title, text, ..Block::default() };
    // A directive is no prose; a paragraph that ends with `::` is.
    let from = if directive.is_some() { place + 1 } else { begin + 1 };
    Some(Found { from, to: end, piece: Some(Piece::Block(block)) })
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// A line without so many blanks at its beginning.
pub(super) fn without(line: &str, blanks: usize) -> String {
    let has = indentation(line).min(blanks);
    line.get(has..).unwrap_or_default().trim_end().to_owned()
}
