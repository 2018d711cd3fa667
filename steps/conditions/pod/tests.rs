use super::*;

fn pod(status: &str) -> Pod {
    let manifest = format!("metadata: {{name: hello, uid: u-1}}\nstatus:\n{status}");
    serde_yaml::from_str(&manifest).unwrap()
}

fn waiting(reason: &str, message: &str) -> Pod {
    pod(&format!(
        "  phase: Pending\n  containerStatuses: [{{name: c, image: i, imageID: '', ready: false, restartCount: 3, \
         state: {{waiting: {{reason: {reason}, message: '{message}'}}}}, \
         lastState: {{terminated: {{exitCode: 1}}}}}}]"
    ))
}

fn crashes(restarts: i32, reason: &str) -> Pod {
    pod(&format!(
        "  phase: Running\n  containerStatuses: [{{name: c, image: i, imageID: '', ready: false, restartCount: \
         {restarts}, state: {{waiting: {{reason: CrashLoopBackOff}}}}, \
         lastState: {{terminated: {{exitCode: 1, reason: {reason}}}}}}}]"
    ))
}

#[test]
fn a_readiness_probe_that_begins_late_is_named() {
    let pod = |delay: u32, ready: bool| -> Pod {
        let container = format!("{{name: main, readinessProbe: {{initialDelaySeconds: {delay}}}}}");
        let status =
            format!("{{name: main, image: i, imageID: i, ready: {ready}, restartCount: 0, state: {{running: {{}}}}}}");
        let text =
            format!("spec: {{containers: [{container}]}}\nstatus: {{phase: Running, containerStatuses: [{status}]}}\n");
        serde_yaml::from_str(&text).unwrap()
    };
    let late =
        "phase Running; container main running, not ready; its readiness probe begins 90 seconds after it starts";
    assert_eq!(describe(&pod(90, false)), late);
    assert_eq!(describe(&pod(90, true)), "phase Running; container main ready");
    assert_eq!(describe(&pod(1, false)), "phase Running; container main running, not ready");
}

#[test]
fn a_pod_is_ready_by_its_condition_not_by_its_phase() {
    let running = pod("  phase: Running\n  conditions: [{type: Ready, status: 'False'}]");
    assert!(matches!(is_ready(Some(&running)), Judgement::NotYet(_)));
    let ready = pod("  phase: Running\n  conditions: [{type: Ready, status: 'True'}]");
    assert_eq!(is_ready(Some(&ready)), Judgement::Holds);
}

#[test]
fn a_ready_pod_that_is_being_deleted_is_not_ready() {
    let mut leaving = pod("  phase: Running\n  conditions: [{type: Ready, status: 'True'}]");
    leaving.metadata.deletion_timestamp = serde_yaml::from_str("'2026-01-01T00:00:00Z'").unwrap();
    assert!(matches!(is_ready(Some(&leaving)), Judgement::NotYet(_)));
}

#[test]
fn an_image_that_is_never_pulled_is_hopeless() {
    let seen = is_ready(Some(&waiting("ErrImageNeverPull", "it is not present")));
    let Judgement::Hopeless(cause) = seen else { panic!() };
    assert_eq!(cause.to_string(), "container c cannot start: ErrImageNeverPull: it is not present");
}

#[test]
fn a_pull_is_hopeless_only_where_the_image_does_not_exist() {
    assert!(matches!(is_ready(Some(&waiting("ErrImagePull", "x: not found"))), Judgement::Hopeless(_)));
    assert!(matches!(is_ready(Some(&waiting("ErrImagePull", "i/o timeout"))), Judgement::NotYet(_)));
}

#[test]
fn a_failed_pull_is_known_by_its_image_whether_it_is_hopeless_or_not() {
    for (message, is_hopeless) in [("image \"busybox\": not found", true), ("image \"busybox\": i/o timeout", false)] {
        let mut pod = waiting("ImagePullBackOff", message);
        pod.spec = serde_yaml::from_str("{containers: [{name: c, image: busybox}]}").unwrap();
        let (cause, found_hopeless) = match is_ready(Some(&pod)) {
            Judgement::Hopeless(cause) => (cause, true),
            Judgement::NotYet(cause) => (cause, false),
            Judgement::Holds => panic!(),
        };
        assert_eq!((cause.failed_pulls(), found_hopeless), (&["busybox".into()][..], is_hopeless), "{message}");
    }
}

#[test]
fn what_is_missing_may_yet_be_made_or_be_asked_for_no_more() {
    let missing = waiting("CreateContainerConfigError", "configmap \"words\" not found");
    assert!(matches!(is_ready(Some(&missing)), Judgement::NotYet(_)));
    let mut mended = waiting("ImagePullBackOff", "Back-off pulling image \"busybix\": not found");
    assert!(matches!(is_ready(Some(&mended)), Judgement::Hopeless(_)));
    mended.spec = serde_yaml::from_str("{containers: [{name: c, image: busybox}]}").unwrap();
    assert!(matches!(is_ready(Some(&mended)), Judgement::NotYet(_)));
}

#[test]
fn a_repeated_crash_is_hopeless_and_tells_the_exit_code() {
    let Judgement::Hopeless(cause) = is_ready(Some(&crashes(2, "Error"))) else { panic!() };
    assert_eq!(cause.to_string(), "container c keeps ending: 2 restarts, last with exit code 1");
}

#[test]
fn a_container_that_has_run_may_find_what_it_lacks_the_next_time() {
    assert!(matches!(is_ready(Some(&crashes(1, "Error"))), Judgement::NotYet(_)));
    assert!(matches!(is_ready(Some(&crashes(0, "StartError"))), Judgement::Hopeless(_)));
}

#[test]
fn a_container_that_its_node_could_not_start_is_the_nodes_fault() {
    let ended = |message: &str| -> Pod {
        let terminated = serde_json::json!({"exitCode": 128, "reason": "StartError", "message": message});
        let status = serde_json::json!({"name": "c", "image": "i", "imageID": "", "ready": false, "restartCount": 0,
            "state": {"terminated": terminated}});
        serde_json::from_value(serde_json::json!({"status": {"phase": "Failed", "containerStatuses": [status]}}))
            .unwrap()
    };
    let of = |message: &str| match has_phase(Some(&ended(message)), "Succeeded") {
        Judgement::Hopeless(cause) => cause,
        other => panic!("{other:?}"),
    };
    let freeze = of("runc create failed: error setting cgroup config for procHooks process: unable to freeze");
    assert!(matches!(&freeze, Cause::NodeFault(state) if state.contains("could not be started: runc create")));
    for own in ["sleepp", "no space left on device", "\\\"too many open files\\\""] {
        let message = format!("exec: \"{own}\": executable file not found in $PATH");
        assert!(matches!(of(&message), Cause::State(_)), "{message}");
    }
}

#[test]
fn a_container_that_its_node_could_not_start_is_tried_again() {
    let crashed = |restarts: i32| {
        let mut pod = crashes(restarts, "StartError");
        let statuses = pod.status.as_mut().unwrap().container_statuses.as_mut().unwrap();
        let ended = statuses[0].last_state.as_mut().unwrap().terminated.as_mut().unwrap();
        ended.message = Some("unable to freeze".into());
        pod
    };
    assert!(matches!(is_ready(Some(&crashed(1))), Judgement::NotYet(Cause::NodeFault(_))));
    assert!(matches!(is_ready(Some(&crashed(2))), Judgement::Hopeless(Cause::NodeFault(_))));
}

#[test]
fn a_pod_that_was_recreated_counts_as_deleted() {
    let same = pod("  phase: Running");
    assert!(matches!(is_gone(Some(&same), "u-1"), Judgement::NotYet(_)));
    assert_eq!(is_gone(Some(&same), "u-0"), Judgement::Holds);
    assert_eq!(is_gone(None, "u-1"), Judgement::Holds);
}

#[test]
fn a_final_phase_ends_the_wait_for_another() {
    assert!(matches!(has_phase(Some(&pod("  phase: Succeeded")), "Running"), Judgement::Hopeless(_)));
    assert_eq!(has_phase(Some(&pod("  phase: Succeeded")), "Succeeded"), Judgement::Holds);
}
