//! Containers of Pods: what they log, what they say to a command, how they end, and what they may use.

use std::time::Duration;

use super::{Sentence, sentence};
use crate::{
    actions::{commands, limits, limits::Resource, logs, place::Place, pods},
    cluster::exec::{self, Executed},
    conditions::{container, text, wildcard},
    scene::Scene,
    terminal::Output,
    verdict::{Fault, Outcome},
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Then "within {duration} the log of {place} shows {text}" => log_shows(limit, place, text), Cluster [Reads, Keeps],
        r#"within 20 seconds the log of the Pod "hello" shows "Server running at http://0.0.0.0:3000/""#,
        "A line of the log contains the text."),
    sentence!(Then "within {duration} the log of {place} has {number} lines" => log_has(limit, place, count), Cluster [Reads],
        r#"within 20 seconds the log of the container "clock" of the Pod "hello" has 3 lines"#,
        "The log has that many lines, or more."),
    sentence!(Then "in {place} {command} prints {text}" => prints(place, command, text), Cluster [Keeps],
        r#"in the Pod "bb" "hostname" prints "bb""#,
        "Runs the command, without a shell, in the container through the API; it has to end well and print the text."),
    sentence!(Then "in {place} {command} fails with {text}" => fails(place, command, text), Cluster [Keeps],
        r#"in the container "web" of the Pod "bb" "wget -O - http://127.0.0.1:1" fails with "Connection refused""#,
        "Runs the command in the container through the API; it has to end with another status than 0 and say the text."),
    sentence!(Then "within {duration} {place} has ended with {text}" => has_ended(limit, place, text), Cluster [Reads],
        r#"within 60 seconds the container "greedy" of the Pod "hello" has ended with "exit code 137, OOMKilled""#,
        "The container has ended, now or the last time before it was started again; its exit code and the reason contain the text. Now and then the kubelet calls a container that took too much memory Error at first."),
    sentence!(Then "within {duration} the restart count of {place} is {number}" => has_restarted(limit, place, count), Cluster [Reads],
        r#"within 60 seconds the restart count of the Pod "hello" is 1"#,
        "The container was started again just this many times."),
    sentence!(Then "for {duration} the restart count of {place} stays {number}" => restart_count_stays(limit, place, count), Cluster [Reads],
        r#"for 5 seconds the restart count of the Pod "hello" stays 0"#,
        "All this time the restart count of the container is this number. Ends at once when the container is started again, and says how it had ended."),
    sentence!(Then "the memory of {place} is limited to {quantity}" => memory_is_limited(place, quantity), Cluster [],
        r#"the memory of the container "web" of the Pod "hello" is limited to "100Mi""#,
        "The control group of the container, which `cat` reads in it, says so."),
    sentence!(Then "the CPU of {place} is limited to {quantity}" => cpu_is_limited(place, quantity), Cluster [],
        r#"the CPU of the container "web" of the Pod "hello" is limited to "200m""#,
        "The control group of the container, which `cat` reads in it, says so."),
];

async fn log_shows(scene: &mut Scene, limit: Duration, place: Place, text: String) -> Outcome {
    logs::until_shows(scene, &place, &text, limit).await
}

async fn log_has(scene: &mut Scene, limit: Duration, place: Place, lines: u16) -> Outcome {
    logs::until_has(scene, &place, lines.into(), limit).await
}

async fn prints(scene: &mut Scene, place: Place, command: String, text: String) -> Outcome {
    let output = inside(scene, &place, command).await?;
    commands::ended(&output, commands::Ending::Well)?;
    says(scene, &place, &output, &output.stdout, &text)
}

async fn fails(scene: &mut Scene, place: Place, command: String, text: String) -> Outcome {
    let output = inside(scene, &place, command).await?;
    commands::ended(&output, commands::Ending::InFailure)?;
    says(scene, &place, &output, &format!("{}\n{}", output.stderr, output.stdout), &text)
}

fn says(scene: &mut Scene, place: &Place, output: &Output, seen: &str, expected: &str) -> Outcome {
    let Ok(kept) = text::contains(seen, expected, &scene.kept) else {
        let expected = wildcard::filled(expected, &scene.kept);
        let reason = format!("`{}` in {place} should say \"{expected}\"", output.command);
        return Err(commands::with_output(Fault::failed(reason), output));
    };
    scene.kept = kept;
    Ok(())
}

async fn inside(scene: &Scene, place: &Place, command: String) -> Outcome<Output> {
    let words =
        shell_words::split(&command).map_err(|error| Fault::failed(format!("cannot split `{command}`: {error}")))?;
    let Executed { stdout, stderr, status } =
        exec::exec(&scene.pods(), &place.pod, place.container(), &words, scene.time_left()).await?;
    Ok(Output { command, stdout, stderr, status, ..Output::default() })
}

async fn has_ended(scene: &mut Scene, limit: Duration, place: Place, text: String) -> Outcome {
    let kept = scene.kept.clone();
    let is_so = |ending: &str| text::contains(ending, &text, &kept).is_ok();
    let what = format!("ended with {text}");
    let judge = |pod: Option<&_>| container::has_ended(pod, place.container(), is_so);
    pods::until(scene, &place.pod, &what, limit, judge).await.map(|_| ())
}

async fn has_restarted(scene: &mut Scene, limit: Duration, place: Place, count: u16) -> Outcome {
    let what = format!("restarted {count} times");
    let judge = |pod: Option<&_>| container::has_restarted(pod, place.container(), count.into());
    pods::until(scene, &place.pod, &what, limit, judge).await.map(|_| ())
}

async fn restart_count_stays(scene: &mut Scene, limit: Duration, place: Place, count: u16) -> Outcome {
    let what = match &place.container {
        Some(container) => format!("at a restart count of {count} in its container {container}"),
        None => format!("at a restart count of {count}"),
    };
    let judge = |pod: Option<&_>| container::keeps_restart_count(pod, place.container(), count.into());
    pods::throughout(scene, &place.pod, &what, limit, judge).await
}

async fn memory_is_limited(scene: &mut Scene, place: Place, quantity: String) -> Outcome {
    limits::is_limited(scene, &place, Resource::Memory, &quantity).await
}

async fn cpu_is_limited(scene: &mut Scene, place: Place, quantity: String) -> Outcome {
    limits::is_limited(scene, &place, Resource::Cpu, &quantity).await
}
