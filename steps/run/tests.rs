use tokio::sync::Mutex;

use super::*;
use crate::{
    machine::claim::{Claim, Held},
    report::ScenarioReport,
    testing::{
        api::{Answer, Condition},
        objects::{named, ready_pod, unready_pod},
        runs::{LEASE, Mocked, NAMESPACE, is_identified_by},
    },
    verdict::Verdict,
};

const READY: &str = "Then within 60 seconds the Pod \"hello\" is ready";
const MADE: &str = "POST /api/v1/namespaces";
const DELETED: &str = "DELETE /api/v1/namespaces/lab-abcdef-1";
const PODS: &str = "/api/v1/namespaces/lab-abcdef-1/pods";

/// cucumber replaces the panic hook of the process while it runs, so these tests run one at a time.
static ALONE: Mutex<()> = Mutex::const_new(());

/// A run of one scenario. Its namespace contains this Pod `hello` until the end.
fn with(pod: serde_json::Value) -> Mocked {
    let mocked = Mocked::new(&[READY]);
    mocked.api.on(&format!("GET {PODS}"), [Answer::list([pod]), Answer::list([])]);
    mocked
}

/// Completes the run while `meanwhile` happens.
async fn ran(mocked: &Mocked, meanwhile: impl Future<Output = ()>) -> Report {
    let _alone = ALONE.lock().await;
    tokio::join!(
        to_its_end(mocked.context.clone(), &mocked.run, async |context| schedule::schedule(&context, &mocked.run)
            .await),
        meanwhile
    )
    .0
}

fn nothing() -> impl Future<Output = ()> {
    std::future::ready(())
}

/// Interrupts the run after this request.
async fn interrupted_at(mocked: &Mocked, request: &str) {
    mocked.api.until(request, 1).await;
    mocked.run.cancelled.cancel();
}

fn reason(scenario: &ScenarioReport) -> &str {
    scenario.culprit().and_then(|step| step.reason.as_deref()).unwrap_or_default()
}

/// Everything that was created or deleted, except the run's Lease.
fn changes(mocked: &Mocked) -> Vec<String> {
    mocked.api.changes().into_iter().filter(|line| !line.contains("/leases/")).collect()
}

fn assert_interrupted(report: &Report) {
    assert!(!report.finished);
    for scenario in &report.scenarios {
        assert_eq!((scenario.verdict, reason(scenario)), (Verdict::Broken, "the run was interrupted"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_leaves_nothing_behind() {
    let mocked = with(ready_pod("hello"));
    let report = ran(&mocked, nothing()).await;
    assert_eq!((report.scenarios[0].verdict, report.finished), (Verdict::Passed, true), "{:?}", report.scenarios[0]);
    assert!(report.leftovers.is_empty() && !mocked.context.folder.exists());
    assert_eq!(changes(&mocked), [MADE, DELETED, "PUT /api/v1/namespaces/lab-abcdef-1/finalize"]);
    assert_eq!(mocked.api.changes().last(), Some(&format!("DELETE {LEASE}")));
}

#[tokio::test(start_paused = true)]
async fn an_interruption_before_the_first_scenario_makes_nothing() {
    let mocked = with(ready_pod("hello"));
    mocked.run.cancelled.cancel();
    let report = ran(&mocked, nothing()).await;
    assert_interrupted(&report);
    assert!(changes(&mocked).is_empty(), "{:?}", changes(&mocked));
}

#[tokio::test(start_paused = true)]
async fn an_interruption_in_a_step_ends_all_scenarios_and_clears_up() {
    let mut mocked = Mocked::new(&[READY, READY, READY]);
    mocked.run.options.jobs = 2;
    let report = ran(&mocked, interrupted_at(&mocked, &format!("WATCH {PODS}"))).await;
    assert_interrupted(&report);
    assert!(report.leftovers.is_empty(), "{:?}", report.leftovers);
    assert_eq!(mocked.api.received(MADE).len(), 2, "the third waited for its slot");
    for number in 1..=2 {
        assert_eq!(mocked.api.received(&format!("DELETE /api/v1/namespaces/lab-abcdef-{number}")).len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_interruption_while_a_scenario_waits_for_another_run_makes_nothing() {
    let claim = Claim::Namespace("of-another-run".into());
    let _held = Held::take([claim].into()).await.unwrap();
    let mocked = Mocked::new(&["Given no namespace is called \"of-another-run\""]);
    let waits_a_moment = async {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(changes(&mocked), [""; 0], "it waits");
        mocked.run.cancelled.cancel();
    };
    assert_interrupted(&ran(&mocked, waits_a_moment).await);
    assert_eq!(changes(&mocked), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_interruption_while_a_namespace_is_made_removes_it() {
    let mocked = with(ready_pod("hello"));
    mocked.api.on("GET /api/v1/namespaces/lab-abcdef-1/configmaps", [Answer::list([])]);
    let waits_for_the_certificate = "WATCH /api/v1/namespaces/lab-abcdef-1/configmaps";
    let report = ran(&mocked, interrupted_at(&mocked, waits_for_the_certificate)).await;
    assert_interrupted(&report);
    assert_eq!((mocked.api.received(DELETED).len(), report.leftovers.len()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_interruption_while_nobody_knows_whether_a_namespace_is_made_removes_it() {
    let mocked = with(ready_pod("hello"));
    mocked.api.on(MADE, [Answer::Silence]);
    let report = ran(&mocked, interrupted_at(&mocked, MADE)).await;
    assert_interrupted(&report);
    assert_eq!(mocked.api.received(DELETED).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_interruption_of_the_clearing_up_lets_it_come_to_its_end() {
    let mocked = with(ready_pod("hello"));
    mocked.api.on(DELETED, [Answer::Object(named(NAMESPACE)).after(20)]);
    let report = ran(&mocked, interrupted_at(&mocked, DELETED)).await;
    assert_eq!((report.scenarios[0].verdict, report.leftovers.len()), (Verdict::Passed, 0));
    assert_eq!(changes(&mocked).last().unwrap(), "PUT /api/v1/namespaces/lab-abcdef-1/finalize");
    assert!(!mocked.context.folder.exists(), "the run is done");
}

#[tokio::test(start_paused = true)]
async fn what_the_end_of_the_runs_time_cuts_short_says_so() {
    let half = Limits { run: std::time::Duration::from_secs(30), ..Limits::default() };
    let mocked = Mocked::limited(&[READY], half);
    let report = ran(&mocked, nothing()).await;
    assert_eq!(report.scenarios[0].verdict, Verdict::Broken);
    assert!(reason(&report.scenarios[0]).contains("the run reached its time limit"), "{:?}", report.scenarios[0]);
    assert!(report.leftovers.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_cannot_be_removed_is_reported_and_costs_no_verdict() {
    for (code, answer) in [(403, "forbidden"), (500, "internal error")] {
        let mocked = with(ready_pod("hello"));
        mocked.api.on(DELETED, [Answer::error(code, answer)]);
        let report = ran(&mocked, nothing()).await;
        assert_eq!(report.scenarios[0].verdict, Verdict::Passed);
        assert_eq!(report.leftovers, [format!("cannot delete the namespace lab-abcdef-1: {answer}")]);
        assert!(mocked.context.folder.exists(), "the journal stays, for the next run");
    }
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_does_not_go_is_reported() {
    let mocked = with(ready_pod("hello"));
    mocked.api.on("GET /api/v1/namespaces?metadata.name=lab-abcdef-1", [Answer::list([named(NAMESPACE)])]);
    let report = ran(&mocked, nothing()).await;
    assert_eq!(report.scenarios[0].verdict, Verdict::Passed);
    assert!(report.leftovers[0].contains("was not removed and is still Terminating"), "{:?}", report.leftovers);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_cleared_in_a_cluster_that_was_replaced_meanwhile() {
    let mocked = with(ready_pod("hello"));
    let replacement = async {
        mocked.api.until(MADE, 1).await;
        is_identified_by(&mocked.api, "the uid of another cluster");
    };
    let report = ran(&mocked, replacement).await;
    assert!(report.leftovers[0].contains("labproof leaves it alone"), "{:?}", report.leftovers);
    assert_eq!(changes(&mocked), [MADE]);
    assert!(mocked.api.received(&format!("DELETE {LEASE}")).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_is_not_made_is_no_fault_of_the_lab() {
    for code in [403, 409, 500] {
        let mocked = with(ready_pod("hello"));
        mocked.api.on(MADE, [Answer::error(code, "no")]);
        let report = ran(&mocked, nothing()).await;
        assert_eq!(report.scenarios[0].verdict, Verdict::Broken);
        assert_eq!(reason(&report.scenarios[0]), "cannot make the namespace lab-abcdef-1: no");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_goes_away_for_good_breaks_the_run_and_is_reported() {
    let mocked = with(unready_pod("hello"));
    let trouble = async {
        mocked.api.until(&format!("WATCH {PODS}"), 1).await;
        mocked.api.becomes(Condition::Away);
    };
    let report = ran(&mocked, trouble).await;
    assert_eq!(report.scenarios[0].verdict, Verdict::Broken);
    assert!(report.leftovers[0].contains("the API server cannot be reached"), "{:?}", report.leftovers);
}

#[tokio::test(start_paused = true)]
async fn what_a_failed_scenario_made_is_kept_where_that_is_wanted() {
    let mut mocked = with(unready_pod("hello"));
    mocked.run.options.keep_failed = true;
    let report = ran(&mocked, nothing()).await;
    assert_eq!(report.scenarios[0].verdict, Verdict::Failed);
    assert_eq!(changes(&mocked), [MADE]);
}

#[tokio::test(start_paused = true)]
async fn after_a_scenario_that_did_not_pass_no_other_begins_where_that_is_wanted() {
    let mut mocked = Mocked::new(&[READY, READY]);
    (mocked.run.options.fail_fast, mocked.run.options.jobs) = (true, 1);
    let report = ran(&mocked, nothing()).await;
    let verdicts: Vec<Verdict> = report.scenarios.iter().map(|scenario| scenario.verdict).collect();
    assert_eq!(verdicts, [Verdict::Failed, Verdict::Skipped]);
    assert_eq!(mocked.api.received(MADE).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_run_whose_time_is_over_has_not_finished() {
    let _alone = ALONE.lock().await;
    let mocked = with(ready_pod("hello"));
    let report = to_its_end(mocked.context.clone(), &mocked.run, async |context| {
        assert!(context.run_out_of_time().reason.contains("time limit"));
        Arc::default()
    })
    .await;
    assert!(!report.finished, "{report:?}");
}
