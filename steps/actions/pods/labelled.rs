//! Pods by their label: those that a controller makes have no names that a lab could know.

use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kube::{ResourceExt, api::ListParams, runtime::watcher};

use crate::{
    actions::{blame, diagnostics, events},
    cluster::{AnyCluster, wait},
    conditions::{Judgement, pod},
    scene::Scene,
    verdict::{Fault, Outcome, Verdict},
};

/// Waits until exactly this number of Pods have the label, all of them ready.
///
/// # Errors
/// If there are more or fewer; the fault says how many.
pub async fn until_labelled(scene: &mut Scene, label: &str, count: usize, limit: Duration) -> Outcome {
    if count == 0 {
        return Err(Fault::failed("a count of 0 proves nothing: no earlier step required such a Pod")
            .hint("use `within 60 seconds no Pods remain`, or `within 60 seconds the Pod \"…\" is gone`"));
    }
    let limit = limit.min(scene.time_left());
    let labelled = watcher::Config::default().labels(label);
    let judge = |pods: &[Pod]| pod::are_ready(pods, count);
    let waited = wait::until_all(scene.pods(), labelled, limit, judge, std::future::pending()).await;
    let ready = match waited {
        Ok(ready) => ready,
        Err(unmet) => return Err(explain_labelled(scene, label, count, limit, unmet).await),
    };
    for pod in ready {
        scene.saw_pod(&pod.name_any(), pod.metadata.uid.as_deref().unwrap_or_default());
    }
    Ok(())
}

/// How long a Pod that a controller makes may take to appear, where a step names no time.
pub const APPEARS: Duration = Duration::from_secs(10);

/// Longer than any step.
const ENDLESS: Duration = Duration::from_hours(24);

/// The name of the only Pod with this label. Pods that are being deleted do not count.
///
/// # Errors
/// If there is none within `limit`, or if there are several.
pub async fn the_one(scene: &Scene, label: &str, limit: Duration) -> Outcome<String> {
    let limit = limit.min(scene.time_left());
    let of_label = watcher::Config::default().labels(label);
    let judge = |pods: &[Pod]| pod::is_one(pods);
    match wait::until_all(scene.pods(), of_label, limit, judge, std::future::pending()).await {
        Ok(pods) => Ok(pods.iter().find(|pod| pod::stays(pod)).map(ResourceExt::name_any).unwrap_or_default()),
        Err(unmet) => {
            let within = limit.as_secs();
            let fault = unmet.fault(&format!("the Pods labelled {label}"), |seen| {
                Fault::failed(format!("exactly one Pod should be labelled {label} within {within} seconds, but {seen}"))
                    .hint("name the Pod, or use a label that no other Pod has")
            });
            let events = events::of_controllers(scene).await.unwrap_or_default();
            Err(fault.seen("events of what makes Pods here", events.join("\n")))
        }
    }
}

/// Returns when another Pod than that with this name is the only one with its label, for one of these labels and names.
pub async fn until_replaced(cluster: AnyCluster, namespace: String, names: Vec<(String, String)>) {
    let changes = names.into_iter().map(|(label, name)| {
        let pods = cluster.api::<Pod>(&namespace);
        Box::pin(async move {
            let of_label = watcher::Config::default().labels(&label);
            let judge = |pods: &[Pod]| match pod::is_one(pods) {
                Judgement::Holds if !pods.iter().any(|pod| pod::stays(pod) && pod.name_any() == name) => {
                    Judgement::Holds
                }
                _ => Judgement::NotYet("it is still this Pod".into()),
            };
            // A watch that fails shows nothing.
            if wait::until_all(pods, of_label, ENDLESS, judge, std::future::pending()).await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    });
    futures::future::select_all(changes).await;
}

/// Adds why there are no such Pods, if controllers could not make them, and the diagnostics of one that is not ready.
async fn explain_labelled(scene: &Scene, label: &str, count: usize, limit: Duration, unmet: wait::Unmet) -> Fault {
    let (within, s) = (limit.as_secs(), if count == 1 { "" } else { "s" });
    let fault = unmet.fault(&format!("the Pods labelled {label}"), |seen| {
        Fault::failed(format!(
            "there should be {count} ready Pod{s} labelled {label} within {within} seconds, but {seen}"
        ))
    });
    if fault.verdict != Verdict::Failed {
        return fault;
    }
    let listed = scene.pods().list(&ListParams::default().labels(label)).await;
    let pods = listed.map(|pods| pods.items).unwrap_or_default();
    let fault = blame::by_pods(scene, fault, &pods);
    match pods.iter().find(|pod| pod::is_ready(Some(pod)) != Judgement::Holds) {
        Some(unready) => diagnostics::add(scene, &unready.name_any(), fault).await,
        None if pods.is_empty() => {
            let events = events::of_controllers(scene).await.unwrap_or_default();
            fault.seen("events of what makes Pods here", events.join("\n"))
        }
        None => fault,
    }
}
