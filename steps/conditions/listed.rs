//! The column STATUS of `kubectl get pods`. No field of a Pod holds it: kubectl computes it from the phase and the
//! states of the containers, by rules of its own.

use k8s_openapi::api::core::v1::{ContainerState, ContainerStatus, Pod};

use super::{Judgement, pod, pull};

/// kubectl shows this status for the Pod.
#[must_use]
pub fn has_status(pod: Option<&Pod>, wanted: &str) -> Judgement {
    let Some(pod) = pod else { return Judgement::NotYet("there is no such Pod".into()) };
    let seen = status(pod);
    if seen == wanted {
        return Judgement::Holds;
    }
    let seen = pull::seen(pod, format!("its status is {seen}; {}", pod::describe(pod)));
    let is_well = matches!(wanted, "Running" | "Completed");
    match pod::hopeless(pod).filter(|_| is_well) {
        Some(why) => Judgement::Hopeless(why),
        None if pod::is_over(pod) => Judgement::Hopeless(seen),
        None => Judgement::NotYet(seen),
    }
}

/// The column STATUS of a Pod.
#[must_use]
pub fn status(pod: &Pod) -> String {
    let lost = pod.status.as_ref().and_then(|status| status.reason.as_deref()) == Some("NodeLost");
    match pod.metadata.deletion_timestamp {
        Some(_) if lost => "Unknown".into(),
        Some(_) if !pod::is_over(pod) => "Terminating".into(),
        _ => initializing(pod).unwrap_or_else(|| of_containers(pod)),
    }
}

/// The status while an init container has not succeeded.
fn initializing(pod: &Pod) -> Option<String> {
    let all = pod.spec.as_ref()?.init_containers.as_ref()?;
    let statuses = pod.status.as_ref()?.init_container_statuses.as_ref()?;
    let ended_well = |status: &ContainerStatus| {
        let ended = status.state.as_ref().and_then(|state| state.terminated.as_ref());
        let is_sidecar =
            all.iter().any(|one| one.name == status.name && one.restart_policy.as_deref() == Some("Always"));
        ended.is_some_and(|ended| ended.exit_code == 0) || (is_sidecar && status.started == Some(true))
    };
    let (index, current) = statuses.iter().enumerate().find(|(_, status)| !ended_well(status))?;
    let reason = current.state.as_ref().and_then(reason).filter(|reason| reason != "PodInitializing");
    Some(format!("Init:{}", reason.unwrap_or_else(|| format!("{index}/{}", all.len()))))
}

fn of_containers(pod: &Pod) -> String {
    let status = pod.status.as_ref();
    let statuses = status.and_then(|status| status.container_statuses.as_ref()).into_iter().flatten();
    // The first container with a reason determines the status.
    let said = statuses.clone().find_map(|status| status.state.as_ref().and_then(reason));
    let one_runs = statuses.clone().any(|status| status.ready && is_running(status));
    match said {
        Some(said) if said == "Completed" && one_runs => {
            if pod::is_ready(Some(pod)) == Judgement::Holds {
                "Running".into()
            } else {
                "NotReady".into()
            }
        }
        Some(said) => said,
        None => {
            let reason = status.and_then(|status| status.reason.clone()).filter(|reason| !reason.is_empty());
            reason.or_else(|| gated(pod)).unwrap_or_else(|| pod::phase(pod).to_owned())
        }
    }
}

/// The status while a scheduling gate prevents the Pod from getting a node.
fn gated(pod: &Pod) -> Option<String> {
    const GATED: &str = "SchedulingGated";
    let conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let mut reasons =
        conditions.filter(|condition| condition.type_ == "PodScheduled").map(|condition| &condition.reason);
    reasons.any(|reason| reason.as_deref() == Some(GATED)).then(|| GATED.to_owned())
}

fn is_running(status: &ContainerStatus) -> bool {
    status.state.as_ref().is_some_and(|state| state.running.is_some())
}

/// The reason why a container waits or how it ended.
fn reason(state: &ContainerState) -> Option<String> {
    if let Some(waiting) = &state.waiting {
        return waiting.reason.clone().filter(|reason| !reason.is_empty());
    }
    let ended = state.terminated.as_ref()?;
    let by_itself = || match ended.signal {
        Some(signal) if signal != 0 => format!("Signal:{signal}"),
        _ => format!("ExitCode:{}", ended.exit_code),
    };
    Some(ended.reason.clone().filter(|reason| !reason.is_empty()).unwrap_or_else(by_itself))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(metadata: &str, status: &str) -> Pod {
        let manifest = format!(
            "{{metadata: {{{metadata}}}, spec: {{initContainers: [{{name: i}}, {{name: j}}], containers: [{{name: a}}]}}, status: {{{status}}}}}"
        );
        serde_yaml::from_str(&manifest).unwrap()
    }

    fn container(state: &str) -> String {
        format!("{{name: a, image: i, imageID: '', ready: false, restartCount: 0, state: {{{state}}}}}")
    }

    fn seen(state: &str) -> String {
        status(&pod("", &format!("phase: Running, containerStatuses: [{}]", container(state))))
    }

    #[test]
    fn a_container_that_waits_or_has_ended_speaks_for_the_pod() {
        assert_eq!(seen("waiting: {reason: CrashLoopBackOff}"), "CrashLoopBackOff");
        assert_eq!(seen("terminated: {exitCode: 1, reason: Error}"), "Error");
        assert_eq!(seen("terminated: {exitCode: 0, reason: Completed}"), "Completed");
        assert_eq!(seen("terminated: {exitCode: 3}"), "ExitCode:3");
        assert_eq!(seen("running: {}"), "Running");
    }

    #[test]
    fn a_pod_whose_containers_are_unknown_shows_its_phase() {
        assert_eq!(status(&pod("", "phase: Pending")), "Pending");
        let gated = "conditions: [{type: PodScheduled, status: 'False', reason: SchedulingGated}]";
        assert_eq!(status(&pod("", &format!("phase: Pending, {gated}"))), "SchedulingGated");
    }

    #[test]
    fn a_pod_that_is_being_initialized_counts() {
        let initializing = |state: &str| {
            let first = container(state).replace("name: a", "name: i");
            status(&pod("", &format!("phase: Pending, initContainerStatuses: [{first}]")))
        };
        assert_eq!(initializing("running: {}"), "Init:0/2");
        assert_eq!(initializing("waiting: {reason: PodInitializing}"), "Init:0/2");
        assert_eq!(initializing("waiting: {reason: ErrImagePull}"), "Init:ErrImagePull");
        assert_eq!(initializing("terminated: {exitCode: 1, reason: Error}"), "Init:Error");
    }

    #[test]
    fn a_pod_that_is_deleted_is_terminating_unless_it_is_over() {
        let deleted = "deletionTimestamp: '2026-01-01T00:00:00Z'";
        assert_eq!(status(&pod(deleted, "phase: Running")), "Terminating");
        assert_eq!(status(&pod(deleted, "phase: Succeeded")), "Succeeded");
    }

    #[test]
    fn a_status_that_is_expected_is_waited_for_though_it_is_a_bad_one() {
        let waits = pod(
            "",
            &format!(
                "phase: Pending, containerStatuses: [{}]",
                container("waiting: {reason: ErrImagePull, message: not found}")
            ),
        );
        assert!(matches!(has_status(Some(&waits), "ImagePullBackOff"), Judgement::NotYet(_)));
        assert!(matches!(has_status(Some(&waits), "Running"), Judgement::Hopeless(_)));
    }
}
