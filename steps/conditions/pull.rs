//! Which images nodes could not pull, according to the states of a Pod's containers.

use k8s_openapi::api::core::v1::Pod;

use super::{Cause, node_fault, statuses};
use crate::image_name::ImageName;

/// Whether a container with this waiting reason waits because its image could not be pulled.
pub(super) fn is_reason(reason: &str) -> bool {
    matches!(reason, "ErrImagePull" | "ImagePullBackOff")
}

/// The image that the Pod currently wants for a container.
pub(super) fn image<'a>(pod: &'a Pod, container: &str) -> Option<&'a str> {
    let spec = pod.spec.as_ref()?;
    let mut containers = spec.init_containers.iter().flatten().chain(&spec.containers);
    containers.find(|one| one.name == container)?.image.as_deref()
}

/// The Pod's state as a cause: the text, and whether the node is at fault, or which images could not be pulled.
pub(super) fn seen(pod: &Pod, state: String) -> Cause {
    if node_fault::is_reported(pod) {
        return Cause::NodeFault(state);
    }
    if pulls(pod).next().is_none() {
        return Cause::State(state);
    }
    Cause::FailedPull { images: pulls(pod).flatten().collect(), state }
}

/// The failed pulls, each with its image if that is the one the Pod wants now. A message may still be about a previous
/// image.
fn pulls(pod: &Pod) -> impl Iterator<Item = Option<ImageName>> {
    statuses::all(pod).filter_map(|status| {
        let waiting = status.state.as_ref()?.waiting.as_ref()?;
        let message = waiting.message.as_deref().unwrap_or_default();
        let image = named(image(pod, &status.name), message);
        waiting.reason.as_deref().is_some_and(is_reason).then_some(image)
    })
}

/// The image, if a message contains it in quotation marks: the kubelet writes the Pod's name for it, the runtime the
/// full name.
pub(super) fn named(image: Option<&str>, message: &str) -> Option<ImageName> {
    let image = ImageName::from(image?);
    let names = [image.to_string(), image.short().to_owned(), image.full(), image.canonical()];
    names.iter().any(|name| message.contains(&format!("\"{name}\""))).then_some(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(image: &str, reason: &str, message: &str) -> Pod {
        let waiting = serde_json::json!({"reason": reason, "message": message});
        let status = serde_json::json!({"name": "c", "image": "i", "imageID": "", "ready": false, "restartCount": 0,
            "state": {"waiting": waiting}});
        let spec = serde_json::json!({"containers": [{"name": "c", "image": image}]});
        serde_json::from_value(serde_json::json!({"spec": spec, "status": {"containerStatuses": [status]}})).unwrap()
    }

    fn failed(image: &str, message: &str) -> Vec<ImageName> {
        seen(&pod(image, "ImagePullBackOff", message), "state".into()).failed_pulls().to_vec()
    }

    #[test]
    fn a_failed_pull_names_the_image_as_the_kubelet_or_the_runtime_does() {
        let busybox = [ImageName::from("busybox")];
        assert_eq!(failed("busybox", "Back-off pulling image \"busybox\": i/o timeout"), busybox);
        assert_eq!(failed("busybox:latest", "Back-off pulling image \"busybox:latest\""), busybox);
        assert_eq!(failed("busybox", "failed to pull \"docker.io/library/busybox:latest\": i/o timeout"), busybox);
    }

    #[test]
    fn a_complaint_about_a_former_image_is_not_about_the_present_one() {
        assert_eq!(failed("busybox", "Back-off pulling image \"busyboxx\": not found"), []);
    }

    #[test]
    fn another_reason_is_no_failed_pull() {
        let other = pod("busybox", "CreateContainerError", "image \"busybox\"");
        assert_eq!(seen(&other, "state".into()), Cause::State("state".into()));
    }
}
