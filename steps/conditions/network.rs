//! Where a Pod is in the network, and which policies are about its connections.

use std::collections::BTreeMap;

use k8s_openapi::api::{core::v1::Pod, networking::v1::NetworkPolicy};
use kube::core::{Selector, SelectorExt};

use super::{Judgement, pod, statuses};

/// A Pod with an address and a container that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The Pod's name.
    pub pod: String,
    /// The Pod's namespace.
    pub namespace: String,
    /// The node on which it runs.
    pub node: String,
    /// The id of a container that runs.
    pub id: String,
    /// The Pod's address.
    pub address: String,
    /// The Pod's labels.
    pub labels: BTreeMap<String, String>,
}

/// The Pod's place in the network; `None` if it has none now.
#[must_use]
pub fn spot(pod: &Pod) -> Option<Spot> {
    let runs = statuses::all(pod).find(|status| status.state.as_ref().is_some_and(|state| state.running.is_some()))?;
    Some(Spot {
        pod: pod.metadata.name.clone()?,
        namespace: pod.metadata.namespace.clone().unwrap_or_default(),
        node: pod.spec.as_ref()?.node_name.clone()?,
        id: runs.container_id.clone()?,
        address: pod.status.as_ref()?.pod_ip.clone()?,
        labels: pod.metadata.labels.clone().unwrap_or_default(),
    })
}

/// The Pod has an address, and a container of it runs.
#[must_use]
pub fn has_spot(seen: Option<&Pod>) -> Judgement {
    let Some(seen) = seen else { return Judgement::NotYet("there is no such Pod".into()) };
    if spot(seen).is_some() {
        return Judgement::Holds;
    }
    match pod::hopeless(seen) {
        Some(why) => Judgement::Hopeless(why),
        None if pod::is_over(seen) => Judgement::Hopeless(pod::state(seen)),
        None => Judgement::NotYet(pod::state(seen)),
    }
}

/// Whether a policy may forbid connections between these Pods: it is about what the first one sends, or about what the
/// second one receives.
#[must_use]
pub fn is_about(policy: &NetworkPolicy, from: &Spot, to: &Spot) -> bool {
    let Some(spec) = &policy.spec else { return false };
    let has = |kind: &str| spec.policy_types.iter().flatten().any(|of| of == kind);
    // Without a selector, a policy is about all Pods.
    let selects = |spot: &Spot| {
        let selector = spec.pod_selector.clone().map(Selector::try_from);
        let is_of_its_namespace =
            policy.metadata.namespace.as_ref().is_none_or(|namespace| *namespace == spot.namespace);
        is_of_its_namespace
            && selector.is_none_or(|selector| selector.is_ok_and(|selector| selector.matches(&spot.labels)))
    };
    has("Egress") && selects(from) || has("Ingress") && selects(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(status: &str) -> Pod {
        serde_yaml::from_str(&format!(
            "{{metadata: {{name: web}}, spec: {{nodeName: n, containers: []}}, status: {status}}}"
        ))
        .unwrap()
    }

    const CONTAINER: &str =
        "name: c, image: x, imageID: x, ready: true, restartCount: 0, containerID: 'containerd://1'";

    #[test]
    fn a_pod_whose_container_runs_is_in_the_network() {
        let runs = pod(&format!(
            "{{phase: Running, podIP: 10.0.0.1, containerStatuses: [{{{CONTAINER}, state: {{running: {{}}}}}}]}}"
        ));
        let expected = Spot {
            pod: "web".into(),
            namespace: String::new(),
            node: "n".into(),
            id: "containerd://1".into(),
            address: "10.0.0.1".into(),
            labels: BTreeMap::new(),
        };
        assert_eq!((spot(&runs), has_spot(Some(&runs))), (Some(expected), Judgement::Holds));
    }

    #[test]
    fn a_pod_that_has_ended_will_not_be_and_one_that_waits_may() {
        assert!(matches!(has_spot(Some(&pod("{phase: Succeeded}"))), Judgement::Hopeless(_)));
        assert!(matches!(has_spot(Some(&pod("{phase: Pending}"))), Judgement::NotYet(_)));
        assert!(matches!(has_spot(None), Judgement::NotYet(_)));
    }

    #[test]
    fn a_policy_is_about_the_pods_that_it_selects() {
        let spot = |app: &str| Spot {
            pod: app.into(),
            namespace: "shop".into(),
            node: "n".into(),
            id: "1".into(),
            address: "10.0.0.1".into(),
            labels: BTreeMap::from([("app".to_owned(), app.to_owned())]),
        };
        let (web, db) = (spot("web"), spot("db"));
        let policy = |types: &str, selector: &str| -> NetworkPolicy {
            serde_yaml::from_str(&format!("spec: {{policyTypes: [{types}], podSelector: {selector}}}")).unwrap()
        };
        let of_db = policy("Ingress", "{matchLabels: {app: db}}");
        assert!(is_about(&of_db, &web, &db) && !is_about(&of_db, &db, &web));
        assert!(is_about(
            &policy("Egress", "{matchExpressions: [{key: app, operator: In, values: [web]}]}"),
            &web,
            &db
        ));
        assert!(is_about(&policy("Ingress", "{}"), &web, &db));
        assert!(!is_about(&policy("Ingress", "{matchLabels: {app: web}}"), &web, &db));
        let mut elsewhere = policy("Ingress", "{}");
        elsewhere.metadata.namespace = Some("other".into());
        assert!(!is_about(&elsewhere, &web, &db));
    }
}
