//! Conditions of one container of a Pod. Without a name, the container is the Pod's only one, not counting init
//! containers.

use std::cmp::Ordering;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Container, ContainerState, ContainerStateTerminated, ContainerStatus, Pod};

use super::{Judgement, node_fault, pod, start, statuses};

/// The container runs or has run.
#[must_use]
pub fn has_started(pod: Option<&Pod>, name: Option<&str>) -> Judgement {
    judge(pod, name, |status| {
        let runs = status.state.as_ref().is_some_and(|state| state.running.is_some());
        (runs || endings(status).next().is_some()).then_some(Judgement::Holds)
    })
}

/// One of the Pod's containers has a handler that runs right after its start. Until it has ended, the container counts as
/// being created.
#[must_use]
pub fn has_start_handler(pod: &Pod) -> bool {
    let containers =
        pod.spec.iter().flat_map(|spec| spec.containers.iter().chain(spec.init_containers.iter().flatten()));
    containers.filter_map(|container| container.lifecycle.as_ref()).any(|lifecycle| lifecycle.post_start.is_some())
}

/// The container has ended, now or the last time, and `is_so` accepts its ending, a text such as `exit code 137,
/// OOMKilled`.
#[must_use]
pub fn has_ended(pod: Option<&Pod>, name: Option<&str>, is_so: impl Fn(&str) -> bool) -> Judgement {
    judge(pod, name, |status| {
        let endings: Vec<String> = endings(status).map(ending).collect();
        if endings.iter().any(|ending| is_so(ending)) {
            return Some(Judgement::Holds);
        }
        let seen =
            endings.first().map_or_else(|| "it has not ended".into(), |ending| format!("it ended with {ending}"));
        let is_over = pod.is_some_and(pod::is_over);
        let seen = node_fault::of_endings(status, seen);
        Some(if is_over { Judgement::Hopeless(seen) } else { Judgement::NotYet(seen) })
    })
}

/// How often something happened, as a person says it: `once`, `2 times`.
#[must_use]
pub fn times_in_words(count: i32) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

/// The container was restarted exactly this many times.
#[must_use]
pub fn has_restarted(pod: Option<&Pod>, name: Option<&str>, times: i32) -> Judgement {
    judge(pod, name, |status| {
        let count = status.restart_count;
        let seen = node_fault::of_endings(status, format!("it was restarted {}", times_in_words(count)));
        Some(match count.cmp(&times) {
            Ordering::Equal => Judgement::Holds,
            Ordering::Greater => Judgement::Hopeless(seen),
            Ordering::Less => Judgement::NotYet(seen),
        })
    })
}

/// The container's restart count is this number. Any other count is hopeless, because it never decreases and the number
/// must not change.
#[must_use]
pub fn keeps_restart_count(pod: Option<&Pod>, name: Option<&str>, times: i32) -> Judgement {
    judge(pod, name, |status| {
        if status.restart_count == times {
            return Some(Judgement::Holds);
        }
        let after =
            endings(status).next().map_or_else(String::new, |ended| format!(" after it ended with {}", ending(ended)));
        let seen = format!("its restart count is {}{after}", status.restart_count);
        Some(Judgement::Hopeless(node_fault::of_endings(status, seen)))
    })
}

/// The container does not run, or was started after `then`, or no longer exists. Without a name, this applies to any
/// container.
#[must_use]
pub fn has_ended_since(pod: Option<&Pod>, name: Option<&str>, then: Timestamp) -> Judgement {
    let runs_on = |status: &ContainerStatus| {
        let running = status.state.as_ref().and_then(|state| state.running.as_ref());
        running.is_some_and(|running| running.started_at.as_ref().is_none_or(|started| started.0 <= then))
    };
    let statuses = pod.into_iter().flat_map(statuses::all);
    let mut statuses = statuses.filter(|status| name.is_none_or(|name| status.name == name)).peekable();
    if statuses.peek().is_some() && statuses.all(runs_on) {
        return Judgement::NotYet("it runs on".into());
    }
    Judgement::Holds
}

/// The names of all containers of the Pod: init containers, then the others, then ephemeral ones.
#[must_use]
pub fn names(pod: &Pod) -> Vec<&str> {
    let ephemeral = pod.spec.iter().flat_map(|spec| spec.ephemeral_containers.iter().flatten());
    let ephemeral = ephemeral.map(|container| container.name.as_str());
    containers(pod).map(|container| container.name.as_str()).chain(ephemeral).collect()
}

/// Judges the container's status with `judge`; if `judge` returns nothing, describes the Pod's state.
fn judge(pod: Option<&Pod>, name: Option<&str>, judge: impl Fn(&ContainerStatus) -> Option<Judgement>) -> Judgement {
    let Some(pod) = pod else { return Judgement::NotYet("there is no such Pod".into()) };
    let names = names(pod);
    match name {
        Some(name) if !names.contains(&name) => {
            return Judgement::Hopeless(format!("it has no container called {name}, but {}", names.join(", ")).into());
        }
        None if regular(pod).count() > 1 => {
            let names: Vec<&str> = regular(pod).map(|container| container.name.as_str()).collect();
            return Judgement::Hopeless(format!("say which of its containers is meant: {}", names.join(", ")).into());
        }
        _ => {}
    }
    status(pod, name).and_then(judge).unwrap_or_else(|| {
        start::cannot_start(pod).map_or_else(|| Judgement::NotYet(pod::state(pod)), Judgement::Hopeless)
    })
}

/// A container's id from the Pod's status. Without a name, it is the first container, as in kubectl.
///
/// # Errors
/// If there is none; the text says why.
pub fn id<'a>(pod: &'a Pod, name: Option<&str>) -> Result<&'a str, String> {
    let status = match name {
        Some(name) => statuses::named(pod, name),
        None => first(pod).and_then(|first| statuses::all(pod).find(|status| status.name == first)),
    };
    let names = names(pod);
    let reason = || match name {
        Some(name) if !names.contains(&name) => format!("does not exist: the Pod has {}", names.join(", ")),
        _ => "has not been started".to_owned(),
    };
    status.and_then(|status| status.container_id.as_deref()).ok_or_else(reason)
}

/// The name of the container that kubectl uses if none is named.
fn first(pod: &Pod) -> Option<&str> {
    let named = pod.metadata.annotations.as_ref().and_then(|all| all.get("kubectl.kubernetes.io/default-container"));
    named.map(String::as_str).or_else(|| regular(pod).next().map(|container| container.name.as_str()))
}

pub(super) fn status<'a>(pod: &'a Pod, name: Option<&str>) -> Option<&'a ContainerStatus> {
    match name {
        Some(name) => statuses::named(pod, name),
        None => statuses::regular(pod).next(),
    }
}

pub(super) fn containers(pod: &Pod) -> impl Iterator<Item = &Container> {
    pod.spec.iter().flat_map(|spec| spec.init_containers.iter().flatten()).chain(regular(pod))
}

/// The containers that are not init containers.
pub(super) fn regular(pod: &Pod) -> impl Iterator<Item = &Container> {
    pod.spec.iter().flat_map(|spec| &spec.containers)
}

pub(super) fn endings(status: &ContainerStatus) -> impl Iterator<Item = &ContainerStateTerminated> {
    let both = [&status.state, &status.last_state].into_iter().flatten();
    both.filter_map(|state: &ContainerState| state.terminated.as_ref())
}

fn ending(ended: &ContainerStateTerminated) -> String {
    let reason = ended.reason.as_ref().map_or_else(String::new, |reason| format!(", {reason}"));
    format!("exit code {}{reason}", ended.exit_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(status: &str) -> Pod {
        let manifest =
            format!("{{spec: {{containers: [{{name: a}}, {{name: b}}]}}, status: {{phase: Running, {status}}}}}");
        serde_yaml::from_str(&manifest).unwrap()
    }

    fn with(state: &str) -> Pod {
        pod(&format!(
            "containerStatuses: [{{name: a, image: i, imageID: '', ready: true, restartCount: 0, state: {{running: {{}}}}}}, \
             {{name: b, image: i, imageID: '', ready: false, restartCount: 2, {state}}}]"
        ))
    }

    const KILLED: &str = "state: {running: {}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled}}";

    #[test]
    fn the_container_without_a_name_is_the_one_that_kubectl_takes() {
        let mut pod = pod("initContainerStatuses: [], containerStatuses: [\
             {name: a, image: i, imageID: '', ready: true, restartCount: 0, containerID: 'containerd://1'}, \
             {name: b, image: i, imageID: '', ready: true, restartCount: 0}]");
        assert_eq!((id(&pod, None), id(&pod, Some("a"))), (Ok("containerd://1"), Ok("containerd://1")));
        assert_eq!(id(&pod, Some("b")), Err("has not been started".into()));
        assert_eq!(id(&pod, Some("c")), Err("does not exist: the Pod has a, b".into()));
        let default = ("kubectl.kubernetes.io/default-container".to_owned(), "b".to_owned());
        pod.metadata.annotations = Some([default].into());
        assert_eq!(id(&pod, None), Err("has not been started".into()));
    }

    #[test]
    fn an_ending_counts_when_the_container_runs_again() {
        let pod = with(KILLED);
        assert_eq!(has_ended(Some(&pod), Some("b"), |ending| ending == "exit code 137, OOMKilled"), Judgement::Holds);
        assert!(matches!(has_ended(Some(&pod), Some("b"), |ending| ending.contains("Error")), Judgement::NotYet(_)));
        assert!(matches!(has_ended(Some(&pod), Some("a"), |_| true), Judgement::NotYet(_)));
    }

    #[test]
    fn a_container_that_was_started_anew_has_ended_since() {
        let then: Timestamp = "2026-01-01T00:00:10Z".parse().unwrap();
        let started = |at: &str| with(&format!("state: {{running: {{startedAt: '2026-01-01T00:00:{at}Z'}}}}"));
        let waits = with("state: {waiting: {reason: CrashLoopBackOff}}");
        let runs_on = Judgement::NotYet("it runs on".into());
        assert_eq!(has_ended_since(Some(&started("09")), Some("b"), then), runs_on);
        assert_eq!(has_ended_since(Some(&waits), Some("a"), then), runs_on);
        for (pod, name) in
            [(Some(&started("11")), Some("b")), (Some(&waits), Some("b")), (Some(&waits), None), (None, None)]
        {
            assert_eq!(has_ended_since(pod, name, then), Judgement::Holds);
        }
    }

    #[test]
    fn a_restart_too_many_is_hopeless() {
        let pod = with(KILLED);
        assert_eq!(has_restarted(Some(&pod), Some("b"), 2), Judgement::Holds);
        assert!(matches!(has_restarted(Some(&pod), Some("b"), 3), Judgement::NotYet(_)));
        assert!(matches!(has_restarted(Some(&pod), Some("b"), 1), Judgement::Hopeless(_)));
    }

    #[test]
    fn a_restart_count_stays_until_the_container_is_started_again() {
        let pod = with(KILLED);
        assert_eq!(keeps_restart_count(Some(&pod), Some("a"), 0), Judgement::Holds);
        assert_eq!(keeps_restart_count(Some(&pod), Some("b"), 2), Judgement::Holds);
        let again = "its restart count is 2 after it ended with exit code 137, OOMKilled";
        assert_eq!(keeps_restart_count(Some(&pod), Some("b"), 1), Judgement::Hopeless(again.into()));
        let fewer = "its restart count is 0";
        assert_eq!(keeps_restart_count(Some(&pod), Some("a"), 1), Judgement::Hopeless(fewer.into()));
    }

    #[test]
    fn a_container_that_has_no_restart_count_yet_does_not_keep_one() {
        let pod = pod("containerStatuses: []");
        assert_eq!(keeps_restart_count(Some(&pod), Some("a"), 0), Judgement::NotYet("phase Running".into()));
        assert_eq!(keeps_restart_count(None, Some("a"), 0), Judgement::NotYet("there is no such Pod".into()));
    }

    #[test]
    fn a_container_that_is_not_there_or_not_named_is_hopeless() {
        let pod = with(KILLED);
        assert_eq!(
            has_started(Some(&pod), Some("c")),
            Judgement::Hopeless("it has no container called c, but a, b".into())
        );
        assert!(matches!(has_started(Some(&pod), None), Judgement::Hopeless(_)));
    }

    #[test]
    fn a_container_that_initializes_the_pod_is_not_meant() {
        let manifest = "{spec: {initContainers: [{name: before}], containers: [{name: a}]}, status: {\
            initContainerStatuses: [{name: before, image: i, imageID: x, ready: true, restartCount: 2}], \
            containerStatuses: [{name: a, image: i, imageID: y, ready: true, restartCount: 0}]}}";
        let pod: Pod = serde_yaml::from_str(manifest).unwrap();
        assert_eq!(has_restarted(Some(&pod), None, 0), Judgement::Holds);
        assert_eq!(has_restarted(Some(&pod), Some("before"), 2), Judgement::Holds);
        assert_eq!(pod::image_ids(&pod), [("a".to_owned(), "y".to_owned())]);
    }

    #[test]
    fn an_ephemeral_container_is_found_by_its_name() {
        let manifest = "{spec: {containers: [{name: a}], ephemeralContainers: [{name: lens}]}, status: {\
            phase: Running, containerStatuses: [{name: a, image: i, imageID: x, ready: true, restartCount: 0}], \
            ephemeralContainerStatuses: [{name: lens, image: i, imageID: y, ready: false, restartCount: 0, \
            state: {terminated: {exitCode: 0}}}]}}";
        let pod: Pod = serde_yaml::from_str(manifest).unwrap();
        assert_eq!(has_ended(Some(&pod), Some("lens"), |ending| ending.contains("exit code 0")), Judgement::Holds);
        assert_eq!(names(&pod), ["a", "lens"]);
        assert!(matches!(has_ended(Some(&pod), None, |_| true), Judgement::NotYet(_)), "the Pod's own one is meant");
    }

    #[test]
    fn a_container_that_waits_has_not_started() {
        let pod = with("state: {waiting: {reason: ContainerCreating}}");
        assert!(matches!(has_started(Some(&pod), Some("b")), Judgement::NotYet(_)));
        assert_eq!(has_started(Some(&pod), Some("a")), Judgement::Holds);
    }
}
