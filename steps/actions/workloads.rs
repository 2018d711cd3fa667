//! Deployments, Jobs and other objects that run Pods: waits for their states, and explains wrong states with their
//! Pods.

use std::{collections::BTreeSet, time::Duration};

use k8s_openapi::api::{
    apps::v1::{Deployment, ReplicaSet},
    core::v1::{Node, Pod},
};
use kube::{
    ResourceExt,
    api::{DynamicObject, ListParams},
    runtime::watcher,
};
use serde_json::Value;

use super::{
    blame, diagnostics,
    objects::{self, Subject},
    subject::{api, value},
};
use crate::{
    cluster::{AnyCluster, wait},
    conditions::{Cause, Judgement, object, pod, scheduling, start, workload},
    scene::Scene,
    verdict::{Fault, Outcome},
};

/// The annotation with the number of a Deployment's revision, on it and on its `ReplicaSets`.
const REVISION: &str = "deployment.kubernetes.io/revision";

/// The label with the revision of a `StatefulSet`'s Pod.
const STATEFUL_REVISION: &str = "controller-revision-hash";

/// The Pod label and the `DaemonSet` annotation with the number of the template.
const GENERATION: [&str; 2] = ["pod-template-generation", "deprecated.daemonset.template.generation"];

/// A time limit for watching Pods that is longer than any limit of a sentence.
const ENDLESS: Duration = Duration::from_hours(24);

/// Waits until `judge` accepts an object that runs Pods. The wait ends early if a Pod of the newest template will never
/// run.
///
/// # Errors
/// If `judge` does not accept it in time; the fault contains its events, and the events and logs of a Pod that shows
/// the reason.
pub async fn until(
    scene: &mut Scene,
    subject: Subject<'_>,
    what: &str,
    judge: impl Fn(Option<&Value>) -> Judgement,
) -> Outcome<Option<Value>> {
    let (cluster, namespace) = (scene.cluster.clone(), scene.namespace.clone());
    let hopeless = Box::pin(hopeless(&cluster, &namespace, subject));
    match objects::wait(scene, subject, judge, hopeless).await? {
        Ok(object) => Ok(object),
        Err(unmet) => Err(explain(scene, subject, what, unmet).await),
    }
}

/// Waits until at least `count` Jobs of a `CronJob` have completed. The wait ends early if it is suspended.
///
/// # Errors
/// If they have not in time; the fault contains the schedule, and the Pods of the newest Job that failed.
pub async fn until_completed(scene: &Scene, subject: Subject<'_>, count: usize) -> Outcome {
    let (cluster, namespace) = (scene.cluster.clone(), scene.namespace.clone());
    let suspended = Box::pin(suspended(&cluster, &namespace, subject));
    let what = format!("complete {count} of its Jobs");
    let judge = |jobs: &[Value]| workload::have_completed(jobs, subject.name, count);
    let Err(fault) = objects::until_all(scene, "Job", subject, &what, judge, suspended).await else { return Ok(()) };
    let Some(cron_job) = read(&cluster, &namespace, subject).await else {
        let reason = format!("the {subject} should {what}, but it does not exist");
        return Err(Fault { reason, ..fault });
    };
    let [schedule, last] = [&cron_job["spec"]["schedule"], &cron_job["status"]["lastScheduleTime"]];
    let fault = fault.seen("the CronJob", format!("schedule {schedule}, last run {last}"));
    let jobs = api(&cluster, &namespace, "Job", Duration::from_secs(5)).await?.list(&ListParams::default()).await;
    let jobs: Vec<Value> = jobs.iter().flatten().map(value).collect();
    let Some(name) = workload::newest_failed(&jobs, subject.name) else { return Err(fault) };
    let Some(pods) = selected(&cluster, &namespace, Subject { kind: "Job", name, ..subject }).await else {
        return Err(fault);
    };
    Err(with_pods(scene, blame::by_pods(scene, fault, &pods), &pods).await)
}

/// Returns when the `CronJob` is seen to be suspended.
async fn suspended(cluster: &AnyCluster, namespace: &str, subject: Subject<'_>) -> Cause {
    let Ok(objects) = api(cluster, namespace, subject.kind, ENDLESS).await else { return std::future::pending().await };
    let judge = |seen: Option<&DynamicObject>| workload::is_suspended(seen.map(value).as_ref());
    match wait::until(objects, subject.name, ENDLESS, judge, std::future::pending()).await {
        Ok(_) => "it is suspended, so it starts no Jobs".into(),
        Err(_) => std::future::pending().await,
    }
}

/// Explains an object's state with its Pods.
async fn explain(scene: &Scene, subject: Subject<'_>, what: &str, unmet: wait::Unmet) -> Fault {
    let is_late = unmet.end == wait::End::TooLate;
    let fault = objects::explain(scene, subject, what, unmet).await;
    let Some(pods) = selected(&scene.cluster, &scene.namespace, subject).await else { return fault };
    // A wait that is hopeless says itself which Pod does not run.
    let fault = if is_late { blame::by_pods(scene, fault, &pods) } else { fault };
    with_pods(scene, fault, &pods).await
}

/// Adds the states of an object's Pods, and the diagnostics of one of them.
async fn with_pods(scene: &Scene, fault: Fault, pods: &[Pod]) -> Fault {
    let states = pods.iter().map(|pod| format!("{}: {}", pod.name_any(), pod::describe(pod))).collect::<Vec<_>>();
    let fault = fault.seen("its Pods", states.join("\n"));
    // The newest Pod that is not ready is the most useful one.
    let unready = pods.iter().filter(|pod| pod::is_ready(Some(pod)) != Judgement::Holds);
    match unready.max_by_key(|pod| pod.creation_timestamp()) {
        Some(pod) => diagnostics::add(scene, &pod.name_any(), fault).await,
        None => fault,
    }
}

/// The Pods that the object selects; `None` if they cannot be determined.
async fn selected(cluster: &AnyCluster, namespace: &str, subject: Subject<'_>) -> Option<Vec<Pod>> {
    let selector = selector(&read(cluster, namespace, subject).await?)?;
    let of_object = ListParams::default().labels(&selector);
    let pods = cluster.api::<Pod>(namespace);
    let listed = tokio::time::timeout(Duration::from_secs(10), pods.list(&of_object)).await;
    listed.ok()?.ok().map(|listed| listed.items)
}

/// Returns when a Pod of the object's newest template can never run.
async fn hopeless(cluster: &AnyCluster, namespace: &str, subject: Subject<'_>) -> Cause {
    let Some(selector) = selector_once_made(cluster, namespace, subject).await else {
        return std::future::pending().await;
    };
    let (mut outdated, nodes) = (BTreeSet::new(), cluster.nodes_now().await);
    loop {
        let of_object = watcher::Config::default().labels(&selector);
        let judge = |pods: &[Pod]| match pods.iter().find(|pod| cause(subject.kind, pod, &outdated, &nodes).is_some()) {
            Some(_) => Judgement::Holds,
            None => Judgement::NotYet("none is hopeless".into()),
        };
        let waited = wait::until_all(cluster.api::<Pod>(namespace), of_object, ENDLESS, judge, std::future::pending());
        let Ok(pods) = waited.await else { return std::future::pending().await };
        for pod in pods {
            let Some(cause) = cause(subject.kind, &pod, &outdated, &nodes) else { continue };
            if is_newest(cluster, namespace, subject, &pod).await {
                return Cause::OfPod { pod: pod.name_any(), cause: Box::new(cause) };
            }
            outdated.insert(pod.uid().unwrap_or_default());
        }
    }
}

/// Why a Pod will never run. A Pod of a Job that has ended does not count, because the Job starts another one.
fn cause(kind: &str, pod: &Pod, outdated: &BTreeSet<String>, nodes: &[Node]) -> Option<Cause> {
    if outdated.contains(&pod.uid().unwrap_or_default()) {
        return None;
    }
    let cause = if kind == "Job" { start::cannot_start(pod) } else { pod::hopeless(pod) };
    cause.or_else(|| scheduling::never_fits(pod, nodes))
}

async fn selector_once_made(cluster: &AnyCluster, namespace: &str, subject: Subject<'_>) -> Option<String> {
    let objects = api(cluster, namespace, subject.kind, ENDLESS).await.ok()?;
    let exists = |object: Option<&DynamicObject>| match object {
        Some(_) => Judgement::Holds,
        None => Judgement::NotYet("it does not exist".into()),
    };
    let made = wait::until(objects, subject.name, ENDLESS, exists, std::future::pending()).await.ok()??;
    selector(&value(&made))
}

async fn read(cluster: &AnyCluster, namespace: &str, subject: Subject<'_>) -> Option<Value> {
    let objects = api(cluster, namespace, subject.kind, Duration::from_secs(5)).await.ok()?;
    objects.get_opt(subject.name).await.ok()?.as_ref().map(value)
}

/// The label selector by which the object selects its Pods.
fn selector(object: &Value) -> Option<String> {
    let labels = object["spec"]["selector"]["matchLabels"].as_object()?;
    let pairs = labels.iter().filter_map(|(key, value)| Some(format!("{key}={}", value.as_str()?)));
    let selector = pairs.collect::<Vec<_>>().join(",");
    (!selector.is_empty()).then_some(selector)
}

/// The object, once its controller has seen its newest specification: until then, it calls an older template the newest.
async fn once_observed(cluster: &AnyCluster, namespace: &str, subject: Subject<'_>) -> Option<Value> {
    let objects = api(cluster, namespace, subject.kind, ENDLESS).await.ok()?;
    let judge = |object: Option<&DynamicObject>| match object {
        Some(object) if object::is_outdated(&value(object)) => Judgement::NotYet(object::OUTDATED.into()),
        _ => Judgement::Holds,
    };
    wait::until(objects, subject.name, ENDLESS, judge, std::future::pending()).await.ok()?.as_ref().map(value)
}

/// Whether a Pod has the newest template of its object. A Pod with an older template is replaced, so it need not run.
async fn is_newest(cluster: &AnyCluster, namespace: &str, subject: Subject<'_>, pod: &Pod) -> bool {
    let label = |name: &str| pod.labels().get(name).cloned();
    let Some(object) = once_observed(cluster, namespace, subject).await else { return false };
    match subject.kind {
        "Deployment" => is_of_newest_replica_set(cluster, namespace, subject.name, pod).await.unwrap_or(false),
        "StatefulSet" => label(STATEFUL_REVISION).as_deref() == object["status"]["updateRevision"].as_str(),
        "DaemonSet" => {
            let [label_name, annotation] = GENERATION;
            label(label_name).as_deref() == object["metadata"]["annotations"][annotation].as_str()
        }
        _ => true,
    }
}

async fn is_of_newest_replica_set(cluster: &AnyCluster, namespace: &str, name: &str, pod: &Pod) -> Option<bool> {
    let owner = pod.owner_references().iter().find(|owner| owner.kind == "ReplicaSet")?;
    let (sets, deployments) = (cluster.api::<ReplicaSet>(namespace), cluster.api::<Deployment>(namespace));
    let (set, deployment) = tokio::try_join!(sets.get_opt(&owner.name), deployments.get_opt(name)).ok()?;
    let (set, deployment) = (set?, deployment?);
    // Another Deployment with the same labels has revisions as well.
    let is_its_own = set.owner_references().iter().any(|owner| Some(&owner.uid) == deployment.uid().as_ref());
    Some(is_its_own && set.annotations().get(REVISION)? == deployment.annotations().get(REVISION)?)
}

#[cfg(test)]
mod tests;
