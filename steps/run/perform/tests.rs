use std::time::Duration;

use tokio::time::sleep;

use super::*;
use crate::scene::context::Limits;
use crate::testing::{
    api::{Answer, Condition},
    objects::{self, ready_pod, unready_pod, waiting_pod},
    runs::{LEASE, Mocked, RUN, is_identified_by},
};

const READY: &str = "Then within 60 seconds the Pod \"hello\" is ready";
const PODS: &str = "/api/v1/namespaces/lab-abcdef-1/pods";

/// A run whose Pod `hello` never becomes ready.
fn unready() -> Mocked {
    let mocked = Mocked::new(&[READY]);
    mocked.api.on(&format!("GET {PODS}"), [Answer::list([unready_pod("hello")])]);
    mocked
}

/// Runs the first step of the run while the health checks are running.
async fn performed(mocked: &Mocked) -> StepReport {
    let (mut scene, step) = (mocked.scene(), mocked.step());
    let client = mocked.api.client();
    tokio::select! {
        report = Box::pin(one(&mut scene, &step)) => report,
        never = mocked.context.health.watch(&client, None) => match never {},
    }
}

/// Runs the first step; the server is in this condition for this number of seconds after its first watch.
async fn performed_where_it_is(condition: Condition, seconds: u64) -> StepReport {
    let mocked = unready();
    let trouble = async {
        mocked.api.until(&format!("WATCH {PODS}"), 1).await;
        mocked.api.becomes(condition);
        sleep(Duration::from_secs(seconds)).await;
        mocked.api.becomes(Condition::Well);
    };
    tokio::join!(performed(&mocked), trouble).0
}

fn reason(report: &StepReport) -> &str {
    report.reason.as_deref().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn what_fails_while_everything_answers_is_the_labs_fault() {
    let report = performed(&unready()).await;
    assert_eq!(report.verdict, Verdict::Failed, "{report:?}");
    assert!(reason(&report).starts_with("Pod hello is not ready within 60 seconds"), "{report:?}");
}

/// A run of one scenario that may take 30 seconds, whose only step is this one. Its Pod `hello` never becomes ready.
fn in_30_seconds(step: &str) -> Mocked {
    let limits = Limits { scenario: Duration::from_secs(30), ..Limits::default() };
    let mocked = Mocked::limited(&[step], limits);
    mocked.api.on(&format!("GET {PODS}"), [Answer::list([unready_pod("hello")])]);
    mocked
}

#[tokio::test(start_paused = true)]
async fn what_the_end_of_the_scenarios_time_cuts_short_is_no_fault_of_the_lab() {
    let report = performed(&in_30_seconds(READY)).await;
    assert_eq!(report.verdict, Verdict::Broken, "{report:?}");
    assert!(reason(&report).starts_with("the scenario's time limit ended the step after 30 seconds"), "{report:?}");
    let whole = performed(&in_30_seconds(&READY.replace("60", "30"))).await;
    assert_eq!(whole.verdict, Verdict::Failed, "it had all its time: {whole:?}");
}

#[tokio::test(start_paused = true)]
async fn a_watch_for_a_fixed_time_does_not_pass_after_less() {
    let unready = "Then for 60 seconds the Pod \"hello\" is not ready";
    let began = tokio::time::Instant::now();
    let report = performed(&in_30_seconds(unready)).await;
    assert_eq!(report.verdict, Verdict::Broken, "{report:?}");
    assert_eq!(reason(&report), "the step needs 60 seconds, but the scenario has only 30 seconds left");
    assert!(began.elapsed() < Duration::from_secs(1), "it shows at once");
    assert_eq!(performed(&in_30_seconds(&unready.replace("60", "30"))).await.verdict, Verdict::Passed);
}

#[tokio::test(start_paused = true)]
async fn a_failure_shows_the_state_of_other_pods_that_are_not_well() {
    let mocked = Mocked::new(&[READY]);
    let pods = [unready_pod("hello"), waiting_pod("database", "CrashLoopBackOff"), ready_pod("web")];
    mocked.api.on(&format!("GET {PODS}"), [Answer::list(pods)]);
    mocked.api.on(&format!("GET {PODS}/hello"), [Answer::Object(unready_pod("hello"))]);
    let report = performed(&mocked).await;
    let shown = |pod: &str| report.evidence.iter().find(|seen| seen.title == format!("Pod {pod}"));
    assert!(
        shown("database").is_some_and(|seen| seen.text.contains("CrashLoopBackOff") && seen.is_context),
        "{report:?}"
    );
    // The step itself has described this one, although it has no events.
    assert!(shown("hello").is_none(), "{report:?}");
    assert!(shown("web").is_none(), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_passes_while_the_server_is_silent_is_no_fault_of_the_lab() {
    let report = performed_where_it_is(Condition::Silent, 600).await;
    assert_eq!(report.verdict, Verdict::Broken, "{report:?}");
    assert!(reason(&report).contains("the API server did not answer within 30 seconds; the step said: "), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn what_fails_while_the_server_is_away_is_no_fault_of_the_lab() {
    let report = performed_where_it_is(Condition::Away, 600).await;
    assert_eq!(report.verdict, Verdict::Broken, "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn what_fails_after_the_server_was_away_for_a_while_is_no_fault_of_the_lab() {
    for condition in [Condition::Away, Condition::Silent] {
        let report = performed_where_it_is(condition, 10).await;
        assert_eq!(report.verdict, Verdict::Broken, "{report:?}");
        assert!(reason(&report).starts_with("the API server was away; the step said: "), "{report:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_server_refuses_is_the_labs_fault_and_what_it_cannot_do_is_not() {
    for (code, verdict) in
        [(403, Verdict::Failed), (409, Verdict::Failed), (422, Verdict::Failed), (500, Verdict::Broken)]
    {
        let mocked = Mocked::new(&[&format!("Given \"pod.yaml\" is applied\n    {READY}")]);
        mocked.api.on(&format!("POST {PODS}"), [Answer::error(code, "the server's words")]);
        assert_eq!(performed(&mocked).await.verdict, verdict, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_fails_in_a_run_that_has_lost_its_lease_is_no_fault_of_the_lab() {
    let (now, hour) = (jiff::Timestamp::now(), jiff::SignedDuration::from_hours(1));
    let lost = [
        Answer::Object(objects::lease(RUN, RUN, now - hour)),
        Answer::Object(objects::lease(RUN, "another run", now)),
        Answer::error(404, "there is none"),
    ];
    for answer in lost {
        let mocked = unready();
        mocked.api.on(&format!("GET {LEASE}"), [answer]);
        let report = performed(&mocked).await;
        assert_eq!(report.verdict, Verdict::Broken, "{report:?}");
        assert!(reason(&report).starts_with("the run did not renew its Lease in time"), "{report:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_was_lost_and_taken_again_explains_what_fails_in_scenarios_that_ran_meanwhile() {
    let mocked = unready();
    let (mut earlier, step) = (mocked.scene(), mocked.step());
    mocked.context.health.lost_lease();
    assert_eq!(one(&mut earlier, &step).await.verdict, Verdict::Broken);
    assert_eq!(performed(&mocked).await.verdict, Verdict::Failed, "a scene that was set later has all it made");
}

#[tokio::test(start_paused = true)]
async fn a_step_of_a_run_that_is_cancelled_ends_at_once() {
    let mocked = unready();
    let interruption = async {
        mocked.api.until(&format!("WATCH {PODS}"), 1).await;
        mocked.run.cancelled.cancel();
    };
    let began = tokio::time::Instant::now();
    let (report, ()) = tokio::join!(performed(&mocked), interruption);
    assert_eq!((report.verdict, reason(&report)), (Verdict::Broken, "the run was interrupted"));
    assert_eq!(began.elapsed().as_secs(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_fails_in_a_cluster_that_was_replaced_meanwhile_is_no_fault_of_the_lab() {
    let mocked = unready();
    is_identified_by(&mocked.api, "the uid of another cluster");
    let report = performed(&mocked).await;
    assert_eq!(report.verdict, Verdict::Broken, "{report:?}");
    assert!(reason(&report).contains("is not the one that labproof made"), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn a_step_that_names_a_pod_by_its_label_waits_for_the_pod_that_takes_over() {
    let mocked = Mocked::new(&["Then within 60 seconds the Pod labelled \"app=web\" is ready"]);
    for pod in [unready_pod("web-1"), ready_pod("web-2")] {
        let of_name = format!("GET {PODS}?fieldSelector=metadata.name={}", pod["metadata"]["name"].as_str().unwrap());
        mocked.api.on(&of_name, [Answer::list([pod])]);
    }
    let seen = [Answer::list([unready_pod("web-1")]), Answer::list([ready_pod("web-2")])];
    mocked.api.on(&format!("GET {PODS}?labelSelector=app=web"), seen);
    let report = performed(&mocked).await;
    assert_eq!(report.verdict, Verdict::Passed, "{report:?}");
}
