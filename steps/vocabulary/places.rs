//! Sentences about containers of Pods: their logs, commands in them, and how they end.

use std::time::Duration;

use super::{Sentence, argument::CommandLine, sentence};
use crate::{
    actions::{commands, container_ref::ContainerRef, logs, pods, repeated},
    cluster::exec::{self, Executed},
    conditions::{container, text, wildcard},
    scene::Scene,
    terminal::Output,
    verdict::{Fault, Outcome},
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Then "within {duration} the log of {place} shows {text}" => log_shows(limit, container, text), Cluster [Waits, Reads, Keeps],
        r#"within 20 seconds the log of the Pod "hello" shows "Server running at http://0.0.0.0:3000/""#,
        "A line of the log contains the text."),
    sentence!(Then "within {duration} the log of {place} has {number} lines" => log_has(limit, container, count), Cluster [Waits, Reads],
        r#"within 20 seconds the log of the container "clock" of the Pod "hello" has 3 lines"#,
        "The log has at least this many lines."),
    sentence!(Then "in {place} {command} prints {text}" => prints(container, command, text), Cluster [Keeps, RunsInside],
        r#"in the Pod "bb" "hostname" prints "bb""#,
        "Runs the command, without a shell, in the container through the API; it must succeed and print the text."),
    sentence!(Then "within {duration} in {place} {command} prints {text}" => soon_prints(limit, container, command, text), Cluster [Waits, Keeps, RunsInside],
        r#"within 10 seconds in the Pod "bb" "wget -q -O - http://web" prints "Hello""#,
        "Repeats the command in the container until it succeeds and prints the text."),
    sentence!(Then "in {place} {command} fails with {text}" => fails(container, command, text), Cluster [Keeps, RunsInside],
        r#"in the container "web" of the Pod "bb" "wget -O - http://127.0.0.1:1" fails with "Connection refused""#,
        "Runs the command in the container through the API; it must fail and print the text."),
    sentence!(Then "within {duration} {place} has ended with {text}" => has_ended(limit, container, text), Cluster [Waits, Reads],
        r#"within 60 seconds the container "greedy" of the Pod "hello" has ended with "exit code 137, OOMKilled""#,
        "The container has ended, now or before its last restart; its exit code and the reason contain the text. Sometimes the kubelet first reports Error for a container that used too much memory."),
    sentence!(Then "within {duration} the restart count of {place} is {number}" => has_restarted(limit, container, count), Cluster [Waits, Reads],
        r#"within 60 seconds the restart count of the Pod "hello" is 1"#,
        "The container was restarted exactly this many times."),
    sentence!(Then "for {duration} the restart count of {place} stays {number}" => restart_count_stays(limit, container, count), Cluster [Reads],
        r#"for 5 seconds the restart count of the Pod "hello" stays 0"#,
        "During all this time the container has this restart count. Stops at once if the container restarts, and reports how it ended."),
];

async fn log_shows(scene: &mut Scene, limit: Duration, container: ContainerRef, text: String) -> Outcome {
    logs::until_shows(scene, &container, &text, limit).await
}

async fn log_has(scene: &mut Scene, limit: Duration, container: ContainerRef, lines: u16) -> Outcome {
    logs::until_has(scene, &container, lines.into(), limit).await
}

async fn prints(scene: &mut Scene, container: ContainerRef, command: CommandLine, text: String) -> Outcome {
    let left = scene.time_left();
    prints_within(scene, left, &container, command, &text).await
}

async fn prints_within(
    scene: &mut Scene,
    limit: Duration,
    container: &ContainerRef,
    command: CommandLine,
    text: &str,
) -> Outcome {
    let output = inside(scene, container, command, limit).await?;
    commands::ended(&output, commands::Ending::Well)?;
    says(scene, container, &output, &output.stdout, text)
}

async fn soon_prints(
    scene: &mut Scene,
    limit: Duration,
    container: ContainerRef,
    command: CommandLine,
    text: String,
) -> Outcome {
    let limit = limit.min(scene.time_left());
    repeated::until(limit, async |left| prints_within(scene, left, &container, command.clone(), &text).await).await
}

async fn fails(scene: &mut Scene, container: ContainerRef, command: CommandLine, text: String) -> Outcome {
    let output = inside(scene, &container, command, scene.time_left()).await?;
    commands::ended(&output, commands::Ending::InFailure)?;
    says(scene, &container, &output, &format!("{}\n{}", output.stderr, output.stdout), &text)
}

fn says(scene: &mut Scene, container: &ContainerRef, output: &Output, seen: &str, expected: &str) -> Outcome {
    let Ok(kept) = text::contains(seen, expected, &scene.kept) else {
        let expected = wildcard::filled(expected, &scene.kept);
        let reason = format!("`{}` in {container} should say \"{expected}\"", output.command);
        return Err(commands::with_output(Fault::failed(reason), output));
    };
    scene.kept = kept;
    Ok(())
}

async fn inside(scene: &Scene, container: &ContainerRef, command: CommandLine, limit: Duration) -> Outcome<Output> {
    let Executed { stdout, stderr, status } =
        exec::exec(&scene.pods(), &container.pod, container.name(), &command.words, limit).await?;
    Ok(Output { command: command.text, stdout, stderr, status, ..Output::default() })
}

async fn has_ended(scene: &mut Scene, limit: Duration, container: ContainerRef, text: String) -> Outcome {
    let kept = scene.kept.clone();
    let is_so = |ending: &str| text::contains(ending, &text, &kept).is_ok();
    let what = format!("ended with {text}");
    let judge = |pod: Option<&_>| container::has_ended(pod, container.name(), is_so);
    pods::until(scene, &container.pod, &what, limit, judge).await.map(|_| ())
}

async fn has_restarted(scene: &mut Scene, limit: Duration, container: ContainerRef, count: u16) -> Outcome {
    let what = format!("restarted {}", container::times_in_words(count.into()));
    let judge = |pod: Option<&_>| container::has_restarted(pod, container.name(), count.into());
    pods::until(scene, &container.pod, &what, limit, judge).await.map(|_| ())
}

async fn restart_count_stays(scene: &mut Scene, limit: Duration, container: ContainerRef, count: u16) -> Outcome {
    let what = match &container.container {
        Some(container) => format!("at a restart count of {count} in its container {container}"),
        None => format!("at a restart count of {count}"),
    };
    let judge = |pod: Option<&_>| container::keeps_restart_count(pod, container.name(), count.into());
    pods::throughout(scene, &container.pod, &what, limit, judge).await
}
