//! Runs commands in the scenario's terminal, and judges their output.

use std::time::{Duration, Instant};

use crate::{
    conditions::{text, wildcard},
    escape,
    scene::Scene,
    terminal::Output,
    verdict::{Fault, Outcome, seconds},
};

/// The pause between two tries of a command whose result cannot be watched.
const PAUSE: Duration = Duration::from_millis(100);

/// The time limit of the last try, which starts when the time is up. The try before it may have hung, because it
/// connected a moment too early.
const LAST: Duration = Duration::from_secs(5);

/// An output stream of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// The expected end of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Exit status 0.
    Well,
    /// Any other exit status.
    InFailure,
}

/// Runs a command that must succeed. If it has several lines, each must succeed.
///
/// # Errors
/// If the command fails; the fault contains its complete output.
pub async fn run(scene: &mut Scene, command: &str) -> Outcome {
    let output = scene.run_each_line(command).await?;
    ended(&output, Ending::Well).map_err(|fault| with_hint(scene, fault, &output))
}

/// Adds a hint if a command did not find one of the lab's files: the learner's folder is empty at first.
fn with_hint(scene: &Scene, fault: Fault, output: &Output) -> Fault {
    let not_found = ["does not exist", "No such file"].iter().any(|words| output.stderr.contains(words));
    let of_the_lab = output.command.split_whitespace().any(|word| scene.lab_file(word).is_file());
    if !not_found || !of_the_lab {
        return fault;
    }
    let lab = &scene.lab.name;
    fault.hint(format!(
        "put `Given the lab's files are in the folder \"{lab}\"` before it: the terminal's folder is empty at first"
    ))
}

/// Checks that the command ended as expected.
///
/// # Errors
/// If it did not; the fault contains its complete output.
pub fn ended(output: &Output, ending: Ending) -> Outcome {
    let reason = match (ending, output.status) {
        (Ending::Well, 0) => return Ok(()),
        (Ending::Well, status) => format!("`{}` failed with exit status {status}", output.command),
        (Ending::InFailure, 0) => format!("`{}` should fail, but succeeded", output.command),
        (Ending::InFailure, _) => return Ok(()),
    };
    Err(with_output(Fault::failed(reason), output))
}

/// Checks that the last command succeeded and that a line of its output contains this text.
///
/// # Errors
/// If the command failed or printed something else.
pub fn printed(scene: &mut Scene, stream: Stream, expected: &str) -> Outcome {
    let output = scene.last()?.clone();
    ended(&output, Ending::Well)?;
    contains(scene, &output, stream, expected)
}

/// Checks that the last command succeeded and printed exactly this text.
///
/// # Errors
/// If it failed, or if the text differs; the fault contains the difference.
pub fn printed_all(scene: &mut Scene, stream: Stream, expected: &str) -> Outcome {
    said_all(scene, Ending::Well, stream, expected)
}

/// Checks that the last command succeeded and printed nothing.
///
/// # Errors
/// If the command failed or printed something; the fault contains the output.
pub fn printed_nothing(scene: &Scene, stream: Stream) -> Outcome {
    let output = scene.last()?;
    ended(output, Ending::Well)?;
    let seen = of(output, stream);
    if seen.is_empty() {
        return Ok(());
    }
    let on = if stream == Stream::Error { " on standard error" } else { "" };
    let reason = format!("`{}` should print nothing{on}", output.command);
    let shown: Vec<String> = seen.split('\n').map(escape::visible).collect();
    let between = if seen.trim().is_empty() { "\\n" } else { "\n" };
    Err(other(Fault::failed(reason).seen("it printed", shown.join(between)), output, stream))
}

/// Checks that the last command failed and printed exactly this text on standard error.
///
/// # Errors
/// If the command succeeded, or if the text differs; the fault contains the difference.
pub fn failed_with_all(scene: &mut Scene, expected: &str) -> Outcome {
    said_all(scene, Ending::InFailure, Stream::Error, expected)
}

/// Checks that the last command failed and printed exactly this text on standard output.
///
/// # Errors
/// If the command succeeded, or if the text differs; the fault contains the difference.
pub fn failed_and_printed(scene: &mut Scene, expected: &str) -> Outcome {
    said_all(scene, Ending::InFailure, Stream::Output, expected)
}

fn said_all(scene: &mut Scene, ending: Ending, stream: Stream, expected: &str) -> Outcome {
    let output = scene.last()?.clone();
    ended(&output, ending)?;
    let seen = of(&output, stream);
    match text::is(seen, expected, &scene.kept) {
        Ok(kept) => {
            scene.kept = kept;
            Ok(())
        }
        Err(difference) => Err(other(
            Fault::failed(format!("`{}` did not print the expected text", output.command))
                .seen("the difference", difference)
                .instead(expected, seen, &scene.kept),
            &output,
            stream,
        )),
    }
}

/// Checks that the last command printed something that does not contain this text.
///
/// # Errors
/// If the output contains the text, or if there was no output.
pub fn did_not_print(scene: &Scene, unexpected: &str) -> Outcome {
    let output = scene.last()?;
    if output.stdout.trim().is_empty() && output.stderr.trim().is_empty() {
        return Err(Fault::failed(format!(
            "`{}` printed nothing, so the absence of a text proves nothing",
            output.command
        )));
    }
    let everything = format!("{}\n{}", output.stdout, output.stderr);
    match text::contains(&everything, unexpected, &scene.kept) {
        Ok(_) => Err(with_output(
            Fault::failed(format!(
                "`{}` printed \"{}\", which it should not",
                output.command,
                wildcard::filled(unexpected, &scene.kept)
            )),
            output,
        )),
        Err(_) => Ok(()),
    }
}

/// Checks that the last command failed and printed this text on one of the two streams.
///
/// # Errors
/// If the command succeeded or printed something else.
pub fn failed_with(scene: &mut Scene, expected: &str) -> Outcome {
    let output = scene.last()?.clone();
    ended(&output, Ending::InFailure)?;
    let everything = format!("{}\n{}", output.stderr, output.stdout);
    match text::contains(&everything, expected, &scene.kept) {
        Ok(kept) => {
            scene.kept = kept;
            Ok(())
        }
        Err(_) => Err(with_output(
            Fault::failed(format!(
                "`{}` failed, but not with \"{}\"",
                output.command,
                wildcard::filled(expected, &scene.kept)
            )),
            &output,
        )),
    }
}

/// Repeats a command until its output is accepted or the time is up. A try that still runs then is interrupted, and one
/// last try follows.
///
/// # Errors
/// If the time is up; the fault describes the last try that was not interrupted.
pub async fn eventually(
    scene: &mut Scene,
    limit: Duration,
    command: &str,
    judge: impl Fn(&mut Scene) -> Outcome,
) -> Outcome {
    let limit = limit.min(scene.time_left());
    let deadline = Instant::now() + limit;
    let mut tries = tokio::time::interval(PAUSE);
    let mut complete: Option<Fault> = None;
    loop {
        tries.tick().await;
        let left = deadline.saturating_duration_since(Instant::now());
        let fault = match scene.run_for(command, if left.is_zero() { LAST } else { left }).await {
            Ok(_) => match judge(scene) {
                Ok(()) => return Ok(()),
                Err(fault) => complete.insert(fault).clone(),
            },
            Err(fault) if scene.can_run() => match &complete {
                Some(before) => before.clone().seen("a later try", &fault.reason),
                None => fault,
            },
            Err(fault) => return Err(fault),
        };
        if left.is_zero() {
            let reason = format!("after {}: {}", seconds(limit), fault.reason);
            return Err(Fault { reason, ..fault });
        }
    }
}

/// Adds the output on both streams and the exit status to a fault.
#[must_use]
pub fn with_output(fault: Fault, output: &Output) -> Fault {
    fault.seen("standard output", &output.stdout).seen("standard error", &output.stderr)
}

fn contains(scene: &mut Scene, output: &Output, stream: Stream, expected: &str) -> Outcome {
    match text::contains(of(output, stream), expected, &scene.kept) {
        Ok(kept) => {
            scene.kept = kept;
            Ok(())
        }
        Err(seen) => {
            let expected = wildcard::filled(expected, &scene.kept);
            let fault =
                Fault::failed(format!("`{}` should print \"{expected}\"", output.command)).seen("it printed", seen);
            Err(other(fault, output, stream))
        }
    }
}

/// Adds the other stream to a fault: text that is missing on one stream is often on the other.
fn other(fault: Fault, output: &Output, stream: Stream) -> Fault {
    match stream {
        Stream::Output => fault.seen("standard error", &output.stderr),
        Stream::Error => fault.seen("standard output", &output.stdout),
    }
}

fn of(output: &Output, stream: Stream) -> &str {
    match stream {
        Stream::Output => &output.stdout,
        Stream::Error => &output.stderr,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::runs::Mocked;

    #[tokio::test]
    async fn an_answer_says_more_than_a_later_try_that_was_interrupted() {
        let mocked = Mocked::new(&["Then within 60 seconds no Pods remain"]);
        let mut scene = mocked.scene();
        scene.open_bare_terminal().await;
        let command = "if [ -z \"$asked\" ]; then asked=1; echo refused; else sleep 60; fi";
        let judge = |scene: &mut Scene| Err(Fault::failed(format!("it says {}", scene.last()?.stdout.trim())));
        let fault = eventually(&mut scene, Duration::from_secs(1), command, judge).await.unwrap_err();
        assert_eq!(fault.reason, "after 1 second: it says refused");
        assert!(fault.evidence[0].text.contains("did not end within 5 seconds"), "{fault}");
    }
}
