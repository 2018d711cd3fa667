//! Events of objects, as text for people.

use std::{collections::BTreeSet, time::Duration};

use futures::StreamExt;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{ConfigMap, Event, Pod, Secret};
use kube::{
    Api, ResourceExt,
    api::ListParams,
    runtime::{WatchStreamExt, watcher},
};

use super::subject::{self, Subject};
use crate::{
    cluster::{AnyCluster, ask, namespace, wait},
    conditions::{Cause, Judgement, container, text},
    scene::Scene,
    verdict::{Fault, Outcome, seconds},
};

/// The events of an object, each a line of its type, its reason, its message, and how often it came.
///
/// # Errors
/// If the cluster does not answer.
pub async fn of(scene: &Scene, kind: &str, name: &str) -> Outcome<Vec<String>> {
    let events = scene.cluster.api::<Event>(&scene.namespace);
    let events = ask("list the events", events.list(&ListParams::default().fields(&about(kind, name)))).await?;
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

/// Whether an event says why none of the Pod's containers runs. A container that was started may still count as being
/// created, as long as its `postStart` handler runs.
///
/// # Errors
/// If the cluster does not answer.
pub async fn explain_start(scene: &Scene, pod: &Pod) -> Outcome<bool> {
    let events = scene.cluster.api::<Event>(&scene.namespace);
    let of_pod = ListParams::default().fields(&about("Pod", &pod.name_any()));
    let events = ask("list the events", events.list(&of_pod)).await?;
    let has_handler = container::has_start_handler(pod);
    let explains = |event: &Event| {
        event.type_.as_deref() == Some("Warning") || has_handler && event.reason.as_deref() == Some("Started")
    };
    Ok(events.items.iter().any(explains))
}

/// Waits until an event of an object contains `expected`. Events of an object without a namespace count since the
/// scenario began, because the object may be older. Those of an earlier object of the same name do not count.
///
/// # Errors
/// If none does in time; the fault contains the events that came, and says if the object does not exist.
pub async fn until_says(scene: &mut Scene, subject: Subject<'_>, expected: &str) -> Outcome {
    let limit = subject.limit.min(scene.time_left());
    let (events, since) = if is_in_namespace(scene, subject.kind, limit).await? {
        (scene.cluster.api::<Event>(&scene.namespace), None)
    } else {
        (Api::all(scene.cluster.client()), Timestamp::now().checked_sub(scene.begun().elapsed()).ok())
    };
    let stale = of_earlier_objects(scene, &subject, &events).await?;
    let counts = |event: &&Event| {
        let is_stale = event.involved_object.uid.as_ref().is_some_and(|uid| stale.contains(uid));
        !is_stale && since.is_none_or(|since| came(event).is_some_and(|came| came.as_second() >= since.as_second()))
    };
    let judge = |events: &[Event]| {
        let lines: Vec<String> = events.iter().filter(counts).map(line).collect();
        let said = lines.iter().any(|line| text::contains(line, expected, &scene.kept).is_ok());
        if said { Judgement::Holds } else { Judgement::NotYet(lines.join("\n").into()) }
    };
    let of = watcher::Config::default().fields(&about(kind_of(&subject), subject.name));
    let found = match wait::until_all(events, of, limit, judge, std::future::pending()).await {
        Ok(found) => found,
        Err(unmet) => return Err(unsaid(scene, subject, expected, unmet).await),
    };
    let mut lines = found.iter().filter(counts).map(line);
    if let Some(kept) = lines.find_map(|line| text::contains(&line, expected, &scene.kept).ok()) {
        scene.kept = kept;
    }
    Ok(())
}

/// The UIDs of earlier objects of the same name that events are about; none if no such object exists now.
async fn of_earlier_objects(scene: &Scene, subject: &Subject<'_>, events: &Api<Event>) -> Outcome<BTreeSet<String>> {
    let objects = subject::api(&scene.cluster, &scene.namespace, subject.kind, subject.limit).await?;
    let Some(now) = ask("read the object", objects.get_metadata_opt(subject.name)).await? else {
        return Ok(BTreeSet::new());
    };
    let about = ListParams::default().fields(&about(kind_of(subject), subject.name));
    let listed = ask("list the events", events.list(&about)).await?;
    let uids = listed.items.into_iter().filter_map(|event| event.involved_object.uid);
    // The kubelet names its node by its name, and has no UID for it.
    Ok(uids.filter(|uid| Some(uid) != now.metadata.uid.as_ref() && uid != subject.name).collect())
}

fn kind_of<'a>(subject: &Subject<'a>) -> &'a str {
    subject.kind.split('.').next().unwrap_or_default()
}

/// Waits until an event of any object in the scenario's namespace contains `expected`.
///
/// # Errors
/// If none does in time; the fault contains the events that came.
pub async fn until_any_says(scene: &mut Scene, expected: &str, limit: Duration) -> Outcome {
    let limit = limit.min(scene.time_left());
    let says = |event: &Event| text::contains(&line(event), expected, &scene.kept).ok();
    let judge = |events: &[Event]| {
        let lines = || events.iter().map(line).collect::<Vec<_>>().join("\n");
        if events.iter().any(|event| says(event).is_some()) {
            Judgement::Holds
        } else {
            Judgement::NotYet(lines().into())
        }
    };
    let events = scene.cluster.api::<Event>(&scene.namespace);
    let found = wait::until_all(events, watcher::Config::default(), limit, judge, std::future::pending()).await;
    let found = found.map_err(|unmet| {
        unmet.fault("the events", |seen| {
            Fault::failed(format!("no event says \"{expected}\" within {}", seconds(limit)))
                .seen("the events", seen.to_string())
        })
    })?;
    if let Some(kept) = found.iter().find_map(says) {
        scene.kept = kept;
    }
    Ok(())
}

async fn is_in_namespace(scene: &Scene, kind: &str, limit: Duration) -> Outcome<bool> {
    if kind == "Pod" {
        return Ok(true);
    }
    let objects = subject::api(&scene.cluster, &scene.namespace, kind, limit).await?;
    Ok(objects.resource_url().contains("/namespaces/"))
}

async fn unsaid(scene: &Scene, subject: Subject<'_>, expected: &str, unmet: wait::Unmet) -> Fault {
    let time = seconds(subject.limit);
    let exists = match subject::api(&scene.cluster, &scene.namespace, subject.kind, Duration::from_secs(5)).await {
        Ok(objects) => !matches!(objects.get_opt(subject.name).await, Ok(None)),
        Err(_) => true,
    };
    let missing = if exists { "" } else { ", and it does not exist" };
    unmet.fault(&format!("the events of the {subject}"), |seen| {
        Fault::failed(format!("no event of the {subject} says \"{expected}\" within {time}{missing}"))
            .seen(format!("events of the {subject}"), seen.to_string())
    })
}

/// When an event came the last time.
fn came(event: &Event) -> Option<Timestamp> {
    let series = event.series.as_ref().and_then(|series| series.last_observed_time.as_ref()).map(|time| time.0);
    let last = event.last_timestamp.as_ref().map(|time| time.0);
    series.or(last).or_else(|| event.event_time.as_ref().map(|time| time.0))
}

/// Returns as soon as a Secret or `ConfigMap` that the Pod needs is known not to exist. Otherwise, it never returns.
pub async fn lacks_something(cluster: &AnyCluster, namespace: &str, pod: &str) -> Cause {
    let of_pod = watcher::Config::default().fields(&about("Pod", pod));
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

fn about(kind: &str, name: &str) -> String {
    format!("involvedObject.kind={kind},involvedObject.name={name}")
}

fn line(event: &Event) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let times = event.series.as_ref().and_then(|series| series.count).or(event.count).unwrap_or(1);
    let times = if times > 1 { format!("  (x{times})") } else { String::new() };
    format!("{}  {}  {}{times}", text(&event.type_), text(&event.reason), text(&event.message).trim())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::{
        api::Answer,
        objects::{core_kinds, named},
        runs::Mocked,
    };

    /// Waits for the text in an event of the Namespace `shared`, of which this event came at this time.
    async fn said(text: &str, came: Timestamp) -> Outcome {
        let mocked = Mocked::new(&["Then within 60 seconds no Pods remain"]);
        mocked.api.on("GET /api", [Answer::Object(core_kinds())]);
        mocked.api.on("GET /api/v1/namespaces/shared", [Answer::Object(named("shared"))]);
        let event: Value = json!({
            "metadata": {"name": "e", "resourceVersion": "2"}, "lastTimestamp": format!("{came:.0}"),
            "involvedObject": {"kind": "Namespace", "name": "shared"}, "type": "Normal", "reason": "Changed", "message": "m",
        });
        mocked.api.on("GET /api/v1/events", [Answer::list([event])]);
        let subject = Subject { kind: "Namespace", name: "shared", limit: Duration::from_secs(5) };
        until_says(&mut mocked.scene(), subject, text).await
    }

    /// Waits for an event of the Pod `direct`, whose UID is `new`; the event is about the object of this UID.
    async fn said_of_pod(uid: &str) -> Outcome {
        let mocked = Mocked::new(&["Then within 60 seconds no Pods remain"]);
        let mut scene = mocked.scene();
        let folder = format!("GET /api/v1/namespaces/{}", scene.namespace);
        mocked.api.on("GET /api", [Answer::Object(core_kinds())]);
        let pod = json!({"metadata": {"name": "direct", "uid": "new"}});
        mocked.api.on(&format!("{folder}/pods/direct"), [Answer::Object(pod)]);
        let event = json!({
            "metadata": {"name": "e", "resourceVersion": "2"}, "type": "Normal", "reason": "Scheduled", "message": "m",
            "involvedObject": {"kind": "Pod", "name": "direct", "uid": uid},
        });
        mocked.api.on(&format!("{folder}/events"), [Answer::list([event])]);
        let subject = Subject { kind: "Pod", name: "direct", limit: Duration::from_secs(5) };
        until_says(&mut scene, subject, "Normal Scheduled").await
    }

    #[tokio::test(start_paused = true)]
    async fn an_event_of_an_earlier_object_of_the_name_does_not_count() {
        assert_eq!(said_of_pod("new").await, Ok(()));
        let earlier = said_of_pod("old").await.unwrap_err();
        assert_eq!(earlier.reason, "no event of the Pod direct says \"Normal Scheduled\" within 5 seconds");
    }

    #[tokio::test(start_paused = true)]
    async fn an_event_of_a_shared_object_counts_since_the_scenario_began() {
        let later = Timestamp::now() + Duration::from_mins(5);
        assert_eq!(said("Changed", later).await, Ok(()));
        let earlier = said("Changed", Timestamp::now() - Duration::from_mins(5)).await.unwrap_err();
        assert_eq!(earlier.reason, "no event of the Namespace shared says \"Changed\" within 5 seconds");
        let other = said("Gone", later).await.unwrap_err();
        assert!(other.evidence.iter().any(|seen| seen.text == "Normal  Changed  m"), "{other}");
    }
}
