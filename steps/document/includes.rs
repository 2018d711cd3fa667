//! Files that a page takes into its blocks: `include::` of `AsciiDoc`, and `literalinclude` of `reStructuredText`, which its
//! reader writes in the same way.

use std::{ops::RangeInclusive, sync::LazyLock};

use regex::Regex;

use super::{Block, LARGEST, Piece};
use crate::expression::regex;

/// Gives the text of a file by its path relative to the document; `None` if there is none.
pub type Files<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The line that includes a file in a block.
static LINE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)^[ \t]*include::([^\[\n]+)\[([^\n]*)\][ \t]*$"));

/// Puts the content of files into the blocks that include them.
pub(super) fn fill(pieces: &mut [Piece], files: Files<'_>) {
    let mut left = LARGEST;
    for piece in pieces {
        if let Piece::Block(block) = piece
            && LINE.is_match(&block.text)
        {
            block.text = filled(&block.text, files, &mut left);
        }
    }
}

/// The text with what it includes, as long as not more than `left` bytes are included in all.
fn filled(text: &str, files: Files<'_>, left: &mut usize) -> String {
    let mut line = |line: &str| {
        let content = LINE.captures(line).filter(|_| *left > 0).and_then(|found| {
            let file = files(&path(&found[1]))?;
            *left = left.saturating_sub(file.len());
            Some(part(&file, &found[2]))
        });
        content.unwrap_or_else(|| format!("{line}\n"))
    };
    text.lines().map(&mut line).collect()
}

/// The path of a file whose content a block still needs.
#[must_use]
pub fn missing(block: &Block) -> Option<String> {
    LINE.captures(&block.text).map(|found| path(&found[1]))
}

/// The path of a file as Antora's pages may name it: `example$pod.yaml` stands in the folder `examples` beside `pages`.
fn path(written: &str) -> String {
    let families = [("example$", "../examples/"), ("partial$", "../partials/"), ("attachment$", "../attachments/")];
    let family =
        families.iter().find_map(|(family, folder)| Some(format!("{folder}{}", written.strip_prefix(family)?)));
    family.unwrap_or_else(|| written.trim().to_owned())
}

/// The part of a file that the options of an inclusion choose: `lines=1..3;7`, `tag=x`, `start-after=x`, `end-before=x`.
fn part(content: &str, options: &str) -> String {
    static OPTION: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"(lines|tags?|start-after|end-before)=(?:"([^"]*)"|([^,\]]*))"#));
    let option = |names: &[&str]| {
        let mut found = OPTION.captures_iter(options).filter(|found| names.contains(&&found[1]));
        let found = found.next()?;
        Some(found.get(2).or(found.get(3))?.as_str().to_owned())
    };
    let lines: Vec<&str> = content.lines().collect();
    let chosen: Vec<&str> = if let Some(ranges) = option(&["lines"]) {
        let ranges = numbers(&ranges, lines.len());
        let is_chosen = |index: usize| ranges.iter().any(|range| range.contains(&(index + 1)));
        lines.iter().enumerate().filter(|(index, _)| is_chosen(*index)).map(|(_, line)| *line).collect()
    } else if let Some(tags) = option(&["tag", "tags"]) {
        tagged(&lines, &tags)
    } else {
        let after = option(&["start-after"]).and_then(|text| lines.iter().position(|line| line.contains(&text)));
        let first = after.map_or(0, |index| index + 1);
        let before = option(&["end-before"]);
        let is_end = |line: &str| before.as_ref().is_some_and(|text| line.contains(text));
        lines[first..].iter().take_while(|line| !is_end(line)).copied().collect()
    };
    let shown = chosen.into_iter().filter(|line| tag(line).is_none());
    shown.map(|line| format!("{line}\n")).collect()
}

/// The lines of `1..3;7`, or of `1-3,7`; a range may be open at its end.
fn numbers(ranges: &str, count: usize) -> Vec<RangeInclusive<usize>> {
    /// More ranges than a person writes.
    const MOST: usize = 50;
    let range = |range: &str| {
        let range = range.trim();
        let (from, to) = range.split_once("..").or_else(|| range.split_once('-')).unwrap_or((range, range));
        let to = if matches!(to, "" | "-1") { count } else { to.trim().parse().ok()? };
        Some(from.trim().parse().ok()?..=to.min(count))
    };
    ranges.split([';', ',']).filter_map(range).take(MOST).collect()
}

/// The lines between the marks of these tags.
fn tagged<'a>(lines: &[&'a str], tags: &str) -> Vec<&'a str> {
    let wanted: Vec<&str> = tags.split([';', ',']).map(str::trim).collect();
    let mut open = 0_usize;
    let mut chosen = Vec::new();
    for line in lines {
        match tag(line) {
            Some((true, name)) if wanted.contains(&name) => open += 1,
            Some((false, name)) if wanted.contains(&name) => open = open.saturating_sub(1),
            None if open > 0 => chosen.push(*line),
            _ => {}
        }
    }
    chosen
}

/// The tag that a line of a file begins (`true`) or ends: `# tag::pod[]`.
fn tag(line: &str) -> Option<(bool, &str)> {
    let (is_begin, rest) = match line.split_once("tag::") {
        Some((_, rest)) => (true, rest),
        None => (false, line.split_once("end::")?.1),
    };
    rest.split_once("[]").map(|(name, _)| (is_begin, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_choose_a_part_of_the_file() {
        let content = "a\n# tag::x[]\nb\n# end::x[]\nc\nlast\n";
        for (options, chosen) in [
            ("", "a\nb\nc\nlast\n"),
            ("lines=1..3;6", "a\nb\nlast\n"),
            ("lines=\"5-\"", "c\nlast\n"),
            ("tag=x", "b\n"),
            ("start-after=\"b\",end-before=\"last\"", "c\n"),
        ] {
            assert_eq!(part(content, options), chosen, "{options}");
        }
    }

    #[test]
    fn a_file_of_another_family_stands_in_its_folder() {
        assert_eq!(path("example$a/pod.yaml"), "../examples/a/pod.yaml");
        assert_eq!(path("pod.yaml"), "pod.yaml");
    }
}
