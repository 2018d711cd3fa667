//! The session of a scenario: an interactive program in a terminal of its own.

use std::time::Duration;

use crate::{
    conditions::wildcard::Kept,
    scene::Scene,
    terminal::dialogue::Dialogue,
    verdict::{Fault, Outcome, seconds},
};

/// How long a program may take to show its first output.
const START: Duration = Duration::from_secs(30);

/// Opens a session.
///
/// # Errors
/// If a session is open already, or if the program shows nothing.
pub async fn open(scene: &mut Scene, command: &str) -> Outcome {
    if let Some(open) = &scene.dialogue {
        return Err(Fault::failed(format!("the session `{}` is still open", open.command()))
            .hint("put `Then within 10 seconds the session ends` before the next one"));
    }
    let limit = START.min(scene.time_left());
    let dialogue = Dialogue::open(scene.terminal().await?, command, limit).await?;
    scene.dialogue = Some(dialogue);
    Ok(())
}

/// The open session.
///
/// # Errors
/// If no session is open.
pub fn of(scene: &mut Scene) -> Outcome<&mut Dialogue> {
    scene.dialogue.as_mut().ok_or_else(|| {
        Fault::failed("no session is open").hint("put `When I open a session with \"…\"` before this step")
    })
}

/// Waits until `judge` accepts what the session has shown since the last typed line.
///
/// # Errors
/// If it does not before `limit` is over or the program ends; the fault contains the difference.
pub async fn until(
    scene: &mut Scene,
    limit: Duration,
    what: &str,
    judge: impl Fn(&str, &Kept) -> Result<Kept, String>,
) -> Outcome {
    let kept = scene.kept.clone();
    let limit = limit.min(scene.time_left());
    let dialogue = of(scene)?;
    let waited = dialogue.until(limit, |shown| judge(shown, &kept).is_ok()).await;
    let command = dialogue.command().to_owned();
    match waited.map_err(|shown| judge(&shown, &kept)) {
        Ok(seen) => scene.kept = judge(&seen, &kept).unwrap_or(kept),
        Err(Ok(kept)) => scene.kept = kept,
        Err(Err(difference)) => {
            let reason = if dialogue.has_ended() {
                format!("the session `{command}` has ended, and did not {what}")
            } else {
                format!("the session `{command}` does not {what} within {}", seconds(limit))
            };
            return Err(Fault::failed(reason).seen("it shows", difference));
        }
    }
    Ok(())
}

/// Waits until the session's program has ended. Its output becomes that of the last command.
///
/// # Errors
/// If the program still runs after `limit`.
pub async fn end(scene: &mut Scene, limit: Duration) -> Outcome {
    of(scene)?;
    let limit = limit.min(scene.time_left());
    if let Some(dialogue) = scene.dialogue.take() {
        let output = dialogue.end(scene.terminal().await?, limit).await?;
        scene.ended(output);
    }
    Ok(())
}
