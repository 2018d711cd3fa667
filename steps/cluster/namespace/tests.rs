use tokio::time::{Instant, sleep};

use super::*;
use crate::{
    testing::{
        api::{Answer, Condition, MockApi},
        objects::named,
        runs::{self, NAMESPACE, RUN},
    },
    verdict::Verdict,
};

const ALL: &str = "POST /api/v1/namespaces";
const ONE: &str = "DELETE /api/v1/namespaces/lab-abcdef-1";
const PODS: &str = "DELETE /api/v1/namespaces/lab-abcdef-1/pods";
const FINALIZE: &str = "PUT /api/v1/namespaces/lab-abcdef-1/finalize";
const CERTIFICATE: &str = "/api/v1/namespaces/lab-abcdef-1/configmaps";

/// A cluster with the namespace of a scenario.
fn cluster() -> (MockApi, Cluster) {
    let api = MockApi::new();
    let cluster = runs::cluster(&api);
    runs::namespace(&api, NAMESPACE);
    (api, cluster)
}

async fn made(cluster: &Cluster) -> Outcome {
    create(cluster, NAMESPACE, RUN, &[]).await
}

/// The fault of removing the namespace if the server answers `request` with this code.
async fn kept_by(request: &str, code: u16) -> Fault {
    let (api, cluster) = cluster();
    api.on(request, [Answer::error(code, "no")]);
    remove(&cluster, NAMESPACE).await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn a_namespace_is_made_with_the_label_of_its_run() {
    let (api, cluster) = cluster();
    made(&cluster).await.unwrap();
    assert_eq!(api.received(ALL)[0].body["metadata"]["labels"][super::RUN], RUN);
}

#[tokio::test(start_paused = true)]
async fn a_namespace_is_usable_once_its_certificate_is_there_however_late() {
    let (api, cluster) = cluster();
    api.on(&format!("GET {CERTIFICATE}"), [Answer::list([])]);
    let events = api.on_watch(CERTIFICATE);
    let began = Instant::now();
    let arrival = async {
        sleep(Duration::from_secs(20)).await;
        events.added(named(ROOT_CERTIFICATE));
    };
    let made = async { (made(&cluster).await, began.elapsed().as_secs()) };
    assert_eq!(tokio::join!(made, arrival).0, (Ok(()), 20));
}

#[tokio::test(start_paused = true)]
async fn a_namespace_without_its_certificate_is_no_fault_of_the_lab() {
    let (api, cluster) = cluster();
    api.on(&format!("GET {CERTIFICATE}"), [Answer::list([])]);
    let fault = made(&cluster).await.unwrap_err();
    assert_eq!(fault.verdict, Verdict::Broken);
    assert!(fault.reason.contains("create the ConfigMap kube-root-ca.crt of the namespace"), "{fault}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_falls_silent_is_named_as_the_reason_that_a_namespace_is_not_usable() {
    let (api, cluster) = cluster();
    api.on(&format!("GET {CERTIFICATE}"), [Answer::Silence]);
    let fault = made(&cluster).await.unwrap_err();
    assert_eq!(fault.verdict, Verdict::Broken);
    assert!(fault.reason.contains("did not answer"), "{fault}");
}

#[tokio::test(start_paused = true)]
async fn a_name_that_is_taken_and_one_that_is_refused_are_no_fault_of_the_lab() {
    for code in [403, 409, 422, 500] {
        let (api, cluster) = cluster();
        api.on(ALL, [Answer::error(code, "no")]);
        assert_eq!(made(&cluster).await.unwrap_err().verdict, Verdict::Broken, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_namespace_goes_with_its_objects_and_is_finalized_at_once() {
    let (api, cluster) = cluster();
    let pods = [Answer::list([named("hello")]), Answer::list([])];
    api.on("GET /api/v1/namespaces/lab-abcdef-1/pods", pods);
    remove(&cluster, NAMESPACE).await.unwrap();
    gone(&cluster, NAMESPACE).await.unwrap();
    assert_eq!(api.changes(), [ONE, PODS, FINALIZE]);
}

/// An object that is being deleted and kept by these finalizers.
fn kept(name: &str, finalizers: &[&str]) -> serde_json::Value {
    let mut object = named(name);
    object["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z".into();
    object["metadata"]["finalizers"] = finalizers.into();
    object
}

#[tokio::test(start_paused = true)]
async fn an_object_that_a_finalizer_keeps_is_freed_at_once_and_the_namespace_goes() {
    let (api, cluster) = cluster();
    let stuck = || Answer::list([kept("hello", &["example.com/stay", "kubernetes.io/own"])]);
    let pods = "/api/v1/namespaces/lab-abcdef-1/pods";
    api.on(&format!("GET {pods}"), [stuck(), stuck(), Answer::list([])]);
    api.on(&format!("PATCH {pods}/hello"), [Answer::Object(named("hello"))]);
    remove(&cluster, NAMESPACE).await.unwrap();
    let patched = format!("PATCH {pods}/hello");
    assert_eq!(api.changes(), [ONE, PODS, &patched, FINALIZE]);
    assert_eq!(api.received(&patched)[0].body["metadata"]["finalizers"], serde_json::json!(["kubernetes.io/own"]));
}

#[tokio::test(start_paused = true)]
async fn a_finalizer_of_kubernetes_gets_a_moment_and_is_removed_then() {
    let (api, cluster) = cluster();
    let pods = "/api/v1/namespaces/lab-abcdef-1/pods";
    api.on(&format!("GET {pods}"), [Answer::list([kept("hello", &["foregroundDeletion"])])]);
    api.on(&format!("PATCH {pods}/hello"), [Answer::Object(named("hello"))]);
    let began = Instant::now();
    assert!(remove(&cluster, NAMESPACE).await.is_err());
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    let patches = api.received(&format!("PATCH {pods}/hello"));
    assert_eq!(patches[0].body["metadata"]["finalizers"], serde_json::json!(["foregroundDeletion"]));
    assert_eq!(patches.last().unwrap().body["metadata"]["finalizers"], serde_json::json!([]));
}

#[tokio::test(start_paused = true)]
async fn the_policies_and_finalizers_of_the_namespace_itself_keep_nothing() {
    let (api, cluster) = cluster();
    let mut namespace = kept(NAMESPACE, &["example.com/stay"]);
    namespace["metadata"]["labels"] = serde_json::json!({"labproof.dev/admission": "on"});
    api.on(ONE, [Answer::Object(namespace)]);
    let patch = "PATCH /api/v1/namespaces/lab-abcdef-1";
    api.on(patch, [Answer::Object(named(NAMESPACE))]);
    remove(&cluster, NAMESPACE).await.unwrap();
    assert_eq!(api.changes(), [ONE, patch, FINALIZE]);
    let body = &api.received(patch)[0].body["metadata"];
    assert!(body["finalizers"].is_null() && body["labels"]["labproof.dev/admission"].is_null(), "{body}");
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_does_not_go_is_reported() {
    let (api, cluster) = cluster();
    api.on("GET /api/v1/namespaces?metadata.name=lab-abcdef-1", [Answer::list([named(NAMESPACE)])]);
    let fault = gone(&cluster, NAMESPACE).await.unwrap_err();
    assert_eq!(fault.verdict, Verdict::Broken);
    assert!(fault.reason.contains("was not removed and is still Terminating: it still exists"), "{fault}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_to_delete_is_reported() {
    for (request, code) in [(ONE, 403), (ONE, 500), (FINALIZE, 403), (FINALIZE, 500)] {
        let fault = kept_by(request, code).await;
        assert_eq!((fault.verdict, fault.reason.ends_with("lab-abcdef-1: no")), (Verdict::Broken, true), "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_is_gone_already_is_removed() {
    let (api, cluster) = cluster();
    api.on(ONE, [Answer::error(404, "gone")]);
    assert_eq!((remove(&cluster, NAMESPACE).await, remove_name(&cluster, NAMESPACE).await), (Ok(()), Ok(())));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_deleted_in_a_cluster_that_is_not_the_recorded_one() {
    let (api, cluster) = cluster();
    runs::is_identified_by(&api, "the uid of another cluster");
    for outcome in [
        remove(&cluster, NAMESPACE).await,
        remove_name(&cluster, NAMESPACE).await,
        end_pods(&cluster, NAMESPACE).await,
        crate::cluster::lease::give_back(&cluster, RUN).await,
    ] {
        let fault = outcome.unwrap_err();
        assert_eq!(fault.verdict, Verdict::Refused);
        assert!(fault.reason.contains("labproof leaves it alone"), "{fault}");
    }
    assert!(api.changes().is_empty(), "{:?}", api.changes());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_deleted_in_a_cluster_that_does_not_say_which_it_is() {
    for condition in [Condition::Away, Condition::Silent] {
        let (api, cluster) = cluster();
        api.becomes(condition);
        assert_eq!(remove(&cluster, NAMESPACE).await.unwrap_err().verdict, Verdict::Broken);
        assert!(api.changes().is_empty());
    }
}

/// An object that was made so many seconds after 1970.
fn made_at(name: &str, second: i64) -> serde_json::Value {
    let mut object = named(name);
    object["metadata"]["creationTimestamp"] = jiff::Timestamp::from_second(second).unwrap().to_string().into();
    object
}

#[tokio::test(start_paused = true)]
async fn of_a_namespace_that_was_there_before_only_what_is_new_goes() {
    let (api, cluster) = cluster();
    let pods = "/api/v1/namespaces/lab-abcdef-1/pods";
    let all = || Answer::list([made_at("old", 10), made_at("new", 30), named("timeless")]);
    api.on(&format!("GET {pods}"), [all(), all(), Answer::list([made_at("old", 10), named("timeless")])]);
    let one = format!("DELETE {pods}/new");
    api.on(&one, [Answer::Object(named("new"))]);
    let is_new = |made: jiff::Timestamp| made.as_second() >= 20;
    assert_eq!(clear_new(&cluster, NAMESPACE, is_new).await, Ok(vec!["pods/new".to_owned()]));
    assert_eq!(api.changes(), [one.as_str(), one.as_str()]);
}

#[tokio::test(start_paused = true)]
async fn what_is_new_and_does_not_go_is_reported() {
    let (api, cluster) = cluster();
    let pods = "/api/v1/namespaces/lab-abcdef-1/pods";
    api.on(&format!("GET {pods}"), [Answer::list([made_at("new", 30)])]);
    api.on(&format!("DELETE {pods}/new"), [Answer::Object(named("new"))]);
    let fault = clear_new(&cluster, NAMESPACE, |_| true).await.unwrap_err();
    assert!(fault.verdict == Verdict::Broken && fault.reason.contains("was not emptied: pods/new"), "{fault}");
    runs::is_identified_by(&api, "the uid of another cluster");
    assert_eq!(clear_new(&cluster, NAMESPACE, |_| true).await.unwrap_err().verdict, Verdict::Refused);
}
