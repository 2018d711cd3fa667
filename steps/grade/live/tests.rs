use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use tokio::time::sleep;

use super::*;
use crate::{
    report::Report,
    testing::{
        api::{Answer, Condition},
        objects::{ready_pod, unready_pod},
        runs::Mocked,
    },
};

const READY: &str = "Then within 60 seconds the Pod \"hello\" is ready";
const PODS: &str = "/api/v1/namespaces/theirs/pods";

/// A read-only cluster that contains this Pod `hello`.
async fn with(pod: serde_json::Value) -> Mocked {
    let mocked = Mocked::read_only(&[READY]).await;
    mocked.api.on(&format!("GET {PODS}"), [Answer::list([pod])]);
    mocked
}

async fn graded(mocked: &Mocked) -> Report {
    let Mocked { context, run, .. } = mocked;
    grade_all(context, &run.plan, "theirs", &run.recorder).await.unwrap();
    run.recorder.finish(true)
}

fn reason(report: &Report) -> String {
    report.scenarios[0].culprit().and_then(|step| step.reason.clone()).unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn what_is_there_is_judged_and_nothing_is_changed() {
    let mocked = with(ready_pod("hello")).await;
    assert_eq!(graded(&mocked).await.scenarios[0].verdict, Verdict::Passed);
    assert!(mocked.api.changes().is_empty());
    let mocked = with(unready_pod("hello")).await;
    assert_eq!(graded(&mocked).await.scenarios[0].verdict, Verdict::Failed);
    assert!(mocked.api.changes().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_step_that_changes_something_is_refused_before_it_is_sent() {
    let mocked = Mocked::read_only(&[&format!("Given \"pod.yaml\" is applied\n    {READY}")]).await;
    let report = graded(&mocked).await;
    assert_eq!(report.scenarios[0].verdict, Verdict::Refused);
    assert!(reason(&report).contains("the cluster of the context theirs is read-only"), "{}", reason(&report));
    let pods = Api::<Pod>::namespaced(mocked.context.cluster.client(), "theirs");
    assert!(pods.delete("hello", &kube::api::DeleteParams::default()).await.is_err());
    assert!(mocked.api.changes().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_away_or_was_is_no_fault_of_the_learner() {
    for (condition, seconds) in
        [(Condition::Away, 600), (Condition::Silent, 600), (Condition::Away, 10), (Condition::Silent, 10)]
    {
        let mocked = with(unready_pod("hello")).await;
        let trouble = async {
            mocked.api.until(&format!("WATCH {PODS}"), 1).await;
            mocked.api.becomes(condition);
            sleep(Duration::from_secs(seconds)).await;
            mocked.api.becomes(Condition::Well);
        };
        let (report, ()) = tokio::join!(graded(&mocked), trouble);
        assert_eq!(report.scenarios[0].verdict, Verdict::Broken, "{condition:?} {seconds}: {}", reason(&report));
    }
}

#[tokio::test(start_paused = true)]
async fn after_an_interruption_nothing_more_is_looked_at() {
    let mocked = Mocked::read_only(&[READY, READY]).await;
    let interruption = async {
        mocked.api.until(&format!("WATCH {PODS}"), 1).await;
        mocked.run.cancelled.cancel();
    };
    mocked.api.on(&format!("GET {PODS}"), [Answer::list([])]);
    let (report, ()) = tokio::join!(graded(&mocked), interruption);
    assert!(report.scenarios.iter().all(|scenario| scenario.verdict == Verdict::Broken));
    assert_eq!(reason(&report), "the run was interrupted");
    let second = report.scenarios[1].culprit().and_then(|step| step.reason.as_deref());
    assert_eq!(second, Some("the run ended before this scenario did"));
}

#[tokio::test]
async fn a_step_that_does_not_only_read_is_named() {
    let mocked = Mocked::read_only(&[&format!("Given \"pod.yaml\" is applied\n    {READY}")]).await;
    let mut lab =
        GradedLab { lab: (*mocked.run.plan.scenarios[0].lab).clone(), scenarios: mocked.run.plan.scenarios.clone() };
    lab.scenarios[0].grading.live = true;
    let submission = Submission::of("theirs", BTreeMap::new(), &lab.lab.rules());
    let (plan, notes) = reading_steps(&lab, Submitted { submission, image_prefix: String::new() }).unwrap();
    assert_eq!(plan.scenarios[0].scenario.steps.len(), 1);
    assert_eq!(notes.len(), 1);
    assert!(notes[0].ends_with("not run, because it does not only read: Given \"pod.yaml\" is applied"), "{notes:?}");
}
