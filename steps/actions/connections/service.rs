//! Services as their clients see them: the addresses and ports at which they are reached, and what answers there.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use k8s_openapi::api::core::v1::{Node, Service, ServicePort};

use super::{PAUSE, Peer, PeerKind, READS, declared, namespace, spot, trial::Address};
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

/// Waits until an HTTP request from a node to this port of a Pod or a Service is answered with this text. Addresses may
/// change meanwhile, as those of Pods do during a rollout.
///
/// # Errors
/// If it is not in time; the fault contains the last answer.
pub async fn until_answers(scene: &mut Scene, to: &Peer, port: u16, expected: &str, limit: Duration) -> Outcome {
    let limit = limit.min(scene.time_left());
    let mut asked = Asked::new(format!("{to} should answer \"{expected}\" on port {port}"), limit, &scene.kept);
    loop {
        let ways = ways(scene, to, port, asked.time_left()).await?;
        match asked.ask(&ways, async |way, kept| request(scene, way, expected, kept).await).await {
            Ok(false) => {}
            Ok(true) => {
                scene.kept = asked.kept;
                return Ok(());
            }
            Err(fault) => {
                let led =
                    if to.kind == PeerKind::Service { declared::leads_elsewhere(scene, to, port).await } else { None };
                return Err(led.map_or(fault.clone(), |led| fault.seen("the Service's port", led)));
            }
        }
    }
}

/// The URLs of a Pod's or a Service's port at this moment.
async fn ways(scene: &mut Scene, to: &Peer, port: u16, limit: Duration) -> Outcome<Vec<Url>> {
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
    let url = |(address, port): &Address| format!("http://{}:{port}/", in_url(address));
    Ok(doors.iter().map(|door| Url { from: node.clone(), url: url(door) }).collect())
}

/// Waits until an HTTP request from the network of a Pod is answered with this text. A program of the node sends it.
///
/// # Errors
/// If it is not in time; the fault contains the last answer.
pub async fn until_gets(scene: &mut Scene, from: &Peer, expected: &str, url: &str, limit: Duration) -> Outcome {
    let limit = limit.min(scene.time_left());
    let mut asked = Asked::new(format!("{from} should get \"{expected}\" from {url}"), limit, &scene.kept);
    loop {
        let spot = spot(scene, from, asked.time_left()).await?;
        let ways = [Url { from: spot.node, url: url.to_owned() }];
        let request = async |way: &Url, kept: &Kept| {
            let answer = connections::request_inside(scene.cluster.own()?, &way.from, &spot.id, &way.url).await;
            judge(answer, expected, kept)
        };
        if asked.ask(&ways, request).await? {
            scene.kept = asked.kept;
            return Ok(());
        }
    }
}

/// Waits until an HTTP request to the Service's port on each node is answered with this text.
///
/// # Errors
/// If it is not in time, or if the Service has no port on the nodes.
pub async fn until_nodes_answer(scene: &mut Scene, name: &str, expected: &str, limit: Duration) -> Outcome {
    let limit = limit.min(scene.time_left());
    let what = format!("the Service {name} should answer \"{expected}\" on every node");
    let mut asked = Asked::new(what, limit, &scene.kept);
    node_ways(scene, name).await?;
    services::until(scene, name, "send to a Pod", limit, endpoints::sends_to_any).await?;
    loop {
        let ways = node_ways(scene, name).await?;
        if asked.ask(&ways, async |way, kept| request(scene, way, expected, kept).await).await? {
            scene.kept = asked.kept;
            return Ok(());
        }
    }
}

/// The URLs of a Service's port on each node at this moment.
async fn node_ways(scene: &Scene, name: &str) -> Outcome<Vec<Url>> {
    let service = services::read(scene, &scene.namespace, name).await?;
    let port = find_port(&service, name, |port| port.node_port.is_some(), "port on the nodes");
    let port = port.map_err(|fault| fault.hint("write `type: NodePort`"))?.node_port.unwrap_or_default();
    let way = |node: &Node| Some(Url { from: node.metadata.name.clone()?, url: url(node, port)? });
    Ok(scene.cluster.node_objects().iter().filter_map(way).collect())
}

fn url(node: &Node, port: i32) -> Option<String> {
    let addresses = node.status.as_ref()?.addresses.as_ref()?;
    let own = addresses.iter().find(|address| address.type_ == "InternalIP")?;
    Some(format!("http://{}:{port}/", in_url(&own.address)))
}

/// A URL, and the node from which it is asked for.
struct Url {
    from: String,
    url: String,
}

/// Requests until each URL has answered with a text, in a limited time.
struct Asked {
    /// What should be true, for the fault.
    what: String,
    limit: Duration,
    deadline: Instant,
    /// The URLs that have answered.
    answered: BTreeSet<String>,
    /// What the answers have kept.
    kept: Kept,
}

impl Asked {
    fn new(what: String, limit: Duration, kept: &Kept) -> Self {
        Self { what, limit, deadline: Instant::now() + limit, answered: BTreeSet::new(), kept: kept.clone() }
    }

    /// The time left to find the addresses for the next requests, which even the last ones need.
    fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now()).max(READS)
    }

    /// Asks for the URLs that have not answered yet. Says whether all have now; if one has not, it pauses.
    ///
    /// # Errors
    /// If one has not, and the time is over.
    async fn ask(
        &mut self,
        ways: &[Url],
        request: impl AsyncFn(&Url, &Kept) -> Outcome<Result<Kept, Fault>>,
    ) -> Outcome<bool> {
        if ways.is_empty() {
            return Err(Fault::broken(format!("{}, but there is no address to ask", self.what)));
        }
        for way in ways {
            if self.answered.contains(&way.url) {
                continue;
            }
            match request(way, &self.kept).await? {
                Ok(kept) => {
                    self.kept = kept;
                    self.answered.insert(way.url.clone());
                }
                Err(fault) if Instant::now() >= self.deadline => {
                    let (what, url, time) = (&self.what, &way.url, seconds(self.limit));
                    return Err(Fault { reason: format!("{what} within {time}, but {url} {}", fault.reason), ..fault });
                }
                Err(_) => {
                    tokio::time::sleep(PAUSE).await;
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

/// One request, judged; the inner fault may pass with time.
async fn request(scene: &Scene, way: &Url, expected: &str, kept: &Kept) -> Outcome<Result<Kept, Fault>> {
    judge(connections::request(scene.cluster.own()?, &way.from, &way.url, None).await, expected, kept)
}

/// Judges an answer; the inner fault may pass with time.
pub(super) fn judge(answer: Outcome<Answer>, expected: &str, kept: &Kept) -> Outcome<Result<Kept, Fault>> {
    match answer {
        Ok(Answer { status, body }) => Ok(text::contains(&body, expected, kept)
            .map_err(|_| Fault::failed(format!("answers with other text (status {status})")).seen("the answer", body))),
        Err(fault) if fault.verdict == Verdict::Failed => {
            Ok(Err(Fault { reason: format!("does not answer: {}", fault.reason), ..fault }))
        }
        Err(fault) => Err(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    fn ways(urls: &[&str]) -> Vec<Url> {
        urls.iter().map(|url| Url { from: "node".into(), url: (*url).into() }).collect()
    }

    /// Asks for these URLs, of which those with "old" do not answer; with the URLs that were requested.
    async fn ask(asked: &mut Asked, urls: &[&str]) -> (Outcome<bool>, Vec<String>) {
        let requested = std::cell::RefCell::new(Vec::new());
        let all = asked
            .ask(&ways(urls), async |way, kept| {
                requested.borrow_mut().push(way.url.clone());
                Ok(if way.url.contains("old") { Err(Fault::failed("is silent")) } else { Ok(kept.clone()) })
            })
            .await;
        (all, requested.into_inner())
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_that_is_no_longer_the_services_need_not_answer() {
        let mut asked = Asked::new("it should answer".into(), LIMIT, &Kept::default());
        let (all, requested) = ask(&mut asked, &["new-1", "old", "new-2"]).await;
        assert_eq!((all.unwrap(), requested), (false, vec!["new-1".into(), "old".into()]));
        let (all, requested) = ask(&mut asked, &["new-1", "new-2"]).await;
        assert_eq!((all.unwrap(), requested), (true, vec!["new-2".into()]));
    }

    #[tokio::test]
    async fn an_address_that_does_not_answer_in_time_is_named() {
        let mut asked = Asked::new("it should answer".into(), Duration::ZERO, &Kept::default());
        let fault = ask(&mut asked, &["old"]).await.0.unwrap_err();
        assert_eq!(fault.reason, "it should answer within 0 seconds, but old is silent");
        assert_eq!(asked.ask(&[], async |_, kept| Ok(Ok(kept.clone()))).await.unwrap_err().verdict, Verdict::Broken);
    }
}
