use serde_json::{Value, json};

use super::*;
use crate::testing::{
    api::{Answer, Condition},
    objects::named,
    runs::{Mocked, RUN},
};

const REVIEWS: &str = "POST /apis/authorization.k8s.io/v1/subjectaccessreviews";
const ROLES: &str = "/apis/rbac.authorization.k8s.io/v1/namespaces/lab-abcdef-1/roles";
const BINDINGS: &str = "/apis/rbac.authorization.k8s.io/v1/namespaces/lab-abcdef-1/rolebindings";

#[test]
fn a_resource_may_name_its_group_and_a_part() {
    assert_eq!(parts("pods"), ("pods", None, ""));
    assert_eq!(parts("pods/log"), ("pods", Some("log"), ""));
    assert_eq!(parts("deployments/scale.apps"), ("deployments", Some("scale"), "apps"));
    assert_eq!(parts("roles.rbac.authorization.k8s.io"), ("roles", None, "rbac.authorization.k8s.io"));
}

/// A scene with the account `reader`, on a server that gives these answers about rights: first about the marker, then about
/// the account.
fn mocked(answers: &[bool]) -> (Mocked, Scene) {
    let mocked = Mocked::new(&["Then within 60 seconds no Pods remain"]);
    let reader = "/api/v1/namespaces/lab-abcdef-1/serviceaccounts/reader";
    mocked.api.on(&format!("GET {reader}"), [Answer::Object(named("reader"))]);
    for path in [ROLES, BINDINGS] {
        mocked.api.on(&format!("POST {path}"), [Answer::Echo]);
        for name in 0..200 {
            mocked.api.on(&format!("DELETE {path}/labproof-asks-{RUN}-{name}"), [Answer::Object(named("x"))]);
        }
    }
    let review = |allowed: &bool| Answer::Object(json!({"metadata": {}, "spec": {}, "status": {"allowed": allowed}}));
    mocked.api.on(REVIEWS, answers.iter().map(review));
    let scene = mocked.scene();
    (mocked, scene)
}

fn reader() -> Holder {
    Holder::ServiceAccount("reader".into())
}

fn right(resource: &str) -> Right<'_> {
    Right { verb: "get", resource, name: None }
}

/// What was asked about the account, after the questions about the marker.
fn asked(mocked: &Mocked) -> Value {
    mocked.api.received(REVIEWS).last().unwrap().body["spec"]["resourceAttributes"].clone()
}

#[tokio::test(start_paused = true)]
async fn a_right_is_asked_once_the_newest_binding_is_known() {
    let (mocked, scene) = mocked(&[false, false, true, true]);
    assert_eq!(expect(&scene, &reader(), &right("pods"), true).await, Ok(()));
    assert_eq!(mocked.api.received(REVIEWS).len(), 4);
    assert_eq!(asked(&mocked)["namespace"], "lab-abcdef-1");
}

#[tokio::test(start_paused = true)]
async fn a_different_answer_fails_and_an_unknown_binding_is_broken() {
    for (answers, is_wanted, verdict) in [
        (&[true, false][..], true, Verdict::Failed),
        (&[true, true], false, Verdict::Failed),
        (&[false], true, Verdict::Broken),
    ] {
        let (_mocked, scene) = mocked(answers);
        let fault = expect(&scene, &reader(), &right("pods"), is_wanted).await.unwrap_err();
        assert_eq!(fault.verdict, verdict, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_right_to_what_has_no_namespace_is_one_in_the_whole_cluster() {
    let (mocked, scene) = mocked(&[true, false]);
    assert_eq!(expect(&scene, &reader(), &right("namespaces"), false).await, Ok(()));
    assert!(asked(&mocked)["namespace"].is_null(), "{}", asked(&mocked));
    let one = Right { name: Some("lab-abcdef-1"), ..right("namespaces") };
    let (mocked, scene) = self::mocked(&[true, true]);
    assert_eq!(expect(&scene, &reader(), &one, true).await, Ok(()));
    assert_eq!(asked(&mocked)["namespace"], "lab-abcdef-1");
}

#[tokio::test(start_paused = true)]
async fn a_user_lacks_a_right_only_if_a_binding_names_the_user() {
    let bound = |kind: &str, name: &str| {
        let role = json!({"apiGroup": RBAC, "kind": "Role", "name": "r"});
        let subjects = json!([{"apiGroup": RBAC, "kind": kind, "name": name}]);
        Answer::Object(
            json!({"metadata": {}, "items": [{"metadata": {"name": "b"}, "roleRef": role, "subjects": subjects}]}),
        )
    };
    for (account, is_named) in
        [(Holder::User("ana".into()), true), (Holder::User("anna".into()), false), (Holder::Group("ana".into()), false)]
    {
        let (mocked, scene) = mocked(&[true, false]);
        mocked.api.on(&format!("GET {BINDINGS}"), [bound("User", "ana")]);
        let all = "GET /apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
        mocked.api.on(all, [Answer::Object(json!({"metadata": {}, "items": []}))]);
        let lacks = expect(&scene, &account, &right("pods"), false).await;
        assert_eq!(lacks.is_ok(), is_named, "{account}: {lacks:?}");
        if is_named {
            assert_eq!(mocked.api.received(REVIEWS).last().unwrap().body["spec"]["user"], "ana");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_away_is_no_failure() {
    let (mocked, scene) = mocked(&[true]);
    mocked.api.becomes(Condition::Away);
    assert_eq!(expect(&scene, &reader(), &right("pods"), true).await.unwrap_err().verdict, Verdict::Broken);
}
