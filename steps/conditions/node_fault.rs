//! Containers that a node could not start, although nothing in the Pod is the reason.

use std::sync::LazyLock;

use k8s_openapi::api::core::v1::{ContainerStateTerminated, ContainerStatus, Pod};
use regex::Regex;

use super::{Cause, statuses};
use crate::expression::regex;

/// What the runtime says when the node is at fault.
const MESSAGES: [&str; 4] = [
    // runc freezes a new container while systemd sets its devices. On cgroup v1, a busy machine may not get there.
    "unable to freeze",
    "too many open files",
    "no space left on device",
    "context deadline exceeded",
];

/// Whether a container of this Pod could not be started the last time, and the node is at fault.
pub(super) fn is_reported(pod: &Pod) -> bool {
    statuses::all(pod).any(is_of)
}

/// Whether this container could not be started the last time, and the node is at fault. A container that runs has
/// overcome it.
pub(super) fn is_of(status: &ContainerStatus) -> bool {
    let runs = status.state.as_ref().is_some_and(|state| state.running.is_some());
    !runs && has_been(status)
}

/// How a container ended, or how often it was started, as a cause: the node's fault if the last start failed by it.
pub(super) fn of_endings(status: &ContainerStatus, seen: String) -> Cause {
    if has_been(status) { Cause::NodeFault(seen) } else { Cause::State(seen) }
}

fn has_been(status: &ContainerStatus) -> bool {
    let known = [status.state.as_ref(), status.last_state.as_ref()].into_iter().flatten();
    known.filter_map(|state| state.terminated.as_ref()).any(is_named)
}

fn is_named(ended: &ContainerStateTerminated) -> bool {
    // The runtime puts the Pod's own words, such as a command or a path, into quotation marks.
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| regex(r#""(?:[^"\\]|\\.)*""#));
    let message = QUOTED.replace_all(ended.message.as_deref().unwrap_or_default(), "");
    could_not_start(ended) && MESSAGES.iter().any(|known| message.contains(known))
}

/// Whether the runtime could not start the container, so no program of the container has run.
pub(super) fn could_not_start(ended: &ContainerStateTerminated) -> bool {
    matches!(ended.reason.as_deref(), Some("StartError" | "ContainerCannotRun"))
}
