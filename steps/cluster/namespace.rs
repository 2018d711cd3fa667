//! The namespace of a scenario: created before it, removed after it.

mod removal;
mod visit;

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
pub use visit::clear_new;

use super::{
    Cluster, ask, finalizers,
    wait::{self, Unmet},
};
use crate::{
    conditions::Judgement,
    verdict::{Fault, Outcome},
};

/// The label that contains the name of an object's run.
pub const RUN: &str = "labproof.dev/run";

/// The `ConfigMap` in every namespace that contains the API server's root certificate for Pods.
pub const ROOT_CERTIFICATE: &str = "kube-root-ca.crt";

/// How long Kubernetes may take to make a namespace usable.
const PATIENCE: Duration = Duration::from_secs(90);

/// Creates the namespace with the run's label and these labels, and waits until Pods can be created in it.
///
/// # Errors
/// If the cluster does not do this in time.
pub async fn create(cluster: &Cluster, name: &str, run: &str, labels: &[(&str, &str)]) -> Outcome {
    let labels: BTreeMap<&str, &str> = labels.iter().copied().chain([(RUN, run)]).collect();
    let manifest = json!({"metadata": {"name": name, "labels": labels}});
    let namespace: Namespace = serde_json::from_value(manifest).map_err(|error| Fault::broken(error.to_string()))?;
    let all = Api::<Namespace>::all(cluster.client());
    ask(&format!("make the namespace {name}"), all.create(&PostParams::default(), &namespace)).await?;
    usable(cluster, name).await
}

/// Waits until Pods can be created in the namespace and start at once: until Kubernetes has created the service account
/// for Pods and the `ConfigMap` that is mounted into them. A Pod created earlier would get an event about a failed
/// mount.
///
/// # Errors
/// If the cluster does not do this in time.
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

/// Deletes all Pods of a namespace at once, without grace period and without their finalizers.
///
/// # Errors
/// If the cluster refuses, or if it is no longer the recorded one.
pub async fn end_pods(cluster: &Cluster, name: &str) -> Outcome {
    cluster.assert_mine().await?;
    let pods = Api::namespaced_with(cluster.client(), name, &ApiResource::erase::<Pod>(&()));
    finalizers::clear(&pods, true).await.map(|_| ())
}

/// Waits until no Pods exist.
///
/// # Errors
/// If some remain after `limit`; the error names them.
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

/// The namespaces that runs created, each with the name of its run.
///
/// # Errors
/// If the cluster does not answer.
pub async fn of_runs(cluster: &Cluster) -> Outcome<Vec<(String, String)>> {
    let all = Api::<Namespace>::all(cluster.client());
    let list = ask("list the namespaces", all.list(&ListParams::default().labels(RUN))).await?;
    Ok(list.items.into_iter().map(|namespace| (namespace.name_any(), namespace.labels()[RUN].clone())).collect())
}

fn is_there<K>(object: Option<&K>) -> Judgement {
    object.map_or_else(|| Judgement::NotYet("it does not exist".into()), |_| Judgement::Holds)
}

#[cfg(test)]
mod tests;
