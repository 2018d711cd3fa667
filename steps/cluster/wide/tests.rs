use serde_json::{Value, json};

use super::*;
use crate::testing::{
    api::{Answer, MockApi},
    objects::named,
    runs,
};

const ALL: &str = "GET /api/v1/namespaces";

/// The entry of a namespace in a list, whose items do not say their kind.
fn namespace(name: &str) -> Value {
    let mut namespace = named(name);
    namespace["metadata"]["managedFields"] = json!([{"manager": "kubectl-create", "operation": "Update"}]);
    namespace
}

/// What is changed in the cluster when a scenario is undone that made the namespace "shop", in which a finalizer keeps a Pod.
async fn undone() -> (MockApi, Remains) {
    let api = MockApi::new();
    let cluster = runs::cluster(&api);
    runs::namespace(&api, "shop");
    api.on(ALL, [Answer::list([namespace("before")]), Answer::list([namespace("before"), namespace("shop")])]);
    let mut pod = named("kept");
    pod["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z".into();
    pod["metadata"]["finalizers"] = json!(["example.com/stay"]);
    let pods = "/api/v1/namespaces/shop/pods";
    api.on(&format!("GET {pods}"), [Answer::list([pod.clone()]), Answer::list([pod]), Answer::list([])]);
    api.on(&format!("PATCH {pods}/kept"), [Answer::Object(named("kept"))]);
    let snapshot = Snapshot::take(&cluster).await.unwrap();
    let left = undo(&cluster, &snapshot, None).await.unwrap();
    (api, left)
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_a_command_made_is_emptied_and_then_removed() {
    let (api, left) = undone().await;
    assert_eq!(left, Remains::default());
    let changes = [
        "DELETE /api/v1/namespaces/shop",
        "DELETE /api/v1/namespaces/shop/pods",
        "PATCH /api/v1/namespaces/shop/pods/kept",
        "PUT /api/v1/namespaces/shop/finalize",
    ];
    assert_eq!(api.changes(), changes);
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_somebody_deleted_is_lost() {
    let api = MockApi::new();
    let cluster = runs::cluster(&api);
    api.on(ALL, [Answer::list([namespace("before"), namespace("other")]), Answer::list([namespace("before")])]);
    let snapshot = Snapshot::take(&cluster).await.unwrap();
    let Remains { left, lost } = undo(&cluster, &snapshot, None).await.unwrap();
    assert!(left.is_empty() && lost.len() == 1 && lost[0].starts_with("Namespace other, "), "{left:?} {lost:?}");
    assert_eq!(api.changes(), [""; 0]);
}
