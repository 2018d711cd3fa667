//! Tries whether the network of every node enforces network policies. A Pod reaches two ports of another Pod, until a policy
//! forbids one of them; then it must still reach the other one.

use std::{ops::AsyncFn, time::Duration};

use k8s_openapi::api::{core::v1::Pod, networking::v1::NetworkPolicy};
use kube::{ResourceExt, api::PostParams, runtime::watcher};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{image, object};
use crate::{
    cluster::{
        Cluster, ask,
        connections::{self, Connected},
        wait,
    },
    conditions::{container, pod},
    verdict::{Fault, Outcome, Verdict},
};

/// The port that the policy allows, and the one that it forbids.
const ALLOWED: u16 = 8053;
const FORBIDDEN: u16 = 8054;

/// How long the Pods may take to be ready.
const READY: Duration = Duration::from_mins(1);

/// How long it may take until a policy is enforced; no object shows when it is.
const PATIENCE: Duration = Duration::from_secs(10);

/// How soon the network is tried again.
const PAUSE: Duration = Duration::from_millis(200);

/// Two Pods on one node.
#[derive(Debug)]
pub(super) struct Pair {
    node: String,
    /// The id of the client's container.
    client: String,
    /// The address of the server.
    server: String,
}

/// Tries it on every node that accepts Pods.
///
/// # Errors
/// `skipped` if a node does not enforce the policy, `broken` if the Pods do not run or do not reach each other before.
pub(super) async fn show(cluster: &Cluster, namespace: &str) -> Outcome {
    let reaches = async |pair: &Pair, port: u16| {
        let tried = connections::open(cluster, &pair.node, &pair.client, &pair.server, port).await;
        // The Pods are labproof's own: what goes wrong in them says nothing about the network.
        let tried = tried.map_err(|fault| Fault { verdict: Verdict::Broken, ..fault })?;
        Ok(tried == Connected::Opened)
    };
    show_by(cluster, namespace, reaches).await
}

/// Like [`show`]; `reaches` says whether a client reaches a port of its server.
pub(super) async fn show_by(
    cluster: &Cluster,
    namespace: &str,
    reaches: impl AsyncFn(&Pair, u16) -> Outcome<bool>,
) -> Outcome {
    let pairs = pairs(cluster, namespace).await?;
    for pair in &pairs {
        if !(reaches(pair, ALLOWED).await? && reaches(pair, FORBIDDEN).await?) {
            let node = &pair.node;
            return Err(Fault::broken(format!(
                "the Pod network of node {node} does not work: two Pods of labproof cannot connect"
            )));
        }
    }
    let policies = cluster.api::<NetworkPolicy>(namespace);
    ask("create a NetworkPolicy", policies.create(&PostParams::default(), &object(policy())?)).await?;
    let deadline = Instant::now() + PATIENCE;
    for pair in &pairs {
        while reaches(pair, FORBIDDEN).await? {
            if Instant::now() >= deadline {
                return Err(not_enforced(cluster, pair, "reached a port that a policy forbids"));
            }
            tokio::time::sleep(PAUSE).await;
        }
        if !reaches(pair, ALLOWED).await? {
            return Err(not_enforced(cluster, pair, "did not reach a port that a policy allows"));
        }
    }
    Ok(())
}

fn not_enforced(cluster: &Cluster, pair: &Pair, seen: &str) -> Fault {
    let (cluster, node) = (cluster.name(), &pair.node);
    Fault::skipped(format!("the cluster {cluster} does not enforce NetworkPolicies: a Pod on node {node} {seen}")).hint(
        "the network of kind enforces them since kind 0.24; remove `disableDefaultCNI`, or install a network that does",
    )
}

/// Creates a server and a client on each node that accepts Pods, and waits until they are ready.
async fn pairs(cluster: &Cluster, namespace: &str) -> Outcome<Vec<Pair>> {
    let (image, nodes, us) = (image(cluster).await?, cluster.workers(), PostParams::default());
    if nodes.is_empty() {
        return Err(Fault::broken(format!("no node of the cluster {} accepts Pods", cluster.name())));
    }
    let pods = cluster.api::<Pod>(namespace);
    for (number, node) in nodes.iter().enumerate() {
        for (role, ports) in [("server", &[ALLOWED, FORBIDDEN][..]), ("client", &[ALLOWED])] {
            let pod = object(manifest(&format!("{role}-{number}"), role, node, &image, ports))?;
            ask("create a Pod", pods.create(&us, &pod)).await?;
        }
    }
    let all = |pods: &[Pod]| pod::are_ready(pods, 2 * nodes.len());
    let ready = wait::until_all(pods, watcher::Config::default(), READY, all, std::future::pending()).await;
    let ready = ready.map_err(|unmet| {
        unmet.fault("labproof's own Pods", |seen| {
            Fault::broken(format!("labproof's own Pods are not ready within {} seconds: {seen}", READY.as_secs()))
        })
    })?;
    let pairs = nodes.iter().enumerate().map(|(number, node)| pair(&ready, number, node));
    pairs.collect()
}

fn pair(ready: &[Pod], number: usize, node: &str) -> Outcome<Pair> {
    let find = |role: &str| {
        let name = format!("{role}-{number}");
        ready.iter().find(|pod| pod.name_any() == name)
    };
    let client = find("client").and_then(|pod| container::id(pod, None).ok());
    let server = find("server").and_then(|pod| pod.status.as_ref()?.pod_ip.clone());
    let (Some(client), Some(server)) = (client, server) else {
        return Err(Fault::broken(format!("labproof's own Pods on node {node} have no address")));
    };
    Ok(Pair { node: node.to_owned(), client: client.to_owned(), server })
}

/// A Pod that listens on these ports.
fn manifest(name: &str, role: &str, node: &str, image: &str, ports: &[u16]) -> Value {
    let listens = |port: &u16| {
        json!({
            "name": format!("on-{port}"), "image": image, "imagePullPolicy": "IfNotPresent",
            "args": [format!("-dns.port={port}")],
            "readinessProbe": {"tcpSocket": {"port": port}, "periodSeconds": 1},
        })
    };
    json!({
        "metadata": {"name": name, "labels": {"role": role}},
        "spec": {
            "nodeName": node, "terminationGracePeriodSeconds": 0, "automountServiceAccountToken": false,
            "containers": ports.iter().map(listens).collect::<Vec<_>>(),
        },
    })
}

/// A policy that allows connections to one port of a server only.
fn policy() -> Value {
    json!({
        "metadata": {"name": "one-port"},
        "spec": {
            "podSelector": {"matchLabels": {"role": "server"}}, "policyTypes": ["Ingress"],
            "ingress": [{"ports": [{"protocol": "TCP", "port": ALLOWED}]}],
        },
    })
}
