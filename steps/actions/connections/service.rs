//! Services as their clients see them: the addresses and ports at which they are reached, and what answers there.

use std::time::{Duration, Instant};

use k8s_openapi::api::core::v1::{Node, Service, ServicePort};

use super::{PAUSE, Peer, PeerKind, namespace, spot, trial::Address};
use crate::{
    actions::services,
    cluster::connections::{self, Answer, in_url},
    conditions::{
        endpoints::{self, Destination},
        text,
        wildcard::Kept,
    },
    scene::Scene,
    verdict::{Fault, Outcome, Verdict, seconds},
};

/// The ways into a Service.
pub(super) struct Doors {
    /// The addresses and ports at which clients connect.
    pub(super) doors: Vec<Address>,
    /// Where the Service sends.
    pub(super) destinations: Vec<Destination>,
}

/// Waits until a Service sends to some Pod, and finds out where clients connect: at its own address, or at those of its
/// Pods if it has none.
pub(super) async fn doors(scene: &Scene, to: &Peer, port: u16, limit: Duration) -> Outcome<Doors> {
    let (name, namespace) = (&to.name, namespace(scene, to));
    let service = services::read(scene, namespace, name).await?;
    let found = find_port(&service, name, |found| found.port == i32::from(port), &format!("port {port}"))?;
    let slices = services::until_in(scene, namespace, name, "send to a Pod", limit, endpoints::sends_to_any).await?;
    let destinations = endpoints::destinations(&slices, found.name.as_deref().unwrap_or_default());
    let own = service.spec.as_ref().and_then(|spec| spec.cluster_ip.clone());
    let doors = match own.filter(|address| !address.is_empty() && address != "None") {
        Some(address) => vec![(address, port)],
        None => destinations.iter().map(|to| (to.address.clone(), to.port)).collect(),
    };
    if destinations.is_empty() {
        let reason = format!("no Pod of the Service {name} has a port that matches targetPort of port {port}");
        return Err(Fault::failed(reason).hint("compare targetPort with the names of the containers' ports"));
    }
    Ok(Doors { doors, destinations })
}

/// A port of a Service, which no wait changes.
fn find_port(
    service: &Service,
    name: &str,
    is_it: impl Fn(&ServicePort) -> bool,
    wanted: &str,
) -> Outcome<ServicePort> {
    let spec = service.spec.clone().unwrap_or_default();
    if let Some(outside) = spec.external_name {
        return Err(Fault::failed(format!(
            "the Service {name} has no address: its type is ExternalName, for {outside}"
        ))
        .hint("check `spec.externalName` with the sentence for fields of any object"));
    }
    let ports = spec.ports.unwrap_or_default();
    if let Some(port) = ports.iter().find(|port| is_it(port) && port.protocol.as_deref().unwrap_or("TCP") == "TCP") {
        return Ok(port.clone());
    }
    let line = |port: &ServicePort| {
        let node = port.node_port.map(|node| format!(", {node} on the nodes")).unwrap_or_default();
        format!("{} ({}{node})", port.port, port.protocol.as_deref().unwrap_or("TCP"))
    };
    let ports: Vec<String> = ports.iter().map(line).collect();
    Err(Fault::failed(format!("the Service {name} has no TCP {wanted}")).seen("its ports", ports.join("\n")))
}

/// Waits until an HTTP request from a node to this port of a Pod or a Service is answered with this text.
///
/// # Errors
/// If it is not in time; the fault contains the last answer.
pub async fn until_answers(scene: &mut Scene, to: &Peer, port: u16, expected: &str, limit: Duration) -> Outcome {
    let limit = limit.min(scene.time_left());
    let deadline = Instant::now() + limit;
    let (node, doors) = match to.kind {
        PeerKind::Pod => {
            let spot = spot(scene, to, limit).await?;
            (spot.node, vec![(spot.address, port)])
        }
        PeerKind::Service => {
            let Doors { doors, destinations } = doors(scene, to, port, limit).await?;
            let any = scene.cluster.own()?.nodes().first().cloned();
            (destinations.iter().find_map(|to| to.node.clone()).or(any).unwrap_or_default(), doors)
        }
    };
    let urls = doors.iter().map(|(address, port)| format!("http://{}:{port}/", in_url(address)));
    let ways: Vec<(String, String)> = urls.map(|url| (node.clone(), url)).collect();
    let what = format!("{to} should answer \"{expected}\" on port {port}");
    until_all(scene, &ways, &what, expected, (limit, deadline)).await
}

/// Waits until an HTTP request to the Service's port on each node is answered with this text.
///
/// # Errors
/// If it is not in time, or if the Service has no port on the nodes.
pub async fn until_nodes_answer(scene: &mut Scene, name: &str, expected: &str, limit: Duration) -> Outcome {
    let limit = limit.min(scene.time_left());
    let deadline = Instant::now() + limit;
    let service = services::read(scene, &scene.namespace, name).await?;
    let port = find_port(&service, name, |port| port.node_port.is_some(), "port on the nodes");
    let port = port.map_err(|fault| fault.hint("write `type: NodePort`"))?.node_port.unwrap_or_default();
    services::until(scene, name, "send to a Pod", limit, endpoints::sends_to_any).await?;
    let nodes = scene.cluster.node_objects().to_vec();
    let ways: Vec<(String, String)> =
        nodes.iter().filter_map(|node| Some((node.metadata.name.clone()?, url(node, port)?))).collect();
    let what = format!("the Service {name} should answer \"{expected}\" on every node");
    until_all(scene, &ways, &what, expected, (limit, deadline)).await
}

fn url(node: &Node, port: i32) -> Option<String> {
    let addresses = node.status.as_ref()?.addresses.as_ref()?;
    let own = addresses.iter().find(|address| address.type_ == "InternalIP")?;
    Some(format!("http://{}:{port}/", in_url(&own.address)))
}

/// Waits until each URL, asked for from its node, is answered with this text.
async fn until_all(
    scene: &mut Scene,
    ways: &[(String, String)],
    what: &str,
    expected: &str,
    (limit, deadline): (Duration, Instant),
) -> Outcome {
    let Some(mut left) = (!ways.is_empty()).then_some(ways) else {
        return Err(Fault::broken(format!("{what}, but there is no address to ask")));
    };
    while let [(node, url), rest @ ..] = left {
        let answer = connections::request(scene.cluster.own()?, node, url, None).await;
        match judge(answer, expected, scene)? {
            Ok(kept) => (scene.kept, left) = (kept, rest),
            Err(fault) if Instant::now() >= deadline => {
                let reason = format!("{what} within {}, but {url} {}", seconds(limit), fault.reason);
                return Err(Fault { reason, ..fault });
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
    Ok(())
}

/// Judges an answer; the inner fault may pass with time.
pub(super) fn judge(answer: Outcome<Answer>, expected: &str, scene: &Scene) -> Outcome<Result<Kept, Fault>> {
    match answer {
        Ok(Answer { status, body }) => Ok(text::contains(&body, expected, &scene.kept)
            .map_err(|_| Fault::failed(format!("answers with other text (status {status})")).seen("the answer", body))),
        Err(fault) if fault.verdict == Verdict::Failed => {
            Ok(Err(Fault { reason: format!("does not answer: {}", fault.reason), ..fault }))
        }
        Err(fault) => Err(fault),
    }
}
