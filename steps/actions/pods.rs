//! Pods: made from manifests, waited for, and explained when they are not as they should be.

use std::{fs, time::Duration};

use crate::{
    cluster::{ask, manifest, namespace, said, wait},
    conditions::{Judgement, pod, scheduling, text},
    images::catalogue::{Catalogue, full_name},
    scene::Scene,
    verdict::{Fault, Outcome},
};
use futures::{AsyncBufReadExt, StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::{Event, Pod};
use kube::{
    Api,
    api::{ListParams, LogParams},
    runtime::{WatchStreamExt, watcher},
};

/// How many lines of a log's end are shown.
const LOG_LINES: i64 = 20;

/// How long after a log's end it is followed again, at the earliest.
const FOLLOW_AGAIN: Duration = Duration::from_millis(200);

/// Makes all objects of a manifest of the lab, in the scenario's namespace.
///
/// # Errors
/// Where the file is missing or wrong, or the server refuses it.
pub async fn create_from(scene: &Scene, file: &str) -> Outcome {
    let text = fs::read_to_string(scene.lab_file(file))
        .map_err(|error| Fault::failed(format!("the lab has no file {file}: {error}")))?;
    create(scene, &text).await.map_err(|fault| Fault { reason: format!("{file}: {}", fault.reason), ..fault })
}

/// Makes all objects of a manifest, in the scenario's namespace.
///
/// # Errors
/// Where the text is wrong, or the server refuses it.
pub async fn create(scene: &Scene, text: &str) -> Outcome {
    for object in manifest::read(text).map_err(Fault::failed)? {
        manifest::create(&scene.session.cluster, &scene.namespace, &object).await?;
    }
    Ok(())
}

/// Waits until a Pod is as `judge` wants it.
///
/// # Errors
/// What was seen instead, with the Pod's events and the end of its log.
pub async fn until(
    scene: &mut Scene,
    name: &str,
    what: &str,
    limit: Duration,
    judge: impl Fn(Option<&Pod>) -> Judgement,
) -> Outcome<Option<Pod>> {
    let pods = scene.pods();
    let limit = limit.min(scene.time_left());
    let nodes = scene.session.cluster.node_objects();
    let judge = |pod: Option<&Pod>| match pod.and_then(|pod| scheduling::never_fits(pod, nodes)) {
        Some(why) => Judgement::Hopeless(why),
        None => judge(pod),
    };
    match wait::until(pods, name, limit, judge, cannot_start(scene, name)).await {
        Ok(pod) => {
            if let Some(uid) = pod.as_ref().and_then(|pod| pod.metadata.uid.as_deref()) {
                scene.saw_pod(name, uid);
            }
            Ok(pod)
        }
        Err(unmet) => Err(explain(scene, name, what, limit, unmet).await),
    }
}

/// Waits until the Pod that was seen under this name is gone.
///
/// # Errors
/// Where none was seen, or it is still there.
pub async fn until_gone(scene: &mut Scene, name: &str, limit: Duration) -> Outcome {
    let Some(uid) = scene.seen_pod(name).map(str::to_owned) else {
        return Err(Fault::failed(format!("nobody saw a Pod called {name} before, so that it is gone proves nothing"))
            .hint(format!("put `within 60 seconds the Pod \"{name}\" is ready` before it is deleted")));
    };
    until(scene, name, "gone", limit, |seen| pod::is_gone(seen, &uid)).await.map(|_| ())
}

/// Waits until the scenario's namespace has no Pods; at least one has to have been seen in it.
///
/// # Errors
/// Where none was seen, or some are still there.
pub async fn until_none(scene: &Scene, limit: Duration) -> Outcome {
    if scene.seen_pods().next().is_none() {
        return Err(Fault::failed("nobody saw a Pod before, so that there are none proves nothing")
            .hint("wait for one to be ready before all are deleted"));
    }
    let left = namespace::pods_left(scene.pods(), limit).await;
    if left.is_empty() {
        return Ok(());
    }
    Err(Fault::failed(format!("not within {} seconds: Pods remain: {}", limit.as_secs(), left.join(", "))))
}

/// Waits until a line of the Pod's log contains `expected`.
///
/// # Errors
/// What the log says instead.
pub async fn until_log(scene: &mut Scene, name: &str, expected: &str, limit: Duration) -> Outcome {
    let pods = scene.pods();
    let mut seen = String::new();
    let mut again = tokio::time::interval(FOLLOW_AGAIN);
    let reading = async {
        loop {
            again.tick().await;
            seen.clear();
            if follow(&pods, name, &mut seen, |line| text::contains(line, expected, &scene.kept).is_ok()).await? {
                return Ok(true);
            }
            // A log that is followed may end for the API's reasons: only the container's end is the end of it.
            if !pods.get(name).await.is_ok_and(|pod| pod::is_running(&pod)) {
                return Ok(false);
            }
        }
    };
    let found: Option<Result<bool, String>> = tokio::time::timeout(limit, reading).await.ok();
    let missing = |when: String| {
        Err(Fault::failed(format!("the log of Pod {name} does not show \"{expected}\" {when}")).seen("the log", &seen))
    };
    match found {
        Some(Ok(true)) => Ok(()),
        Some(Ok(false)) => missing("before its container ends".into()),
        None => missing(format!("within {} seconds", limit.as_secs())),
        Some(Err(why)) => Err(Fault::failed(format!("the log of Pod {name} cannot be read: {why}"))),
    }
}

/// Reads a log from its beginning until a line is `wanted`, and keeps the lines before it; tells whether one was.
async fn follow(pods: &Api<Pod>, name: &str, seen: &mut String, wanted: impl Fn(&str) -> bool) -> Result<bool, String> {
    let following = LogParams { follow: true, ..LogParams::default() };
    let mut lines = pods.log_stream(name, &following).await.map_err(|error| said(&error))?.lines();
    while let Some(line) = lines.try_next().await.map_err(|error| error.to_string())? {
        if wanted(&line) {
            return Ok(true);
        }
        *seen += &format!("{line}\n");
    }
    Ok(false)
}

/// The events of a Pod, oldest first, as a person reads them.
///
/// # Errors
/// Where the cluster does not answer.
pub async fn events(scene: &Scene, name: &str) -> Outcome<Vec<String>> {
    let of_pod = ListParams::default().fields(&format!("involvedObject.kind=Pod,involvedObject.name={name}"));
    let events = ask("list the events", scene.session.cluster.api::<Event>(&scene.namespace).list(&of_pod)).await?;
    Ok(events.items.iter().map(line).collect())
}

/// Ends when an event tells that the Pod's containers cannot be started, such as a mount of an object that does not
/// exist.
async fn cannot_start(scene: &Scene, name: &str) -> String {
    let of_pod = watcher::Config::default()
        .fields(&format!("involvedObject.kind=Pod,involvedObject.name={name},reason=FailedMount"));
    let events: Api<Event> = scene.session.cluster.api(&scene.namespace);
    let mut events = Box::pin(watcher(events, of_pod).default_backoff().applied_objects());
    while let Some(event) = events.next().await {
        if let Ok(event) = event
            && event.message.as_deref().is_some_and(|message| message.contains("not found"))
        {
            return format!("a volume cannot be mounted: {}", event.message.unwrap_or_default());
        }
    }
    std::future::pending().await
}

async fn explain(scene: &Scene, name: &str, what: &str, limit: Duration, unmet: wait::Unmet) -> Fault {
    let wait::Unmet { last, unchanged_for, hopeless, unreachable } = unmet;
    if let Some(why) = unreachable {
        return Fault::broken(format!("whether Pod {name} is {what} could not be seen: {why}"))
            .seen("before that", last);
    }
    let reason = if hopeless {
        format!("Pod {name} will not be {what}: {last}")
    } else {
        format!(
            "Pod {name} is not {what} within {} seconds: {last} (for the last {} seconds)",
            limit.as_secs(),
            unchanged_for.as_secs()
        )
    };
    let fault = if is_ours(scene, &last) { Fault::broken(reason) } else { Fault::failed(reason) };
    let events = events(scene, name).await.unwrap_or_default().join("\n");
    let tail = LogParams { tail_lines: Some(LOG_LINES), ..LogParams::default() };
    let log = scene.pods().logs(name, &tail).await.unwrap_or_default();
    fault.seen(format!("events of Pod {name}"), events).seen(format!("the log of Pod {name} ends"), log)
}

/// A failed pull of an image that the catalogue knows is the harness's fault: it promised to provide it.
fn is_ours(scene: &Scene, last: &str) -> bool {
    let is_pull = last.contains("ErrImagePull") || last.contains("ImagePullBackOff");
    is_pull
        && Catalogue::read(&scene.session.project).is_ok_and(|catalogue| {
            catalogue.names().any(|name| {
                last.contains(&format!("\"{}\"", full_name(name)))
                    || last.contains(&format!("\"{}\"", name.trim_end_matches(":latest")))
            })
        })
}

fn line(event: &Event) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    format!("{}  {}  {}", text(&event.type_), text(&event.reason), text(&event.message).trim())
}
