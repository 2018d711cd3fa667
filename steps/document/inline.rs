//! Commands that stand in a sentence, as in "Run `kubectl get pods`."

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{reads::only_reads, shell, words};
use crate::expression::{kubectl_regex, regex};

/// The language of a block that holds a command of a sentence.
pub const LANGUAGE: &str = "prose";

/// Whether a line begins an item of a list.
#[must_use]
pub fn is_item(line: &str) -> bool {
    static ITEM: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(?:[-*+]|\d+[.)])\s"));
    ITEM.is_match(line)
}

/// The command that a line tells the reader to type: it stands alone, or after a word such as "Run" that begins the
/// sentence. What a sentence only speaks of is none.
#[must_use]
pub fn command_to_type<'a>(line: &'a str) -> Option<&'a str> {
    static ALONE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:\*\*)?`+([^`]+)`+(?:\*\*)?[.:：。]?\s*$"));
    static TOLD: LazyLock<Regex> = LazyLock::new(|| {
        regex(&format!(
            r"(?i)^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:(?:{}),?\s+)?(?:{})(?:\s[^`]*)?`+([^`]+)`+[^`]*[.:：。]\s*$|^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:{})\s*`+([^`]+)`+[^`]*[。：]\s*$|^\s*(?:[-*+]\s+|\d+[.)]\s+)?`+([^`]+)`+\s*(?:{})[^`]*[。.：:]\s*$",
            words::THEN,
            words::RUN,
            words::RUN_BEFORE,
            words::RUN_AFTER
        ))
    });
    static DONE_WITH: LazyLock<Regex> = LazyLock::new(|| {
        regex(&format!(
            r"(?i)^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:(?:{}),?\s+)?(?:{})\b[^`]*\s(?:{})(?: the command|:)?\s+`+([^`]+)`+(?P<tail>[^`]*)$",
            words::THEN,
            words::DO,
            words::WITH
        ))
    });
    let found = ALONE.captures(line).or_else(|| TOLD.captures(line));
    let typed = |found: Captures<'a>| {
        let command = (1..found.len()).find_map(|group| found.get(group))?.as_str().trim();
        Some(command.strip_prefix("$ ").map_or(command, str::trim_start))
    };
    // A command without arguments is only a name: `kubectl delete`. What follows one that changes something may say when.
    let is_meant = |command: &str, tail: &str| {
        command.split_whitespace().count() > 2 && (matches!(tail.trim(), "" | "." | ":" | "。") || only_reads(command))
    };
    let with = || {
        let found = DONE_WITH.captures(line)?;
        let tail = found.name("tail").map_or("", |tail| tail.as_str());
        typed(found).filter(|command| is_meant(command, tail))
    };
    found.and_then(typed).or_else(with).filter(|command| shell::is_unmistakable(command))
}

/// The command whose output a paragraph introduces: the only one in it, which only reads or looks into a container; and the
/// place of its line.
#[must_use]
pub fn introduced(paragraph: &str) -> Option<(usize, &str)> {
    static COMMAND: LazyLock<Regex> = LazyLock::new(|| regex(r"`+([^`]+)`+"));
    static READS: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r"^KUBECTL (?:-n \S+ )?(?:get|describe|logs|explain|top|version|events|api-resources|api-versions|exec|auth can-i|rollout (?:status|history)) ?",
        )
    });
    let lines = paragraph.lines().enumerate();
    let commands = lines.flat_map(|(index, line)| COMMAND.captures_iter(line).map(move |found| (index, found)));
    let mut commands = commands
        .filter_map(|(index, found)| Some((index, found.get(1)?.as_str().trim())))
        .filter(|(_, command)| shell::is_unmistakable(command));
    let only = commands.next().filter(|(_, command)| READS.is_match(command))?;
    commands.next().is_none().then_some(only)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_tells_to_run_a_command_has_one() {
        for line in [
            "1. `kubectl get pods`",
            "``` $ kubectl get pods ```",
            "Run `kubectl get pods`.",
            "- Then run the command `kubectl get pods` again:",
            "Führen Sie jetzt `kubectl get pods` aus.",
            "Ejecuta `kubectl get pods` y espera.",
            "执行 `kubectl get pods` 命令。",
            "`kubectl get pods` を実行します。",
            "Выполните `kubectl get pods`.",
            "- Call `kubectl get pods`.",
            "- Check that they run with `kubectl get pods`",
            "Verify it by running `kubectl get pods`.",
            "Prüfe das Ergebnis mit `kubectl get pods`.",
        ] {
            assert_eq!(command_to_type(line), Some("kubectl get pods"), "{line}");
        }
    }

    #[test]
    fn a_sentence_that_speaks_of_a_command_has_none() {
        for line in [
            "If you run `kubectl delete pod web`, it is gone.",
            "`kubectl get pods` lists them.",
            "You can run `kubectl get pods` at any time.",
            "Run `kubectl`.",
            "Run `make test` and `kubectl get pods`.",
            "Run `kubectl get pods` to see",
            "`web` を実行します。",
            "Delete objects with `kubectl delete`.",
            "Applications are deployed with `kubectl create deployment web --image=nginx`.",
            "Created objects can be deleted with `kubectl delete pod web`.",
            "Delete it with `kubectl delete pod web` when you are done.",
            "Create it with `kubectl get pods` or `make`.",
        ] {
            assert_eq!(command_to_type(line), None, "{line}");
        }
    }

    #[test]
    fn an_output_may_be_introduced_by_a_command_that_only_reads() {
        assert_eq!(introduced("Now\n`kubectl get pods` shows:"), Some((1, "kubectl get pods")));
        assert_eq!(introduced("`kubectl exec a -- id` (as root):"), Some((0, "kubectl exec a -- id")));
        assert_eq!(introduced("`kubectl delete pod a` prints:"), None);
        assert_eq!(introduced("`kubectl get pods` and `kubectl get svc` print:"), None);
    }
}
