//! What a Pod leaves for whoever wants to know what happened: its events, and the end of each container's log.

use std::time::Duration;

use kube::api::LogParams;

use super::{container_ref::ContainerRef, events};
use crate::{conditions::container, scene::Scene, verdict::Fault};

/// How long a Pod's diagnostics may take to be read: they are worth little where the API server hardly answers.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many lines of a log's end are shown.
const LINES: i64 = 20;

/// How many bytes of these are shown: a line has any length.
const MOST: i64 = 64 * 1024;

/// Adds a Pod's diagnostics to a fault, as far as they can be read.
pub async fn add(scene: &Scene, pod: &str, fault: Fault) -> Fault {
    let read = async { tokio::join!(events::of(scene, "Pod", pod), ends(scene, pod)) };
    let Ok((events, logs)) = tokio::time::timeout(PATIENCE, read).await else { return fault };
    let fault = fault.seen(format!("events of Pod {pod}"), events.unwrap_or_default().join("\n"));
    logs.into_iter().fold(fault, |fault, (container, log)| fault.seen(format!("the log of {container} ends"), log))
}

/// The end of the log of each container of a Pod, where it can be read.
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
