//! A namespace for each scenario, made before it and cleared away after it.

mod removal;

use std::{collections::BTreeMap, fmt::Debug, time::Duration};

use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Pod, ServiceAccount};
use kube::{
    Api, Resource, ResourceExt,
    api::{ApiResource, ListParams, PostParams},
    runtime::watcher,
};
use serde::de::DeserializeOwned;
use serde_json::json;

pub use removal::{gone, remove, remove_name};

use super::{
    Cluster, ask, finalizers,
    wait::{self, Unmet},
};
use crate::{
    conditions::Judgement,
    verdict::{Fault, Outcome},
};

/// The label that names the run an object belongs to.
pub const RUN: &str = "labproof.dev/run";

/// The `ConfigMap` of every namespace with which Pods know the API server.
pub const ROOT_CERTIFICATE: &str = "kube-root-ca.crt";

/// How long Kubernetes may take to make a namespace usable.
const PATIENCE: Duration = Duration::from_secs(90);

/// Makes the namespace, with these labels beside the run's, and waits until Pods can be made in it.
///
/// # Errors
/// Where the cluster does not do so in time.
pub async fn create(cluster: &Cluster, name: &str, run: &str, labels: &[(&str, &str)]) -> Outcome {
    let labels: BTreeMap<&str, &str> = labels.iter().copied().chain([(RUN, run)]).collect();
    let manifest = json!({"metadata": {"name": name, "labels": labels}});
    let namespace: Namespace = serde_json::from_value(manifest).map_err(|error| Fault::broken(error.to_string()))?;
    let all = Api::<Namespace>::all(cluster.client());
    ask(&format!("make the namespace {name}"), all.create(&PostParams::default(), &namespace)).await?;
    usable(cluster, name).await
}

/// Waits until Pods can be made in the namespace and start at once, that is until what Kubernetes puts into every namespace
/// is there: the service account that a Pod is made with, and the `ConfigMap` that is mounted into it. A Pod that is made
/// before has an event that says so.
///
/// # Errors
/// Where the cluster does not do so in time.
pub async fn usable(cluster: &Cluster, name: &str) -> Outcome {
    tokio::try_join!(
        arrives(cluster.api::<ServiceAccount>(name), "default", name),
        arrives(cluster.api::<ConfigMap>(name), ROOT_CERTIFICATE, name),
    )
    .map(|_| ())
}

async fn arrives<K>(objects: Api<K>, object: &str, namespace: &str) -> Outcome
where
    K: Resource<DynamicType = ()> + Clone + DeserializeOwned + Debug + Send + 'static,
{
    let (kind, seconds) = (K::kind(&()), PATIENCE.as_secs());
    wait::until(objects, object, PATIENCE, is_there, std::future::pending()).await.map(|_| ()).map_err(|unmet| {
        unmet.fault(&format!("the {kind} {object} of the namespace {namespace}"), |_| {
            Fault::broken(format!(
                "Kubernetes did not create the {kind} {object} of the namespace {namespace} within {seconds} seconds"
            ))
        })
    })
}

/// Deletes all Pods of a namespace at once and without grace; finalizers keep none.
///
/// # Errors
/// Where the cluster refuses, or where it is not ours any more.
pub async fn end_pods(cluster: &Cluster, name: &str) -> Outcome {
    cluster.assert_mine().await?;
    let pods = Api::namespaced_with(cluster.client(), name, &ApiResource::erase::<Pod>(&()));
    finalizers::clear(&pods, true).await.map(|_| ())
}

/// Waits until the namespace has no Pods.
///
/// # Errors
/// Where it still has some after `limit`.
pub async fn emptied(cluster: &Cluster, name: &str, limit: Duration) -> Outcome {
    no_pods(cluster.api(name), limit).await.map_err(|unmet| {
        let why = unmet.unreachable.unwrap_or_else(|| unmet.last.to_string());
        Fault::broken(format!("the namespace {name} was not emptied within {} seconds: {why}", limit.as_secs()))
    })
}

/// Waits until there are no Pods.
///
/// # Errors
/// Those that are left after `limit`, by name.
pub async fn no_pods(pods: Api<Pod>, limit: Duration) -> Result<(), Unmet> {
    let none = |left: &[Pod]| {
        let names: Vec<String> = left.iter().map(ResourceExt::name_any).collect();
        if names.is_empty() {
            Judgement::Holds
        } else {
            Judgement::NotYet(format!("Pods remain: {}", names.join(", ")).into())
        }
    };
    wait::until_all(pods, watcher::Config::default(), limit, none, std::future::pending()).await.map(|_| ())
}

/// The namespaces that runs made, each with the run's name.
///
/// # Errors
/// Where the cluster does not answer.
pub async fn of_runs(cluster: &Cluster) -> Outcome<Vec<(String, String)>> {
    let all = Api::<Namespace>::all(cluster.client());
    let list = ask("list the namespaces", all.list(&ListParams::default().labels(RUN))).await?;
    Ok(list.items.into_iter().map(|namespace| (namespace.name_any(), namespace.labels()[RUN].clone())).collect())
}

fn is_there<K>(object: Option<&K>) -> Judgement {
    object.map_or_else(|| Judgement::NotYet("it is not there".into()), |_| Judgement::Holds)
}

#[cfg(test)]
mod tests;
