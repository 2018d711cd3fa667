//! Removes the namespaces of runs within seconds, whatever they contain.

use std::{sync::Arc, time::Duration};

use either::Either;
use futures::future::try_join_all;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Namespace, NamespaceSpec};
use kube::{
    Api, ResourceExt,
    api::{DeleteParams, Patch, PatchParams, PostParams},
};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::end_pods;
use crate::{
    cluster::{
        Cluster,
        admission::LABELS,
        answer, ask, cannot,
        discovery::Kinds,
        finalizers::{self, OWN},
        has_code, wait,
    },
    conditions::Judgement,
    verdict::{Fault, Outcome},
};

/// How long emptying a namespace may take: the first time, and if an earlier removal was already under way.
const PATIENCE: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(2)];

/// How long Kubernetes may take to remove a namespace itself: it starts after five seconds, and checks again after
/// eight.
const KUBERNETES: Duration = Duration::from_secs(30);

/// Removes the namespace with all its objects; its Pods at once, without grace period.
///
/// Kubernetes itself starts to empty a namespace only five seconds after its deletion. This function does the same at
/// once and in the same order. First, nothing more can be created in the namespace. Then it deletes the objects of each
/// kind. It finalizes the namespace when the list of each kind is empty. It removes finalizers that keep objects.
///
/// # Errors
/// If the cluster refuses, if it is no longer the recorded one, or if objects remain.
pub async fn remove(cluster: &Cluster, name: &str) -> Outcome {
    cluster.assert_mine().await?;
    let Some(namespace) = delete(cluster, name).await? else { return Ok(()) };
    // Ask again, because a scenario may have defined a new kind since.
    let kinds = Arc::new(Kinds::ask(cluster.client()).await?.of_namespace(&cluster.client(), name));
    let since = namespace.metadata.deletion_timestamp.as_ref().map(|since| since.0);
    let was_told_before = since.is_some_and(|since| Timestamp::now().duration_since(since).as_secs() > 30);
    finalizers::until_nothing_is_left(PATIENCE[usize::from(was_told_before)], |own_too| {
        let kinds = kinds.clone();
        async move { Ok(try_join_all(kinds.iter().map(|kind| finalizers::clear(kind, own_too))).await?.concat()) }
    })
    .await
    .map_err(|left| stays(name, &left.reason))?;
    finalize(cluster, namespace).await
}

/// Removes a namespace whose name may be used again at once, and waits until it no longer exists.
///
/// This function deletes only its Pods; Kubernetes removes the other objects. Kubernetes removes by the namespace's
/// name, and may still be about to do so for a previous namespace of that name. If this function were faster,
/// Kubernetes would then empty the next namespace. Objects that Kubernetes has deleted and that finalizers keep lose
/// their finalizers.
///
/// # Errors
/// If the cluster refuses, if it is no longer the recorded one, or if the namespace still exists after the time limit.
pub async fn remove_name(cluster: &Cluster, name: &str) -> Outcome {
    cluster.assert_mine().await?;
    if delete(cluster, name).await?.is_none() {
        return Ok(());
    }
    end_pods(cluster, name).await?;
    let kinds = Kinds::ask(cluster.client()).await?.of_namespace(&cluster.client(), name);
    let deadline = Instant::now() + KUBERNETES;
    let free = async {
        loop {
            tokio::time::sleep(OWN).await;
            let freed = kinds.iter().map(|kind| finalizers::free_deleted(kind, true));
            // Errors are ignored: an object whose finalizers cannot be removed keeps the namespace, which is reported
            // below.
            _ = try_join_all(freed).await;
        }
    };
    tokio::select! {
        gone = until_gone(cluster, name, deadline - Instant::now()) => gone,
        () = free => Ok(()),
    }
}

/// Waits until the namespace no longer exists; after [`remove`], this takes no time.
///
/// # Errors
/// If it still exists; the fault says what keeps it.
pub async fn gone(cluster: &Cluster, name: &str) -> Outcome {
    until_gone(cluster, name, PATIENCE[0]).await
}

async fn until_gone(cluster: &Cluster, name: &str, limit: Duration) -> Outcome {
    let all = Api::<Namespace>::all(cluster.client());
    let absent = |namespace: Option<&Namespace>| {
        namespace.map_or(Judgement::Holds, |namespace| Judgement::NotYet(kept_by(namespace).into()))
    };
    wait::until(all, name, limit, absent, std::future::pending()).await.map(|_| ()).map_err(|unmet| match unmet.end {
        wait::End::Unreachable(why) => stays(name, &why),
        wait::End::TooLate | wait::End::Hopeless => stays(name, &unmet.last.to_string()),
    })
}

/// Kubernetes' explanation of why a namespace still exists.
fn kept_by(namespace: &Namespace) -> String {
    let conditions = namespace.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let said: Vec<String> = conditions
        .filter(|condition| condition.status == "True")
        .filter_map(|condition| condition.message.clone())
        .collect();
    if said.is_empty() { "it still exists".into() } else { said.join("; ") }
}

fn stays(name: &str, why: &str) -> Fault {
    Fault::broken(format!("the namespace {name} was not removed and is still Terminating: {why}"))
        .hint(format!("`kubectl get namespace {name} --output yaml` says what keeps it"))
}

/// Deletes a namespace, and removes its finalizers and the labels that select it for admission policies, which deny
/// requests that they can no longer judge. Returns `None` if the namespace does not exist.
async fn delete(cluster: &Cluster, name: &str) -> Outcome<Option<Namespace>> {
    let all = Api::<Namespace>::all(cluster.client());
    let what = format!("delete the namespace {name}");
    let namespace = match answer(&what, all.delete(name, &DeleteParams::default())).await? {
        Ok(Either::Left(namespace)) => namespace,
        Ok(Either::Right(_)) => return Ok(None),
        deleted if has_code(&deleted, &[404]) => return Ok(None),
        Err(error) => return Err(cannot(&what, &error)),
    };
    let bound = LABELS.iter().any(|(label, _)| namespace.labels().contains_key(*label));
    if !bound && namespace.finalizers().is_empty() {
        return Ok(Some(namespace));
    }
    let unlabelled: Value = LABELS.iter().map(|(label, _)| ((*label).to_owned(), Value::Null)).collect();
    let patch = json!({"metadata": {"labels": unlabelled, "finalizers": null}});
    ask(&format!("free the namespace {name}"), all.patch(name, &PatchParams::default(), &Patch::Merge(patch)))
        .await
        .map(Some)
}

/// Reports to Kubernetes that nothing keeps the namespace.
async fn finalize(cluster: &Cluster, mut namespace: Namespace) -> Outcome {
    let name = namespace.name_any();
    namespace.metadata.resource_version = None;
    namespace.spec = Some(NamespaceSpec { finalizers: None });
    let all = Api::<Namespace>::all(cluster.client());
    let what = format!("finalize the namespace {name}");
    match answer(&what, all.replace_subresource("finalize", &name, &PostParams::default(), &namespace)).await? {
        Ok(_) => Ok(()),
        replaced if has_code(&replaced, &[404]) => Ok(()),
        Err(error) => Err(cannot(&what, &error)),
    }
}
