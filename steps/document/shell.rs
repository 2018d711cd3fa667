//! Shell text: prompts, the commands in it, and which words begin a command. This reads as much of the shell's grammar
//! as is needed to find where a command ends, and runs nothing.

mod programs;

use std::sync::LazyLock;

pub use programs::{is_known, is_likely, is_unmistakable};
use regex::Regex;

use super::words;
use crate::expression::regex;

/// The prompt of a line and what is typed after it.
#[must_use]
pub fn prompt(line: &str) -> Option<(&str, &str)> {
    static PROMPT: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^((?:\$|%|❯|➜\s+~|➜\s+\S+\s+git:\([^)]*\)(?:\s+✗)?|➜|/ #|/ \$|/[\w/.-]* [#$]|(?:\([\w.-]+\) ?)?[\w.-]+@[\w.-]+(?::[^\s$#>]*)?(?: [~/][^\s$#]*)? ?[$#>%]|[\w.-]+@[\w.-]+ [\w.~/-]+ %|\[[^\]]+\][$#]|[\w.-]+:[~/][^\s$#]*(?: [\w.-]+)?[$#]|[a-z][\w.-]*>|(?:bash|sh)-[\d.]+[$#]|PS [A-Z]:[^>]*>|#)\s)(.*)$",
        )
    });
    static EXAMPLE: LazyLock<Regex> =
        LazyLock::new(|| regex(&format!(r"^((?:{})\s?[:：]\s)(.*)$", words::FOR_EXAMPLE)));
    if let Some(found) = EXAMPLE.captures(line) {
        let (word, typed) = (found.get(1)?.as_str(), found.get(2)?.as_str());
        return is_unmistakable(typed).then_some((word, typed));
    }
    let found = PROMPT.captures(line)?;
    let (prompt, typed) = (found.get(1)?.as_str(), found.get(2)?.as_str());
    // `# ` may also begin a comment.
    let is_comment = prompt.trim() == "#" && (reads_as_a_sentence(typed) || !is_known(typed));
    (!is_comment && !typed.trim().is_empty()).then_some((prompt, typed))
}

/// Whether a prompt is a word that says that an example follows.
#[must_use]
pub fn is_example(prompt: &str) -> bool {
    prompt.trim_end().ends_with([':', '：'])
}

/// Whether a line is a prompt behind which nothing is typed.
#[must_use]
pub fn is_bare_prompt(line: &str) -> bool {
    let line = line.trim_end();
    line.ends_with(['$', '#', '%', '>'])
        && line.len() > 1
        && prompt(&format!("{line} ls")).is_some_and(|(_, typed)| typed == "ls")
}

/// Whether text is one for people, such as `run the Pod`.
fn reads_as_a_sentence(text: &str) -> bool {
    const WORDS: &[&str] = &["the", "a", "is", "to", "sure", "that", "this", "your", "you", "we", "it", "should"];
    // `docker build -t web .` ends with the name of a folder.
    let ends = text.ends_with(['.', ':', '…']) && !text.ends_with(" .") && !text.contains(" | ");
    ends || text.split_whitespace().any(|word| WORDS.contains(&word))
}

/// Whether a prompt is that of a shell in a container.
#[must_use]
pub fn is_inner(prompt: &str) -> bool {
    static INNER: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^(/[\w/.-]* ?[#$]|(?:mysql|mongo|redis|sqlite|test|admin|psql|irb|ftp)[\w.-]*>|root@[\w.-]+:/[^~]*#|# |(bash|sh)-[\d.]+[#$])",
        )
    });
    INNER.is_match(prompt)
}

/// One command, with all lines that belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellCommand {
    /// How many lines stand before it in the text.
    pub lines_before: usize,
    /// Its text.
    pub text: String,
}

/// The commands of a text, each with its continued lines, here-documents and loops. Comments and blank lines between
/// commands are left out.
#[must_use]
pub fn commands(text: &str) -> Vec<ShellCommand> {
    let mut commands = Vec::new();
    let mut scan = Scan::default();
    let mut open: Option<ShellCommand> = None;
    for (lines_before, line) in text.lines().enumerate() {
        let is_between = line.trim().is_empty() || line.trim_start().starts_with('#');
        if open.is_none() && is_between {
            continue;
        }
        let command = open.get_or_insert_with(|| ShellCommand { lines_before, text: String::new() });
        if !command.text.is_empty() {
            command.text.push('\n');
        }
        command.text += line;
        scan.take(line);
        if scan.is_complete() {
            commands.extend(open.take());
            scan = Scan::default();
        }
    }
    commands.extend(open);
    commands
}

/// A line without the comment at its end.
#[must_use]
pub fn without_comment(line: &str) -> &str {
    let (_, end) = Scan::default().bare(line);
    line[..if end == 0 { line.len() } else { end }].trim_end()
}

/// Whether the lines of a command are all there, asked line by line.
#[derive(Debug, Default)]
pub(super) struct Completeness(Scan);

impl Completeness {
    /// Takes the next line, and says whether one after it would begin another command.
    pub(super) fn after(&mut self, line: &str) -> bool {
        self.0.take(line);
        self.0.is_complete()
    }
}

/// A command without the content of its here-documents.
#[must_use]
pub fn without_here_documents(command: &str) -> String {
    let mut scan = Scan::default();
    let mut kept = String::new();
    for line in command.lines() {
        let is_content = !scan.here.is_empty();
        scan.take(line);
        if !is_content {
            kept += line;
            kept.push('\n');
        }
    }
    kept
}

/// Where a text stands in the shell's grammar after some lines.
#[derive(Debug, Default)]
struct Scan {
    quote: Option<char>,
    here: Vec<(String, bool)>,
    depth: i32,
    /// How many brackets of `$(` and in it are open.
    brackets: i32,
    goes_on: bool,
}

impl Scan {
    fn is_complete(&self) -> bool {
        self.quote.is_none() && self.here.is_empty() && self.depth <= 0 && self.brackets <= 0 && !self.goes_on
    }

    fn take(&mut self, line: &str) {
        if let Some((end, strips)) = self.here.first() {
            let line = if *strips { line.trim_start_matches('\t') } else { line };
            if line == end {
                self.here.remove(0);
            }
            return;
        }
        let (bare, _) = self.bare(line);
        self.goes_on = self.quote.is_none() && continues(line, &bare);
        self.here.extend(here_documents(line, &bare));
        for (at, bracket) in bare.match_indices(['(', ')']) {
            match bracket {
                "(" if self.brackets > 0 || bare[..at].ends_with('$') => self.brackets += 1,
                ")" if self.brackets > 0 => self.brackets -= 1,
                _ => {}
            }
        }
        for word in bare.split([' ', '\t', ';', '|', '&']) {
            match word {
                "do" | "then" | "case" | "{" => self.depth += 1,
                "done" | "fi" | "esac" | "}" => self.depth -= 1,
                _ => {}
            }
        }
        let waits_for_do =
            bare.split_whitespace().next().is_some_and(|word| matches!(word, "for" | "while" | "until" | "if"));
        if waits_for_do && self.depth <= 0 && !bare.contains("done") && !bare.contains(" fi") {
            self.goes_on = true;
        }
    }

    /// The line without what is quoted and without its comment, and where this begins; quotes may go on.
    fn bare(&mut self, line: &str) -> (String, usize) {
        let mut bare = String::new();
        let (mut escaped, mut before) = (false, ' ');
        for (at, character) in line.char_indices() {
            let quote = self.quote;
            match (quote, character) {
                _ if escaped => escaped = false,
                (Some('\''), '\'') | (Some('"'), '"') => self.quote = None,
                (Some('\''), _) => {}
                (_, '\\') => escaped = true,
                (Some(_), _) => {}
                (None, '\'' | '"') => self.quote = Some(character),
                (None, '#') if matches!(before, ' ' | '\t' | ';') => return (bare, at),
                (None, _) => bare.push(character),
            }
            before = character;
        }
        (bare, line.len())
    }
}

fn continues(line: &str, bare: &str) -> bool {
    let bare = bare.trim_end();
    let slashes = line.chars().rev().take_while(|character| *character == '\\').count();
    slashes % 2 == 1 || bare.ends_with("&&") || (bare.ends_with('|') && !bare.ends_with(">|"))
}

/// The ends of the here-documents that a line begins, each with whether tabs before it are stripped.
fn here_documents(line: &str, bare: &str) -> Vec<(String, bool)> {
    static HERE: LazyLock<Regex> = LazyLock::new(|| regex(r#"<<(-?)\s*(?:"([^"]+)"|'([^']+)'|\\?([\w.-]+))"#));
    if !bare.contains("<<") || bare.contains("<<<") {
        return Vec::new();
    }
    let found = HERE.captures_iter(line);
    found
        .filter_map(|found| {
            let end = found.get(2).or(found.get(3)).or(found.get(4))?.as_str();
            Some((end.to_owned(), &found[1] == "-"))
        })
        .collect()
}

/// A command with each run of blanks as one, and without a resource's plural, to compare two spellings of it.
#[must_use]
pub fn normal(command: &str) -> String {
    let words = command.replace("\\\n", " ");
    let words = words.split_whitespace().map(|word| match word {
        "pods" | "po" => "pod",
        "services" | "svc" => "service",
        "deployments" | "deploy" => "deployment",
        "nodes" | "no" => "node",
        word if super::names::is_kubectl(word) => "kubectl",
        word => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{is_bare_prompt, without_comment};

    #[test]
    fn a_comment_begins_outside_of_quotes() {
        for (line, bare) in [
            ("wget -O- web:80 # not by name", "wget -O- web:80"),
            ("echo '# no' \"# no\" a#b # yes", "echo '# no' \"# no\" a#b"),
            ("ls", "ls"),
        ] {
            assert_eq!(without_comment(line), bare);
        }
    }

    #[test]
    fn a_prompt_without_a_command_is_bare() {
        for line in ["Books-MacBook-Air-4:~ me$", "root@web:/app#", "user@host:~$ "] {
            assert!(is_bare_prompt(line), "{line}");
        }
        for line in ["#", "costs 5$", "100%", "a -> b>", "web 1/1"] {
            assert!(!is_bare_prompt(line), "{line}");
        }
    }
}
