//! Tries the connections of a way, and judges what came of them. `connect` opens one.

use std::{collections::BTreeSet, ops::AsyncFn};

use futures::future::join_all;
use k8s_openapi::api::networking::v1::NetworkPolicy;

use crate::{
    cluster::connections::{Connected, in_url},
    conditions::network::{self, Spot},
    verdict::Outcome,
};

/// An address and a port.
pub(super) type Address = (String, u16);

/// Both ends of a way.
pub(super) struct Ends {
    /// The Pod that connects.
    pub(super) from: Spot,
    /// Where it connects.
    pub(super) doors: Vec<Address>,
    /// The Pods behind these addresses, each with the port on which it listens.
    pub(super) behind: Vec<(Spot, u16)>,
}

/// Whether all doors take connections. The inner error says what was seen instead.
pub(super) async fn is_open(
    ends: &Ends,
    connect: impl AsyncFn(&Spot, &Address) -> Outcome<Connected>,
) -> Outcome<Result<(), String>> {
    for door in &ends.doors {
        let tried = connect(&ends.from, door).await?;
        if tried != Connected::Opened {
            let unheard = unheard(ends, &connect).await?;
            return Ok(Err(format!("{}; {}", shown(&tried, door), unheard.unwrap_or_else(|| LISTENS.into()))));
        }
    }
    Ok(Ok(()))
}

/// What to look at if the target listens.
const LISTENS: &str =
    "the target listens, so look at the NetworkPolicies of both Pods, and at the Service if there is one";

/// Whether neither the doors nor the Pods behind them take connections, before and after these are seen to listen. A
/// Service whose rules are not in place yet takes none, too, so its Pods are tried as well.
pub(super) async fn is_closed(
    ends: &Ends,
    policies: &[NetworkPolicy],
    connect: impl AsyncFn(&Spot, &Address) -> Outcome<Connected>,
) -> Outcome<Result<(), String>> {
    let is_free = |to: &Spot| !policies.iter().any(|policy| network::is_about(policy, &ends.from, to));
    if let Some((to, _)) = ends.behind.iter().find(|(to, _)| is_free(to)) {
        let (from, to) = (&ends.from.pod, &to.pod);
        return Ok(Err(format!("no NetworkPolicy selects the Pod {from} for Egress or the Pod {to} for Ingress")));
    }
    if let Some(open) = opened(ends, &connect).await? {
        return Ok(Err(open));
    }
    if let Some(unheard) = unheard(ends, &connect).await? {
        return Ok(Err(format!("{unheard}, so a refusal shows nothing about the network")));
    }
    Ok(opened(ends, &connect).await?.map_or(Ok(()), Err))
}

/// A connection of the way that opens. All are tried at once, because each may have to wait for an answer.
async fn opened(ends: &Ends, connect: &impl AsyncFn(&Spot, &Address) -> Outcome<Connected>) -> Outcome<Option<String>> {
    let behind = ends.behind.iter().map(|(spot, port)| (spot.address.clone(), *port));
    let ways: BTreeSet<Address> = ends.doors.iter().cloned().chain(behind).collect();
    let tried = join_all(ways.iter().map(|way| connect(&ends.from, way))).await;
    for (tried, way) in tried.into_iter().zip(&ways) {
        if tried? == Connected::Opened {
            return Ok(Some(shown(&Connected::Opened, way)));
        }
    }
    Ok(None)
}

/// The first Pod behind the doors that does not take a connection from itself.
async fn unheard(
    ends: &Ends,
    connect: &impl AsyncFn(&Spot, &Address) -> Outcome<Connected>,
) -> Outcome<Option<String>> {
    for (spot, port) in &ends.behind {
        if connect(spot, &(spot.address.clone(), *port)).await? != Connected::Opened {
            return Ok(Some(format!("nothing in the Pod {} listens on port {port} of its address", spot.pod)));
        }
    }
    Ok(None)
}

fn shown(connected: &Connected, (address, port): &Address) -> String {
    let connection = format!("a connection to {}:{port}", in_url(address));
    match connected {
        Connected::Opened => format!("{connection} opens"),
        Connected::Refused(said) => format!("{connection} fails: {said}"),
        Connected::Silent => format!("{connection} gets no answer"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn spot(pod: &str, address: &str) -> Spot {
        let labels = BTreeMap::from([("app".to_owned(), pod.to_owned())]);
        Spot {
            pod: pod.into(),
            namespace: String::new(),
            node: "n".into(),
            id: pod.into(),
            address: address.into(),
            labels,
        }
    }

    /// The way of the Pod `web` to port 80 of a Service, behind which the Pod `db` listens on port 8080.
    fn ends() -> Ends {
        let (from, to) = (spot("web", "10.0.0.1"), spot("db", "10.0.0.2"));
        Ends { from, doors: vec![("10.96.0.1".into(), 80)], behind: vec![(to, 8080)] }
    }

    fn policy(app: &str) -> NetworkPolicy {
        serde_yaml::from_str(&format!("spec: {{policyTypes: [Ingress], podSelector: {{matchLabels: {{app: {app}}}}}}}"))
            .unwrap()
    }

    /// What is judged if only these connections open, each of a Pod to an address.
    async fn closed(open: &[(&str, &str)], policies: &[NetworkPolicy]) -> Result<(), String> {
        let connect = async |from: &Spot, (address, _): &Address| {
            let opens = open.contains(&(from.pod.as_str(), address.as_str()));
            Ok(if opens { Connected::Opened } else { Connected::Silent })
        };
        is_closed(&ends(), policies, connect).await.unwrap()
    }

    #[tokio::test]
    async fn a_refusal_counts_for_a_pod_that_listens_and_that_a_policy_is_about() {
        assert_eq!(closed(&[("db", "10.0.0.2")], &[policy("db")]).await, Ok(()));
        let free = "no NetworkPolicy selects the Pod web for Egress or the Pod db for Ingress";
        assert_eq!(closed(&[("db", "10.0.0.2")], &[policy("web")]).await, Err(free.into()));
        let deaf = closed(&[], &[policy("db")]).await.unwrap_err();
        assert!(deaf.starts_with("nothing in the Pod db listens on port 8080 of its address"), "{deaf}");
    }

    #[tokio::test]
    async fn a_service_that_is_not_in_place_yet_refuses_nothing() {
        for (address, seen) in [("10.96.0.1", "10.96.0.1:80"), ("10.0.0.2", "10.0.0.2:8080")] {
            let open = closed(&[("web", address), ("db", "10.0.0.2")], &[policy("db")]).await;
            assert_eq!(open, Err(format!("a connection to {seen} opens")));
        }
    }

    #[tokio::test]
    async fn a_way_that_is_not_open_is_explained_by_whether_the_target_listens() {
        let tried = async |listens: bool| {
            let connect = async |from: &Spot, _: &Address| {
                let opens = listens && from.pod == "db";
                Ok(if opens { Connected::Opened } else { Connected::Refused("Connection refused".into()) })
            };
            is_open(&ends(), connect).await.unwrap().unwrap_err()
        };
        assert_eq!(tried(true).await, format!("a connection to 10.96.0.1:80 fails: Connection refused; {LISTENS}"));
        assert!(tried(false).await.ends_with("nothing in the Pod db listens on port 8080 of its address"));
    }
}
