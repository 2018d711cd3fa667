use crate::{
    cluster::{Cluster, manifest},
    testing::{
        api::{Answer, Condition, MockApi},
        objects::core_kinds,
        runs,
    },
    verdict::{Fault, Outcome, Verdict},
};

const PODS: &str = "POST /api/v1/namespaces/lab/pods";
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: hello\n";

async fn create(cluster: &Cluster, text: &str) -> Outcome {
    manifest::create(cluster, "lab", &manifest::read(text).unwrap()[0]).await
}

/// The fault of creating a Pod if the server gives this answer.
async fn answered(answer: Answer) -> Fault {
    let api = MockApi::new();
    let cluster = runs::cluster(&api);
    api.on(PODS, [answer]);
    create(&cluster, POD).await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn an_object_is_sent_with_every_unknown_field_refused() {
    let api = MockApi::new();
    let cluster = runs::cluster(&api);
    api.on(PODS, [Answer::Echo]);
    create(&cluster, POD).await.unwrap();
    let sent = &api.received(PODS)[0];
    assert_eq!((sent.query.as_str(), &sent.body["metadata"]["name"]), ("fieldValidation=Strict", &"hello".into()));
}

#[tokio::test(start_paused = true)]
async fn what_the_server_refuses_is_the_labs_fault() {
    for code in [400, 403, 404, 409, 422] {
        let fault = answered(Answer::error(code, "the server's words")).await;
        assert_eq!(fault.verdict, Verdict::Failed, "{code}");
        assert_eq!(fault.reason, "the server refuses Pod hello: the server's words");
    }
}

#[tokio::test(start_paused = true)]
async fn a_quota_that_somebody_else_has_just_changed_is_nobodys_fault() {
    let conflict = || Answer::conflict("Operation cannot be fulfilled on resourcequotas \"labproof\"");
    let api = MockApi::new();
    let cluster = runs::cluster(&api);
    api.on(PODS, [conflict(), conflict(), Answer::Echo]);
    assert_eq!(create(&cluster, POD).await, Ok(()));
    assert_eq!(api.received(PODS).len(), 3);
    assert_eq!(answered(conflict()).await.verdict, Verdict::Broken);
}

#[tokio::test(start_paused = true)]
async fn what_the_server_cannot_do_is_no_fault_of_the_lab() {
    for code in [429, 500, 503] {
        assert_eq!(answered(Answer::error(code, "later")).await.verdict, Verdict::Broken, "{code}");
    }
    assert_eq!(answered(Answer::Away).await.verdict, Verdict::Broken);
    assert_eq!(answered(Answer::Silence).await.verdict, Verdict::Broken);
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_the_server_does_not_know_is_the_labs_fault() {
    let api = MockApi::new();
    let cluster = runs::cluster(&api);
    assert_eq!(create(&cluster, &POD.replace("Pod", "Dop")).await.unwrap_err().verdict, Verdict::Failed);
    assert!(api.changes().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_the_server_lists_a_moment_later_is_created() {
    let api = MockApi::new();
    let cluster = runs::cluster(&api);
    let mut later = core_kinds();
    let resources = later["items"][0]["versions"][0]["resources"].as_array_mut().unwrap();
    let mut widget = resources[0].clone();
    (widget["resource"], widget["responseKind"]["kind"]) = ("widgets".into(), "Widget".into());
    resources.push(widget);
    let answers = [core_kinds(), core_kinds(), core_kinds(), later];
    api.on("GET /api", answers.map(Answer::Object));
    api.on("POST /api/v1/namespaces/lab/widgets", [Answer::Echo]);
    create(&cluster, &POD.replace("Pod", "Widget")).await.unwrap();
    assert_eq!(api.changes(), ["POST /api/v1/namespaces/lab/widgets"]);
}

#[tokio::test(start_paused = true)]
async fn what_belongs_to_no_namespace_is_made_in_none() {
    let api = MockApi::new();
    let cluster = runs::cluster(&api);
    create(&cluster, &POD.replace("Pod", "Namespace")).await.unwrap();
    assert_eq!(api.changes(), ["POST /api/v1/namespaces"]);
}

#[tokio::test(start_paused = true)]
async fn kinds_that_cannot_be_learned_are_no_fault_of_the_lab() {
    let api = MockApi::new();
    let cluster = runs::cluster(&api);
    api.becomes(Condition::Away);
    assert_eq!(create(&cluster, POD).await.unwrap_err().verdict, Verdict::Broken);
}
