//! Events of Pods, as a person reads them.

use std::time::Duration;

use k8s_openapi::api::core::v1::Event;
use kube::{api::ListParams, runtime::watcher};

use crate::{
    cluster::{ask, wait},
    conditions::{Judgement, text},
    scene::Scene,
    verdict::{Fault, Outcome},
};

/// The events of a Pod, each a line of its type, its reason, how often it came, and its message.
///
/// # Errors
/// Where the cluster does not answer.
pub async fn of_pod(scene: &Scene, pod: &str) -> Outcome<Vec<String>> {
    let events = scene.cluster.api::<Event>(&scene.namespace);
    let events = ask("list the events", events.list(&ListParams::default().fields(&about(pod)))).await?;
    Ok(events.items.iter().map(line).collect())
}

/// Waits until an event of a Pod says `expected`.
///
/// # Errors
/// The events that came instead.
pub async fn until_says(scene: &Scene, pod: &str, expected: &str, limit: Duration) -> Outcome {
    let judge = |events: &[Event]| {
        let lines: Vec<String> = events.iter().map(line).collect();
        let said = lines.iter().any(|line| text::contains(line, expected, &scene.kept).is_ok());
        if said { Judgement::Holds } else { Judgement::NotYet(lines.join("\n")) }
    };
    let limit = limit.min(scene.time_left());
    let (events, of) = (scene.cluster.api::<Event>(&scene.namespace), watcher::Config::default().fields(&about(pod)));
    let waited = wait::until_all(events, of, limit, judge, std::future::pending()).await;
    waited.map(|_| ()).map_err(|unmet| match unmet.unreachable {
        Some(why) => Fault::broken(format!("the events of Pod {pod} could not be seen: {why}")),
        None => Fault::failed(format!("no event of Pod {pod} says \"{expected}\" within {} seconds", limit.as_secs()))
            .seen(format!("events of Pod {pod}"), unmet.last),
    })
}

fn about(pod: &str) -> String {
    format!("involvedObject.kind=Pod,involvedObject.name={pod}")
}

fn line(event: &Event) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let times = event.series.as_ref().and_then(|series| series.count).or(event.count).unwrap_or(1);
    let times = if times > 1 { format!(" (x{times})") } else { String::new() };
    format!("{}  {}{times}  {}", text(&event.type_), text(&event.reason), text(&event.message).trim())
}
