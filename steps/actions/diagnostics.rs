//! A Pod's diagnostics, which explain a failure: its events and the end of each container's log.

use std::time::Duration;

use kube::api::LogParams;

use super::{container_ref::ContainerRef, events};
use crate::{conditions::container, scene::Scene, verdict::Fault};

/// How long reading a Pod's diagnostics may take; an API server that hardly answers must not delay the run for them.
const PATIENCE: Duration = Duration::from_secs(10);

/// The number of lines from the end of a log.
const LINES: i64 = 20;

/// The maximum size of these lines in bytes, because a line may have any length.
const MOST: i64 = 64 * 1024;

/// Adds a Pod's diagnostics to a fault, as far as they can be read.
pub async fn add(scene: &Scene, pod: &str, fault: Fault) -> Fault {
    let read = async { tokio::join!(events::of(scene, "Pod", pod), ends(scene, pod)) };
    let Ok((events, logs)) = tokio::time::timeout(PATIENCE, read).await else { return fault };
    let fault = fault.seen(format!("events of Pod {pod}"), events.unwrap_or_default().join("\n"));
    logs.into_iter().fold(fault, |fault, (container, log)| fault.seen(format!("the log of {container} ends"), log))
}

/// The ends of the logs of a Pod's containers, for the containers whose log can be read.
async fn ends(scene: &Scene, pod: &str) -> Vec<(ContainerRef, String)> {
    let pods = scene.pods();
    let Ok(object) = pods.get(pod).await else { return Vec::new() };
    let mut ends = Vec::new();
    for name in container::names(&object) {
        let tail = LogParams {
            container: Some(name.into()),
            tail_lines: Some(LINES),
            limit_bytes: Some(MOST),
            ..LogParams::default()
        };
        let container = ContainerRef { pod: pod.into(), container: Some(name.into()) };
        ends.push((container, pods.logs(pod, &tail).await.unwrap_or_default()));
    }
    ends
}
