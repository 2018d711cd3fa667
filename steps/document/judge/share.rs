//! One block of output for several commands: which of its lines are the first command's, by what the command printed.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::{
    Judged, Seen, World, judge,
    lines::{is_elision, is_waiting},
};
use crate::{
    document::story::{ShownOutput, is_table},
    expression::regex,
};

/// How much alike two lines of free text must be to be one line of an output.
const ALIKE: f32 = 0.6;

/// The kind of change that a line is about: of `pod/web created`, or `pod "web" deleted from default namespace`.
fn change(line: &str) -> Option<String> {
    static CHANGE: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"^[a-z][a-z0-9.-]*(?:/[\w.:-]+| "[\w.:-]+"):? (\S+ ?\S*).*$"#));
    // Older versions of kubectl do not say from which namespace they delete something.
    let verb = CHANGE.captures(line.trim())?[1].trim().trim_end_matches(" from").to_owned();
    let is_applied = ["created", "configured", "unchanged"].contains(&verb.as_str());
    Some(if is_applied { "applied".into() } else { verb })
}

/// Divides an output into the part of a command that printed `seen`, if it has one, and the rest.
#[must_use]
pub fn divided(expected: &ShownOutput, seen: &str) -> (Option<ShownOutput>, ShownOutput) {
    let lines: Vec<&str> = expected.text.lines().collect();
    let is_nothing = |line: &&&str| line.trim().is_empty() || is_elision(line.trim());
    let blanks = lines.iter().take_while(is_nothing).count();
    let count = taken(&lines[blanks..], seen);
    let part = |from: usize, to: usize| ShownOutput {
        line: expected.line + from,
        text: lines[from..to].iter().map(|line| format!("{line}\n")).collect(),
        ..ShownOutput::default()
    };
    if count == 0 {
        return (None, expected.clone());
    }
    let end = blanks + count;
    (Some(part(blanks, end)), part(end, lines.len()))
}

/// Judges the output of a command that the document may show below those of earlier commands, which it has not shown.
#[must_use]
pub fn judge_after(expected: &ShownOutput, seen: &Seen, earlier: &[Seen], world: &World) -> Judged {
    let whole = judge(expected, seen, world);
    if whole.findings.is_empty() {
        return whole;
    }
    let (mut rest, mut all) = (expected.clone(), Judged::default());
    let mut take = |part: &ShownOutput, seen: &Seen| {
        let judged = judge(part, seen, world);
        all.findings.extend(judged.findings);
        all.notes.extend(judged.notes);
        all.bound.extend(judged.bound);
    };
    for before in earlier {
        let (part, left) = divided(&rest, &before.stdout);
        if let Some(part) = part {
            take(&part, before);
            rest = left;
        }
    }
    if rest.text.trim().is_empty() || rest.line == expected.line {
        return whole;
    }
    take(&rest, seen);
    if all.findings.len() < whole.findings.len() { all } else { whole }
}

/// How many of the lines are those of a command that printed `seen`.
fn taken(lines: &[&str], seen: &str) -> usize {
    let waits = lines.iter().any(|line| is_waiting(line));
    let is_shown = |line: &&str| !line.trim().is_empty() && (waits || !is_waiting(line));
    let found: Vec<&str> = seen.lines().filter(is_shown).collect();
    let Some(first) = lines.first().filter(|_| !found.is_empty()) else { return 0 };
    if is_table(seen) {
        let columns = first.split_whitespace().count();
        let is_one_word = |line: &str| columns > 1 && line.split_whitespace().count() == 1 && !line.contains("...");
        // Columns are far apart, words are not.
        let is_sentence = |line: &str| first.contains("  ") && !line.trim().contains("  ");
        let ends = |line: &&str| {
            let is_other = is_table(line) || change(line).is_some() || is_one_word(line) || is_sentence(line);
            line.trim().is_empty() || is_other
        };
        let rows = lines[1..].iter().take_while(|line| !ends(line)).count();
        return if is_table(first) { 1 + rows } else { 0 };
    }
    let changes: Vec<String> = found.iter().filter_map(|line| change(line)).collect();
    if changes.len() == found.len() {
        let kinds: BTreeSet<&str> = changes.iter().map(String::as_str).collect();
        let is_one = |line: &&&str| change(line).is_some_and(|kind| kinds.contains(kind.as_str()));
        return lines.iter().take(found.len()).take_while(is_one).count();
    }
    // The author may show the last command's output alone.
    if similar::TextDiff::from_chars(found[0], *first).ratio() < ALIKE {
        return 0;
    }
    let ends = |line: &&&str| line.trim().is_empty() || is_table(line) && !found.contains(*line);
    lines.iter().take(found.len()).take_while(|line| !ends(line)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_below_a_table_is_the_next_output() {
        let shown = "NAME   READY   STATUS\nweb    0/1     Error\n137\n";
        let table = "NAME   READY   STATUS\nweb    0/1     Error\n";
        assert_eq!(parts(shown, &[table]), ["7: NAME   READY   STATUS\nweb    0/1     Error", "9: 137"]);
    }

    #[test]
    fn a_sentence_below_a_table_is_the_next_output() {
        let table = "NAME   READY   STATUS\nweb    0/1     Error\n";
        for next in ["Hello World", "Error from server (Forbidden): secrets is forbidden"] {
            let shown = format!("{table}{next}\n");
            assert_eq!(parts(&shown, &[table])[1], format!("9: {next}"));
        }
    }

    #[test]
    fn an_older_deletion_is_the_same_change() {
        let shown = "statefulset.apps \"db\" deleted\nservice \"db\" deleted from default namespace\n";
        let seen = ["statefulset.apps \"db\" deleted from default namespace\n"];
        assert_eq!(
            parts(shown, &seen),
            ["7: statefulset.apps \"db\" deleted", "8: service \"db\" deleted from default namespace"]
        );
    }

    #[test]
    fn outputs_of_earlier_commands_may_stand_above_that_of_the_last() {
        let seen = |stdout: &str| Seen { stdout: stdout.into(), ..Seen::default() };
        let earlier = [seen("3\n"), seen("pod/pain created\n"), seen("web is silent\n")];
        let judged = |text: &str, earlier: &[Seen]| {
            let expected = ShownOutput { line: 7, text: text.into(), ..ShownOutput::default() };
            judge_after(
                &expected,
                &Seen { command: "kubectl logs pain".into(), ..seen("eau\nfarine\n") },
                earlier,
                &World::default(),
            )
            .findings
            .len()
        };
        assert_eq!(judged("3\npod/pain created\neau\nfarine\n", &earlier), 0);
        assert_eq!(judged("pod/pain created\neau\nfarine\n", &earlier), 0);
        assert_eq!(judged("eau\nfarine\n", &earlier), 0);
        assert_eq!(judged("3\npod/pain created\nfarine\neau\n", &earlier).min(1), 1, "the last one is still judged");
        assert_ne!(judged("4\npod/pain created\neau\nfarine\n", &earlier), 0);
    }

    /// The parts of an output, for commands that printed this.
    fn parts(text: &str, seen: &[&str]) -> Vec<String> {
        let mut rest = ShownOutput { line: 7, text: text.into(), ..ShownOutput::default() };
        let mut parts = Vec::new();
        for seen in seen {
            let (part, others) = divided(&rest, seen);
            parts.push(part.map_or(String::new(), |part| format!("{}: {}", part.line, part.text.trim_end())));
            rest = others;
        }
        parts.push(format!("{}: {}", rest.line, rest.text.trim_end()));
        parts
    }

    #[test]
    fn each_command_gets_its_lines() {
        let text = "service/a created\nstatefulset.apps/a created\nstatefulset.apps/a condition met\n";
        let seen = "service/a created\nstatefulset.apps/a created\n";
        assert_eq!(
            parts(text, &[seen]),
            ["7: service/a created\nstatefulset.apps/a created", "9: statefulset.apps/a condition met"]
        );
        let text = "NAME READY\na 3/3\n\nNAME TYPE\nb None\n";
        assert_eq!(parts(text, &["NAME READY\na 2/3\n"]), ["7: NAME READY\na 3/3", "9: \nNAME TYPE\nb None"]);
        let text = "pod/a created\nNAME READY\na 0/1\nhello\n";
        let seen = ["pod/a created\n", "", "NAME READY\na 1/1\n"];
        assert_eq!(parts(text, &seen), ["7: pod/a created", "", "8: NAME READY\na 0/1", "10: hello"]);
    }

    #[test]
    fn deletions_of_several_commands_are_told_apart_by_their_number() {
        let text = "service \"a\" deleted from default namespace\npod \"b\" deleted from default namespace\n";
        let seen = "service \"a\" deleted from default namespace\n";
        assert_eq!(parts(text, &[seen])[1], "8: pod \"b\" deleted from default namespace");
    }

    #[test]
    fn what_the_author_leaves_out_belongs_to_none() {
        let text = "pod/a created\n...\ndeployment \"web\" successfully rolled out\npod/a condition met\n";
        let seen = [
            "pod/a created\n",
            "Waiting for deployment \"web\" rollout to finish: 0 of 1 updated replicas are available...\ndeployment \"web\" successfully rolled out\n",
        ];
        assert_eq!(
            parts(text, &seen)[1..],
            ["9: deployment \"web\" successfully rolled out", "10: pod/a condition met"]
        );
    }

    #[test]
    fn free_text_is_divided_where_it_is_alike() {
        assert_eq!(parts("hello 1\nbye\n", &["hello 2\n"]), ["7: hello 1", "8: bye"]);
        assert_eq!(parts("bye\n", &["hello 2\nthere\n"]), ["", "7: bye"]);
    }

    #[test]
    fn what_a_command_does_not_print_is_left_to_the_next() {
        assert_eq!(parts("pod/a condition met\n", &["pod/a created\n"])[1], "7: pod/a condition met");
        assert_eq!(parts("hello\n", &["NAME READY\na 1/1\n"])[1], "7: hello");
    }
}
