use serde_json::json;
use tokio::time::Instant;

use super::*;
use crate::{
    conditions::workload,
    testing::{
        api::{Answer, Condition},
        objects::{unpulled_pod, waiting_pod},
        runs::Mocked,
    },
    verdict::Verdict,
};

const DEPLOYMENT: &str = "/apis/apps/v1/namespaces/lab-abcdef-1/deployments";
const SET: &str = "GET /apis/apps/v1/namespaces/lab-abcdef-1/replicasets/web-1";
const PODS: &str = "/api/v1/namespaces/lab-abcdef-1/pods";

/// A server with the kind Deployment, the Deployment `web` of the second revision, and a Pod of the `ReplicaSet` `web-1`
/// whose image name is wrong.
fn mocked(revision_of_set: &str) -> Mocked {
    mocked_of(revision_of_set, "web")
}

/// The same with the `ReplicaSet` of the object with this UID.
fn mocked_of(revision_of_set: &str, owner: &str) -> Mocked {
    let mocked = Mocked::new(&["Then within 60 seconds no Pods remain"]);
    let api = &mocked.api;
    let resources = json!([{"resource": "deployments", "responseKind": {"group": "apps", "version": "v1", "kind": "Deployment"},
        "scope": "Namespaced", "singularResource": "deployment", "verbs": ["get", "list", "watch"]}]);
    let apps = json!({"metadata": {"name": "apps"}, "versions": [{"version": "v1", "resources": resources}]});
    api.on("GET /apis", [Answer::Object(json!({"metadata": {}, "items": [apps]}))]);
    let annotated = |kind: &str, name: &str, revision: &str| {
        json!({"apiVersion": "apps/v1", "kind": kind, "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": {}},
            "status": {"replicas": 1}, "metadata": {"name": name, "uid": name, "resourceVersion": "1", "annotations": {REVISION: revision}}})
    };
    let web = annotated("Deployment", "web", "2");
    api.on(&format!("GET {DEPLOYMENT}/web"), [Answer::Object(web.clone())]);
    api.on(&format!("GET {DEPLOYMENT}"), [Answer::list([web])]);
    let mut set = annotated("ReplicaSet", "web-1", revision_of_set);
    set["metadata"]["ownerReferences"] =
        json!([{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": owner, "controller": true}]);
    api.on(SET, [Answer::Object(set)]);
    let mut pod = waiting_pod("web-1-x", "InvalidImageName");
    pod["metadata"]["ownerReferences"] =
        json!([{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-1", "uid": "web-1", "controller": true}]);
    api.on(&format!("GET {PODS}"), [Answer::list([pod])]);
    mocked
}

async fn rolled_out(mocked: &Mocked) -> (Fault, u64) {
    let (mut scene, began) = (mocked.scene(), Instant::now());
    let subject = Subject { kind: "Deployment", name: "web", limit: Duration::from_mins(1) };
    let judge = |seen: Option<&_>| workload::is_rolled_out("Deployment", seen);
    let fault = until(&mut scene, subject, "be rolled out", judge).await.unwrap_err();
    (fault, began.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn a_pod_of_the_newest_template_that_cannot_run_ends_the_wait() {
    let (fault, seconds) = rolled_out(&mocked("2")).await;
    assert!(
        fault.reason.starts_with("the Deployment web will not be rolled out: its Pod web-1-x does not run"),
        "{fault}"
    );
    assert_eq!((fault.verdict, seconds), (Verdict::Failed, 0));
    assert!(fault.evidence.iter().any(|seen| seen.title == "its Pods" && seen.text.contains("InvalidImageName")));
}

#[tokio::test(start_paused = true)]
async fn a_pod_that_fits_on_no_node_ends_the_wait() {
    let mocked = mocked("2");
    let mut pod = waiting_pod("web-1-x", "ContainerCreating");
    pod["metadata"]["ownerReferences"] =
        json!([{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-1", "uid": "web-1", "controller": true}]);
    pod["spec"]["nodeSelector"] = json!({"disk": "ssd"});
    let refused = json!({"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes"});
    pod["status"] = json!({"phase": "Pending", "conditions": [refused]});
    mocked.api.on(&format!("GET {PODS}"), [Answer::list([pod])]);
    let node = json!({"metadata": {"name": "node"}, "status": {"allocatable": {}}});
    mocked.api.on("GET /api/v1/nodes", [Answer::list([node])]);
    let (fault, seconds) = rolled_out(&mocked).await;
    assert!(fault.reason.contains("its Pod web-1-x does not run") && seconds < 60, "{seconds}: {fault}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_hopeless_is_judged_by_its_own_cause() {
    let mocked = mocked("2");
    let mut wrong = waiting_pod("web-1-x", "InvalidImageName");
    wrong["metadata"]["ownerReferences"] =
        json!([{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-1", "uid": "web-1", "controller": true}]);
    let older = unpulled_pod("web-0-x", "busybox");
    mocked.api.on(&format!("GET {PODS}"), [Answer::list([wrong, older.clone()])]);
    let (fault, _) = rolled_out(&mocked).await;
    assert_eq!(fault.verdict, Verdict::Failed, "the Pod of the older template excuses nothing: {fault}");
    mocked.api.on(&format!("GET {PODS}"), [Answer::list([older])]);
    let (fault, _) = rolled_out(&mocked).await;
    assert_eq!(fault.verdict, Verdict::Broken, "labproof has not provided its image: {fault}");
}

#[tokio::test(start_paused = true)]
async fn a_pod_of_an_older_template_does_not_end_it() {
    let (fault, seconds) = rolled_out(&mocked("1")).await;
    assert!(fault.reason.contains("should be rolled out within 60 seconds, but 0 of 1 Pods"), "{fault}");
    assert_eq!(seconds, 60);
}

#[tokio::test(start_paused = true)]
async fn a_pod_of_another_deployment_with_the_same_labels_does_not_end_it() {
    let (fault, seconds) = rolled_out(&mocked_of("2", "other")).await;
    assert_eq!(seconds, 60, "{fault}");
}

#[tokio::test(start_paused = true)]
async fn a_pod_of_a_template_that_the_controller_has_not_replaced_yet_does_not_end_it() {
    let mocked = mocked("2");
    let mut web = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "uid": "web",
        "resourceVersion": "2", "generation": 3, "annotations": {REVISION: "2"}}, "status": {"observedGeneration": 2},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": {}}});
    mocked.api.on(&format!("GET {DEPLOYMENT}"), [Answer::list([web.clone()])]);
    web["status"]["replicas"] = 1.into();
    mocked.api.on(&format!("GET {DEPLOYMENT}/web"), [Answer::Object(web)]);
    let (fault, seconds) = rolled_out(&mocked).await;
    assert!(fault.reason.contains("should be rolled out within 60 seconds"), "{fault}");
    assert_eq!(seconds, 60);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_away_is_no_fault_of_the_lab() {
    let mocked = mocked("2");
    let mut scene = mocked.scene();
    scene.cluster.resources("Deployment", Duration::ZERO).await.unwrap();
    mocked.api.becomes(Condition::Away);
    let subject = Subject { kind: "Deployment", name: "web", limit: Duration::from_secs(5) };
    let judge = |seen: Option<&_>| workload::is_rolled_out("Deployment", seen);
    let fault = until(&mut scene, subject, "be rolled out", judge).await.unwrap_err();
    assert_eq!(fault.verdict, Verdict::Broken, "{fault}");
}

#[tokio::test(start_paused = true)]
async fn a_cron_job_that_is_suspended_starts_no_jobs() {
    let kind = |plural: &str, kind: &str| {
        json!({"resource": plural, "responseKind": {"group": "batch", "version": "v1", "kind": kind},
            "scope": "Namespaced", "singularResource": plural, "verbs": ["get", "list", "watch"]})
    };
    let batch = json!({"version": "v1", "resources": [kind("jobs", "Job"), kind("cronjobs", "CronJob")]});
    let batch = json!({"metadata": {"name": "batch"}, "versions": [batch]});
    let cron_job = |suspend: bool| json!({"metadata": {"name": "tick", "resourceVersion": "2"}, "spec": {"schedule": "* * * * *", "suspend": suspend}});
    let of = |plural: &str| format!("GET /apis/batch/v1/namespaces/lab-abcdef-1/{plural}");
    for (suspend, reason) in [
        (true, "the CronJob tick will not complete 1 of its Jobs: it is suspended, so it starts no Jobs"),
        (false, "the CronJob tick should complete 1 of its Jobs within 5 seconds, but it has started 0"),
    ] {
        let mocked = Mocked::new(&["Then within 60 seconds no Pods remain"]);
        mocked.api.on("GET /apis", [Answer::Object(json!({"metadata": {}, "items": [batch]}))]);
        mocked.api.on(&of("cronjobs"), [Answer::list([cron_job(suspend)])]);
        mocked.api.on(&format!("{}/tick", of("cronjobs")), [Answer::Object(cron_job(suspend))]);
        mocked.api.on(&of("jobs"), [Answer::list([])]);
        let subject = Subject { kind: "CronJob", name: "tick", limit: Duration::from_secs(5) };
        let fault = until_completed(&mocked.scene(), subject, 1).await.unwrap_err();
        assert!(fault.reason.starts_with(reason), "{fault}");
        assert!(fault.evidence.iter().any(|seen| seen.text == "schedule \"* * * * *\", last run null"), "{fault}");
    }
}
