//! Commands that go on: in the background, until the document is over, or as a shell in a container, into which the next
//! commands are typed. Nothing that is meant for such a shell is ever typed on this machine.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use regex::Regex;

use super::{
    failure, repair,
    result::{ActResult, ActVerdict},
    said,
    walk::{Job, SHORT_LIMIT, Walk},
};
use crate::{
    document::{
        defect::Defect,
        judge::{Judged, Seen, judge},
        story::{Act, ShownOutput, Typed},
    },
    expression::{kubectl_regex, regex},
    terminal::{
        Output,
        dialogue::{Dialogue, Key},
    },
    verdict::{Correction, Outcome, seconds},
};

/// How long a program may take to show something.
const START: Duration = Duration::from_secs(20);

/// How long to try again to open a session, while a Pod is not ready.
const PATIENCE: Duration = Duration::from_secs(45);

/// The pause between two tries.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a new shell may take to show that it has failed.
const FAILURE: Duration = Duration::from_secs(2);

/// How long a session may take to end.
const LEAVING: Duration = Duration::from_secs(35);

/// A session that is open.
struct Opened {
    dialogue: Dialogue,
    /// Why it failed at first, and how many seconds that lasted.
    waited: Option<(String, u64)>,
    /// The mistake that labproof has mended in its command.
    mistake: Option<ActResult>,
}

impl Walk<'_> {
    /// Ends a program in the background, if this command does: `kill %1`.
    pub(super) async fn end_job(&mut self, command: &str) -> bool {
        static KILL: LazyLock<Regex> = LazyLock::new(|| regex(r"^kill(?: -\w+)? %(\d*)$"));
        let Some(found) = KILL.captures(command.trim()) else { return false };
        let count = self.background.len();
        let number: usize = found[1].parse().unwrap_or(count);
        let Some(index) = number.checked_sub(1).filter(|index| *index < count) else { return false };
        // An error is ignored: the program may have ended by itself.
        _ = self.background.remove(index).dialogue.press(Key::CtrlC).await;
        true
    }

    /// Ends the programs in the background that listen on a port which this command needs: they stood in the terminal in
    /// which it is typed.
    pub(super) async fn free_ports(&mut self, command: &str) {
        let needed = local_ports(command);
        let is_in_the_way = |job: &Job| local_ports(&job.command).iter().any(|port| needed.contains(port));
        while let Some(index) = self.background.iter().position(is_in_the_way) {
            let mut job = self.background.remove(index);
            // Errors are ignored: the program may have ended by itself.
            _ = job.dialogue.press(Key::CtrlC).await;
            _ = job.dialogue.until(SHORT_LIMIT, |_| false).await;
        }
    }

    /// Starts a program that goes on, and judges what it shows.
    pub(super) async fn start(&mut self, act: &Act, typed: &Typed) -> ActResult {
        let (command, notes) = match self.filled(&typed.command).await {
            Ok(filled) => filled,
            Err(ended) => return ended,
        };
        let command = command.trim().trim_end_matches('&').trim_end().to_owned();
        // A reader who starts it beside others has not ended them.
        if !typed.command.trim_end().ends_with('&') {
            self.free_ports(&command).await;
        }
        let Opened { mut dialogue, waited, mistake } = match self.open_mended(act.line, &command).await {
            Ok(opened) => opened,
            Err(ended) => return ended,
        };
        let mut ended = match &typed.expected {
            Some(expected) => self.judge_shown(&mut dialogue, &command, expected).await,
            None => ActResult::well(),
        };
        if only_shows(&command) {
            // An error is ignored: the program may have ended by itself.
            _ = dialogue.press(Key::CtrlC).await;
        } else {
            self.background.push(Job { command, dialogue });
        }
        if let Some(mistake) = mistake {
            return mistake.noted(notes);
        }
        if let Some((why, time)) = waited {
            if ended.verdict == ActVerdict::Match && self.typed_before == Some(act.block) {
                let reason = format!(
                    "it fails when it is typed right after the command before it ({why}), and works {} later",
                    seconds(Duration::from_secs(time))
                );
                return ActResult::of(ActVerdict::Defect(Defect::Timing), reason)
                    .hint(Some("let the reader wait first, with `kubectl wait`".into()))
                    .noted(ended.notes)
                    .noted(notes);
            }
            ended.notes.push(format!("it works only after {}", seconds(Duration::from_secs(time))));
        }
        ended.noted(notes)
    }

    /// Opens a shell in a container; the next commands are typed there.
    pub(super) async fn open_shell(&mut self, act: &Act, typed: &Typed) -> ActResult {
        let (command, notes) = match self.filled(&typed.command).await {
            Ok(filled) => filled,
            Err(ended) => return ended,
        };
        match self.open_mended(act.line, &command).await {
            Ok(Opened { dialogue, waited, mistake }) => {
                self.scene.dialogue = Some(dialogue);
                let mut ended = mistake.unwrap_or_else(ActResult::well);
                ended.notes.extend(
                    waited.map(|(_, time)| format!("it works only after {}", seconds(Duration::from_secs(time)))),
                );
                ended.noted(notes)
            }
            Err(ended) => ended,
        }
    }

    /// Opens a session; if the command has a mistake that labproof can mend, with the mended command.
    async fn open_mended(&mut self, line: usize, command: &str) -> Result<Opened, ActResult> {
        let (ended, output) = match self.open(command).await {
            Ok(opened) => return Ok(opened),
            Err(failed) => *failed,
        };
        if let Some(next) = self.with_real_pod(command, &output).await {
            return self.open(&next).await.map_err(|failed| failed.0);
        }
        if !ended.may_be_mended() {
            return Err(ended);
        }
        let Some(next) = self.without_its_mistake(command, &output).await else { return Err(ended) };
        match self.open(&next).await {
            Ok(opened) => {
                let mut ended = ended.mended_to(command, &next);
                ended.corrections.extend(repair::safe(command, &said::of(&output)).map(|write| Correction {
                    line,
                    says: command.to_owned(),
                    write,
                }));
                Ok(Opened { mistake: Some(ended), ..opened })
            }
            Err(_) => Err(ended),
        }
    }

    /// Opens a session; tries again while its Pod is not ready.
    async fn open(&mut self, command: &str) -> Result<Opened, Box<(ActResult, Output)>> {
        let began = Instant::now();
        let mut tries = tokio::time::interval(PAUSE);
        let mut early = None;
        loop {
            tries.tick().await;
            let said = match self.try_to_open(command).await {
                Ok(Ok(dialogue)) => {
                    let waited = early.map(|why| (why, began.elapsed().as_secs().max(1)));
                    return Ok(Opened { dialogue, waited, mistake: None });
                }
                Ok(Err(said)) => said,
                Err(fault) => return Err(Box::new((ActResult::from_fault(fault), Output::default()))),
            };
            if !failure::came_too_early(&said) || began.elapsed() > PATIENCE {
                let output = Output { command: command.to_owned(), stderr: said, status: 1, ..Output::default() };
                return Err(Box::new((failure::of(&output, &self.objects), output)));
            }
            early = early.or_else(|| {
                said.lines().find(|line| is_error(line)).or(said.lines().next()).map(|line| line.trim().to_owned())
            });
        }
    }

    /// Opens a session once; what the program says if it ends at once.
    async fn try_to_open(&mut self, command: &str) -> Outcome<Result<Dialogue, String>> {
        let mut dialogue = Dialogue::open(self.scene.terminal().await?, command, START).await?;
        let shown = match dialogue.until(FAILURE, is_error).await {
            Ok(shown) | Err(shown) => shown,
        };
        if is_error(&shown) {
            // A program that has said why it fails needs a moment to end.
            _ = dialogue.until(FAILURE, |_| false).await;
        }
        let failed = dialogue.has_ended() && (is_error(&shown) || shown.trim().is_empty());
        Ok(if failed { Err(shown) } else { Ok(dialogue) })
    }

    async fn judge_shown(&mut self, dialogue: &mut Dialogue, command: &str, expected: &ShownOutput) -> ActResult {
        let world = self.world.clone();
        let judged = |shown: &str| -> Judged {
            let seen =
                Seen { command: format!("{command} --watch"), stdout: shown.replace("^C", ""), ..Seen::default() };
            let mut judged = judge(expected, &seen, &world);
            judged.findings.retain(|finding| !(finding.says.is_empty() && is_starting(&finding.seen)));
            judged
        };
        match dialogue.until(PATIENCE, |shown| judged(shown).findings.is_empty()).await {
            Ok(_) => ActResult::well(),
            Err(shown) => {
                let output = Output { stdout: shown.clone(), ..Output::default() };
                let differs = || ActResult::differs(&judged(&shown).findings).seen("it shows", &shown);
                failure::refused(&output).unwrap_or_else(differs)
            }
        }
    }

    /// Leaves the shell of the container, if one is open.
    pub(super) async fn leave_shell(&mut self) {
        if let Some(mut dialogue) = self.scene.dialogue.take() {
            // Errors are ignored: the shell may have ended by itself, and ends with the terminal at the latest.
            _ = dialogue.type_line("exit").await;
            _ = dialogue.until(FAILURE, |_| false).await;
            if !dialogue.has_ended() {
                _ = dialogue.press(Key::CtrlD).await;
            }
            // `kubectl run --rm` ends only when its Pod is gone.
            _ = dialogue.until(LEAVING, |_| false).await;
        }
    }
}

/// Whether a program that goes on only shows something; others serve what comes later, such as `port-forward`.
fn only_shows(command: &str) -> bool {
    static SERVES: LazyLock<Regex> =
        LazyLock::new(|| kubectl_regex(r"^KUBECTL\s(?:\S+\s)*?(?:port-forward|proxy)(?:\s|$)"));
    static SHOWS: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?:^|\s)(?:watch|-w|--watch|-f|--follow|-\w*f)(?:[\s=]|$)"));
    SHOWS.is_match(command) && !SERVES.is_match(command)
}

/// Whether a line of a watch shows a Pod that starts: somebody who types more slowly does not see it.
fn is_starting(line: &str) -> bool {
    static STARTS: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^\S+\s+0/\d+\s+(?:Pending|ContainerCreating|PodInitializing|Init:\d+/\d+)\s"));
    STARTS.is_match(line)
}

/// Whether a text reports an error, as in `error: …` and `Error from server …`.
fn is_error(text: &str) -> bool {
    static ERROR: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\berror\b"));
    ERROR.is_match(text)
}

/// The ports of this machine on which `kubectl port-forward` listens.
fn local_ports(command: &str) -> Vec<String> {
    static PORT: LazyLock<Regex> = LazyLock::new(|| regex(r"\s(\d+)(?::[\w-]+)?(?:\s|$)"));
    let Some((_, ports)) = command.split_once("port-forward") else { return Vec::new() };
    // Two ports may have one blank between them.
    let ports = ports.replace(' ', "  ");
    PORT.captures_iter(&ports).map(|found| found[1].to_owned()).collect()
}
