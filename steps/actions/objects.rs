//! Objects of any kind: waits for their states, and explains wrong states.

use std::future::Future;

use kube::{api::DynamicObject, runtime::watcher};
use serde_json::Value;

pub use super::subject::Subject;
use super::{
    blame, events,
    subject::{api, value},
};
use crate::{
    cluster::wait,
    conditions::{Cause, Judgement, object, wildcard::Kept},
    scene::Scene,
    verdict::{Fault, Outcome, seconds},
};

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

/// Waits like [`until`] for a condition with an expected text, and keeps what its named wildcards match.
///
/// # Errors
/// The same as [`until`].
pub async fn until_matches(
    scene: &mut Scene,
    subject: Subject<'_>,
    what: &str,
    judge: impl Fn(Option<&Value>, &Kept) -> Result<Kept, Judgement>,
) -> Outcome {
    let kept = scene.kept.clone();
    let found = until(scene, subject, what, |seen| judge(seen, &kept).err().unwrap_or(Judgement::Holds)).await?;
    if let Ok(kept) = judge(found.as_ref(), &kept) {
        scene.kept = kept;
    }
    Ok(())
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

/// Watches an object during `subject.limit`, and checks that `judge` accepts its state the whole time.
///
/// # Errors
/// If it does not; the fault contains its state and its events.
pub async fn throughout(
    scene: &Scene,
    subject: Subject<'_>,
    what: &str,
    judge: impl Fn(Option<&Value>) -> Judgement,
) -> Outcome {
    let limit = subject.limit;
    let objects = api(&scene.cluster, &scene.namespace, subject.kind, limit).await?;
    let judge = |object: Option<&DynamicObject>| judge(object.map(value).as_ref());
    match wait::throughout(objects, subject.name, limit, judge).await {
        Ok(()) => Ok(()),
        Err(unmet) => Err(explain(scene, subject, what, unmet).await),
    }
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
/// If `judge` does not accept them in time, or `hopeless` returns before; `subject` is the object that the fault names.
pub async fn until_all(
    scene: &Scene,
    kind: &str,
    subject: Subject<'_>,
    what: &str,
    judge: impl Fn(&[Value]) -> Judgement,
    hopeless: impl Future<Output = Cause>,
) -> Outcome {
    let limit = subject.limit.min(scene.time_left());
    let objects = api(&scene.cluster, &scene.namespace, kind, limit).await?;
    let judge = |objects: &[DynamicObject]| judge(&objects.iter().map(value).collect::<Vec<_>>());
    match wait::until_all(objects, watcher::Config::default(), limit, judge, hopeless).await {
        Ok(_) => Ok(()),
        Err(unmet) => Err(explain(scene, subject, what, unmet).await),
    }
}

/// Explains why an object is not in the expected state, with its events.
pub async fn explain(scene: &Scene, subject: Subject<'_>, what: &str, unmet: wait::Unmet) -> Fault {
    if let Some(fault) = unmet.unobserved(&format!("the {subject}")) {
        return fault;
    }
    let wait::Unmet { last, unchanged_for, end } = unmet;
    let reason = if end == wait::End::Hopeless {
        format!("the {subject} will not {what}: {last}")
    } else {
        let (limit, since) = (seconds(subject.limit), seconds(unchanged_for));
        format!("the {subject} should {what} within {limit}, but {last} (for the last {since})")
    };
    let events = events::of(scene, subject.kind, subject.name).await.unwrap_or_default();
    blame::by_cause(scene, &last, reason).seen(format!("events of the {subject}"), events.join("\n"))
}
