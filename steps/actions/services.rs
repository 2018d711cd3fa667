//! Services, and the Pods to which they send.

use std::{collections::BTreeMap, time::Duration};

use k8s_openapi::api::{
    core::v1::{Pod, Service},
    discovery::v1::EndpointSlice,
};
use kube::{ResourceExt, api::ListParams, runtime::watcher};

use super::blame;
use crate::{
    cluster::{ask, wait},
    conditions::Judgement,
    scene::Scene,
    verdict::{Fault, Outcome, seconds},
};

/// The label of an `EndpointSlice` that contains the name of its Service.
const OF_SERVICE: &str = "kubernetes.io/service-name";

/// Waits until `judge` accepts the endpoints of a Service.
///
/// # Errors
/// If the Service does not exist, or if `judge` does not accept them in time; the fault contains the Service's selector
/// and the labels of the Pods.
pub async fn until(
    scene: &Scene,
    name: &str,
    what: &str,
    limit: Duration,
    judge: impl Fn(&[EndpointSlice]) -> Judgement,
) -> Outcome<Vec<EndpointSlice>> {
    until_in(scene, &scene.namespace, name, what, limit, judge).await
}

/// The same for a Service of any namespace.
///
/// # Errors
/// The same as [`until`].
pub async fn until_in(
    scene: &Scene,
    namespace: &str,
    name: &str,
    what: &str,
    limit: Duration,
    judge: impl Fn(&[EndpointSlice]) -> Judgement,
) -> Outcome<Vec<EndpointSlice>> {
    let limit = limit.min(scene.time_left());
    let service = read(scene, namespace, name).await?;
    let slices = scene.cluster.api::<EndpointSlice>(namespace);
    let of_service = watcher::Config::default().labels(&format!("{OF_SERVICE}={name}"));
    let waited = wait::until_all(slices, of_service, limit, judge, std::future::pending()).await;
    let unmet = match waited {
        Ok(slices) => return Ok(slices),
        Err(unmet) => unmet,
    };
    let fault = unmet.fault(&format!("the endpoints of the Service {name}"), |seen| {
        Fault::failed(format!("the Service {name} does not {what} within {}: {seen}", seconds(limit)))
    });
    let selector = selector(&service);
    let behind = scene.cluster.api::<Pod>(namespace);
    let behind = ask("list the Service's Pods", behind.list(&ListParams::default().labels(&selector))).await;
    let fault = match behind {
        Ok(behind) if !selector.is_empty() => blame::by_pods(scene, fault, &behind.items),
        _ => fault,
    };
    Err(fault.seen("its selector", selector).seen("the Pods", labels_of_all(scene).await))
}

/// Reads a Service.
///
/// # Errors
/// If it does not exist.
pub async fn read(scene: &Scene, namespace: &str, name: &str) -> Outcome<Service> {
    let services = scene.cluster.api::<Service>(namespace);
    let service = ask(&format!("read the Service {name}"), services.get_opt(name)).await?;
    service.ok_or_else(|| Fault::failed(format!("there is no Service called {name}")))
}

/// The Pods and their labels, each in a line; empty if they cannot be listed.
pub async fn labels_of_all(scene: &Scene) -> String {
    let pods = ask("list the Pods", scene.pods().list(&ListParams::default())).await;
    pods.iter().flatten().map(labels).collect::<Vec<_>>().join("\n")
}

fn selector(service: &Service) -> String {
    pairs(&service.spec.clone().and_then(|spec| spec.selector).unwrap_or_default())
}

fn labels(pod: &Pod) -> String {
    format!("{}  {}", pod.name_any(), pairs(pod.labels()))
}

fn pairs(pairs: &BTreeMap<String, String>) -> String {
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(",")
}
