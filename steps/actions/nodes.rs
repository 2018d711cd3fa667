//! Where Pods run: the nodes that the scheduler chose.

use std::{collections::BTreeSet, time::Duration};

use k8s_openapi::api::core::v1::{Node, Pod};
use kube::{Api, ResourceExt, runtime::watcher};

use super::pods;
use crate::{
    cluster::{ask, wait},
    conditions::{Judgement, placement},
    scene::Scene,
    verdict::{Fault, Outcome, seconds},
};

/// Waits until a Pod has a node, which must have this label.
///
/// # Errors
/// If the Pod gets no node in time, or one without the label; the fault contains the node's labels.
pub async fn until_on_labelled(scene: &mut Scene, pod: &str, label: &str, limit: Duration) -> Outcome {
    let found = pods::until(scene, pod, "on a node", limit, placement::has_node).await?;
    let name = found.and_then(|pod| pod.spec?.node_name).unwrap_or_default();
    let nodes: Api<Node> = Api::all(scene.cluster.client());
    let node = ask(&format!("read the Node {name}"), nodes.get(&name)).await?;
    let (key, value) = label.split_once('=').unwrap_or((label, ""));
    if node.labels().get(key).is_some_and(|seen| seen == value) {
        return Ok(());
    }
    let labels: Vec<String> = node.labels().iter().map(|(key, value)| format!("{key}={value}")).collect();
    Err(Fault::failed(format!("the Pod {pod} is on the node {name}, which does not have the label {label}"))
        .hint("nodeSelector and required node affinity bind a Pod to nodes; a preference does not")
        .seen("the node's labels", labels.join("\n")))
}

/// Waits until all Pods with this label have a node, and are on just so many nodes together.
///
/// # Errors
/// If they are not in time; the fault says where each Pod is.
pub async fn until_spread(scene: &Scene, label: &str, count: usize, limit: Duration) -> Outcome {
    let limit = limit.min(scene.time_left());
    let judge = |pods: &[Pod]| {
        let places = placement::places(pods);
        let nodes: BTreeSet<&str> = places.iter().filter_map(|(_, node)| *node).collect();
        let all_placed = places.iter().all(|(_, node)| node.is_some());
        if all_placed && nodes.len() == count {
            return Judgement::Holds;
        }
        let lines: Vec<_> = places.iter().map(|(pod, node)| format!("{pod}  {}", node.unwrap_or("no node"))).collect();
        Judgement::NotYet(if places.is_empty() { "there are none".into() } else { lines.join("\n").into() })
    };
    let of_label = watcher::Config::default().labels(label);
    let waited = wait::until_all(scene.pods(), of_label, limit, judge, std::future::pending()).await;
    waited.map(|_| ()).map_err(|unmet| {
        unmet.fault(&format!("the Pods labelled {label}"), |seen| {
            let nodes = if count == 1 { "1 node".to_owned() } else { format!("{count} nodes") };
            let time = seconds(limit);
            Fault::failed(format!("the Pods labelled {label} should be on {nodes} within {time}"))
                .seen("they are on", seen.to_string())
        })
    })
}
