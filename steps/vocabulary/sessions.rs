//! Sentences about sessions: interactive programs into which the learner types lines.

use std::time::Duration;

use super::{Sentence, argument::DocString, sentence};
use crate::{actions::sessions, conditions::text, scene::Scene, terminal::dialogue::Key, verdict::Outcome};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(When "I open a session with {command}" => open(command), Machine [OpensSession],
        r#"I open a session with "kubectl exec -it hello -- sh""#,
        "Runs the command in a pseudo-terminal of its own, with the exported variables of the scenario's, and waits until it shows something: if the command shows nothing at first, open bash and type the command there. One session at a time."),
    sentence!(When "I type {line}" => type_line(line), Machine [NeedsSession],
        r#"I type "hostname""#,
        "Types the line into the session; a Then step must check the result."),
    sentence!(When "I press {key}" => press(key), Machine [NeedsSession],
        "I press Ctrl-C",
        "Ctrl-C interrupts the program of the session, Ctrl-D ends its input."),
    sentence!(Then "within {duration} the session shows {text}" => shows(limit, text), Machine [Waits, NeedsSession, Keeps],
        r#"within 10 seconds the session shows "hello""#,
        "A line that the session has shown since the last line was typed, or since it was opened, contains the text; the echo of what was typed does not count."),
    sentence!(Then "within {duration} the session shows:" => shows_all(limit, text), Machine [Waits, NeedsSession, Keeps],
        "within 60 seconds the session shows:\n\"\"\"\nNAME    READY   STATUS    RESTARTS   AGE\nhello   1/1     Running   0          [AGE]\n\"\"\"",
        "This is everything that the session has shown since then. A line of [...] stands for any lines, a prompt among them."),
    sentence!(Then "within {duration} the session ends" => ends(limit), Machine [Waits, NeedsSession, EndsSession],
        "within 10 seconds the session ends",
        "The program of the session has ended; all its output and its exit status then count as those of the last command."),
];

async fn open(scene: &mut Scene, command: String) -> Outcome {
    sessions::open(scene, &command).await
}

async fn type_line(scene: &mut Scene, line: String) -> Outcome {
    sessions::of(scene)?.type_line(&line).await
}

async fn press(scene: &mut Scene, key: Key) -> Outcome {
    sessions::of(scene)?.press(key).await
}

async fn shows(scene: &mut Scene, limit: Duration, expected: String) -> Outcome {
    let what = format!("show \"{expected}\"");
    sessions::until(scene, limit, &what, |shown, kept| text::contains(shown, &expected, kept)).await
}

async fn shows_all(scene: &mut Scene, limit: Duration, DocString(expected): DocString) -> Outcome {
    sessions::until(scene, limit, "show just this", |shown, kept| text::is(shown, &expected, kept)).await
}

async fn ends(scene: &mut Scene, limit: Duration) -> Outcome {
    sessions::end(scene, limit).await
}
