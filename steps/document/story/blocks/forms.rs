//! Blocks as authors write them, in the one form in which they are read.

use crate::document::{
    Block, names,
    shell::{self, ShellCommand},
    words,
};

/// The block with plain blanks in place of those that only look like one.
pub(super) fn with_plain_blanks(block: Block) -> Block {
    let text = block.text.replace(['\u{a0}', '\u{2007}', '\u{202f}'], " ");
    Block { text, ..block }
}

/// The block with `$ ` as its prompt, if its prompt is `> `. Below another prompt, `> ` continues a command.
pub(super) fn with_dollars(block: Block) -> Block {
    let typed = |line: &str| line.strip_prefix("> ").is_some_and(shell::is_known);
    let first = block.text.lines().find(|line| !line.trim().is_empty());
    if !first.is_some_and(typed) {
        return block;
    }
    let lines = block.text.lines().map(|line| {
        let with_dollar = line.strip_prefix("> ").filter(|_| typed(line)).map(|command| format!("$ {command}\n"));
        with_dollar.unwrap_or_else(|| format!("{line}\n"))
    });
    Block { text: lines.collect(), ..block }
}

/// Languages in which most blocks have nothing but commands.
pub(super) const OF_COMMANDS: [&str; 4] = ["bash", "sh", "shell", "zsh"];

/// Whether a block has commands, although labproof does not know its first program: a line of it is a command in any place,
/// or its language is one of commands and each has the form of one.
pub(super) fn has_other_programs(block: &Block, commands: &[ShellCommand]) -> bool {
    let first =
        |command: &ShellCommand| command.text.lines().next().unwrap_or_default().trim_end_matches('\\').to_owned();
    let is_likely = |command: &ShellCommand| shell::is_known(&command.text) || shell::is_likely(&first(command));
    let with_option = |command: &ShellCommand| command.text.contains(" -");
    commands.first().is_some_and(is_likely)
        && (block.text.lines().any(shell::is_unmistakable)
            || OF_COMMANDS.contains(&block.language.as_str())
                && commands.iter().all(is_likely)
                && commands.iter().any(with_option))
}

/// What stands before a line of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// A command, or nothing.
    Command,
    /// A comment above a command, or another program.
    Comment,
    /// An empty line.
    Blank,
    /// A line of an output.
    Output,
}

/// Whether a text is a command of a program that labproof does not know. Directly after a command that prints something it
/// is its output, and after an empty line, only options tell.
pub(super) fn is_other_program(text: &str, before: Before, last: &str) -> bool {
    const SILENT: [&str; 12] =
        ["mkdir", "cd", "export", "touch", "rm", "cp", "mv", "source", "alias", "set", "sleep", "unset"];
    let word = |line: &str| line.split_whitespace().next().unwrap_or_default().to_owned();
    let is_silent = SILENT.contains(&word(last).as_str());
    let has_option = text.contains(" -");
    let is_expected = match before {
        Before::Comment => true,
        Before::Blank => has_option,
        Before::Command => has_option && (is_silent || names::is_nearly_kubectl(&word(text))),
        Before::Output => false,
    };
    let first = text.lines().next().unwrap_or_default();
    is_expected && shell::is_likely(first.trim_end_matches('\\'))
}

/// Whether a line has the form of a setting, `NAME=value`, which is also that of an assignment.
fn is_setting(line: &str) -> bool {
    line.split(' ').next().is_some_and(|word| word.contains('='))
}

/// Whether a line is a setting that the command before it prints, and no assignment.
pub(super) fn is_printed_setting(command: &str, line: &str) -> bool {
    let mut words = command.split_whitespace();
    let prints = words.next() == Some("cat") && !command.contains('>')
        || matches!(command.split_whitespace().next_back(), Some("env" | "printenv" | "export" | "set"));
    prints && is_setting(line) && !line.contains(['$', '('])
}

/// How many comments the lines begin with, if a command stands below them.
pub(super) fn comments_above_command(lines: &[&str]) -> usize {
    // Longer comments are those of a file.
    const MOST: usize = 50;
    if !lines.first().is_some_and(|line| line.starts_with('#')) {
        return 0;
    }
    // A file that is shown may have comments above its settings.
    let is_command = |line: &str| shell::is_known(line) && !is_setting(line) || shell::is_likely(line);
    let is_between = |line: &&&str| line.trim().is_empty() || line.starts_with('#');
    let comments = lines.iter().take(MOST).take_while(|line| line.starts_with('#')).count();
    let below = lines.iter().take(MOST).find(|line| !is_between(line));
    if below.is_none_or(|line| is_command(line)) { comments } else { 0 }
}

/// The two parts of a block of commands between which only the word `or` stands.
pub(super) fn two_ways(block: &Block) -> Option<(Block, Block)> {
    let is_or = |line: &str| {
        let word = line.trim_matches(['#', '-', '=', '*', ' ']).to_lowercase();
        words::OR.split('|').any(|or| or == word)
    };
    let lines: Vec<&str> = block.text.lines().collect();
    let index = lines.iter().position(|line| is_or(line)).filter(|index| *index > 0)?;
    let is_command = |line: &&str| {
        let line = line.trim();
        shell::is_known(shell::prompt(line).map_or(line, |(_, command)| command))
    };
    let surrounds = |lines: &[&str]| lines.iter().any(is_command);
    let first_below = lines[index + 1..].iter().find(|line| !line.trim().is_empty())?;
    if !surrounds(&lines[..index]) || !is_command(first_below) {
        return None;
    }
    let part = |from: usize, lines: &[&str]| {
        let text = lines.iter().map(|line| format!("{line}\n")).collect();
        Block { line: block.line + from, text, ..block.clone() }
    };
    Some((part(0, &lines[..index]), part(index + 1, &lines[index + 1..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Block {
        Block { line: 3, text: text.into(), ..Block::default() }
    }

    #[test]
    fn a_prompt_of_one_sign_is_one_only_before_a_known_program() {
        let read = |text: &str| with_dollars(block(text)).text;
        assert_eq!(read("> kubectl get pods\nNAME\n"), "$ kubectl get pods\nNAME\n");
        assert_eq!(read("$ cat <<EOF\n> kubectl\n> EOF\n"), "$ cat <<EOF\n> kubectl\n> EOF\n");
        assert_eq!(read("> a quotation\n"), "> a quotation\n");
    }

    #[test]
    fn two_ways_have_a_word_between_them() {
        let (one, other) = two_ways(&block("oc get pods\n# or\nkubectl get pods\n")).unwrap();
        assert_eq!((one.line, other.line, other.text.as_str()), (3, 5, "kubectl get pods\n"));
        assert!(two_ways(&block("kubectl get pods\nor\nNAME\n")).is_none());
        assert!(two_ways(&block("or\nkubectl get pods\n")).is_none());
    }
}
