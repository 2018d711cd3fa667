//! Whose fault it is that a wait did not succeed: it is `broken` if labproof or a node is the reason, otherwise `failed`.

use k8s_openapi::api::core::v1::Pod;

use crate::{
    conditions::{Cause, pod},
    image_name::ImageName,
    scene::Scene,
    verdict::{Fault, Verdict},
};

/// The fault of a wait that ended with this cause.
pub(super) fn by_cause(scene: &Scene, cause: &Cause, reason: String) -> Fault {
    if is_ours(scene, cause) { Fault::broken(reason) } else { Fault::failed(reason) }
}

/// The fault of a wait that depended on these Pods, and whose own cause does not tell why they do not run.
pub(super) fn by_pods(scene: &Scene, fault: Fault, pods: &[Pod]) -> Fault {
    let is_obstructed = |pod: &Pod| {
        pod::stays(pod) && pod::hopeless(pod).into_iter().chain([pod::state(pod)]).any(|cause| is_ours(scene, &cause))
    };
    let is_ours = fault.verdict == Verdict::Failed && pods.iter().any(is_obstructed);
    if is_ours { Fault { verdict: Verdict::Broken, ..fault } } else { fault }
}

/// Whether neither the lab nor the learner is at fault: a node could not start a container, or could not pull an image
/// that the lab declares, or that has a stand-in, so labproof promised to provide it.
fn is_ours(scene: &Scene, cause: &Cause) -> bool {
    let is_promised = |image: &ImageName| scene.lab.file.pulls.contains(image) || scene.context.catalogue.lists(image);
    cause.is_node_fault() || cause.failed_pulls().iter().any(is_promised)
}
