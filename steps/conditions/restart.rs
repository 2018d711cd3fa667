//! Whether the kubelet starts a container again.
//!
//! The rules follow the Pod lifecycle reference, "Container restart policy":
//! <https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy>.

use k8s_openapi::api::core::v1::Pod;

use super::{
    container::{containers, endings, regular, status},
    pod,
};

/// Whether the container runs, or the kubelet starts it again and it does not keep ending. The kubelet's status may be
/// behind by a moment, so that a container whose last start failed seems to have ended while it runs.
#[must_use]
pub fn may_run_on(pod: &Pod, name: Option<&str>) -> bool {
    let Some(status) = status(pod, name) else { return false };
    let Some(ended) = endings(status).next() else { return true };
    let runs = status.state.as_ref().is_some_and(|state| state.running.is_some());
    let is_restarted = match restart_policy(pod, &status.name) {
        "Never" => false,
        "OnFailure" => ended.exit_code != 0,
        _ => true,
    };
    runs || !pod::is_over(pod) && is_restarted && status.restart_count < pod::RESTARTS
}

/// The container's own restart policy, which only sidecars have, or the Pod's.
fn restart_policy<'a>(pod: &'a Pod, name: &str) -> &'a str {
    let own = containers(pod).find(|container| container.name == name).and_then(|it| it.restart_policy.as_deref());
    let is_init = regular(pod).all(|container| container.name != name);
    let of_pod = pod.spec.as_ref().and_then(|spec| spec.restart_policy.as_deref()).unwrap_or("Always");
    // An init container without a policy of its own runs until it succeeds once.
    own.unwrap_or(if is_init && of_pod == "Always" { "OnFailure" } else { of_pod })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(restarts: i32, state: &str) -> Pod {
        let status = format!("{{name: b, image: i, imageID: '', ready: false, restartCount: {restarts}, {state}}}");
        let manifest = format!(
            "{{spec: {{containers: [{{name: a}}, {{name: b}}]}}, status: {{phase: Running, containerStatuses: [{status}]}}}}"
        );
        serde_yaml::from_str(&manifest).unwrap()
    }

    #[test]
    fn a_container_may_run_on_if_the_kubelet_starts_it_again_soon() {
        const ENDED: &str = "state: {terminated: {exitCode: 1}}";
        const RUNS_AGAIN: &str = "state: {running: {}}, lastState: {terminated: {exitCode: 137}}";
        let (once, again) = (|state: &str| pod(1, state), |state: &str| pod(2, state));
        let of_policy = |policy: &str, state: &str| {
            let mut pod = once(state);
            pod.spec.as_mut().unwrap().restart_policy = Some(policy.into());
            may_run_on(&pod, Some("b"))
        };
        assert!(may_run_on(&once("state: {running: {}}"), Some("b")));
        assert!(may_run_on(&once(ENDED), Some("b")));
        assert!(of_policy("OnFailure", ENDED));
        assert!(!of_policy("OnFailure", "state: {terminated: {exitCode: 0}}"));
        assert!(!of_policy("Never", ENDED));
        assert!(!may_run_on(&again(ENDED), Some("b")), "it keeps ending");
        assert!(may_run_on(&again(RUNS_AGAIN), Some("b")));
        assert!(!may_run_on(&once(ENDED), Some("c")), "there is no such container");
    }
}
