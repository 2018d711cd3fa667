//! Whether the containers of a Pod can be started.

use k8s_openapi::api::core::v1::{ContainerStatus, Pod};

use super::{Cause, pull, statuses};

/// Waiting reasons of a container that never go away by themselves.
const HOPELESS: [&str; 5] =
    ["ErrImageNeverPull", "InvalidImageName", "CreateContainerConfigError", "ErrImagePull", "ImagePullBackOff"];

/// Why a container of this Pod cannot be started; `None` if all can.
#[must_use]
pub fn cannot_start(pod: &Pod) -> Option<Cause> {
    statuses::all(pod).find_map(|status| cannot_be_started(status, pull::image(pod, &status.name)))
}

/// Why a container cannot be started, given the image that the Pod wants for it. A missing Secret or `ConfigMap` does
/// not count, because it may still be created. A message about another image does not count either, because it is
/// outdated.
fn cannot_be_started(status: &ContainerStatus, image: Option<&str>) -> Option<Cause> {
    let waiting = status.state.as_ref()?.waiting.as_ref()?;
    let reason = waiting.reason.as_deref()?;
    let message = waiting.message.as_deref().unwrap_or_default();
    let may_be_made = reason == "CreateContainerConfigError" && says_not_found(message);
    let may_be_pulled =
        pull::is_reason(reason) && (!says_not_found(message) || image.is_some_and(|image| !message.contains(image)));
    if !HOPELESS.contains(&reason) || may_be_made || may_be_pulled {
        return None;
    }
    let cause = Cause::CannotStart { container: status.name.clone(), reason: reason.into(), message: message.into() };
    Some(if pull::is_reason(reason) {
        Cause::FailedPull { images: pull::named(image, message).into_iter().collect(), state: cause.to_string() }
    } else {
        cause
    })
}

/// Whether the registry reported that the image does not exist. Other failed pulls may succeed later.
fn says_not_found(message: &str) -> bool {
    ["not found", "does not exist", "manifest unknown", "repository does not exist"]
        .iter()
        .any(|word| message.contains(word))
}
