//! What texts look like: tables, errors, sentences, and prose that says that a command fails.

use crate::document::Block;

/// Whether a text is a table as kubectl prints it: its first line has names in capitals.
pub(in crate::document) fn is_table(text: &str) -> bool {
    let first = text.trim_start().lines().next().unwrap_or_default();
    let mut words = first.split_whitespace().peekable();
    let is_name = |word: &str| word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase);
    words.peek().is_some() && first.split_whitespace().count() >= 2 && words.all(is_name)
}

/// Whether an indented block is prose: its lines are sentences.
pub(super) fn is_prose(block: &Block) -> bool {
    block.is_indented && block.text.lines().all(|line| line.trim_end().ends_with(['.', ',', '!', ':', ';']))
}

/// Whether the prose says that the next command fails.
pub(super) fn expects_failure(prose: &str) -> bool {
    let last = prose.trim().rsplit("\n\n").next().unwrap_or_default().to_lowercase();
    ["will fail", "should fail", "fails", "an error", "not work", "be denied", "be refused", "forbidden", "rejected"]
        .iter()
        .any(|words| last.contains(words))
}

/// Whether an output is that of a command that fails.
pub(super) fn is_error(text: &str) -> bool {
    let marks = [
        "error:",
        "Error from server",
        "Error:",
        "exit code",
        "can't connect",
        "not found",
        "refused",
        "forbidden",
        "denied",
        "timed out",
        "unable to",
    ];
    text.lines().any(|line| marks.iter().any(|mark| line.contains(mark)))
}
