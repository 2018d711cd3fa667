//! Whether a Pod would fit on an otherwise empty node. If it fits on none, waiting is hopeless. If it fits on one, the
//! end of another Pod may make room.
//!
//! Only requests and the node selector are considered, because labs get these wrong. Other obstacles (affinity, taints,
//! volumes) may change during the wait.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{Container, Node, Pod},
    apimachinery::pkg::api::resource::Quantity,
};

use super::{Cause, quantity};

/// Why an unscheduled Pod will never get one of these nodes; `None` if it still may, or if no nodes are known.
#[must_use]
pub fn never_fits(pod: &Pod, nodes: &[Node]) -> Option<Cause> {
    let unscheduled = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let refused = unscheduled
        .into_iter()
        .find(|condition| condition.type_ == "PodScheduled" && condition.reason.as_deref() == Some("Unschedulable"))?;
    if nodes.is_empty() || nodes.iter().any(|node| selects(pod, node) && fits(pod, node)) {
        return None;
    }
    Some(Cause::NoNode(refused.message.clone().unwrap_or_default()))
}

fn selects(pod: &Pod, node: &Node) -> bool {
    let wanted = pod.spec.iter().flat_map(|spec| spec.node_selector.iter().flatten());
    let labels = node.metadata.labels.as_ref();
    wanted.into_iter().all(|(name, value)| labels.and_then(|labels| labels.get(name)) == Some(value))
}

fn fits(pod: &Pod, node: &Node) -> bool {
    let allocatable = node.status.iter().flat_map(|status| status.allocatable.iter().flatten());
    let allocatable: BTreeMap<&String, f64> = allocatable.map(|(name, quantity)| (name, amount(quantity))).collect();
    requests(pod).into_iter().all(|(name, wanted)| allocatable.get(name).is_some_and(|there| wanted <= *there))
}

/// The sum of the requests of all containers of the Pod.
fn requests(pod: &Pod) -> BTreeMap<&String, f64> {
    let containers = pod.spec.iter().flat_map(|spec| &spec.containers);
    let mut sum = BTreeMap::new();
    for (name, quantity) in containers.filter_map(requests_of).flatten() {
        *sum.entry(name).or_default() += amount(quantity);
    }
    sum
}

fn requests_of(container: &Container) -> Option<&BTreeMap<String, Quantity>> {
    container.resources.as_ref()?.requests.as_ref()
}

/// An invalid quantity counts as 0; the API server accepts none.
fn amount(Quantity(text): &Quantity) -> f64 {
    quantity::amount(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node() -> Node {
        serde_yaml::from_str("{metadata: {labels: {disk: ssd}}, status: {allocatable: {cpu: '2', memory: 1Gi}}}")
            .unwrap()
    }

    fn pod(spec: &str) -> Pod {
        let manifest = format!(
            "{{spec: {spec}, status: {{conditions: [{{type: PodScheduled, status: 'False', reason: Unschedulable, message: '0/1 nodes'}}]}}}}"
        );
        serde_yaml::from_str(&manifest).unwrap()
    }

    fn requesting(requests: &str) -> Pod {
        pod(&format!("{{containers: [{{name: a, resources: {{requests: {requests}}}}}, {{name: b}}]}}"))
    }

    #[test]
    fn a_pod_that_an_empty_node_would_take_may_yet_be_scheduled() {
        assert_eq!(never_fits(&requesting("{cpu: 1500m, memory: 512Mi}"), &[node()]), None);
    }

    #[test]
    fn a_pod_larger_than_any_node_is_hopeless() {
        assert!(never_fits(&requesting("{cpu: 2500m}"), &[node()]).unwrap().to_string().contains("0/1 nodes"));
        assert!(never_fits(&requesting("{memory: 2Gi}"), &[node()]).is_some());
        assert!(never_fits(&requesting("{example.com/gpu: '1'}"), &[node()]).is_some());
    }

    #[test]
    fn a_selector_that_no_node_answers_is_hopeless() {
        assert!(never_fits(&pod("{containers: [], nodeSelector: {disk: tape}}"), &[node()]).is_some());
        assert_eq!(never_fits(&pod("{containers: [], nodeSelector: {disk: ssd}}"), &[node()]), None);
    }

    #[test]
    fn a_pod_that_was_scheduled_is_not_judged() {
        assert_eq!(never_fits(&Pod::default(), &[]), None);
    }
}
