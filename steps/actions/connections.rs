//! Connections between Pods: who reaches whom, and who does not although the other one listens.
//!
//! A program of the node opens the connections, in the network of the Pod. A refusal counts only if a policy is about it,
//! and if the target takes the same connection from itself: no policy applies there, so a server that is down and a wrong
//! port are found.

use std::{
    fmt,
    time::{Duration, Instant},
};

use k8s_openapi::api::networking::v1::NetworkPolicy;
use kube::{ResourceExt, api::ListParams};

use super::{clusters, pods, services};
use crate::{
    cluster::{
        abilities::Ability,
        ask,
        connections::{self, Attempt},
    },
    conditions::{
        endpoints,
        network::{self, Spot},
    },
    scene::Scene,
    verdict::{Fault, Outcome, Verdict},
};

mod routes;
mod service;
mod trial;

pub use routes::{are_served, until_routed};
pub use service::{until_answers, until_nodes_answer};
use trial::{Address, Ends};

/// The pause before a connection is tried again, because no object shows when a network has changed.
const PAUSE: Duration = Duration::from_millis(500);

/// What a Pod connects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A Pod.
    Pod(String),
    /// A Service.
    Service(String),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pod(name) => write!(f, "the Pod {name}"),
            Self::Service(name) => write!(f, "the Service {name}"),
        }
    }
}

/// A way from a Pod to a port.
#[derive(Clone, Debug)]
pub struct Way {
    /// The Pod's name.
    pub from: String,
    /// The other end.
    pub to: Target,
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
            Wanted::Closed => trial::is_closed(&ends, &policies(scene).await?, connect).await,
        };
        let judged = match judged {
            Err(fault) if fault.verdict == Verdict::Failed => Err(fault.reason),
            judged => judged?,
        };
        match judged {
            Ok(()) => return Ok(()),
            Err(seen) if Instant::now() >= deadline => {
                let seconds = limit.as_secs();
                let fault = Fault::failed(format!(
                    "the Pod {} should {what} {way} within {seconds} seconds, but {seen}",
                    way.from
                ));
                return Err(explain(scene, fault).await);
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Adds what decides about connections to a fault.
async fn explain(scene: &Scene, fault: Fault) -> Fault {
    let line = |policy: NetworkPolicy| {
        let spec = serde_json::to_string(&policy.spec).unwrap_or_default();
        format!("{}  {spec}", policy.name_any())
    };
    let policies: Vec<String> = policies(scene).await.into_iter().flatten().map(line).collect();
    let policies = if policies.is_empty() { "there are none".to_owned() } else { policies.join("\n") };
    fault.seen("the NetworkPolicies", policies).seen("the Pods", services::pods(scene).await)
}

async fn policies(scene: &Scene) -> Outcome<Vec<NetworkPolicy>> {
    let policies = scene.cluster.api::<NetworkPolicy>(&scene.namespace);
    Ok(ask("list the NetworkPolicies", policies.list(&ListParams::default())).await?.items)
}

async fn connect(scene: &Scene, from: &Spot, (address, port): &Address) -> Outcome<Attempt> {
    connections::open(scene.cluster.own()?, &from.node, &from.id, address, *port).await
}

/// Waits until both ends are in the network.
async fn ends(scene: &mut Scene, way: &Way, limit: Duration) -> Outcome<Ends> {
    let from = spot(scene, &way.from, limit).await?;
    match &way.to {
        Target::Pod(name) => {
            let to = spot(scene, name, limit).await?;
            Ok(Ends { from, doors: vec![(to.address.clone(), way.port)], behind: vec![(to, way.port)] })
        }
        Target::Service(name) => {
            let service::Doors { doors, destinations } = service::doors(scene, name, way.port, limit).await?;
            let mut behind = Vec::new();
            for endpoints::Destination { pod, port, .. } in destinations {
                let pod = pod.ok_or_else(|| {
                    Fault::failed(format!("the Service {name} sends to an address that is no Pod's"))
                        .hint("give the Service a selector")
                })?;
                behind.push((spot(scene, &pod, limit).await?, port));
            }
            Ok(Ends { from, doors, behind })
        }
    }
}

async fn spot(scene: &mut Scene, pod: &str, limit: Duration) -> Outcome<Spot> {
    let found = pods::until_started(scene, pod, "running", limit, network::has_spot).await?;
    found.as_ref().and_then(network::spot).ok_or_else(|| Fault::broken(format!("the Pod {pod} has no address")))
}
