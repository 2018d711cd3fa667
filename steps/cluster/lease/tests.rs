use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::ToSpan;

use super::*;
use crate::{
    testing::{
        api::{Answer, Condition, MockApi},
        objects,
        runs::{self, LEASE, RUN},
    },
    verdict::Verdict,
};

fn cluster() -> (MockApi, Cluster) {
    let api = MockApi::new();
    let cluster = runs::cluster(&api);
    (api, cluster)
}

/// The Lease of a run that was renewed this number of seconds ago.
fn lease(holder: &str, seconds: i64) -> serde_json::Value {
    objects::lease(RUN, holder, Timestamp::now() - seconds.seconds())
}

/// Whether the run holds its Lease if the server gives this answer.
async fn holds(answer: Answer) -> Outcome<bool> {
    let (api, cluster) = cluster();
    api.on(&format!("GET {LEASE}"), [answer]);
    is_held(&cluster, RUN).await
}

#[tokio::test(start_paused = true)]
async fn a_run_takes_its_lease_in_the_namespace_of_leases() {
    let (api, cluster) = cluster();
    api.on("PATCH /api/v1/namespaces/labproof", [Answer::Echo]);
    take(&cluster, RUN).await.unwrap();
    let renewal = &api.received(&format!("PATCH {LEASE}"))[0];
    assert_eq!(renewal.body["spec"]["holderIdentity"], RUN);
    assert!(renewal.query.contains("force=true"), "what somebody else wrote is overwritten");
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_cannot_be_renewed_is_no_fault_of_the_lab() {
    let (api, cluster) = cluster();
    api.on(&format!("PATCH {LEASE}"), [Answer::error(403, "no")]);
    assert_eq!(renew(&cluster, RUN).await.unwrap_err().verdict, Verdict::Broken);
    api.becomes(Condition::Silent);
    assert_eq!(renew(&cluster, RUN).await.unwrap_err().verdict, Verdict::Broken);
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_held_while_it_is_the_runs_and_in_force() {
    assert_eq!(holds(Answer::Object(lease(RUN, 50))).await, Ok(true));
    assert_eq!(holds(Answer::Object(lease(RUN, 61))).await, Ok(false), "it has run out");
    assert_eq!(holds(Answer::Object(lease("another run", 0))).await, Ok(false), "somebody else has it");
    assert_eq!(holds(Answer::error(404, "there is none")).await, Ok(false), "somebody deleted it");
    assert_eq!(holds(Answer::error(500, "no")).await.unwrap_err().verdict, Verdict::Broken);
}

#[tokio::test(start_paused = true)]
async fn runs_whose_leases_are_in_force_live() {
    let (api, cluster) = cluster();
    let named = |name: &str, seconds: i64| objects::lease(name, name, Timestamp::now() - seconds.seconds());
    let leases = [named("alive", 50), named("dead", 61)];
    api.on("GET /apis/coordination.k8s.io/v1/namespaces/labproof/leases", [Answer::list(leases)]);
    assert_eq!(alive(&cluster).await, Ok(vec!["alive".to_owned()]));
}

/// Runs `keep` until the Lease was renewed three times; returns how often it was lost.
async fn times_lost(api: &MockApi, cluster: &Cluster) -> usize {
    let (lost, renewal) = (AtomicUsize::new(0), format!("PATCH {LEASE}"));
    tokio::select! {
        never = keep(cluster, RUN, || _ = lost.fetch_add(1, Ordering::Relaxed)) => match never {},
        () = api.until(&renewal, 3) => {}
    }
    lost.into_inner()
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_renewed_again_after_it_could_not_be() {
    let (api, cluster) = cluster();
    api.on(&format!("PATCH {LEASE}"), [Answer::error(500, "no"), Answer::Echo]);
    assert_eq!(times_lost(&api, &cluster).await, 0, "it was in force all the time");
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_was_lost_is_reported_and_taken_again() {
    let (api, cluster) = cluster();
    let answers = [lease("another run", 0), lease(RUN, 0)].map(Answer::Object);
    api.on(&format!("GET {LEASE}"), answers);
    assert_eq!(times_lost(&api, &cluster).await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_gone_already_is_given_back() {
    let (api, cluster) = cluster();
    api.on(&format!("DELETE {LEASE}"), [Answer::error(404, "there is none")]);
    assert_eq!(give_back(&cluster, RUN).await, Ok(()));
}
