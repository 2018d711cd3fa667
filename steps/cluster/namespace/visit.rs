//! Removes what a scenario made in a namespace that was there before it, such as `default`.

use std::{sync::Mutex, time::Duration};

use futures::future::{join_all, try_join_all};
use jiff::Timestamp;
use kube::{
    Api, ResourceExt,
    api::{DynamicObject, ListParams, PartialObjectMeta},
};

use crate::{
    cluster::{Cluster, discovery::Kinds, finalizers},
    verdict::{Fault, Outcome},
};

/// How long emptying the namespace may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Kinds of which others write objects, and which end by themselves.
const OF_OTHERS: [&str; 2] = ["events", "leases"];

/// Removes all objects of the namespace that were made at such a time, at once and with their finalizers, and returns
/// their names.
///
/// # Errors
/// If the cluster refuses, if it is no longer the recorded one, or if objects remain.
pub async fn clear_new(
    cluster: &Cluster,
    namespace: &str,
    is_new: impl Fn(Timestamp) -> bool + Copy,
) -> Outcome<Vec<String>> {
    cluster.assert_mine().await?;
    // Ask again, because a scenario may have defined a new kind since.
    let kinds = Kinds::ask(cluster.client()).await?.of_namespace(&cluster.client(), namespace);
    let is_of_others = |kind: &Api<DynamicObject>| OF_OTHERS.iter().any(|name| kind.resource_url().ends_with(name));
    let kinds: Vec<_> = kinds.into_iter().filter(|kind| !is_of_others(kind)).collect();
    let (kinds, removed) = (&kinds, &Mutex::new(Vec::new()));
    finalizers::until_nothing_is_left(PATIENCE, |_| async move {
        let left = try_join_all(kinds.iter().map(|kind| clear_kind(kind, is_new))).await?.concat();
        removed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(left.iter().cloned());
        Ok(left)
    })
    .await
    .map_err(|left| Fault::broken(format!("the namespace {namespace} was not emptied: {}", left.reason)))?;
    let mut removed = removed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    removed.sort();
    removed.dedup();
    Ok(removed)
}

/// Removes the new objects of one kind, and returns their names.
async fn clear_kind(kind: &Api<DynamicObject>, is_new: impl Fn(Timestamp) -> bool) -> Outcome<Vec<String>> {
    let all = finalizers::list(kind, &ListParams::default()).await?;
    let made = |created: Option<Timestamp>| created.is_some_and(&is_new);
    let new: Vec<_> = all.iter().filter(|object| made(object.creation_timestamp().map(|at| at.0))).collect();
    let remove = async |object: &PartialObjectMeta<DynamicObject>| finalizers::remove(kind, &object.name_any()).await;
    for ended in join_all(new.iter().map(|object| remove(object))).await {
        ended?;
    }
    Ok(new.iter().map(|object| finalizers::describe(kind, object)).collect())
}
