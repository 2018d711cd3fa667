//! Ingresses and Gateways: what a controller of them answers at a URL.

use std::time::Instant;

use k8s_openapi::api::networking::v1::IngressClass;
use kube::{Api, api::ListParams};
use serde_json::Value;

use super::{PAUSE, READS, service::judge};
use crate::{
    actions::objects::{self, Subject},
    cluster::{ask, connections},
    conditions::route,
    scene::Scene,
    verdict::{Fault, Outcome, seconds},
};

/// The address of the machine itself, which some controllers report for the nodes' own ports.
const HERE: &str = "localhost";

/// Whether a controller may serve the cluster's Ingresses: there is an `IngressClass`.
///
/// # Errors
/// `skipped` if there is none.
pub async fn are_served(scene: &Scene) -> Outcome {
    let classes: Api<IngressClass> = Api::all(scene.cluster.client());
    if !ask("list the IngressClasses", classes.list(&ListParams::default())).await?.items.is_empty() {
        return Ok(());
    }
    let name = scene.cluster.name();
    Err(Fault::skipped(format!("the cluster {name} serves no Ingresses: it has no IngressClass"))
        .hint("install an Ingress controller in the cluster"))
}

/// Waits until an Ingress or a Gateway has an address, and a request for this URL is answered there with this text.
///
/// # Errors
/// If it is not in time; the fault contains the last answer, or the object's events.
pub async fn until_routed(scene: &mut Scene, subject: Subject<'_>, expected: &str, url: &str) -> Outcome {
    let limit = subject.limit.min(scene.time_left());
    let deadline = Instant::now() + limit;
    let all = scene.cluster.own()?.nodes().to_vec();
    loop {
        // A controller may set another address later.
        let left = deadline.saturating_duration_since(Instant::now()).max(READS);
        let subject = Subject { limit: left, ..subject };
        let has_address = |seen: Option<&Value>| route::has_address(subject.kind, seen);
        let found = objects::until(scene, subject, "get an address", has_address).await?;
        let address = found.as_ref().and_then(|found| route::address(subject.kind, found)).unwrap_or_default();
        // At such an address, only the nodes with a server answer.
        let nodes = if address == HERE { &all[..] } else { all.get(..1).unwrap_or_default() };
        let mut last = Fault::broken("the cluster has no nodes");
        for node in nodes {
            let answer = connections::request(scene.cluster.own()?, node, url, Some(address)).await;
            match judge(answer, expected, &scene.kept)? {
                Ok(kept) => {
                    scene.kept = kept;
                    return Ok(());
                }
                Err(fault) => last = fault,
            }
        }
        if Instant::now() >= deadline {
            let should = format!("the {subject} should answer \"{expected}\" at {url} within {}", seconds(limit));
            return Err(Fault { reason: format!("{should}, but {address} {}", last.reason), ..last });
        }
        tokio::time::sleep(PAUSE).await;
    }
}
