use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{network_policies::Pair, *};
use crate::{
    testing::{
        api::{Answer, MockApi},
        objects::named,
        runs::{self, RUN},
    },
    verdict::Verdict,
};

const VOLUMES: &str = "labproof-volumes-abcdef";
const NETWORK: &str = "labproof-network-policies-abcdef";

/// A cluster of two nodes, one of which takes Pods, that knows the namespace of a try.
fn cluster(namespace: &str) -> (MockApi, Cluster) {
    let api = MockApi::new();
    let cluster = runs::cluster(&api);
    runs::namespace(&api, namespace);
    let dns = json!({"metadata": {"name": "coredns"}, "spec": {"selector": {}, "template": {"spec": {
        "containers": [{"name": "coredns", "image": "registry/coredns:v1"}]}}}});
    api.on("GET /apis/apps/v1/namespaces/kube-system/deployments/coredns", [Answer::Object(dns)]);
    let taint = json!([{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]);
    let nodes = json!([{"metadata": {"name": "first"}, "spec": {"taints": taint}}, {"metadata": {"name": "second"}}]);
    let nodes = serde_json::from_value(nodes).unwrap();
    let record = cluster.record.clone();
    (api.clone(), Cluster::through(api.client(), record, nodes, PathBuf::new()))
}

fn journal(folder: &Path) -> Journal {
    Journal::begin_in(folder, RUN).unwrap()
}

async fn show(ability: Ability, cluster: &Cluster) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    ability.show(cluster, &journal(folder.path()), RUN).await
}

fn of(namespace: &str, kind: &str) -> String {
    format!("/api/v1/namespaces/{namespace}/{kind}")
}

fn class(provisioner: &str, is_default: &str) -> Answer {
    let annotations = json!({"storageclass.kubernetes.io/is-default-class": is_default});
    let metadata = json!({"name": "standard", "annotations": annotations});
    Answer::list([json!({"metadata": metadata, "provisioner": provisioner})])
}

fn claim(phase: &str) -> Value {
    json!({"metadata": {"name": "labproof", "resourceVersion": "2"}, "spec": {"volumeName": "pvc-1"}, "status": {"phase": phase}})
}

/// A cluster with such a storage class, whose claim comes into this phase.
fn cluster_with(class: Answer, phase: &str) -> (MockApi, Cluster) {
    let (api, cluster) = cluster(VOLUMES);
    api.on("GET /apis/storage.k8s.io/v1/storageclasses", [class]);
    let (claims, pods) = (of(VOLUMES, "persistentvolumeclaims"), of(VOLUMES, "pods"));
    api.on(&format!("POST {claims}"), [Answer::Echo]);
    api.on(&format!("POST {pods}"), [Answer::Echo]);
    api.on(&format!("GET {claims}"), [Answer::list([claim(phase)])]);
    api.on(&format!("DELETE {claims}/labproof"), [runs::done()]);
    api.on(&format!("DELETE {pods}/labproof"), [runs::done()]);
    api.on("GET /api/v1/persistentvolumes", [Answer::list([])]);
    (api, cluster)
}

#[tokio::test(start_paused = true)]
async fn a_cluster_provides_volumes_where_a_claim_is_bound() {
    let (api, cluster) = cluster_with(class("rancher.io/local-path", "true"), "Bound");
    assert_eq!(show(Ability::Volumes, &cluster).await, Ok(()));
    let pod = &api.received(&format!("POST {}", of(VOLUMES, "pods")))[0].body["spec"];
    assert_eq!(pod["volumes"][0]["persistentVolumeClaim"]["claimName"], "labproof");
    assert_eq!(pod["containers"][0]["image"], "registry/coredns:v1");
    assert_eq!(api.received(&format!("PUT /api/v1/namespaces/{VOLUMES}/finalize")).len(), 1, "{:?}", api.changes());
}

#[tokio::test(start_paused = true)]
async fn a_volume_that_the_provisioner_keeps_is_removed() {
    let (api, cluster) = cluster_with(class("rancher.io/local-path", "true"), "Bound");
    api.on("GET /api/v1/persistentvolumes", [Answer::list([named("pvc-1")])]);
    api.on("DELETE /api/v1/persistentvolumes/pvc-1", [runs::done()]);
    assert_eq!(show(Ability::Volumes, &cluster).await, Ok(()));
    assert_eq!(api.received("DELETE /api/v1/persistentvolumes/pvc-1").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_cluster_whose_class_binds_nothing_provides_no_volumes() {
    for (class, phase, why) in [
        (class("rancher.io/local-path", "false"), "Bound", "it has no default storage class"),
        (Answer::list([]), "Bound", "it has no default storage class"),
        (
            class("kubernetes.io/no-provisioner", "true"),
            "Bound",
            "its default storage class standard has no provisioner",
        ),
        (
            class("rancher.io/local-path", "true"),
            "Pending",
            "a claim to the class standard was not bound within 60 seconds",
        ),
    ] {
        let (api, cluster) = cluster_with(class, phase);
        let fault = show(Ability::Volumes, &cluster).await.unwrap_err();
        assert_eq!(fault.verdict, Verdict::Skipped);
        assert_eq!(fault.reason, format!("the cluster mocked provides no volumes: {why}"));
        assert_eq!(api.received(&format!("DELETE /api/v1/namespaces/{VOLUMES}")).len(), 1, "it is removed");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_answer_says_nothing_of_volumes() {
    let (api, cluster) = cluster_with(class("rancher.io/local-path", "true"), "Bound");
    api.on("GET /apis/storage.k8s.io/v1/storageclasses", [Answer::error(500, "no")]);
    assert_eq!(show(Ability::Volumes, &cluster).await.unwrap_err().verdict, Verdict::Broken);
    let (api, cluster) = cluster_with(class("rancher.io/local-path", "true"), "Bound");
    api.on(&format!("GET {}", of(VOLUMES, "persistentvolumeclaims")), [Answer::error(500, "no")]);
    assert_eq!(show(Ability::Volumes, &cluster).await.unwrap_err().verdict, Verdict::Broken);
}

fn pod(name: &str) -> Value {
    let container = json!({"name": "on-8053", "image": "", "imageID": "", "ready": true, "restartCount": 0,
        "containerID": format!("containerd://{name}"), "state": {"running": {}}});
    let ready = json!([{"type": "Ready", "status": "True"}]);
    json!({
        "metadata": {"name": name, "resourceVersion": "2"}, "spec": {"containers": [{"name": "on-8053"}]},
        "status": {"phase": "Running", "podIP": "10.0.0.9", "conditions": ready, "containerStatuses": [container]},
    })
}

/// Tries the policies of a cluster whose network lets a port be reached as `reaches` says: before the policy was made, and
/// after it.
async fn policies(reaches: impl Fn(bool, u16) -> bool) -> (MockApi, Outcome) {
    let (api, cluster) = cluster(NETWORK);
    let (pods, made) =
        (of(NETWORK, "pods"), format!("POST /apis/networking.k8s.io/v1/namespaces/{NETWORK}/networkpolicies"));
    api.on(&format!("POST {pods}"), [Answer::Echo]);
    api.on(&format!("GET {pods}"), [Answer::list(["client-0", "server-0"].map(pod))]);
    api.on(&made, [Answer::Echo]);
    let tried = async |_: &Pair, port: u16| Ok(reaches(!api.received(&made).is_empty(), port));
    let shown = network_policies::show_by(&cluster, NETWORK, tried).await;
    (api, shown)
}

#[tokio::test(start_paused = true)]
async fn a_network_enforces_policies_that_forbids_one_port_and_lets_the_other_through() {
    let (api, shown) = policies(|has_policy, port| port == 8053 || !has_policy).await;
    assert_eq!(shown, Ok(()));
    let pods = api.received(&format!("POST {}", of(NETWORK, "pods")));
    let nodes: Vec<&Value> = pods.iter().map(|pod| &pod.body["spec"]["nodeName"]).collect();
    assert_eq!(nodes, ["second", "second"], "a node that takes no Pods is left out");
}

#[tokio::test(start_paused = true)]
async fn a_network_that_lets_all_or_nothing_through_does_not_enforce_policies() {
    for (through, seen) in
        [(true, "reached a port that a policy forbids"), (false, "did not reach a port that a policy allows")]
    {
        let fault = policies(|has_policy, _| !has_policy || through).await.1.unwrap_err();
        assert_eq!(fault.verdict, Verdict::Skipped);
        let wanted = format!("the cluster mocked does not enforce NetworkPolicies: a Pod on node second {seen}");
        assert_eq!(fault.reason, wanted);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_never_reached_says_nothing_of_policies() {
    for never in [8053, 8054] {
        let fault = policies(|_, port| port != never).await.1.unwrap_err();
        assert_eq!(fault.verdict, Verdict::Broken, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cluster_without_nodes_shows_nothing() {
    let (_, cluster) = cluster(NETWORK);
    let none = Cluster::through(cluster.client(), cluster.record.clone(), Vec::new(), PathBuf::new());
    let shown = network_policies::show_by(&none, NETWORK, async |_: &Pair, _| Ok(true)).await;
    assert_eq!(shown.unwrap_err().verdict, Verdict::Broken);
}
