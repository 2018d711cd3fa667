//! The prose between blocks: remarks for labproof, and commands that stand in it without a block, with a prompt or in a
//! sentence that tells to run them, with the output that the prose announces. In plain text, commands are
//! only indented, and manifests perhaps not even that, also below the point of a list, where `CommonMark` sees a paragraph.

use std::sync::LazyLock;

use regex::Regex;

use super::{Block, Piece, inline, remark, shell, words};
use crate::expression::regex;

/// The pieces of consecutive lines, each with its number.
#[must_use]
pub fn pieces<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Vec<Piece> {
    let mut reader = Reader::default();
    for (line, text) in lines {
        reader.take(line, text);
    }
    reader.done()
}

#[derive(Debug, Default)]
struct Reader {
    pieces: Vec<Piece>,
    prose: String,
    /// The first line of the prose.
    first: usize,
    open: Option<Block>,
    /// The indentation of the open block, if that makes it a block.
    inset: Option<Inset>,
    /// Whether the line before was blank.
    is_after_blank: bool,
    /// Whether the open block is a paragraph that begins with a prompt: its other lines are an output.
    is_paragraph: bool,
    /// Whether a command with a prompt came before, whose output may be announced.
    has_command: bool,
}

/// The indentation of a block, and the word that ends its here-document, if one is open.
#[derive(Debug)]
struct Inset {
    indent: usize,
    /// Whether the line before was blank.
    is_after_blank: bool,
    end: Option<String>,
}

impl Inset {
    /// The indentation of a block that begins with this line; `None` if it begins none.
    fn of(text: &str, is_prompted: bool) -> Option<Self> {
        let indent = indent(text);
        let is_block = begins_manifest(text) && indent != 1 || is_prompted && indent >= 2;
        is_block.then_some(Self { indent, is_after_blank: false, end: None })
    }

    /// Whether a line belongs to the block.
    fn takes(&mut self, text: &str) -> bool {
        static BEGIN: LazyLock<Regex> = LazyLock::new(|| regex(r#"<<-?\s*["'\\]?(\w+)"#));
        if let Some(end) = &self.end {
            if text.trim() == end {
                self.end = None;
            }
            return true;
        }
        // `AsciiDoc` continues an item of a list with such a line.
        if text == "+" {
            return false;
        }
        self.end = BEGIN.captures(text).map(|found| found[1].to_owned());
        let is_after_blank = std::mem::replace(&mut self.is_after_blank, text.trim().is_empty());
        if is_after_blank && reads_as_a_sentence(text) || self.indent == 0 && !is_of_manifest(text, is_after_blank) {
            return false;
        }
        text.trim().is_empty() || indent(text) >= self.indent
    }

    fn without<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.indent.min(indent(text))..).unwrap_or_default().trim_end()
    }
}

/// Whether a text begins as a manifest does.
pub(super) fn begins_manifest(text: &str) -> bool {
    ["apiVersion: ", "kind: "].iter().any(|key| text.trim_start().starts_with(key))
}

/// Whether a line belongs to a manifest that nothing indents.
fn is_of_manifest(text: &str, is_after_blank: bool) -> bool {
    static FIELD: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:[A-Za-z][\w.-]*:(?:\s|$)|- |#|---\s*$)"));
    static FIRST: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:(?:apiVersion|kind|metadata|spec|data):|---\s*$)"));
    let expected = if is_after_blank { &FIRST } else { &FIELD };
    text.trim().is_empty() || text.starts_with("  ") || expected.is_match(text)
}

/// Whether a line is one along which the reader cuts out a file: `--- 8< ---`.
fn is_cut(text: &str) -> bool {
    ["8<", ">8"].iter().any(|scissors| text.contains(scissors)) && text.contains("--")
}

/// Whether a line begins a sentence of the author: several words that begin and end as one does, or many small ones.
fn reads_as_a_sentence(text: &str) -> bool {
    let text = text.trim();
    let begins = text.starts_with(|letter: char| letter.is_uppercase() || "(*-•→".contains(letter));
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_small = |word: &&&str| word.chars().all(char::is_lowercase);
    let goes_on = words.len() > 7 && words.iter().filter(is_small).count() * 2 > words.len();
    let ends = words.len() > 2 && text.ends_with(['.', ':', '!', '?', ')']);
    // Two blanks may stand behind a sentence, or between columns.
    let columns = text.match_indices("  ").any(|(at, _)| !text[..at].ends_with(['.', '!', '?', ':', ' ']));
    begins && (goes_on || ends) && !columns
}

fn indent(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}

impl Reader {
    fn take(&mut self, line: usize, text: &str) {
        let is_after_blank = std::mem::replace(&mut self.is_after_blank, text.trim().is_empty() || is_cut(text));
        if let (Some(block), Some(inset)) = (&mut self.open, &mut self.inset) {
            if inset.takes(text) {
                block.text += &format!("{}\n", inset.without(text));
                return;
            }
            self.close();
        }
        if let Some(remark) = remark(text) {
            self.close();
            self.pieces.push(Piece::Remark(line, remark));
            return;
        }
        if self.goes_on(text) {
            return;
        }
        let is_prompted = shell::prompt(text.trim_start()).is_some_and(|(_, command)| shell::is_known(command));
        if let Some(command) = quoted_command(text).filter(|_| is_after_blank) {
            self.begin(line, "console", &format!("$ {command}"));
            self.has_command = true;
            return;
        }
        let comment = self.name_in_comment();
        if let Some(mut inset) = Inset::of(text, is_prompted).filter(|_| is_after_blank || comment.is_some()) {
            inset.takes(text);
            let (first, above) = comment.map_or((line, String::new()), |comment| (line - 1, comment + "\n"));
            self.begin(first, if is_prompted { "console" } else { "yaml" }, &(above + inset.without(text)));
            (self.inset, self.has_command) = (Some(inset), self.has_command || is_prompted);
            return;
        }
        if is_prompted {
            self.begin(line, "console", text.trim());
            (self.is_paragraph, self.has_command) = (is_after_blank, true);
            return;
        }
        if is_cut(text) {
            return;
        }
        self.first = if self.prose.is_empty() { line } else { self.first };
        let begins = self.begins_a_sentence(text);
        self.prose += &format!("{text}\n");
        if let Some(command) = inline::command_to_type(text).filter(|_| begins) {
            self.begin(line, inline::LANGUAGE, &format!("$ {command}"));
            self.has_command = true;
            return;
        }
        if self.has_command && announces_output(text) {
            self.begin(line + 1, "output", "");
        }
    }

    /// Whether a line begins a sentence. One that began in the line before may only speak of a command.
    fn begins_a_sentence(&self, text: &str) -> bool {
        let before = self.prose.trim_end();
        let is_paragraph = before.is_empty() || self.prose.ends_with("\n\n");
        is_paragraph || inline::is_item(text) || before.ends_with(['.', ':', '!', '?', '。', '：'])
    }

    /// Takes a line that belongs to the open block; one that does not closes it.
    fn goes_on(&mut self, text: &str) -> bool {
        let Some(block) = &mut self.open else { return false };
        if goes_on(block, text) || self.is_paragraph && is_output(text) {
            block.text += &format!("{}\n", text.trim_end());
            return true;
        }
        self.close();
        false
    }

    /// Takes the last line of the prose, if it is a comment with the name of a manifest: `# pod.yaml`.
    fn name_in_comment(&mut self) -> Option<String> {
        static COMMENT: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s+# *[\w./-]+\.ya?ml\s*$"));
        let last = self.prose.lines().next_back().filter(|line| COMMENT.is_match(line))?.to_owned();
        self.prose.truncate(self.prose.len() - last.len() - 1);
        Some(last.trim().to_owned())
    }

    fn begin(&mut self, line: usize, language: &str, first: &str) {
        self.close();
        let text = if first.is_empty() { String::new() } else { format!("{first}\n") };
        self.open = Some(Block { line, language: language.into(), text, ..Block::default() });
    }

    fn close(&mut self) {
        (self.inset, self.is_paragraph) = (None, false);
        let block = self.open.take().filter(|block| !block.text.trim().is_empty());
        if !self.prose.is_empty() {
            self.pieces.push(Piece::Prose(self.first, std::mem::take(&mut self.prose)));
        }
        self.pieces.extend(block.map(Piece::Block));
    }

    fn done(mut self) -> Vec<Piece> {
        let rest = self.open.take();
        if !self.prose.is_empty() {
            self.pieces.push(Piece::Prose(self.first, self.prose.clone()));
        }
        self.pieces.extend(rest.filter(|block| !block.text.trim().is_empty()).map(Piece::Block));
        self.pieces
    }
}

/// The command of a quotation that has nothing else.
fn quoted_command(text: &str) -> Option<&str> {
    text.strip_prefix("> ").map(str::trim).filter(|command| shell::is_unmistakable(command))
}

/// Whether a line belongs to a block in prose: an output ends before a blank line or markup; a command has one line.
fn goes_on(block: &Block, text: &str) -> bool {
    if block.language == "output" {
        return !text.trim().is_empty() && !text.trim_start().starts_with("<img") && !text.starts_with("</");
    }
    block.text.trim_end().ends_with('\\')
}

/// Whether a line below a command may be its output, and is none of the author's own.
fn is_output(text: &str) -> bool {
    let ends = text.trim_end().ends_with(['.', ':', '!', '?', '。', '：']) && text.split_whitespace().count() > 2;
    !text.trim().is_empty() && !ends && !reads_as_a_sentence(text)
}

/// Whether a line of prose says that an output follows: `The output will look like this:`.
#[must_use]
pub fn announces_output(text: &str) -> bool {
    text.trim().ends_with([':', '：']) && words::has(text, words::OUTPUT)
}
