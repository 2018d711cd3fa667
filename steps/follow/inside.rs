//! Commands that are typed into the shell of a container.

use std::{sync::LazyLock, time::Duration};

use regex::Regex;

use super::{
    failure,
    result::{ActResult, ActVerdict},
    success,
    walk::Walk,
};
use crate::{
    document::{
        defect::Defect,
        judge::{Seen, judge},
        shell,
        story::Typed,
    },
    expression::regex,
    terminal::{
        Output,
        dialogue::{Dialogue, Key},
    },
    verdict::{Outcome, seconds},
};

/// How long a shell in a container may take to run a line.
const LINE: Duration = Duration::from_secs(60);

/// What the shell prints after each line, with its exit status.
static DONE: LazyLock<Regex> = LazyLock::new(|| regex(r"labproof-(\d+)-done"));

impl Walk<'_> {
    /// Types a command into the shell of the container.
    pub(super) async fn type_inside(&mut self, typed: &Typed) -> ActResult {
        let Some(mut dialogue) = self.scene.dialogue.take() else {
            return ActResult::of(ActVerdict::NotRun, "it is meant for a container's shell, which is not open");
        };
        let ended = match self.named(&typed.command).await {
            Ok((command, notes)) => {
                self.judge_inside(&mut dialogue, &Typed { command, ..typed.clone() }).await.noted(notes)
            }
            Err(ended) => ended,
        };
        self.scene.dialogue = Some(dialogue);
        ended
    }

    async fn judge_inside(&self, dialogue: &mut Dialogue, typed: &Typed) -> ActResult {
        let output = match run_inside(dialogue, &typed.command).await {
            Ok(Ok(output)) => output,
            Ok(Err(shown)) => {
                let seconds = seconds(LINE);
                let reason = format!("it did not end within {seconds}, and labproof interrupted it with Ctrl-C");
                let advice = "add an option that ends it, such as -c 3 for ping, or tell the reader to press Ctrl-C";
                return ActResult::of(ActVerdict::Defect(Defect::Mistake), reason)
                    .hint(Some(advice.into()))
                    .seen("it shows", &shown);
            }
            Err(fault) => return ActResult::from_fault(fault),
        };
        let seen = Seen { command: typed.command.clone(), stdout: output.stdout.clone(), stderr: String::new() };
        let judged = typed.expected.as_ref().map(|expected| judge(expected, &seen, &self.world));
        // The document may show the very message of a failure.
        let is_shown =
            judged.as_ref().is_some_and(|judged| judged.findings.is_empty()) && !output.stdout.trim().is_empty();
        match judged {
            _ if output.status != 0 && !is_shown && !typed.may_fail && !success::is_an_answer(&output) => {
                let mut ended = failure::of(&output, &self.objects);
                if output.status == 127 {
                    ended = ActResult::of(ActVerdict::Environment, lacks(&typed.command, &output.stdout))
                        .seen("it shows", &output.stdout);
                }
                ended
            }
            Some(judged) if !judged.findings.is_empty() => {
                ActResult::differs(&judged.findings).seen("it shows", &output.stdout)
            }
            _ => match success::mistake(&output) {
                Some(why) => ActResult::of(ActVerdict::Defect(Defect::Mistake), why).seen("it shows", &output.stdout),
                None => ActResult::well(),
            },
        }
    }
}

/// Says which program of a command the container does not have, as far as its shell names it.
fn lacks(command: &str, shown: &str) -> String {
    let is_missing = |word: &&str| {
        [": not found", ": command not found"].iter().any(|says| shown.contains(&format!("{word}{says}")))
    };
    let program = command.split_whitespace().find(is_missing);
    program
        .map_or_else(|| "the container lacks a program".into(), |name| format!("the container has no program {name}"))
}

/// Types lines, and waits until the last has been run. If it goes on and was interrupted, returns what it shows.
async fn run_inside(dialogue: &mut Dialogue, command: &str) -> Outcome<Result<Output, String>> {
    let (before, last) =
        command.trim_end().rsplit_once('\n').map_or((None, command.trim_end()), |(before, last)| (Some(before), last));
    for line in before.into_iter().flat_map(str::lines) {
        dialogue.type_line(line).await?;
    }
    // The mark must not become a part of a comment.
    let last = shell::without_comment(last);
    let mark = "echo labproof-$?-done";
    let is_alone = last.ends_with('&') || last.ends_with(';') || before.is_some();
    if is_alone {
        dialogue.type_line(last).await?;
        dialogue.type_line(mark).await?;
    } else {
        dialogue.type_line(&format!("{last}; {mark}")).await?;
    }
    let shown = match dialogue.until(LINE, |shown| DONE.is_match(shown)).await {
        Ok(shown) => shown,
        Err(shown) => {
            // A reader would interrupt it, too.
            dialogue.press(Key::CtrlC).await?;
            return Ok(Err(shown));
        }
    };
    let status = DONE.captures(&shown).and_then(|found| found[1].parse().ok()).unwrap_or(1);
    let stdout = DONE.split(&shown).next().unwrap_or_default().to_owned();
    Ok(Ok(Output { command: command.to_owned(), stdout, status, ..Output::default() }))
}
