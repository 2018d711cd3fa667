use kube::api::DynamicObject;
use serde::Deserialize;

use super::*;
use crate::testing::{
    api::{Answer, MockApi, Received},
    runs,
};

/// What the server says of an object in `kube-system`, as kubectl prints it.
const DENIED: &str = "configmaps \"x\" is forbidden: ValidatingAdmissionPolicy 'labproof-documents' with binding 'labproof-documents' denied request: labproof lets a document change only what it made itself, and nothing in the namespace kube-system";

/// The dry runs that try whether the fence of this document is obeyed.
async fn tried(fence: &Fence, foreign: Vec<Answer>) -> (Outcome, Vec<Received>) {
    let api = MockApi::new();
    let cluster = runs::cluster(&api);
    let path = |namespace: &str| format!("POST /api/v1/namespaces/{namespace}/configmaps");
    api.on(&path("page-1"), [Answer::Echo]);
    api.on(&path("kube-system"), foreign);
    let outcome = fence.until_obeyed(&cluster).await;
    (outcome, api.received(&path("kube-system")))
}

fn fence(reaches_cluster: bool) -> Fence {
    Fence { namespaces: vec!["page-1".into()], began: "2026-01-01T00:00:00Z".into(), reaches_cluster }
}

#[tokio::test]
async fn a_document_begins_when_the_server_refuses_what_is_not_its_own() {
    let admitted_at_first = vec![Answer::Echo, Answer::error(403, DENIED)];
    let (outcome, tries) = tried(&fence(true), admitted_at_first).await;
    assert_eq!(outcome, Ok(()));
    assert_eq!(tries.len(), 2);
    assert!(tries[0].query.contains("dryRun=All"));
    let header = |name: &str| tries[0].headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("impersonate-user"), USER);
    assert_eq!(header("impersonate-extra-labproof.dev%2fdocument"), "page-1");
    assert_eq!(header("impersonate-extra-labproof.dev%2fbegan"), "2026-01-01T00:00:00Z");
    assert_eq!(header("impersonate-extra-labproof.dev%2freaches"), "cluster");
    let (_, tries) = tried(&fence(false), vec![Answer::error(403, DENIED)]).await;
    assert!(!tries[0].headers.contains_key("impersonate-extra-labproof.dev%2freaches"));
}

#[test]
fn a_kubeconfig_acts_as_the_document_and_without_groups() {
    let text = "users: [{name: kind-demo, user: {client-certificate-data: x}}]";
    let mut kubeconfig: Kubeconfig = serde_yaml::from_str(text).unwrap();
    let mut fence = fence(false);
    fence.include("default");
    fence.include("default");
    fence.enclose(&mut kubeconfig);
    let user = serde_yaml::to_value(&kubeconfig).unwrap()["users"][0]["user"].clone();
    assert_eq!(user["as"].as_str(), Some(USER));
    assert!(user.get("as-groups").is_none(), "a command that acts as somebody else would keep them");
    let extra = serde_yaml::to_string(&user["as-user-extra"]["labproof.dev/document"]).unwrap();
    assert_eq!(extra, "- page-1\n- default\n");
}

#[test]
fn a_refusal_is_found_in_what_kubectl_and_curl_print() {
    let said = "labproof lets a document change only what it made itself, and nothing in the namespace kube-system";
    assert_eq!(refusal(&format!("pod/a created\nError from server (Forbidden): {DENIED}\nb")), Some(said));
    let json = json!({"kind": "Status", "message": DENIED.replace('"', "'")}).to_string();
    assert_eq!(refusal(&json), Some(said));
    let other = DENIED.replace("labproof-documents", "no-latest");
    assert_eq!(refusal(&other), None);
}

#[test]
fn an_output_does_not_show_as_whom_a_document_acts() {
    let printed = "\
- name: kind-demo
  user:
    as: kubernetes-admin
    as-user-extra:
      labproof.dev/began:
      - \"2026-11-28T05:08:01Z\"
      labproof.dev/document:
      - page-1
      - default
    client-certificate-data: DATA+OMITTED
";
    let shown = "- name: kind-demo\n  user:\n    client-certificate-data: DATA+OMITTED\n";
    assert_eq!(as_for_reader(printed), shown);
    let printed = "\
ATTRIBUTE                      VALUE
Username                       kubernetes-admin
Groups                         [system:authenticated]
Extra: labproof.dev/began      [2026-11-28T05:08:01Z]
Extra: labproof.dev/document   [page-1]
";
    let shown = "\
ATTRIBUTE                      VALUE
Username                       kubernetes-admin
Groups                         [kubeadm:cluster-admins system:authenticated]
";
    assert_eq!(as_for_reader(printed), shown);
    let other = printed.replace("kubernetes-admin", "dev");
    assert!(as_for_reader(&other).contains("  [system:authenticated]\n"));
}

/// A request that does not say which document sends it is none of a document's: the policy must not apply to it.
#[test]
fn the_policy_applies_only_to_requests_of_documents() {
    let policy = serde_yaml::Deserializer::from_str(POLICY).next().unwrap();
    let policy = DynamicObject::deserialize(policy).unwrap();
    let spec = &policy.data["spec"];
    assert_eq!((policy.name_any().as_str(), &spec["failurePolicy"]), (NAME, &json!("Fail")));
    let condition = spec["matchConditions"][0]["expression"].as_str().unwrap();
    assert!(condition.starts_with("has(request.userInfo.extra) && \"labproof.dev/document\" in"), "{condition}");
    let rule = &spec["matchConstraints"]["resourceRules"][0];
    assert_eq!(rule["resources"], json!(["*/*"]));
    assert_eq!(rule["operations"], json!(["CREATE", "UPDATE", "DELETE", "CONNECT"]));
}
