//! Events of Pods, as text for people.

use std::time::Duration;

use futures::StreamExt;
use k8s_openapi::api::core::v1::{ConfigMap, Event, Pod, Secret};
use kube::{
    api::ListParams,
    runtime::{WatchStreamExt, watcher},
};

use crate::{
    cluster::{AnyCluster, ask, namespace, wait},
    conditions::{Cause, Judgement, text},
    scene::Scene,
    verdict::{Fault, Outcome},
};

/// The events of an object, each a line of its type, its reason, its message, and how often it came.
///
/// # Errors
/// If the cluster does not answer.
pub async fn of(scene: &Scene, kind: &str, name: &str) -> Outcome<Vec<String>> {
    let events = scene.cluster.api::<Event>(&scene.namespace);
    let about = format!("involvedObject.kind={kind},involvedObject.name={name}");
    let events = ask("list the events", events.list(&ListParams::default().fields(&about))).await?;
    Ok(events.items.iter().map(line).collect())
}

/// The warnings of the scenario's controllers that could not make Pods, each of a line.
///
/// # Errors
/// Where the cluster does not answer.
pub async fn of_controllers(scene: &Scene) -> Outcome<Vec<String>> {
    let events = scene.cluster.api::<Event>(&scene.namespace);
    let events = ask("list the events", events.list(&ListParams::default().fields("reason=FailedCreate"))).await?;
    Ok(events.items.iter().map(line).collect())
}

/// Whether an event says that one of the Pod's containers was started, or why none is. A container that was started may
/// still count as being created, as long as its `postStart` handler runs.
///
/// # Errors
/// If the cluster does not answer.
pub async fn explain_start(scene: &Scene, pod: &str) -> Outcome<bool> {
    let events = scene.cluster.api::<Event>(&scene.namespace);
    let events = ask("list the events", events.list(&ListParams::default().fields(&about(pod)))).await?;
    let explains =
        |event: &Event| event.type_.as_deref() == Some("Warning") || event.reason.as_deref() == Some("Started");
    Ok(events.items.iter().any(explains))
}

/// Waits until an event of a Pod contains `expected`.
///
/// # Errors
/// If none does within `limit`; the fault contains the events that came.
pub async fn until_says(scene: &mut Scene, pod: &str, expected: &str, limit: Duration) -> Outcome {
    let judge = |events: &[Event]| {
        let lines: Vec<String> = events.iter().map(line).collect();
        let said = lines.iter().any(|line| text::contains(line, expected, &scene.kept).is_ok());
        if said { Judgement::Holds } else { Judgement::NotYet(lines.join("\n").into()) }
    };
    let limit = limit.min(scene.time_left());
    let (events, of) = (scene.cluster.api::<Event>(&scene.namespace), watcher::Config::default().fields(&about(pod)));
    let waited = wait::until_all(events, of, limit, judge, std::future::pending()).await;
    let events = format!("events of Pod {pod}");
    let came = waited.map_err(|unmet| {
        unmet.fault(&format!("the {events}"), |seen| {
            Fault::failed(format!("no event of Pod {pod} says \"{expected}\" within {} seconds", limit.as_secs()))
                .seen(&events, seen)
        })
    })?;
    if let Some(kept) = came.iter().find_map(|event| text::contains(&line(event), expected, &scene.kept).ok()) {
        scene.kept = kept;
    }
    Ok(())
}

/// Returns as soon as a Secret or `ConfigMap` that the Pod needs is known not to exist. Otherwise, it never returns.
pub async fn lacks_something(cluster: &AnyCluster, namespace: &str, pod: &str) -> Cause {
    let of_pod = watcher::Config::default().fields(&about(pod));
    let events = watcher(cluster.api::<Event>(namespace), of_pod).default_backoff().applied_objects();
    let mut events = Box::pin(events);
    while let Some(event) = events.next().await {
        if let Ok(event) = event
            && let Some(message) = event.message.as_deref()
            && is_missing(cluster, namespace, message).await
            && is_about(cluster, namespace, &event).await
        {
            return Cause::Missing(message.to_owned());
        }
    }
    std::future::pending().await
}

/// Whether the Secret or `ConfigMap` that a message calls missing is still missing. It may exist by now, and Kubernetes
/// creates one `ConfigMap` itself.
async fn is_missing(cluster: &AnyCluster, namespace: &str, message: &str) -> bool {
    let name = |kind: &str| Some(message.split_once(kind)?.1.split_once("\" not found")?.0.to_owned());
    if let Some(secret) = name("secret \"") {
        return matches!(cluster.api::<Secret>(namespace).get_opt(&secret).await, Ok(None));
    }
    match name("configmap \"") {
        Some(map) if map == namespace::ROOT_CERTIFICATE => false,
        Some(map) => matches!(cluster.api::<ConfigMap>(namespace).get_opt(&map).await, Ok(None)),
        None => false,
    }
}

/// Whether the event is about the current Pod of this name, not about a previous one.
async fn is_about(cluster: &AnyCluster, namespace: &str, event: &Event) -> bool {
    let pods = cluster.api::<Pod>(namespace);
    let name = event.involved_object.name.as_deref().unwrap_or_default();
    pods.get(name).await.is_ok_and(|pod| pod.metadata.uid == event.involved_object.uid)
}

fn about(pod: &str) -> String {
    format!("involvedObject.kind=Pod,involvedObject.name={pod}")
}

fn line(event: &Event) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let times = event.series.as_ref().and_then(|series| series.count).or(event.count).unwrap_or(1);
    let times = if times > 1 { format!("  (x{times})") } else { String::new() };
    format!("{}  {}  {}{times}", text(&event.type_), text(&event.reason), text(&event.message).trim())
}
