//! Conditions of Pods about the node that the scheduler chose.

use k8s_openapi::api::core::v1::Pod;

use super::{Judgement, pod};

/// The Pod has a node.
#[must_use]
pub fn has_node(seen: Option<&Pod>) -> Judgement {
    let Some(seen) = seen else { return Judgement::NotYet("there is no such Pod".into()) };
    if node(seen).is_some() { Judgement::Holds } else { Judgement::NotYet(pod::state(seen)) }
}

/// Each Pod that is not being deleted, with its node.
#[must_use]
pub fn places(pods: &[Pod]) -> Vec<(&str, Option<&str>)> {
    let staying = pods.iter().filter(|pod| pod.metadata.deletion_timestamp.is_none() && !pod::is_over(pod));
    staying.map(|pod| (pod.metadata.name.as_deref().unwrap_or_default(), node(pod))).collect()
}

fn node(pod: &Pod) -> Option<&str> {
    pod.spec.as_ref()?.node_name.as_deref().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(yaml: &str) -> Pod {
        serde_yaml::from_str(yaml).unwrap()
    }

    #[test]
    fn a_pod_is_where_the_scheduler_put_it() {
        let placed = pod("{metadata: {name: a}, spec: {nodeName: n, containers: []}}");
        let waits = pod("{metadata: {name: b}, spec: {containers: []}}");
        let over = pod("{metadata: {name: c}, spec: {nodeName: n, containers: []}, status: {phase: Failed}}");
        assert_eq!(has_node(Some(&placed)), Judgement::Holds);
        assert!(
            matches!(has_node(Some(&waits)), Judgement::NotYet(_)) && matches!(has_node(None), Judgement::NotYet(_))
        );
        assert_eq!(places(&[placed, waits, over]), [("a", Some("n")), ("b", None)]);
    }
}
