//! Conditions of a Pod, and the states from which it does not recover.
//!
//! The rules follow the Pod lifecycle reference:
//! <https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/>.

use k8s_openapi::api::core::v1::{ContainerStateTerminated, ContainerStatus, Pod};

use super::{Cause, Judgement, node_fault, pull, start, statuses};

/// A container that was restarted so often, and ended again, keeps ending. Kubernetes restarts it at once, then after ten
/// seconds, and then after ever longer pauses. By the second restart, it finds what was only being made, such as the name
/// of a Service in the cluster's DNS.
pub const RESTARTS: i32 = 2;

/// The Pod's condition `Ready` is true: all its containers are ready, and the Pod as a whole.
#[must_use]
pub fn is_ready(pod: Option<&Pod>) -> Judgement {
    let Some(pod) = pod else { return Judgement::NotYet("there is no such Pod".into()) };
    if pod.metadata.deletion_timestamp.is_some() {
        return Judgement::NotYet("it is being deleted".into());
    }
    if condition(pod, "Ready") {
        return Judgement::Holds;
    }
    if is_over(pod) {
        return Judgement::Hopeless(is_final(pod));
    }
    hopeless(pod).map_or_else(|| Judgement::NotYet(state(pod)), Judgement::Hopeless)
}

/// The Pod has this phase.
#[must_use]
pub fn has_phase(pod: Option<&Pod>, phase: &str) -> Judgement {
    let Some(pod) = pod else { return Judgement::NotYet("there is no such Pod".into()) };
    let seen = self::phase(pod);
    if seen == phase {
        return Judgement::Holds;
    }
    if is_over(pod) {
        return Judgement::Hopeless(is_final(pod));
    }
    if phase == "Pending" {
        return Judgement::NotYet(state(pod));
    }
    hopeless(pod).map_or_else(|| Judgement::NotYet(state(pod)), Judgement::Hopeless)
}

/// The Pod with this UID no longer exists. Another Pod of the same name does not count.
#[must_use]
pub fn is_gone(pod: Option<&Pod>, uid: &str) -> Judgement {
    match pod {
        Some(pod) if pod.metadata.uid.as_deref() == Some(uid) => {
            let state =
                if pod.metadata.deletion_timestamp.is_some() { "it is being deleted" } else { "nobody deleted it" };
            Judgement::NotYet(pull::seen(pod, format!("{state}; {}", describe(pod))))
        }
        _ => Judgement::Holds,
    }
}

/// The Pod runs but is not ready.
#[must_use]
pub fn is_unready(pod: Option<&Pod>) -> Judgement {
    match pod {
        Some(pod) if condition(pod, "Ready") => Judgement::NotYet("it is ready".into()),
        Some(pod) if phase(pod) == "Running" => Judgement::Holds,
        Some(pod) => Judgement::NotYet(state(pod)),
        None => Judgement::NotYet("there is no such Pod".into()),
    }
}

/// The Pod does not exist.
#[must_use]
pub fn is_absent(pod: Option<&Pod>) -> Judgement {
    pod.map_or(Judgement::Holds, |pod| Judgement::NotYet(format!("there is one: {}", describe(pod)).into()))
}

/// The Pod is not being deleted.
#[must_use]
pub fn stays(pod: &Pod) -> bool {
    pod.metadata.deletion_timestamp.is_none()
}

/// There is exactly one Pod. Pods that are being deleted do not count.
#[must_use]
pub fn is_one(pods: &[Pod]) -> Judgement {
    let names: Vec<&str> =
        pods.iter().filter(|pod| stays(pod)).filter_map(|pod| pod.metadata.name.as_deref()).collect();
    match names.len() {
        1 => Judgement::Holds,
        0 => Judgement::NotYet("there is none".into()),
        count => Judgement::NotYet(format!("there are {count}: {}", names.join(", ")).into()),
    }
}

/// There are exactly this many Pods, all ready. Pods that are being deleted do not count.
#[must_use]
pub fn are_ready(pods: &[Pod], count: usize) -> Judgement {
    let staying: Vec<&Pod> = pods.iter().filter(|pod| stays(pod)).collect();
    let (ready, others): (Vec<&Pod>, Vec<&Pod>) = staying.iter().partition(|pod| condition(pod, "Ready"));
    if ready.len() == count && others.is_empty() {
        return Judgement::Holds;
    }
    let name = |pod: &Pod| pod.metadata.name.clone().unwrap_or_default();
    let why = |pod: &Pod| hopeless(pod).map_or_else(|| describe(pod), |cause| cause.to_string());
    let others: String = others.iter().map(|pod| format!("\n{}: {}", name(pod), why(pod))).collect();
    Judgement::NotYet(match (staying.len(), ready.len()) {
        (0, _) => "there is none".into(),
        (1, ready) => format!("there is 1, {}{others}", if ready == 1 { "which is ready" } else { "not ready" }).into(),
        (all, ready) => format!("there are {all}, {ready} of them ready{others}").into(),
    })
}

/// Neither the scheduler nor the kubelet has said anything about the Pod, and none of its containers was started.
#[must_use]
pub fn is_untouched(pod: &Pod) -> bool {
    let mut conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let is_refused = conditions.any(|condition| condition.type_ == "PodScheduled" && condition.status == "False");
    let is_gated = pod.spec.as_ref().and_then(|spec| spec.scheduling_gates.as_ref()).is_some_and(|all| !all.is_empty());
    let waits = |status: &ContainerStatus| {
        let waiting = status.state.as_ref().and_then(|state| state.waiting.as_ref());
        let reason = waiting.and_then(|waiting| waiting.reason.as_deref());
        status.restart_count == 0 && matches!(reason, Some("ContainerCreating" | "PodInitializing"))
    };
    phase(pod) == "Pending"
        && pod.metadata.deletion_timestamp.is_none()
        && !is_refused
        && !is_gated
        && statuses::all(pod).all(waits)
}

/// The final phase that the Pod does not have yet, but will have, because all its containers have ended and will not be
/// restarted; `None` if they may still run, or if the phase is final already.
#[must_use]
pub fn coming_phase(pod: &Pod) -> Option<&'static str> {
    let spec = pod.spec.as_ref().filter(|_| !is_over(pod))?;
    let codes: Vec<i32> = statuses::regular(pod)
        .filter_map(|status| Some(status.state.as_ref()?.terminated.as_ref()?.exit_code))
        .collect();
    let have_ended = codes.len() == spec.containers.len();
    let is_success = codes.iter().all(|code| *code == 0);
    match spec.restart_policy.as_deref() {
        Some("Never") if have_ended => Some(if is_success { "Succeeded" } else { "Failed" }),
        Some("OnFailure") if have_ended && is_success => Some("Succeeded"),
        _ => None,
    }
}

/// The Pod's phase is final: its containers have ended and will not be restarted.
#[must_use]
pub fn is_over(pod: &Pod) -> bool {
    matches!(phase(pod), "Succeeded" | "Failed")
}

/// The Pod is ready, has succeeded, or is being deleted.
#[must_use]
pub fn is_well(pod: &Pod) -> bool {
    condition(pod, "Ready") || phase(pod) == "Succeeded" || !stays(pod)
}

/// The Pod's phase; `Pending` if it has none yet.
#[must_use]
pub fn phase(pod: &Pod) -> &str {
    pod.status.as_ref().and_then(|status| status.phase.as_deref()).unwrap_or("Pending")
}

/// The image ids that the runtime reports for the Pod's containers, by container name. It includes sidecars, but no
/// other init containers.
#[must_use]
pub fn image_ids(pod: &Pod) -> Vec<(String, String)> {
    let init_containers = pod.spec.iter().flat_map(|spec| spec.init_containers.iter().flatten());
    let ends: Vec<&str> = init_containers
        .filter(|container| container.restart_policy.as_deref() != Some("Always"))
        .map(|container| container.name.as_str())
        .collect();
    let beside = statuses::all(pod).filter(|status| !ends.contains(&status.name.as_str()));
    beside.map(|status| (status.name.clone(), status.image_id.clone())).collect()
}

/// Why this Pod will not recover; `None` if it may.
#[must_use]
pub fn hopeless(pod: &Pod) -> Option<Cause> {
    start::cannot_start(pod)
        .or_else(|| statuses::all(pod).find_map(keeps_ending))
        .or_else(|| (phase(pod) == "Failed").then(|| pull::seen(pod, format!("the Pod has failed{}", of_message(pod)))))
}

/// The Pod's state as a cause: [`describe`], and the images that could not be pulled.
#[must_use]
pub fn state(pod: &Pod) -> Cause {
    pull::seen(pod, describe(pod))
}

/// The Pod's state in one line, similar to `kubectl get pod`.
#[must_use]
pub fn describe(pod: &Pod) -> String {
    let mut parts = vec![format!("phase {}", phase(pod))];
    parts.extend(statuses::all(pod).filter_map(|status| Some(describe_container(status)? + &probe_delay(pod, status))));
    let conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let unscheduled = conditions.filter(|condition| condition.type_ == "PodScheduled" && condition.status == "False");
    parts.extend(unscheduled.filter_map(|condition| condition.message.clone()));
    parts.join("; ")
}

fn is_final(pod: &Pod) -> Cause {
    pull::seen(pod, format!("its phase is {}, which is final{}", phase(pod), of_message(pod)))
}

fn keeps_ending(status: &ContainerStatus) -> Option<Cause> {
    let waiting = status.state.as_ref()?.waiting.as_ref()?;
    let may_start =
        last_ending(status).is_none_or(|ended| !node_fault::could_not_start(ended)) || node_fault::is_of(status);
    let may_recover = may_start && status.restart_count < RESTARTS;
    (waiting.reason.as_deref()? == "CrashLoopBackOff" && !may_recover).then(|| {
        let (container, restarts) = (status.name.clone(), status.restart_count);
        let exit_code = last_ending(status).map(|ended| ended.exit_code);
        let keeps_ending = Cause::KeepsEnding { container, restarts, exit_code };
        if node_fault::is_of(status) { Cause::NodeFault(keeps_ending.to_string()) } else { keeps_ending }
    })
}

fn last_ending(status: &ContainerStatus) -> Option<&ContainerStateTerminated> {
    status.last_state.as_ref()?.terminated.as_ref()
}

fn describe_container(status: &ContainerStatus) -> Option<String> {
    let state = status.state.as_ref()?;
    let name = &status.name;
    if let Some(waiting) = &state.waiting {
        let message = waiting.message.as_deref().map_or_else(String::new, |message| format!(": {message}"));
        return Some(format!(
            "container {name} waits: {}{message}",
            waiting.reason.as_deref().unwrap_or("no reason given")
        ));
    }
    if let Some(ended) = state.terminated.as_ref().filter(|ended| node_fault::could_not_start(ended)) {
        return Some(format!(
            "container {name} could not be started: {}",
            ended.message.as_deref().unwrap_or_default()
        ));
    }
    if let Some(ended) = &state.terminated {
        return Some(format!("container {name} ended with exit code {}", ended.exit_code));
    }
    let ready = if status.ready { "ready" } else { "running, not ready" };
    Some(format!("container {name} {ready}"))
}

/// What to add about a running container whose readiness probe begins late, in seconds; empty for others.
fn probe_delay(pod: &Pod, status: &ContainerStatus) -> String {
    let is_running = status.state.as_ref().is_some_and(|state| state.running.is_some());
    let containers = pod.spec.iter().flat_map(|spec| spec.containers.iter());
    let probe =
        containers.filter(|container| container.name == status.name).find_map(|one| one.readiness_probe.as_ref());
    match probe.and_then(|probe| probe.initial_delay_seconds) {
        Some(delay @ 5..) if is_running && !status.ready => {
            format!("; its readiness probe begins {delay} seconds after it starts")
        }
        _ => String::new(),
    }
}

fn of_message(pod: &Pod) -> String {
    let message = pod.status.as_ref().and_then(|status| status.message.clone());
    let parts = message.into_iter().chain(statuses::all(pod).filter_map(describe_container));
    let parts = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
    if parts.is_empty() { parts } else { format!(": {parts}") }
}

fn condition(pod: &Pod, kind: &str) -> bool {
    let conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    conditions.into_iter().any(|condition| condition.type_ == kind && condition.status == "True")
}

#[cfg(test)]
mod tests;
