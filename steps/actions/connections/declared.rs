//! The ports that containers declare, compared with those to which a Service leads. No program must listen where it declares
//! a port, or declare one; but a difference is what to look at first if nothing answers.

use std::collections::BTreeSet;

use k8s_openapi::{
    api::core::v1::{ContainerPort, Pod},
    apimachinery::pkg::util::intstr::IntOrString,
};
use kube::api::ListParams;

use super::{Peer, namespace};
use crate::{actions::services, scene::Scene};

/// What to know about a port of a Service that leads to a port that no container of its Pods declares.
pub(super) async fn leads_elsewhere(scene: &Scene, to: &Peer, port: u16) -> Option<String> {
    let namespace = namespace(scene, to);
    let spec = services::read(scene, namespace, &to.name).await.ok()?.spec?;
    let own = spec.ports?.into_iter().find(|own| own.port == i32::from(port))?;
    let target = own.target_port.unwrap_or(IntOrString::Int(own.port));
    let selector: Vec<String> = spec.selector?.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let pods = scene.cluster.api::<Pod>(namespace);
    let pods = pods.list(&ListParams::default().labels(&selector.join(","))).await.ok()?.items;
    let containers = pods.into_iter().filter_map(|pod| pod.spec).flat_map(|spec| spec.containers);
    let declared: Vec<ContainerPort> = containers.flat_map(|container| container.ports.unwrap_or_default()).collect();
    let is_declared = |declared: &ContainerPort| match &target {
        IntOrString::Int(number) => declared.container_port == *number,
        IntOrString::String(name) => declared.name.as_ref() == Some(name),
    };
    if declared.is_empty() || declared.iter().any(is_declared) {
        return None;
    }
    let target = match &target {
        IntOrString::Int(number) => number.to_string(),
        IntOrString::String(name) => format!("called {name}"),
    };
    let ports: BTreeSet<i32> = declared.iter().map(|declared| declared.container_port).collect();
    let ports: Vec<String> = ports.iter().map(i32::to_string).collect();
    Some(format!(
        "port {port} leads to the port {target} of its Pods, and their containers declare {}",
        ports.join(", ")
    ))
}
