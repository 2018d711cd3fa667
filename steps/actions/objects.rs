//! Objects of any kind: waits for their states, and explains wrong states.

use std::{future::Future, time::Duration};

use kube::{Api, api::DynamicObject, runtime::watcher};
use serde_json::Value;

use super::events;
use crate::{
    cluster::{AnyCluster, wait},
    conditions::{Cause, Judgement, object},
    scene::Scene,
    verdict::{Fault, Outcome},
};

/// The pause before the server is asked again for an unknown kind. Its definition may just have been created, and an
/// unknown kind cannot be watched.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// The object of a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its kind, such as `Deployment`.
    pub kind: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The time limit of the wait.
    pub limit: Duration,
}

impl std::fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}

/// Waits until `judge` accepts an object; `what` says what the object should do, such as `have spec.replicas 3`.
///
/// # Errors
/// If `judge` does not accept it in time; the fault contains its state and its events.
pub async fn until(
    scene: &mut Scene,
    subject: Subject<'_>,
    what: &str,
    judge: impl Fn(Option<&Value>) -> Judgement,
) -> Outcome<Option<Value>> {
    match wait(scene, subject, judge, std::future::pending()).await? {
        Ok(object) => Ok(object),
        Err(unmet) => Err(explain(scene, subject, what, unmet).await),
    }
}

/// Waits like [`until`], but lets the caller explain the result. `hopeless` returns as soon as waiting is pointless.
///
/// # Errors
/// If the cluster does not know the kind.
pub async fn wait(
    scene: &mut Scene,
    subject: Subject<'_>,
    judge: impl Fn(Option<&Value>) -> Judgement,
    hopeless: impl Future<Output = Cause>,
) -> Outcome<Result<Option<Value>, wait::Unmet>> {
    let limit = subject.limit.min(scene.time_left());
    let objects = api(&scene.cluster, &scene.namespace, subject.kind, limit).await?;
    let judge = |object: Option<&DynamicObject>| judge(object.map(value).as_ref());
    let waited = wait::until(objects, subject.name, limit, judge, hopeless).await;
    Ok(waited.map(|object| {
        let object = object.as_ref().map(value);
        if let Some(uid) = object.as_ref().and_then(|object| object["metadata"]["uid"].as_str()) {
            scene.saw_object(subject.kind, subject.name, uid);
        }
        object
    }))
}

/// Waits until the object that was seen under this name no longer exists.
///
/// # Errors
/// If none was seen, or if it still exists.
pub async fn until_gone(scene: &mut Scene, subject: Subject<'_>) -> Outcome {
    let Some(uid) = scene.seen_object(subject.kind, subject.name).map(str::to_owned) else {
        let why = format!("the {subject} was never seen in this scenario, so its absence proves nothing");
        let before = format!("within 30 seconds the {} \"{}\" exists", subject.kind, subject.name);
        return Err(Fault::failed(why).hint(format!("put `{before}` before it is deleted")));
    };
    until(scene, subject, "be gone", |seen| object::is_gone(seen, &uid)).await.map(|_| ())
}

/// Waits until `judge` accepts the objects of a kind together.
///
/// # Errors
/// If `judge` does not accept them in time; `subject` is the object that the fault names.
pub async fn until_all(
    scene: &Scene,
    kind: &str,
    subject: Subject<'_>,
    what: &str,
    judge: impl Fn(&[Value]) -> Judgement,
) -> Outcome {
    let limit = subject.limit.min(scene.time_left());
    let objects = api(&scene.cluster, &scene.namespace, kind, limit).await?;
    let judge = |objects: &[DynamicObject]| judge(&objects.iter().map(value).collect::<Vec<_>>());
    match wait::until_all(objects, watcher::Config::default(), limit, judge, std::future::pending()).await {
        Ok(_) => Ok(()),
        Err(unmet) => Err(explain(scene, subject, what, unmet).await),
    }
}

/// Explains why an object is not in the expected state, with its events.
pub async fn explain(scene: &Scene, subject: Subject<'_>, what: &str, unmet: wait::Unmet) -> Fault {
    let wait::Unmet { last, unchanged_for, hopeless, unreachable } = unmet;
    if let Some(why) = unreachable {
        return Fault::broken(format!("cannot watch the {subject}: {why}")).seen("before that", last.to_string());
    }
    let reason = if hopeless {
        format!("the {subject} will not {what}: {last}")
    } else {
        let (limit, since) = (subject.limit.as_secs(), unchanged_for.as_secs());
        format!("the {subject} should {what} within {limit} seconds, but {last} (for the last {since} seconds)")
    };
    let events = events::of(scene, subject.kind, subject.name).await.unwrap_or_default();
    Fault::failed(reason).seen(format!("events of the {subject}"), events.join("\n"))
}

/// The API for a kind: in the namespace, or in the cluster if the kind has no namespace.
pub(super) async fn api(
    cluster: &AnyCluster,
    namespace: &str,
    kind: &str,
    limit: Duration,
) -> Outcome<Api<DynamicObject>> {
    let known = async {
        loop {
            let found = cluster.resources(kind).await?;
            if !found.is_empty() {
                return Ok(found);
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
    };
    let found = tokio::time::timeout(limit, known).await.unwrap_or_else(|_| Ok(Vec::new()))?;
    match &found[..] {
        [(resource, true)] => Ok(Api::namespaced_with(cluster.client(), namespace, resource)),
        [(resource, false)] => Ok(Api::all_with(cluster.client(), resource)),
        [] => Err(Fault::failed(format!("the cluster has no kind {kind} (for {} seconds)", limit.as_secs()))
            .hint("write the kind as a manifest does, such as Deployment; a custom kind needs its definition first")),
        several => {
            let groups: Vec<String> = several.iter().map(|(found, _)| format!("{kind}.{}", found.group)).collect();
            Err(Fault::failed(format!("several kinds are called {kind}"))
                .hint(format!("write one of {}", groups.join(", "))))
        }
    }
}

pub(super) fn value(object: &DynamicObject) -> Value {
    serde_json::to_value(object).unwrap_or_default()
}
