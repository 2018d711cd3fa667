//! Closes the namespaces of learners to one another.
//!
//! Pods can still reach their own namespace and the cluster's DNS, and the nodes can reach the Pods, because the API server
//! and probes must. Network policies add up: a learner's policy cannot forbid what this one allows. So there is none for a lab
//! whose learners write such policies.

use std::net::IpAddr;

use k8s_openapi::api::{core::v1::Node, networking::v1::NetworkPolicy};
use kube::api::PostParams;
use serde_json::{Value, json};

use crate::{
    cluster::{Cluster, ask},
    verdict::{Fault, Outcome},
};

/// Allows the Pods of a namespace to reach each other and the cluster's DNS, and nothing else.
///
/// # Errors
/// If the cluster does not answer.
pub async fn close(cluster: &Cluster, namespace: &str) -> Outcome {
    let policy: NetworkPolicy = serde_json::from_value(policy(cluster.node_objects()))
        .map_err(|error| Fault::broken(format!("cannot write a NetworkPolicy: {error}")))?;
    let policies = cluster.api::<NetworkPolicy>(namespace);
    ask("create the network policy", policies.create(&PostParams::default(), &policy)).await.map(|_| ())
}

fn policy(nodes: &[Node]) -> Value {
    let own = json!({"podSelector": {}});
    let nodes = addresses(nodes).map(|address| json!({"ipBlock": {"cidr": address}}));
    let from: Vec<Value> = std::iter::once(own.clone()).chain(nodes).collect();
    let dns = json!({
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    });
    let ports = json!([{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]);
    json!({
        "metadata": {"name": "labproof"},
        "spec": {
            "podSelector": {}, "policyTypes": ["Ingress", "Egress"],
            "ingress": [{"from": from}],
            "egress": [{"to": [own]}, {"to": [dns], "ports": ports}],
        },
    })
}

/// The addresses of the nodes, each as a range of one.
fn addresses(nodes: &[Node]) -> impl Iterator<Item = String> {
    let all = nodes.iter().filter_map(|node| node.status.as_ref()?.addresses.as_ref()).flatten();
    all.filter(|address| address.type_ == "InternalIP").filter_map(|address| match address.address.parse().ok()? {
        IpAddr::V4(address) => Some(format!("{address}/32")),
        IpAddr::V6(address) => Some(format!("{address}/128")),
    })
}

#[cfg(test)]
mod tests {
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

    use super::*;

    #[test]
    fn a_namespace_is_open_to_itself_its_nodes_and_dns() {
        let node = |addresses: Value| serde_json::from_value(json!({"status": {"addresses": addresses}})).unwrap();
        let nodes = [
            node(
                json!([{"type": "InternalIP", "address": "172.18.0.2"}, {"type": "InternalIP", "address": "fc00::2"}]),
            ),
            node(json!([{"type": "Hostname", "address": "10.0.0.1"}])),
        ];
        let policy: NetworkPolicy = serde_json::from_value(policy(&nodes)).unwrap();
        let spec = policy.spec.unwrap();
        assert_eq!(spec.pod_selector, Some(LabelSelector::default()), "it is for all Pods");
        let from = serde_json::to_value(spec.ingress).unwrap();
        let block = |cidr: &str| json!({"ipBlock": {"cidr": cidr}});
        assert_eq!(from, json!([{"from": [{"podSelector": {}}, block("172.18.0.2/32"), block("fc00::2/128")]}]));
        let to = serde_json::to_value(spec.egress).unwrap();
        assert_eq!(to[0], json!({"to": [{"podSelector": {}}]}));
        assert_eq!(to[1]["to"][0]["podSelector"]["matchLabels"]["k8s-app"], "kube-dns");
        assert_eq!(to.as_array().unwrap().len(), 2, "nothing else is reached");
    }
}
