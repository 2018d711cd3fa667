//! Diagnostics of Pods, which explain a failure: their states, their events and the ends of their containers' logs.

use std::time::Duration;

use futures::future::join_all;
use k8s_openapi::api::core::v1::Pod;
use kube::{
    ResourceExt,
    api::{ListParams, LogParams},
};

use super::{claims, container_ref::ContainerRef, events};
use crate::{
    conditions::{container, pod},
    scene::Scene,
    verdict::Fault,
};

/// How long reading a Pod's diagnostics may take; an API server that hardly answers must not delay the run for them.
const PATIENCE: Duration = Duration::from_secs(10);

/// The number of lines from the end of a log.
const LINES: i64 = 20;

/// The maximum size of these lines in bytes, because a line may have any length.
const MOST: i64 = 64 * 1024;

/// As kubectl says it.
const NO_EVENTS: &str = "<none>";

/// The maximum number of Pods that are described because they are not well.
const UNWELL: usize = 3;

/// Adds a Pod's diagnostics to a fault, as far as they can be read.
pub async fn add(scene: &Scene, pod: &str, fault: Fault) -> Fault {
    let of_object = async {
        match scene.pods().get(pod).await {
            Ok(object) => tokio::join!(ends(scene, &object), claims::unbound(scene, &object)),
            Err(_) => (Vec::new(), Vec::new()),
        }
    };
    let read = Box::pin(async { tokio::join!(events::of(scene, "Pod", pod), of_object) });
    let Ok((events, (logs, claims))) = tokio::time::timeout(PATIENCE, read).await else { return fault };
    let events = events.unwrap_or_default().join("\n");
    let text = if events.is_empty() { NO_EVENTS.to_owned() } else { events };
    let fault = claims.into_iter().fold(fault, |fault, claim| fault.seen("a claim that is not bound", claim));
    with_logs(fault.seen(of_events(pod), text), logs)
}

/// Adds the state of each Pod that is not well, and the ends of the logs of its containers, to the fault of a step that
/// may not have looked at Pods: a command may fail because of them. Pods that the fault describes already are left out.
pub async fn add_unwell(scene: &Scene, fault: Fault) -> Fault {
    let described = |pod: &Pod| fault.evidence.iter().any(|seen| seen.title == of_events(&pod.name_any()));
    let read = Box::pin(async {
        let Ok(pods) = scene.pods().list(&ListParams::default()).await else { return Vec::new() };
        let unwell = pods.items.into_iter().filter(|pod| !pod::is_well(pod) && !described(pod)).take(UNWELL);
        join_all(unwell.map(async |pod| (pod::describe(&pod), ends(scene, &pod).await, pod.name_any()))).await
    });
    let Ok(unwell) = tokio::time::timeout(PATIENCE, read).await else { return fault };
    let own = fault.evidence.len();
    let mut fault = unwell
        .into_iter()
        .fold(fault, |fault, (state, logs, name)| with_logs(fault.seen(format!("Pod {name}"), state), logs));
    fault.evidence[own..].iter_mut().for_each(|evidence| evidence.is_context = true);
    fault
}

fn of_events(pod: &str) -> String {
    format!("events of Pod {pod}")
}

fn with_logs(fault: Fault, logs: Vec<(ContainerRef, String)>) -> Fault {
    logs.into_iter().fold(fault, |fault, (container, log)| fault.seen(format!("the log of {container} ends"), log))
}

/// The ends of the logs of a Pod's containers, for the containers whose log can be read.
async fn ends(scene: &Scene, pod: &Pod) -> Vec<(ContainerRef, String)> {
    let (pods, called) = (scene.pods(), pod.name_any());
    let mut ends = Vec::new();
    for name in container::names(pod) {
        let tail = LogParams {
            container: Some(name.into()),
            tail_lines: Some(LINES),
            limit_bytes: Some(MOST),
            ..LogParams::default()
        };
        let container = ContainerRef { pod: called.clone(), container: Some(name.into()) };
        ends.push((container, pods.logs(&called, &tail).await.unwrap_or_default()));
    }
    ends
}
