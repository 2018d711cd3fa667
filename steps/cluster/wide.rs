//! Records and restores objects that belong to no namespace: `ClusterRoles`, `PersistentVolumes`, namespaces that
//! commands create, labels and taints of nodes.
//!
//! A scenario that changes such objects holds the claim on them, so all changes in that time are its own. Their state
//! is recorded before and compared afterwards. Objects of controllers and of other runs are ignored in both directions.

mod object;
mod undo;

use std::collections::BTreeMap;

use futures::future::try_join_all;
use jiff::Timestamp;
use kube::{
    Api, ResourceExt,
    api::{ApiResource, DynamicObject, ListParams, TypeMeta},
};
use serde::{Deserialize, Serialize};

use super::{Cluster, answer, cannot, discovery::Kinds, has_code};
use crate::verdict::Outcome;
pub use undo::{Remains, disarm, undo};

/// Kinds that only Kubernetes itself creates.
const NOT_FOR_LABS: [&str; 7] = [
    "componentstatuses",
    "csinodes",
    "ipaddresses",
    "resourceslices",
    "storageversions",
    "volumeattachments",
    "leasecandidates",
];

/// The objects of one kind, by name.
pub(super) type Objects = BTreeMap<String, DynamicObject>;

/// The objects at one time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// The time, on the cluster's clock.
    pub(super) at: Timestamp,
    /// The objects, by the group and plural name of their kind.
    pub(super) objects: BTreeMap<String, Objects>,
}

/// A change to one object since the snapshot.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// It was created.
    Made(DynamicObject),
    /// It was changed; contains the old and the new object.
    Changed(Box<(DynamicObject, DynamicObject)>),
    /// It was deleted.
    Gone(DynamicObject),
}

impl Snapshot {
    /// Records the current objects.
    ///
    /// # Errors
    /// If the cluster does not answer.
    pub async fn take(cluster: &Cluster) -> Outcome<Self> {
        let kinds = Kinds::ask(cluster.client()).await?.of_cluster();
        Ok(Self { at: Timestamp::now(), objects: read(cluster, &kinds).await?.into_iter().collect() })
    }

    /// All changes since, each with the kind of its object.
    pub(super) async fn changes(&self, cluster: &Cluster) -> Outcome<Vec<(ApiResource, Change)>> {
        // Ask again, because a kind may have been defined since.
        let kinds = Kinds::ask(cluster.client()).await?.of_cluster();
        let now = read(cluster, &kinds).await?;
        let none = Objects::new();
        let changes = kinds.into_iter().zip(&now).flat_map(|(kind, (name, objects))| {
            let before = self.objects.get(name).unwrap_or(&none);
            self.between(before, objects).into_iter().map(move |change| (kind.clone(), change)).collect::<Vec<_>>()
        });
        Ok(changes.collect())
    }

    fn between(&self, before: &Objects, now: &Objects) -> Vec<Change> {
        let mut changes = Vec::new();
        for (name, object) in now.iter().filter(|(_, object)| !object::is_foreign(object)) {
            match before.get(name) {
                None => changes.push(Change::Made(object.clone())),
                Some(was) if object::differs(was, object, self.at) => {
                    changes.push(Change::Changed(Box::new((was.clone(), object.clone()))));
                }
                Some(_) => {}
            }
        }
        let gone = before.iter().filter(|(name, was)| !now.contains_key(*name) && !object::is_foreign(was));
        changes.extend(gone.map(|(_, was)| Change::Gone(was.clone())));
        changes
    }
}

/// The objects of these kinds, in the order of the kinds.
async fn read(cluster: &Cluster, kinds: &[ApiResource]) -> Outcome<Vec<(String, Objects)>> {
    let read = kinds.iter().map(async |kind| {
        let name = format!("{}/{}", kind.group, kind.plural);
        if NOT_FOR_LABS.contains(&kind.plural.as_str()) {
            return Ok((name, Objects::new()));
        }
        let all: Api<DynamicObject> = Api::all_with(cluster.client(), kind);
        let what = format!("list {name}");
        let listed = match answer(&what, all.list(&ListParams::default())).await? {
            // The kind's definition is being removed, or the API service behind it does not run.
            listed if has_code(&listed, &[404, 405, 503]) => Vec::new(),
            listed => listed.map_err(|error| cannot(&what, &error))?.items,
        };
        // The items of a list do not say their kind.
        let types = TypeMeta { api_version: kind.api_version.clone(), kind: kind.kind.clone() };
        let with_kind = |object: DynamicObject| DynamicObject { types: Some(types.clone()), ..object };
        Ok((name, listed.into_iter().map(|object| (object.name_any(), with_kind(object))).collect()))
    });
    try_join_all(read).await
}

#[cfg(test)]
mod tests;
