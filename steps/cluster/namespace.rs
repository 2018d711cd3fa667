//! A namespace for each scenario, made before it and cleared away after it.

use std::{collections::BTreeMap, fmt::Debug, time::Duration};

use either::Either;
use futures::future::try_join_all;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, NamespaceSpec, Pod, ServiceAccount};
use kube::{
    Api, Resource, ResourceExt,
    api::{DeleteParams, DynamicObject, ListParams, PostParams},
    runtime::watcher,
};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{
    Cluster, ask, said,
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

/// How long Kubernetes may take to make a namespace usable, or to clear it away.
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
            Fault::broken(format!("the namespace {namespace} got no {kind} {object} within {seconds} seconds"))
        })
    })
}

/// Removes the namespace with all it holds, its Pods at once and without grace.
///
/// Kubernetes itself begins five seconds after a namespace was deleted to clear it. What it would do then is done here
/// at once, in its order: nothing can be made in the namespace any more, its objects are deleted kind by kind, and when
/// a list of each kind is empty the namespace is finalized. An object that does not go is left to Kubernetes.
///
/// # Errors
/// Where the cluster refuses, or where it is not ours any more.
pub async fn remove(cluster: &Cluster, name: &str) -> Outcome {
    cluster.assert_mine().await?;
    let all = Api::<Namespace>::all(cluster.client());
    let namespace = match all.delete(name, &DeleteParams::default()).await {
        Ok(Either::Left(namespace)) => namespace,
        Ok(Either::Right(_)) => return Ok(()),
        Err(kube::Error::Api(status)) if status.code == 404 => return Ok(()),
        Err(error) => return Err(Fault::broken(format!("cannot delete the namespace {name}: {}", said(&error)))),
    };
    let kinds = cluster.kinds().await?.of_namespace(&cluster.client(), name);
    let emptied = try_join_all(kinds.iter().map(clear)).await?;
    if emptied.into_iter().all(|empty| empty) { finalize(cluster, namespace).await } else { Ok(()) }
}

/// Removes a namespace whose name may be used again at once, and waits until it is gone.
///
/// Only its Pods are ended here: the rest is Kubernetes' own work. It clears by the name, and may be about to do so for a
/// former namespace of that name, so that what is hurried here would be cleared in the next one.
///
/// # Errors
/// Where the cluster refuses, or where it is not ours any more.
pub async fn remove_name(cluster: &Cluster, name: &str) -> Outcome {
    cluster.assert_mine().await?;
    match Api::<Namespace>::all(cluster.client()).delete(name, &DeleteParams::default()).await {
        Ok(_) => {}
        Err(kube::Error::Api(status)) if status.code == 404 => return Ok(()),
        Err(error) => return Err(Fault::broken(format!("cannot delete the namespace {name}: {}", said(&error)))),
    }
    end_pods(cluster, name).await?;
    gone(cluster, name).await
}

/// Deletes all objects of one kind, and tells whether none is left.
async fn clear(objects: &Api<DynamicObject>) -> Outcome<bool> {
    let one = ListParams::default().limit(1);
    if ask("list what is left", objects.list_metadata(&one)).await?.items.is_empty() {
        return Ok(true);
    }
    let at_once = DeleteParams::default().grace_period(0);
    ask("delete what is left", objects.delete_collection(&at_once, &ListParams::default())).await?;
    Ok(ask("list what is left", objects.list_metadata(&one)).await?.items.is_empty())
}

/// Tells Kubernetes that nothing keeps the namespace.
async fn finalize(cluster: &Cluster, mut namespace: Namespace) -> Outcome {
    let name = namespace.name_any();
    namespace.metadata.resource_version = None;
    namespace.spec = Some(NamespaceSpec { finalizers: None });
    let all = Api::<Namespace>::all(cluster.client());
    match all.replace_subresource("finalize", &name, &PostParams::default(), &namespace).await {
        Ok(_) => Ok(()),
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
        Err(error) => Err(Fault::broken(format!("cannot finalize the namespace {name}: {}", said(&error)))),
    }
}

/// Deletes all Pods of a namespace at once and without grace.
///
/// # Errors
/// Where the cluster refuses, or where it is not ours any more.
pub async fn end_pods(cluster: &Cluster, name: &str) -> Outcome {
    cluster.assert_mine().await?;
    let pods = cluster.api::<Pod>(name);
    let at_once = DeleteParams::default().grace_period(0);
    ask(&format!("delete the Pods of {name}"), pods.delete_collection(&at_once, &ListParams::default()))
        .await
        .map(|_| ())
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

/// Waits until the namespace is gone.
///
/// # Errors
/// Where it is still there after 90 seconds.
pub async fn gone(cluster: &Cluster, name: &str) -> Outcome {
    let all = Api::<Namespace>::all(cluster.client());
    let absent = |namespace: Option<&Namespace>| {
        namespace.map_or(Judgement::Holds, |_| Judgement::NotYet("it is still there".into()))
    };
    wait::until(all, name, PATIENCE, absent, std::future::pending()).await.map(|_| ()).map_err(|unmet| {
        let why = unmet.unreachable.unwrap_or_else(|| unmet.last.to_string());
        Fault::broken(format!("the namespace {name} was not cleared away within {} seconds: {why}", PATIENCE.as_secs()))
    })
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
