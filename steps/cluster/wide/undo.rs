//! Restores objects that belong to no namespace.

use std::{sync::Arc, time::Duration};

use futures::future::join_all;
use jiff::Timestamp;
use kube::{
    Api, ResourceExt,
    api::{ApiResource, DynamicObject, Patch, PatchParams, PostParams},
};
use serde_json::Value;

use super::{Change, Snapshot, object};
use crate::{
    cluster::{Cluster, answer, ask, cannot, finalizers, has_code, namespace},
    verdict::{Fault, Outcome},
};

/// How long objects may take to disappear.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often a node is restored again after a conflict.
const CONFLICTS: usize = 10;

/// The kinds to remove first, because their objects may deny everything else.
const FIRST: [&str; 5] = [
    "validatingwebhookconfigurations",
    "mutatingwebhookconfigurations",
    "validatingadmissionpolicybindings",
    "mutatingadmissionpolicybindings",
    "apiservices",
];

/// The kind to remove last, because other objects are of the kinds that it defines.
const LAST: &str = "customresourcedefinitions";

/// What was not restored, each with the reason.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Remains {
    /// What another attempt may restore.
    pub left: Vec<String>,
    /// What no attempt can restore.
    pub lost: Vec<String>,
}

/// Restores what was changed or deleted since `snapshot`, and removes what was created since, up to `until` if it is
/// given.
///
/// # Errors
/// If the cluster does not answer, or is no longer the recorded one.
pub async fn undo(cluster: &Cluster, snapshot: &Snapshot, until: Option<Timestamp>) -> Outcome<Remains> {
    cluster.assert_mine().await?;
    let in_time = |made: &DynamicObject| {
        let created = made.creation_timestamp().map_or(Timestamp::MIN, |created| created.0);
        until.is_none_or(|until| created <= until)
    };
    let (mut made, mut others, mut lost) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, change) in snapshot.changes(cluster).await? {
        match change {
            Change::Made(object) if in_time(&object) => made.push((kind, object)),
            Change::Made(_) => {}
            change => match of_lost(&kind, &change) {
                Some(reason) => lost.push(reason),
                None => others.push((kind, change)),
            },
        }
    }
    let mut outcomes = remove_all(cluster, made).await;
    outcomes.extend(join_all(others.iter().map(|(kind, change)| put_back(cluster, kind, change))).await);
    let left = outcomes.into_iter().filter_map(Result::err).map(|fault| fault.reason).collect();
    Ok(Remains { left, lost })
}

/// Why a deleted object is not created again, if it is not: its content is lost, and the deletion may have been intended.
fn of_lost(kind: &ApiResource, change: &Change) -> Option<String> {
    let was = match change {
        Change::Gone(was) => was,
        Change::Changed(both) if both.0.uid() != both.1.uid() => &both.0,
        Change::Made(_) | Change::Changed(_) => return None,
    };
    let has_content = ["Namespace", "PersistentVolume"].iter().any(|kind| object::is(was, kind))
        || matches!(kind.plural.as_str(), "certificatesigningrequests" | LAST);
    let why = "was not restored: the scenario deleted it, and nothing can restore what was in it";
    has_content.then(|| format!("{} {}, which existed before the scenario, {why}", kind.kind, was.name_any()))
}

/// Removes objects created since `snapshot` that may deny the removal of others.
///
/// # Errors
/// If the cluster does not answer, if it is no longer the recorded one, or if an object remains.
pub async fn disarm(cluster: &Cluster, snapshot: &Snapshot) -> Outcome {
    cluster.assert_mine().await?;
    for (kind, change) in snapshot.changes(cluster).await? {
        if let Change::Made(object) = change
            && FIRST.contains(&kind.plural.as_str())
        {
            remove(cluster, &kind, &object).await?;
        }
    }
    Ok(())
}

async fn remove_all(cluster: &Cluster, made: Vec<(ApiResource, DynamicObject)>) -> Vec<Outcome> {
    let is_first = |kind: &ApiResource| FIRST.contains(&kind.plural.as_str());
    let (first, rest): (Vec<_>, Vec<_>) = made.into_iter().partition(|(kind, _)| is_first(kind));
    let (last, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(kind, _)| kind.plural == LAST);
    let (namespaces, rest): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(|(_, object)| object::is(object, "Namespace"));
    let mut outcomes = Vec::new();
    outcomes.extend(join_all(first.iter().map(|(kind, object)| remove(cluster, kind, object))).await);
    let ended = namespaces.iter().map(async |(_, made)| namespace::remove(cluster, &made.name_any()).await);
    outcomes.extend(join_all(ended).await);
    for part in [rest, last] {
        outcomes.extend(join_all(part.iter().map(|(kind, object)| remove(cluster, kind, object))).await);
    }
    outcomes
}

/// Removes an object, and waits until it no longer exists.
async fn remove(cluster: &Cluster, kind: &ApiResource, object: &DynamicObject) -> Outcome {
    let (all, name): (Api<DynamicObject>, _) = (Api::all_with(cluster.client(), kind), object.name_any());
    let all = Arc::new(all);
    let outcome = async {
        finalizers::remove_softly(&all, &name).await?;
        finalizers::until_nothing_is_left(PATIENCE, |own_too| {
            let (all, name) = (all.clone(), name.clone());
            async move { finalizers::free_one(&all, &name, own_too).await }
        })
        .await
    };
    outcome.await.map_err(|fault| Fault {
        reason: format!("{} {name}, which a scenario made, was not removed: {}", kind.kind, fault.reason),
        ..fault
    })
}

/// Restores an object's earlier state.
async fn put_back(cluster: &Cluster, kind: &ApiResource, change: &Change) -> Outcome {
    let all: Api<DynamicObject> = Api::all_with(cluster.client(), kind);
    let (was, now) = match change {
        Change::Made(_) => return Ok(()),
        Change::Changed(both) => (&both.0, Some(&both.1)),
        Change::Gone(was) => (was, None),
    };
    let name = was.name_any();
    let outcome = match now {
        Some(now) if object::is(now, "Node") && was.uid() == now.uid() => restore_node(&all, was).await,
        Some(now) if was.uid() == now.uid() => replace(&all, was, now).await,
        Some(_) => match remove(cluster, kind, was).await {
            Ok(()) => make(&all, was).await,
            Err(fault) => Err(fault),
        },
        None => make(&all, was).await,
    };
    outcome.map_err(|fault| Fault {
        reason: format!("{} {name}, which existed before the scenario, was not restored: {}", kind.kind, fault.reason),
        ..fault
    })
}

/// Compares with the node's current state again; the server rejects the change if the node has changed meanwhile.
async fn restore_node(all: &Api<DynamicObject>, was: &DynamicObject) -> Outcome {
    let name = was.name_any();
    for _ in 0..CONFLICTS {
        let now = ask("read a node", all.get(&name)).await?;
        let Some(mut patch) = object::restored_node(was, &now) else { return Ok(()) };
        patch["metadata"]["resourceVersion"] = now.resource_version().into();
        let what = "restore a node";
        match answer(what, all.patch(&name, &PatchParams::default(), &Patch::Merge(patch))).await? {
            // A conflict: the kubelet updates the node every few seconds.
            patched if has_code(&patched, &[409]) => {}
            patched => return patched.map(|_| ()).map_err(|error| cannot(what, &error)),
        }
    }
    Err(Fault::broken(format!("it changed {CONFLICTS} times while labproof restored it")))
}

async fn replace(all: &Api<DynamicObject>, was: &DynamicObject, now: &DynamicObject) -> Outcome {
    let mut wanted = object_of(was)?;
    wanted.metadata.resource_version = now.resource_version();
    wanted.metadata.uid = now.uid();
    ask("replace it", all.replace(&was.name_any(), &PostParams::default(), &wanted)).await.map(|_| ())
}

async fn make(all: &Api<DynamicObject>, was: &DynamicObject) -> Outcome {
    ask("make it again", all.create(&PostParams::default(), &object_of(was)?)).await.map(|_| ())
}

fn object_of(was: &DynamicObject) -> Outcome<DynamicObject> {
    let content: Value = object::content(was);
    serde_json::from_value(content).map_err(|error| Fault::broken(error.to_string()))
}
