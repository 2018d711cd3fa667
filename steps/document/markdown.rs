//! Markdown: fenced and indented blocks, wherever they stand, with their exact lines. `CommonMark` decides what is a block;
//! comments are not read.

mod nested;

use std::{borrow::Cow, ops::Range, sync::LazyLock};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use regex::Regex;

use super::{Block, Found, Piece, language};
use crate::expression::regex;

/// The blocks and headings of a text.
#[must_use]
pub fn blocks(text: &str) -> Vec<Found> {
    let text = &without_front_matter(text);
    let text = &without_comments(text);
    let text = &without_rules(text);
    let text = &nested::unnested(text);
    let text = &fenced(text);
    let lines = Lines::of(text);
    let mut found: Vec<Found> = Vec::new();
    let mut open: Option<Found> = None;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => open = Some(block(&lines, &kind, &range, text)),
            // The rule between two objects of a manifest that nothing indents looks like that below a heading.
            Event::Start(Tag::Heading { .. }) if text[range.clone()].lines().any(super::prose::begins_manifest) => {}
            Event::Start(Tag::Heading { .. }) => open = Some(heading(&lines, &range)),
            Event::Text(words) | Event::Code(words) => add(open.as_mut(), &words),
            Event::End(TagEnd::CodeBlock | TagEnd::Heading(_)) => found.extend(open.take()),
            Event::Start(Tag::HtmlBlock) => found.extend(raw_blocks(&lines, text, &range)),
            Event::Html(html) if html.starts_with("<!--") && super::remark(html.trim_end()).is_none() => {
                found.extend(comment(&lines, text, &range));
            }
            _ => {}
        }
    }
    found
}

/// The text without the settings of the page at its head; its lines stay, empty. Later rules are those between slides.
fn without_front_matter(text: &str) -> Cow<'_, str> {
    static FRONT: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"\A\u{FEFF}?---[ \t]*\r?\n[\w-]+:[^\n]*\n(?:[ \t]*[^\s][^\n]*\n)*?(?:---|\.\.\.)[ \t]*(?:\r?\n|\z)")
    });
    FRONT.replace(text, |front: &regex::Captures<'_>| "\n".repeat(front[0].matches('\n').count()))
}

/// The text without what the templates of Jekyll and Hugo leave out of the page; its lines stay, empty.
fn without_comments(text: &str) -> Cow<'_, str> {
    static COMMENT: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?s)\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}|\{\{-?\s*/\*.*?\*/\s*-?\}\}")
    });
    COMMENT.replace_all(text, |comment: &regex::Captures<'_>| "\n".repeat(comment[0].matches('\n').count()))
}

/// The text with dashes in place of rules that are none for `CommonMark`: many tildes, which slides have between them and
/// which are no fence, and three signs in the middle of a line of a letter, which are no part of an indented block.
fn without_rules(text: &str) -> Cow<'_, str> {
    static RULE: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?m)^~{10,}|^[ \t]{12,}(?:\*[ \t]+\*[ \t]+\*|-[ \t]+-[ \t]+-|~[ \t]+~[ \t]+~)[ \t]*$")
    });
    RULE.replace_all(text, |rule: &regex::Captures<'_>| "-".repeat(rule[0].len()))
}

/// The text with fences in place of the tags by which Hugo and Jekyll mark code, line by line.
fn fenced(text: &str) -> Cow<'_, str> {
    static BEGINS: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?m)^([ \t]*)(?:\{\{[<%]|\{%-?)\s*highlight\s+(\w+)[^\n]*\}[ \t]*$"));
    static ENDS: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?m)^([ \t]*)(?:\{\{[<%]\s*/highlight\s*[>%]\}\}|\{%-?\s*endhighlight\s*-?%\})[ \t]*$")
    });
    // Katacoda and Killercoda put what a click does behind the fence that ends a block.
    static CLICK: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?m)^([ \t]*```)\{\{(?:exec|execute|copy|open)\b[^}\n]*\}\}"));
    let text = CLICK.replace_all(text, "$1");
    let text = if text.contains("codelang") { Cow::Owned(fenced_tabs(&text)) } else { text };
    if !text.contains("highlight") {
        return text;
    }
    let text = text.as_ref();
    ENDS.replace_all(&BEGINS.replace_all(text, "$1~~~~ $2"), "$1~~~~").into_owned().into()
}

/// The text with fences in place of the tags of Hugo's tabs that have nothing but code in them.
fn fenced_tabs(text: &str) -> String {
    static BEGIN: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"^\s*\{{2,3}[<%]\s*tab\s[^>%]*\bcodelang="([\w-]*)"[^>%/]*[>%]\}{2,3}\s*$"#));
    static END: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*\{{2,3}[<%]\s*/tab\s*[>%]\}{2,3}\s*$"));
    let mut is_open = false;
    let mut line = |line: &str| {
        if let Some(found) = BEGIN.captures(line) {
            is_open = true;
            return format!("~~~~ {}\n", &found[1]);
        }
        if END.is_match(line) && std::mem::take(&mut is_open) {
            return "~~~~\n".to_owned();
        }
        format!("{line}\n")
    };
    text.lines().map(&mut line).collect()
}

fn block(lines: &Lines, kind: &CodeBlockKind<'_>, range: &Range<usize>, text: &str) -> Found {
    let (from, to) = lines.of_range(range);
    let (line, info) = match kind {
        CodeBlockKind::Fenced(info) => (from + 1, info.to_string()),
        CodeBlockKind::Indented => (from, String::new()),
    };
    let is_indented = matches!(kind, CodeBlockKind::Indented);
    let is_open = !is_indented && !is_closed(&text[range.clone()]);
    let (language, title) = (language(&info), title(&info).or_else(|| title_above(&text[..range.start])));
    let block = Block { line, language, title, is_indented, is_open, ..Block::default() };
    Found { from, to, piece: Some(Piece::Block(block)) }
}

/// Whether the source of a fenced block ends with a fence like its first line's.
fn is_closed(source: &str) -> bool {
    let fence = |line: &str| {
        let line = line.trim_start_matches([' ', '\t', '>']);
        let sign = line.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
        Some((sign, line.chars().take_while(|letter| *letter == sign).count(), line.trim_end().len()))
    };
    let mut lines = source.trim_end().lines();
    let first = lines.next().and_then(fence);
    let last = lines.next_back().and_then(fence);
    matches!((first, last), (Some((sign, count, _)), Some((other, closing, length)))
        if sign == other && closing >= count && closing == length)
}

fn heading(lines: &Lines, range: &Range<usize>) -> Found {
    let (from, to) = lines.of_range(range);
    Found { from, to, piece: Some(Piece::Heading(String::new())) }
}

/// The blocks of raw HTML: `<pre>` elements.
fn raw_blocks(lines: &Lines, text: &str, range: &Range<usize>) -> Vec<Found> {
    let raw = &text[range.clone()];
    if !raw.contains("<pre") {
        return Vec::new();
    }
    let (from, _) = lines.of_range(range);
    let blocks = super::html::pieces(raw).into_iter().filter_map(|piece| match piece {
        Piece::Block(block) => Some(Block { line: block.line + from - 1, ..block }),
        _ => None,
    });
    let found = |block: Block| {
        let to = block.line + block.text.lines().count().max(1) - 1;
        Found { from: block.line, to, piece: Some(Piece::Block(block)) }
    };
    blocks.map(found).collect()
}

/// A comment of several lines; what stands in it is not shown.
fn comment(lines: &Lines, text: &str, range: &Range<usize>) -> Option<Found> {
    let length = text[range.start..].find("-->")? + 3;
    let (from, to) = lines.of_range(&(range.start..range.start + length));
    Some(Found { from, to, piece: None })
}

fn add(open: Option<&mut Found>, words: &str) {
    match open.map(|found| &mut found.piece) {
        Some(Some(Piece::Block(block))) => block.text += words,
        Some(Some(Piece::Heading(heading))) => *heading += words,
        _ => {}
    }
}

/// The title of a fence: a file name in `title="…"`, `file=…`, or after a colon as in `yaml:pod.yaml`.
fn title(info: &str) -> Option<String> {
    let named = ["title=", "file=", "filename=", "name=", "caption="].iter().find_map(|key| {
        let (_, value) = info.split_once(key)?;
        let mut parts = value.split(['"', '\'']);
        let first = parts.next()?;
        Some(if first.is_empty() { parts.next()?.to_owned() } else { first.split([' ', '}']).next()?.to_owned() })
    });
    named.or_else(|| {
        let (_, name) = info.trim().split_once(':')?;
        (name.contains('.') && !name.contains(' ')).then(|| name.to_owned())
    })
}

/// The title that a tag above a fence gives, as `{% code title="pod.yaml" %}` does.
fn title_above(text: &str) -> Option<String> {
    static TAG: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^(?:\{%-?|\{\{[<%])\s*(?:code|file|filename|snippet|codeblock)\b(.*)$"));
    static NAMED: LazyLock<Regex> = LazyLock::new(|| regex(r#"\b(?:title|filename|file|name)="([^"]+)""#));
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| regex(r#""([^"]+)""#));
    let above = text.lines().rev().take(2).map(str::trim).find(|line| !line.is_empty())?;
    let attributes = TAG.captures(above)?.get(1)?.as_str();
    let found = NAMED.captures(attributes).or_else(|| QUOTED.captures(attributes))?;
    Some(found[1].to_owned())
}

/// The places of the lines in a text.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// The first and the last line of a range.
    fn of_range(&self, range: &Range<usize>) -> (usize, usize) {
        let line = |at: usize| self.0.partition_point(|start| *start <= at);
        (line(range.start), line(range.end.saturating_sub(1).max(range.start)))
    }
}
