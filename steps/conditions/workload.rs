//! Conditions of objects that run Pods (Deployments, `StatefulSets`, `DaemonSets`, `ReplicaSets`, Jobs) and of volume
//! claims.
//!
//! The rules for a rollout are those of `kubectl rollout status`, with one exception: a workload without Pods never
//! counts as rolled out, because that would prove nothing.

use serde_json::Value;

use super::{
    Judgement,
    object::{self, OUTDATED},
};

/// All wanted Pods have the newest template and are available, and no other Pods of the workload remain.
#[must_use]
pub fn is_rolled_out(kind: &str, object: Option<&Value>) -> Judgement {
    let Some(object) = object else { return object::missing() };
    if object::is_outdated(object) || object["status"].is_null() {
        return Judgement::NotYet(OUTDATED.into());
    }
    let wanted = wanted(kind, object);
    if wanted == 0 {
        let why = if kind == "DaemonSet" { "no node takes its Pods" } else { "it wants no Pods: spec.replicas is 0" };
        return Judgement::NotYet(why.into());
    }
    if let Some(why) = stopped(object) {
        return Judgement::Hopeless(why.into());
    }
    match counts(kind, object, wanted) {
        Some(why) => Judgement::NotYet(format!("{why}{}", refused(object)).into()),
        None => Judgement::Holds,
    }
}

/// The workload wants exactly this number of Pods, has no others, and all are ready.
#[must_use]
pub fn has_ready(kind: &str, object: Option<&Value>, count: i64) -> Judgement {
    let Some(object) = object else { return object::missing() };
    if object::is_outdated(object) {
        return Judgement::NotYet(OUTDATED.into());
    }
    let (wanted, status) = (wanted(kind, object), &object["status"]);
    let (all, ready) = match kind {
        "DaemonSet" => (number(status, "currentNumberScheduled"), number(status, "numberReady")),
        _ => (number(status, "replicas"), number(status, "readyReplicas")),
    };
    if [wanted, all, ready] == [count; 3] {
        return Judgement::Holds;
    }
    Judgement::NotYet(format!("{wanted} Pods are wanted, {all} exist, {ready} of them ready{}", refused(object)).into())
}

/// The Job has completed.
#[must_use]
pub fn is_complete(job: Option<&Value>) -> Judgement {
    has_ended(job, "Complete", "Failed")
}

/// The Job has failed.
#[must_use]
pub fn has_failed(job: Option<&Value>) -> Judgement {
    has_ended(job, "Failed", "Complete")
}

/// The claim is bound to a volume.
#[must_use]
pub fn is_bound(claim: Option<&Value>) -> Judgement {
    let Some(claim) = claim else { return object::missing() };
    match claim["status"]["phase"].as_str().unwrap_or("Pending") {
        "Bound" => Judgement::Holds,
        "Lost" => Judgement::Hopeless("its volume no longer exists".into()),
        phase => Judgement::NotYet(format!("its phase is {phase}").into()),
    }
}

/// At least this number of a `CronJob`'s Jobs have completed.
#[must_use]
pub fn have_completed(jobs: &[Value], cron_job: &str, count: usize) -> Judgement {
    let owned = jobs.iter().filter(|job| object::is_owned(job, "CronJob", cron_job));
    let ends: Vec<Option<&str>> = owned.map(|job| end(job).map(|(end, _)| end)).collect();
    let complete = ends.iter().filter(|end| **end == Some("Complete")).count();
    if complete >= count {
        return Judgement::Holds;
    }
    let failed = ends.iter().filter(|end| **end == Some("Failed")).count();
    Judgement::NotYet(
        format!("it has started {}, of which {complete} completed and {failed} failed", ends.len()).into(),
    )
}

/// The `CronJob` starts no Jobs because it is suspended.
#[must_use]
pub fn is_suspended(cron_job: Option<&Value>) -> Judgement {
    match cron_job {
        Some(cron_job) if cron_job["spec"]["suspend"] == true => Judgement::Holds,
        Some(_) => Judgement::NotYet("it is not suspended".into()),
        None => object::missing(),
    }
}

/// The name of a `CronJob`'s newest Job that has failed.
#[must_use]
pub fn newest_failed<'a>(jobs: &'a [Value], cron_job: &str) -> Option<&'a str> {
    let is_it =
        |job: &&Value| object::is_owned(job, "CronJob", cron_job) && end(job).is_some_and(|(end, _)| end == "Failed");
    let newest = jobs.iter().filter(is_it).max_by_key(|job| job["metadata"]["creationTimestamp"].as_str());
    newest?["metadata"]["name"].as_str()
}

fn has_ended(job: Option<&Value>, wanted: &str, other: &str) -> Judgement {
    let Some(job) = job else { return object::missing() };
    match end(job) {
        Some((end, _)) if end == wanted => Judgement::Holds,
        Some((end, why)) if end == other => Judgement::Hopeless(format!("its end is {end}{why}").into()),
        _ => {
            let (spec, status) = (&job["spec"], &job["status"]);
            let wanted = spec["completions"].as_i64().or_else(|| spec["parallelism"].as_i64()).unwrap_or(1);
            let suspended = if spec["suspend"] == true { "it is suspended; " } else { "" };
            let [succeeded, failed, active] = ["succeeded", "failed", "active"].map(|field| number(status, field));
            Judgement::NotYet(
                format!("{suspended}{succeeded} of {wanted} Pods succeeded, {failed} failed, {active} active").into(),
            )
        }
    }
}

/// How a Job has ended, with Kubernetes' message.
fn end(job: &Value) -> Option<(&str, String)> {
    let conditions = job["status"]["conditions"].as_array()?;
    let ended = conditions.iter().find(|condition| {
        condition["status"] == "True" && matches!(condition["type"].as_str(), Some("Complete" | "Failed"))
    })?;
    let text = |field: &str| ended[field].as_str().unwrap_or_default();
    let why =
        if text("reason").is_empty() { String::new() } else { format!(": {}: {}", text("reason"), text("message")) };
    Some((ended["type"].as_str()?, why))
}

/// The number of Pods that the workload wants.
fn wanted(kind: &str, object: &Value) -> i64 {
    match kind {
        "DaemonSet" => number(&object["status"], "desiredNumberScheduled"),
        _ => object["spec"]["replicas"].as_i64().unwrap_or(1),
    }
}

/// Why a rollout has stopped; `None` if it continues.
fn stopped(object: &Value) -> Option<String> {
    if object["spec"]["paused"] == true {
        return Some("its rollout is paused".into());
    }
    let conditions = object["status"]["conditions"].as_array()?;
    let late = conditions.iter().find(|condition| condition["reason"] == "ProgressDeadlineExceeded")?;
    Some(late["message"].as_str().unwrap_or("it made no progress within its deadline").to_owned())
}

/// What a rollout still lacks; `None` if it is complete.
fn counts(kind: &str, object: &Value, wanted: i64) -> Option<String> {
    let status = &object["status"];
    let (updated, all, available) = match kind {
        "DaemonSet" => ("updatedNumberScheduled", "currentNumberScheduled", "numberAvailable"),
        "ReplicaSet" => ("replicas", "replicas", "availableReplicas"),
        _ => ("updatedReplicas", "replicas", "availableReplicas"),
    };
    let [updated, all, available] = [updated, all, available].map(|field| number(status, field));
    // In its first rollout, a StatefulSet reports no updated replicas; its two revisions are equal from the start.
    let is_first = kind == "StatefulSet" && status["currentRevision"] == status["updateRevision"];
    if updated < wanted && !is_first {
        return Some(format!("{updated} of {wanted} Pods have its newest template"));
    }
    if all > wanted {
        return Some(format!("{} Pods of an older template remain", all - wanted));
    }
    (available < wanted).then(|| format!("{available} of {wanted} Pods are available"))
}

/// Why the API server refuses further Pods, such as a quota; a `DaemonSet` and a `StatefulSet` say it in events only.
fn refused(object: &Value) -> String {
    let conditions = object["status"]["conditions"].as_array().map_or(&[][..], Vec::as_slice);
    let failure = conditions.iter().find(|found| found["type"] == "ReplicaFailure" && found["status"] == "True");
    let message = failure.and_then(|failure| failure["message"].as_str());
    message.map_or_else(String::new, |message| format!("; a Pod is refused: {message}"))
}

fn number(status: &Value, field: &str) -> i64 {
    status[field].as_i64().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn seen(judgement: Judgement) -> String {
        match judgement {
            Judgement::Holds => "holds".into(),
            Judgement::NotYet(cause) => cause.to_string(),
            Judgement::Hopeless(cause) => format!("hopeless: {cause}"),
        }
    }

    fn deployment(replicas: i64, status: &Value) -> String {
        let object = json!({"metadata": {"generation": 2}, "spec": {"replicas": replicas}, "status": status});
        seen(is_rolled_out("Deployment", Some(&object)))
    }

    #[test]
    fn a_deployment_is_rolled_out_when_only_its_newest_pods_are_left_and_available() {
        let status = |observed: i64, all: i64, updated: i64, available: i64| json!({"observedGeneration": observed, "replicas": all, "updatedReplicas": updated, "availableReplicas": available});
        assert_eq!(deployment(2, &status(2, 2, 2, 2)), "holds");
        assert_eq!(deployment(2, &status(1, 2, 2, 2)), OUTDATED);
        assert_eq!(deployment(2, &status(2, 3, 1, 2)), "1 of 2 Pods have its newest template");
        assert_eq!(deployment(2, &status(2, 3, 2, 2)), "1 Pods of an older template remain");
        assert_eq!(deployment(2, &status(2, 2, 2, 1)), "1 of 2 Pods are available");
        assert_eq!(deployment(0, &status(2, 0, 0, 0)), "it wants no Pods: spec.replicas is 0");
        assert_eq!(seen(is_rolled_out("Deployment", None)), "it does not exist");
    }

    #[test]
    fn a_pod_that_the_server_refuses_is_named() {
        let status = json!({"observedGeneration": 2, "replicas": 1, "updatedReplicas": 1, "conditions": [
            {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: small"}]});
        let expected = "1 of 2 Pods have its newest template; a Pod is refused: exceeded quota: small";
        assert_eq!(deployment(2, &status), expected);
    }

    #[test]
    fn a_rollout_that_does_not_go_on_is_hopeless() {
        let late = json!({"observedGeneration": 2, "conditions": [{"type": "Progressing", "status": "False",
            "reason": "ProgressDeadlineExceeded", "message": "ReplicaSet \"web-1\" has timed out progressing."}]});
        assert_eq!(deployment(1, &late), "hopeless: ReplicaSet \"web-1\" has timed out progressing.");
        let paused = json!({"spec": {"paused": true}, "status": {"replicas": 1}});
        assert_eq!(seen(is_rolled_out("Deployment", Some(&paused))), "hopeless: its rollout is paused");
    }

    #[test]
    fn the_first_rollout_of_a_stateful_set_has_no_updated_replicas() {
        let set = |current: &str| {
            json!({"spec": {"replicas": 2}, "status": {"replicas": 2, "availableReplicas": 2,
                "currentRevision": current, "updateRevision": "b"}})
        };
        assert_eq!(seen(is_rolled_out("StatefulSet", Some(&set("b")))), "holds");
        assert_eq!(seen(is_rolled_out("StatefulSet", Some(&set("a")))), "0 of 2 Pods have its newest template");
    }

    #[test]
    fn a_daemon_set_counts_nodes() {
        let set = |desired: i64, available: i64| {
            json!({"status": {"desiredNumberScheduled": desired, "currentNumberScheduled": desired,
                "updatedNumberScheduled": desired, "numberAvailable": available, "numberReady": available}})
        };
        assert_eq!(seen(is_rolled_out("DaemonSet", Some(&set(2, 2)))), "holds");
        assert_eq!(seen(is_rolled_out("DaemonSet", Some(&set(2, 1)))), "1 of 2 Pods are available");
        assert_eq!(seen(is_rolled_out("DaemonSet", Some(&set(0, 0)))), "no node takes its Pods");
        assert_eq!(seen(has_ready("DaemonSet", Some(&set(2, 2)), 2)), "holds");
    }

    #[test]
    fn ready_pods_are_counted_as_wanted_present_and_ready() {
        let set = json!({"spec": {"replicas": 2}, "status": {"replicas": 3, "readyReplicas": 2}});
        assert_eq!(seen(has_ready("ReplicaSet", Some(&set), 2)), "2 Pods are wanted, 3 exist, 2 of them ready");
        let none = json!({"spec": {"replicas": 0}, "status": {"replicas": 0}});
        assert_eq!(seen(has_ready("Deployment", Some(&none), 0)), "holds");
    }

    #[test]
    fn the_end_of_a_job_that_is_not_the_wanted_one_is_final() {
        let job = |end: &str| json!({"status": {"conditions": [{"type": end, "status": "True", "reason": "BackoffLimitExceeded", "message": "m"}]}});
        assert_eq!(seen(is_complete(Some(&job("Complete")))), "holds");
        assert_eq!(seen(is_complete(Some(&job("Failed")))), "hopeless: its end is Failed: BackoffLimitExceeded: m");
        assert!(seen(has_failed(Some(&job("Complete")))).starts_with("hopeless: its end is Complete"));
        assert_eq!(seen(has_failed(Some(&job("Failed")))), "holds");
        let active = json!({"spec": {"completions": 3}, "status": {"succeeded": 1, "active": 1}});
        assert_eq!(seen(is_complete(Some(&active))), "1 of 3 Pods succeeded, 0 failed, 1 active");
        let suspended = json!({"spec": {"suspend": true}});
        assert_eq!(seen(is_complete(Some(&suspended))), "it is suspended; 0 of 1 Pods succeeded, 0 failed, 0 active");
    }

    #[test]
    fn only_the_jobs_of_the_cron_job_count() {
        let job = |owner: &str, end: &str| {
            json!({"metadata": {"ownerReferences": [{"kind": "CronJob", "name": owner}]},
                "status": {"conditions": [{"type": end, "status": "True"}]}})
        };
        let jobs = [job("tick", "Complete"), job("tick", "Failed"), job("tock", "Complete")];
        assert_eq!(have_completed(&jobs, "tick", 1), Judgement::Holds);
        let seen = seen(have_completed(&jobs, "tick", 2));
        assert_eq!(seen, "it has started 2, of which 1 completed and 1 failed");
        assert_eq!(newest_failed(&jobs, "tock"), None);
        let named = json!({"metadata": {"name": "tick-2", "creationTimestamp": "2026-01-02T00:00:00Z",
            "ownerReferences": [{"kind": "CronJob", "name": "tick"}]}, "status": jobs[1]["status"]});
        assert_eq!(newest_failed(&[jobs[1].clone(), named], "tick"), Some("tick-2"));
    }

    #[test]
    fn a_lost_claim_is_not_bound_any_more() {
        let claim = |phase: &str| json!({"status": {"phase": phase}});
        assert_eq!(is_bound(Some(&claim("Bound"))), Judgement::Holds);
        assert_eq!(seen(is_bound(Some(&claim("Pending")))), "its phase is Pending");
        assert_eq!(seen(is_bound(Some(&claim("Lost")))), "hopeless: its volume no longer exists");
    }
}
