//! Conditions of a Service: to which Pods it sends requests, according to its endpoint slices.

use std::collections::BTreeSet;

use k8s_openapi::api::discovery::v1::{Endpoint, EndpointSlice};

use super::Judgement;

/// The Service sends to the Pod: the Pod is one of its endpoints and ready.
#[must_use]
pub fn sends_to(slices: &[EndpointSlice], pod: &str) -> Judgement {
    match find(slices, pod) {
        Some(endpoint) if is_ready(endpoint) => Judgement::Holds,
        Some(_) => Judgement::NotYet(format!("Pod {pod} is one of its endpoints, but not ready").into()),
        None => Judgement::NotYet(describe(slices).into()),
    }
}

/// The Service sends to just so many Pods.
#[must_use]
pub fn sends_to_some(slices: &[EndpointSlice], count: usize) -> Judgement {
    let pods: BTreeSet<&str> = endpoints(slices).filter(|endpoint| is_ready(endpoint)).map(name).collect();
    if pods.len() == count {
        return Judgement::Holds;
    }
    let ready = if pods.is_empty() { "none".to_owned() } else { pods.into_iter().collect::<Vec<_>>().join(", ") };
    Judgement::NotYet(format!("{}; ready: {ready}", describe(slices)).into())
}

/// The Service sends to some Pod.
#[must_use]
pub fn sends_to_any(slices: &[EndpointSlice]) -> Judgement {
    match endpoints(slices).find(|endpoint| is_ready(endpoint)) {
        Some(_) => Judgement::Holds,
        None => Judgement::NotYet(format!("{}; ready: none", describe(slices)).into()),
    }
}

/// Where a Service sends what arrives at one of its ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The Pod; `None` if somebody else wrote the endpoint.
    pub pod: Option<String>,
    /// The node of the Pod.
    pub node: Option<String>,
    /// Its address.
    pub address: String,
    /// Its port.
    pub port: u16,
}

/// The ready endpoints of a Service's port with this name, which is empty for its only port.
#[must_use]
pub fn destinations(slices: &[EndpointSlice], port: &str) -> Vec<Destination> {
    let of_slice = |slice: &EndpointSlice| {
        let mut ports = slice.ports.iter().flatten();
        let port = ports.find(|found| found.name.as_deref().unwrap_or_default() == port)?.port?;
        let port = u16::try_from(port).ok()?;
        let ready = slice.endpoints.iter().filter(|endpoint| is_ready(endpoint));
        let ready = ready.filter_map(move |endpoint| {
            let pod = Some(name(endpoint)).filter(|name| !name.is_empty()).map(str::to_owned);
            Some(Destination {
                pod,
                node: endpoint.node_name.clone(),
                address: endpoint.addresses.first()?.clone(),
                port,
            })
        });
        Some(ready.collect::<Vec<_>>())
    };
    slices.iter().filter_map(of_slice).flatten().collect()
}

/// The Service waits for the Pod: the Pod is one of its endpoints, and not ready, so that nothing is sent to it.
#[must_use]
pub fn waits_for(slices: &[EndpointSlice], pod: &str) -> Judgement {
    match find(slices, pod) {
        Some(endpoint) if is_ready(endpoint) => Judgement::NotYet(format!("it sends to Pod {pod}").into()),
        Some(_) => Judgement::Holds,
        None => Judgement::NotYet(describe(slices).into()),
    }
}

/// The Service selects no Pod: it has a slice without endpoints.
#[must_use]
pub fn selects_none(slices: &[EndpointSlice]) -> Judgement {
    if slices.is_empty() {
        return Judgement::NotYet("it has no EndpointSlice yet".into());
    }
    if endpoints(slices).next().is_none() { Judgement::Holds } else { Judgement::NotYet(describe(slices).into()) }
}

fn endpoints(slices: &[EndpointSlice]) -> impl Iterator<Item = &Endpoint> {
    slices.iter().flat_map(|slice| &slice.endpoints)
}

fn find<'a>(slices: &'a [EndpointSlice], pod: &str) -> Option<&'a Endpoint> {
    endpoints(slices).find(|endpoint| name(endpoint) == pod)
}

/// By the API's rule, an endpoint without this condition is ready.
fn is_ready(endpoint: &Endpoint) -> bool {
    endpoint.conditions.as_ref().and_then(|conditions| conditions.ready).unwrap_or(true)
}

fn name(endpoint: &Endpoint) -> &str {
    endpoint.target_ref.as_ref().and_then(|target| target.name.as_deref()).unwrap_or_default()
}

fn describe(slices: &[EndpointSlice]) -> String {
    let names: Vec<&str> = endpoints(slices).map(name).collect();
    if names.is_empty() { "it selects no Pod".into() } else { format!("it selects {}", names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slices(endpoints: &str) -> Vec<EndpointSlice> {
        serde_yaml::from_str(&format!("[{{addressType: IPv4, endpoints: [{endpoints}], ports: []}}]")).unwrap()
    }

    const READY: &str = "{addresses: [10.0.0.1], conditions: {ready: true}, targetRef: {kind: Pod, name: web}}";
    const WAITS: &str = "{addresses: [10.0.0.1], conditions: {ready: false}, targetRef: {kind: Pod, name: web}}";

    #[test]
    fn a_service_sends_to_ready_endpoints_only() {
        assert_eq!(sends_to(&slices(READY), "web"), Judgement::Holds);
        assert!(matches!(sends_to(&slices(WAITS), "web"), Judgement::NotYet(_)));
        assert!(matches!(sends_to(&slices(""), "web"), Judgement::NotYet(_)));
    }

    #[test]
    fn ready_pods_are_counted_once_each() {
        let two_slices = [slices(&format!("{READY}, {WAITS}")), slices(READY)].concat();
        assert_eq!(sends_to_some(&two_slices, 1), Judgement::Holds);
        let Judgement::NotYet(seen) = sends_to_some(&slices(WAITS), 1) else { panic!() };
        assert_eq!(seen.to_string(), "it selects web; ready: none");
    }

    #[test]
    fn a_port_of_a_service_leads_to_the_port_of_that_name() {
        let ready = slices(READY).remove(0);
        let ports = serde_yaml::from_str("[{name: http, port: 8080}, {name: tls, port: 8443}]").unwrap();
        let slices = [EndpointSlice { ports: Some(ports), ..ready }];
        let [found] = &destinations(&slices, "tls")[..] else { panic!() };
        assert_eq!((found.pod.as_deref(), found.address.as_str(), found.port), (Some("web"), "10.0.0.1", 8443));
        assert_eq!(destinations(&slices, "other"), []);
        assert!(matches!(sends_to_any(&self::slices(WAITS)), Judgement::NotYet(_)));
    }

    #[test]
    fn that_nothing_is_sent_counts_only_for_a_pod_that_is_selected() {
        assert_eq!(waits_for(&slices(WAITS), "web"), Judgement::Holds);
        assert!(matches!(waits_for(&slices(READY), "web"), Judgement::NotYet(_)));
        assert!(matches!(waits_for(&slices(""), "web"), Judgement::NotYet(_)));
    }

    #[test]
    fn a_service_that_nobody_looked_at_yet_has_not_selected_none() {
        assert!(matches!(selects_none(&[]), Judgement::NotYet(_)));
        assert_eq!(selects_none(&slices("")), Judgement::Holds);
        assert!(matches!(selects_none(&slices(WAITS)), Judgement::NotYet(_)));
    }
}
