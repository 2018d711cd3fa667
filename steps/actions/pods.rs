//! Pods: creates them from manifests, waits for their states, and explains wrong states.

mod labelled;

use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
pub use labelled::{APPEARS, the_one, until_labelled, until_replaced};

use super::{blame, diagnostics, events};
use crate::{
    cluster::{
        ask,
        manifest::{self, Described},
        namespace, wait,
    },
    conditions::{Cause, Judgement, pod, scheduling, text, wildcard::Kept},
    project::Manifest,
    scene::Scene,
    submission::manifest::Object,
    verdict::{Fault, Outcome, Verdict, seconds},
};

/// Creates all objects of one of the lab's manifests in the scenario's namespace, and returns the names of the Pods.
///
/// # Errors
/// If the file is missing or invalid, or if the server rejects it.
pub async fn create_from(scene: &Scene, file: &str) -> Outcome<Vec<String>> {
    let objects = objects(scene, file)?;
    create_all(scene, objects).await.map_err(|fault| of_file(file, fault))
}

/// Sends the objects of one of the lab's manifests to the server until it refuses one, and returns what the named
/// wildcards of `expected` match in its answer.
///
/// # Errors
/// If the file is missing or invalid, if the server accepts all objects, or if its answer does not contain `expected`.
pub async fn until_refused(scene: &Scene, file: &str, expected: &str) -> Outcome<Kept> {
    let objects = objects(scene, file)?;
    match create_all(scene, objects).await.map_err(|fault| of_file(file, fault)) {
        Ok(_) => Err(Fault::failed(format!("the server accepts {file}, but it should refuse it"))),
        Err(fault) if fault.verdict == Verdict::Failed => {
            // The reason in plain words, or the server's own.
            let said = fault.evidence.iter().fold(fault.reason.clone(), |said, seen| format!("{said}\n{}", seen.text));
            text::contains(&said, expected, &scene.kept).map_err(|_| Fault {
                reason: format!("{}; this does not contain \"{expected}\"", fault.reason),
                ..fault
            })
        }
        Err(fault) => Err(fault),
    }
}

/// The objects of one of the lab's manifests.
fn objects(scene: &Scene, file: &str) -> Outcome<Vec<Described>> {
    let objects = match scene.lab.manifest(file)? {
        Manifest::Own(text) => manifest::read(&text),
        Manifest::Submitted(objects) => objects.iter().map(described).collect(),
    };
    objects.map_err(|why| of_file(file, Fault::failed(why)))
}

fn of_file(file: &str, fault: Fault) -> Fault {
    Fault { reason: format!("{file}: {}", fault.reason), ..fault }
}

fn described(object: &Object) -> Result<Described, String> {
    Described::from_value(object.value()).map_err(|why| format!("line {}: {why}", object.line()))
}

/// Creates all objects of a manifest in the scenario's namespace, and returns the names of the Pods.
///
/// # Errors
/// If the text is invalid, or if the server rejects it.
pub async fn create(scene: &Scene, text: &str) -> Outcome<Vec<String>> {
    create_all(scene, manifest::read(text).map_err(Fault::failed)?).await
}

async fn create_all(scene: &Scene, objects: Vec<Described>) -> Outcome<Vec<String>> {
    for object in &objects {
        manifest::create(scene.cluster.own()?, &scene.namespace, object).await?;
    }
    Ok(objects.into_iter().filter(|object| object.kind == "Pod").map(|object| object.name).collect())
}

/// Waits until `judge` accepts a Pod's state.
///
/// # Errors
/// If it does not within `limit`, or cannot any more; the fault contains the state, the Pod's events and the end of its
/// logs.
pub async fn until(
    scene: &mut Scene,
    name: &str,
    what: &str,
    limit: Duration,
    judge: impl Fn(Option<&Pod>) -> Judgement,
) -> Outcome<Option<Pod>> {
    wait(scene, name, what, limit, judge, std::future::pending()).await
}

/// How long a cluster may take to set the phase of a Pod whose containers have all ended.
const SETTLES: Duration = Duration::from_secs(20);

/// Waits until a Pod is in a phase. If all its containers have ended in time, and only the phase does not say so yet, the
/// cluster gets more time: the Pod's author has no part in that.
///
/// # Errors
/// The same as [`until`]; `broken` if the phase is late although the containers have ended.
pub async fn until_in_phase(scene: &mut Scene, name: &str, phase: &str, limit: Duration) -> Outcome {
    let what = format!("in the phase {phase}");
    let judge = |pod: Option<&Pod>| pod::has_phase(pod, phase);
    let Err(fault) = until(scene, name, &what, limit, judge).await else { return Ok(()) };
    let pod = ask(&format!("read the Pod {name}"), scene.pods().get_opt(name)).await?;
    if fault.verdict != Verdict::Failed || pod.as_ref().and_then(pod::coming_phase) != Some(phase) {
        return Err(fault);
    }
    let Err(late) = until(scene, name, &what, SETTLES, judge).await else { return Ok(()) };
    let pod = ask(&format!("read the Pod {name}"), scene.pods().get_opt(name)).await?;
    if pod.as_ref().and_then(pod::coming_phase).is_none() {
        return Err(late);
    }
    let reason = format!("{}. The cluster is too slow: all containers of the Pod have ended", late.reason);
    Err(Fault { verdict: Verdict::Broken, reason, ..late })
}

/// How long a cluster may take to start a container. Who waits less expects more than a cluster promises.
const STARTS: Duration = Duration::from_secs(20);

/// Waits until a Pod of labproof's own is ready. If it only takes too long, the cluster is at fault, because neither the lab
/// nor the learner chose what the Pod runs. A Pod that can never run, or that somebody deleted, is not slow.
///
/// # Errors
/// `broken` if it takes too long; otherwise like [`until_started`].
pub async fn until_own_is_ready(scene: &mut Scene, name: &str, limit: Duration) -> Outcome {
    let Err(fault) = until_started(scene, name, "ready", limit, pod::is_ready).await else { return Ok(()) };
    let pod = ask(&format!("read the Pod {name}"), scene.pods().get_opt(name)).await?;
    let nodes = scene.cluster.nodes_now().await;
    let is_slow = pod.is_some_and(|pod| {
        let never_runs = scheduling::never_fits(&pod, &nodes).is_some();
        !never_runs && !matches!(pod::is_ready(Some(&pod)), Judgement::Hopeless(_))
    });
    let verdict = if is_slow { Verdict::Broken } else { fault.verdict };
    Err(Fault { verdict, ..fault })
}

/// Like [`until`], for a state that requires started containers: the wait also ends if a Secret or `ConfigMap` that
/// they need does not exist.
///
/// # Errors
/// The same as [`until`].
pub async fn until_started(
    scene: &mut Scene,
    name: &str,
    what: &str,
    limit: Duration,
    judge: impl Fn(Option<&Pod>) -> Judgement,
) -> Outcome<Option<Pod>> {
    let (cluster, namespace, pod) = (scene.cluster.clone(), scene.namespace.clone(), name.to_owned());
    let lacking = Box::pin(async move { events::lacks_something(&cluster, &namespace, &pod).await });
    Box::pin(wait(scene, name, what, limit, judge, lacking)).await
}

async fn wait(
    scene: &mut Scene,
    name: &str,
    what: &str,
    limit: Duration,
    judge: impl Fn(Option<&Pod>) -> Judgement,
    hopeless: impl Future<Output = Cause>,
) -> Outcome<Option<Pod>> {
    let limit = limit.min(scene.time_left());
    // The scenario may have changed the nodes since the run began, by a label that the Pod asks for.
    let nodes = scene.cluster.nodes_now().await;
    let judge = |pod: Option<&Pod>| match (judge(pod), pod.and_then(|pod| scheduling::never_fits(pod, &nodes))) {
        (Judgement::NotYet(_), Some(why)) => Judgement::Hopeless(why),
        (judgement, _) => judgement,
    };
    match wait::until(scene.pods(), name, limit, judge, hopeless).await {
        Ok(pod) => {
            if let Some(uid) = pod.as_ref().and_then(|pod| pod.metadata.uid.as_deref()) {
                scene.saw_pod(name, uid);
            }
            Ok(pod)
        }
        Err(unmet) => Err(explain(scene, name, what, limit, unmet).await),
    }
}

/// Waits until the Pod that was seen under this name no longer exists.
///
/// # Errors
/// If none was seen, or if it still exists.
pub async fn until_gone(scene: &mut Scene, name: &str, limit: Duration) -> Outcome {
    let uid = seen(scene, name)?.to_owned();
    until(scene, name, "gone", limit, |seen| pod::is_gone(seen, &uid)).await.map(|_| ())
}

/// The UID of the Pod that was seen under this name.
fn seen<'a>(scene: &'a Scene, name: &str) -> Outcome<&'a str> {
    scene.seen_pod(name).ok_or_else(|| {
        Fault::failed(format!("the Pod {name} was never seen in this scenario, so its absence proves nothing"))
            .hint(format!("put `within 60 seconds the Pod \"{name}\" is ready` before it is deleted"))
    })
}

/// Waits until the scenario's namespace has no Pods; at least one must have been seen there.
///
/// # Errors
/// If none was seen, or if some still exist.
pub async fn until_none(scene: &Scene, limit: Duration) -> Outcome {
    if scene.seen_pods().next().is_none() {
        return Err(Fault::failed("no Pod was seen in this scenario, so the absence of Pods proves nothing")
            .hint("wait until a Pod is ready before all Pods are deleted"));
    }
    let after = seconds(limit);
    namespace::no_pods(scene.pods(), limit)
        .await
        .map_err(|unmet| unmet.fault("the Pods", |seen| Fault::failed(format!("after {after}: {seen}"))))
}

/// Watches a Pod during `limit`, and checks that `judge` accepts its state the whole time.
///
/// # Errors
/// If it does not; the fault contains the state, the Pod's events and the end of its log.
pub async fn throughout(
    scene: &Scene,
    name: &str,
    what: &str,
    limit: Duration,
    judge: impl Fn(Option<&Pod>) -> Judgement,
) -> Outcome {
    match wait::throughout(scene.pods(), name, limit, judge).await {
        Ok(()) => Ok(()),
        Err(unmet) => {
            let fault = unmet.fault(&format!("Pod {name}"), |last| {
                let reason = format!("Pod {name} should be {what} for {}, but {last}", seconds(limit));
                blame::by_cause(scene, last, reason)
            });
            Err(diagnostics::add(scene, name, fault).await)
        }
    }
}

/// Watches during `limit` that no Pod of this name exists; one must have been seen before.
///
/// # Errors
/// If none was seen, or if one exists.
pub async fn none_called(scene: &Scene, name: &str, limit: Duration) -> Outcome {
    seen(scene, name)?;
    throughout(scene, name, "absent", limit, pod::is_absent).await
}

async fn explain(scene: &Scene, name: &str, what: &str, limit: Duration, unmet: wait::Unmet) -> Fault {
    if let Some(fault) = unmet.unobserved(&format!("Pod {name}")) {
        return fault;
    }
    let wait::Unmet { last, unchanged_for, end } = unmet;
    let reason = if end == wait::End::Hopeless {
        format!("Pod {name} will not be {what}: {last}")
    } else {
        format!("Pod {name} is not {what} within {}: {last} (for the last {})", seconds(limit), seconds(unchanged_for))
    };
    let fault = if end == wait::End::TooLate && limit >= STARTS && is_neglected(scene, name).await {
        Fault::broken(format!(
            "{reason}. The cluster is too slow: it has not started a container of the Pod, and no event explains that"
        ))
    } else {
        blame::by_cause(scene, &last, reason)
    };
    diagnostics::add(scene, name, fault).await
}

/// Whether the cluster has not started a Pod, although nothing in the Pod is the reason.
async fn is_neglected(scene: &Scene, name: &str) -> bool {
    let pod = ask(&format!("read the Pod {name}"), scene.pods().get_opt(name)).await;
    let Ok(Some(pod)) = pod else { return false };
    pod::is_untouched(&pod) && matches!(events::explain_start(scene, &pod).await, Ok(false))
}

#[cfg(test)]
mod tests;
