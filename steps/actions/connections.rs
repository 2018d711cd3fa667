//! Connections between Pods: who reaches whom, and who does not although the other one listens.
//!
//! A program of the node opens the connections, in the network of the Pod. A refusal counts only if a policy is about it,
//! and if the target takes the same connection from itself: no policy applies there, so a server that is down and a wrong
//! port are found.

use std::{
    collections::BTreeSet,
    fmt,
    time::{Duration, Instant},
};

use k8s_openapi::api::{core::v1::Pod, networking::v1::NetworkPolicy};
use kube::{ResourceExt, api::ListParams};

use super::{blame, clusters, pods, services};
use crate::{
    cluster::{
        abilities::Ability,
        ask,
        connections::{self, Connected},
        wait,
    },
    conditions::{
        Cause,
        endpoints::Destination,
        network::{self, Spot},
    },
    scene::Scene,
    verdict::{Fault, Outcome, Verdict, seconds},
};

mod declared;
mod routes;
mod service;
mod trial;

pub use routes::{are_served, until_routed};
pub use service::{until_answers, until_gets, until_nodes_answer};
use trial::{Address, Ends};

/// The pause before a connection is tried again, because no object shows when a network has changed.
const PAUSE: Duration = Duration::from_millis(500);

/// How long reading the addresses of an object may take at least, at the end of a wait.
const READS: Duration = Duration::from_secs(1);

/// A Pod or a Service at one end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// What it is.
    pub kind: PeerKind,
    /// Its name.
    pub name: String,
    /// Its namespace, if it is not the scenario's.
    pub namespace: Option<String>,
}

/// What may be at the end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerKind {
    /// A Pod.
    Pod,
    /// A Service.
    Service,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {:?} {}", self.kind, self.name)?;
        self.namespace.as_ref().map_or(Ok(()), |namespace| write!(f, " in the namespace {namespace}"))
    }
}

/// A way from a Pod to a port.
#[derive(Clone, Debug)]
pub struct Way {
    /// The Pod that connects.
    pub from: Peer,
    /// What it connects to.
    pub to: Peer,
    /// The port of the other end.
    pub port: u16,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on port {}", self.to, self.port)
    }
}

/// Waits until connections of this way open.
///
/// # Errors
/// If they do not open in time; the fault says whether the target listens, and contains the `NetworkPolicies`.
pub async fn until_open(scene: &mut Scene, way: &Way, limit: Duration) -> Outcome {
    until(scene, way, limit, "reach", Wanted::Open).await
}

/// Waits until connections of this way do not open, although the target listens.
///
/// # Errors
/// If they open, or if the target does not listen; `skipped` if the cluster does not enforce policies.
pub async fn until_closed(scene: &mut Scene, way: &Way, limit: Duration) -> Outcome {
    clusters::can(scene, Ability::NetworkPolicies).await?;
    until(scene, way, limit, "not reach", Wanted::Closed).await
}

#[derive(Clone, Copy)]
enum Wanted {
    Open,
    Closed,
}

async fn until(scene: &mut Scene, way: &Way, limit: Duration, what: &str, wanted: Wanted) -> Outcome {
    let limit = limit.min(scene.time_left());
    let deadline = Instant::now() + limit;
    loop {
        let ends = ends(scene, way, deadline.saturating_duration_since(Instant::now())).await?;
        let connect = async |from: &Spot, to: &Address| connect(scene, from, to).await;
        let judged = match wanted {
            Wanted::Open => trial::is_open(&ends, connect).await,
            Wanted::Closed => trial::is_closed(&ends, &policies(scene, way).await?, connect).await,
        };
        let judged = match judged {
            Err(fault) if fault.verdict == Verdict::Failed => Err(fault.reason),
            judged => judged?,
        };
        match judged {
            Ok(()) => return Ok(()),
            Err(seen) if Instant::now() >= deadline => {
                let time = seconds(limit);
                let fault = Fault::failed(format!("{} should {what} {way} within {time}, but {seen}", way.from));
                return Err(explain(scene, way, fault).await);
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Adds what decides about connections to a fault.
async fn explain(scene: &Scene, way: &Way, fault: Fault) -> Fault {
    let line = |policy: NetworkPolicy| {
        let spec = serde_json::to_string(&policy.spec).unwrap_or_default();
        format!("{}  {spec}", policy.name_any())
    };
    let policies: Vec<String> = policies(scene, way).await.into_iter().flatten().map(line).collect();
    let policies = if policies.is_empty() { "there are none".to_owned() } else { policies.join("\n") };
    fault.seen("the NetworkPolicies", policies).seen("the Pods", services::labels_of_all(scene).await)
}

/// The policies of the namespaces of both ends.
async fn policies(scene: &Scene, way: &Way) -> Outcome<Vec<NetworkPolicy>> {
    let namespaces: BTreeSet<&str> = [&way.from, &way.to].map(|peer| namespace(scene, peer)).into();
    let mut found = Vec::new();
    for namespace in namespaces {
        let policies = scene.cluster.api::<NetworkPolicy>(namespace);
        found.extend(ask("list the NetworkPolicies", policies.list(&ListParams::default())).await?.items);
    }
    Ok(found)
}

/// The namespace of one end.
fn namespace<'a>(scene: &'a Scene, peer: &'a Peer) -> &'a str {
    peer.namespace.as_deref().unwrap_or(&scene.namespace)
}

async fn connect(scene: &Scene, from: &Spot, (address, port): &Address) -> Outcome<Connected> {
    connections::open(scene.cluster.own()?, &from.node, &from.id, address, *port).await
}

/// Waits until both ends are in the network.
async fn ends(scene: &mut Scene, way: &Way, limit: Duration) -> Outcome<Ends> {
    match way.to.kind {
        PeerKind::Pod => {
            let from = spot(scene, &way.from, limit).await?;
            let to = spot(scene, &way.to, limit).await?;
            Ok(Ends { from, doors: vec![(to.address.clone(), way.port)], behind: vec![(to, way.port)] })
        }
        PeerKind::Service => {
            let deadline = Instant::now() + limit;
            loop {
                let left = deadline.saturating_duration_since(Instant::now()).max(READS);
                let service::Doors { doors, destinations } = service::doors(scene, &way.to, way.port, left).await?;
                match behind(scene, &way.to, &destinations).await? {
                    Ok(behind) => return Ok(Ends { from: spot(scene, &way.from, left).await?, doors, behind }),
                    Err(gone) if Instant::now() >= deadline => return Err(Fault::failed(gone)),
                    Err(_) => tokio::time::sleep(PAUSE).await,
                }
            }
        }
    }
}

/// The Pods to which a Service sends, and their ports. The inner error names one that does not run: a Service knows of it a
/// little later, so its other Pods may be others by then.
async fn behind(scene: &Scene, service: &Peer, to: &[Destination]) -> Outcome<Result<Vec<(Spot, u16)>, String>> {
    let pods = scene.cluster.api::<Pod>(namespace(scene, service));
    let mut behind = Vec::new();
    for Destination { pod, port, .. } in to {
        let Some(pod) = pod else {
            let reason = format!("{service} sends to an address that is no Pod's");
            return Err(Fault::failed(reason).hint("give the Service a selector"));
        };
        let found = ask(&format!("read the Pod {pod}"), pods.get_opt(pod)).await?;
        let Some(spot) = found.as_ref().and_then(network::spot) else {
            return Ok(Err(format!("{service} sends to the Pod {pod}, which does not run")));
        };
        behind.push((spot, *port));
    }
    Ok(Ok(behind))
}

/// Waits until a Pod is in the network.
async fn spot(scene: &mut Scene, pod: &Peer, limit: Duration) -> Outcome<Spot> {
    let found = match &pod.namespace {
        None => pods::until_started(scene, &pod.name, "running", limit, network::has_spot).await?,
        Some(namespace) => {
            let limit = limit.min(scene.time_left());
            let theirs = scene.cluster.api::<Pod>(namespace);
            let waited = wait::until(theirs.clone(), &pod.name, limit, network::has_spot, std::future::pending()).await;
            let late = |seen: &Cause| format!("{pod} should be running within {}, but {seen}", seconds(limit));
            let late = |unmet: wait::Unmet| unmet.fault(&pod.to_string(), |seen| Fault::failed(late(seen)));
            match waited {
                Ok(found) => found,
                Err(unmet) => {
                    let seen = ask(&format!("read {pod}"), theirs.get_opt(&pod.name)).await.ok().flatten();
                    return Err(blame::by_pods(scene, late(unmet), seen.as_slice()));
                }
            }
        }
    };
    found.as_ref().and_then(network::spot).ok_or_else(|| Fault::broken(format!("{pod} has no address")))
}
