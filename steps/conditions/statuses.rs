//! The statuses of a Pod's containers.

use k8s_openapi::api::core::v1::{ContainerStatus, Pod};

/// The statuses of all containers of the Pod, init containers first.
pub(super) fn all(pod: &Pod) -> impl Iterator<Item = &ContainerStatus> {
    pod.status.iter().flat_map(|status| {
        status.init_container_statuses.iter().flatten().chain(status.container_statuses.iter().flatten())
    })
}

/// The status of the container with this name, which may be an ephemeral one.
pub(super) fn named<'a>(pod: &'a Pod, name: &str) -> Option<&'a ContainerStatus> {
    let ephemeral = pod.status.iter().flat_map(|status| status.ephemeral_container_statuses.iter().flatten());
    all(pod).chain(ephemeral).find(|status| status.name == name)
}

/// The statuses of the containers that are not init containers.
pub(super) fn regular(pod: &Pod) -> impl Iterator<Item = &ContainerStatus> {
    pod.status.iter().flat_map(|status| status.container_statuses.iter().flatten())
}
