//! What belongs to no namespace, and is put back as it was: `ClusterRoles`, `PersistentVolumes`, namespaces that commands
//! make, labels and taints of nodes.
//!
//! A scenario that changes such objects holds the claim on them, so that what happens meanwhile is its doing. What was
//! there is recorded before, and compared afterwards. What controllers own and what bears another run's label is left
//! alone in both directions.

mod object;
mod undo;

use std::collections::BTreeMap;

use futures::future::try_join_all;
use jiff::Timestamp;
use kube::{
    Api, ResourceExt,
    api::{ApiResource, DynamicObject, ListParams},
};
use serde::{Deserialize, Serialize};

use super::{Cluster, ask, discovery::Kinds};
use crate::verdict::Outcome;
pub use undo::{disarm, undo};

/// Kinds that Kubernetes alone fills.
const NOT_FOR_LABS: [&str; 7] = [
    "componentstatuses",
    "csinodes",
    "ipaddresses",
    "resourceslices",
    "storageversions",
    "volumeattachments",
    "leasecandidates",
];

/// The objects of one kind, by their names.
pub(super) type Objects = BTreeMap<String, DynamicObject>;

/// What was there at a time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// The cluster's own time.
    pub(super) at: Timestamp,
    /// The objects by the group and the plural name of their kind.
    pub(super) objects: BTreeMap<String, Objects>,
}

/// What happened to one object since then.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// It was made.
    Made(DynamicObject),
    /// It was changed: what it was, and what it is.
    Changed(Box<(DynamicObject, DynamicObject)>),
    /// It is gone.
    Gone(DynamicObject),
}

impl Record {
    /// Records what is there now.
    ///
    /// # Errors
    /// Where the cluster does not answer.
    pub async fn take(cluster: &Cluster) -> Outcome<Self> {
        let kinds = Kinds::ask(cluster.client()).await?.of_cluster();
        Ok(Self { at: Timestamp::now(), objects: read(cluster, &kinds).await?.into_iter().collect() })
    }

    /// What happened since, with the kind of each object.
    pub(super) async fn changes(&self, cluster: &Cluster) -> Outcome<Vec<(ApiResource, Change)>> {
        // Asked anew: a kind may have been made since.
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
        let listed = match all.list(&ListParams::default()).await {
            // Its definition is being removed, or what serves it does not run.
            Err(kube::Error::Api(status)) if matches!(status.code, 404 | 405 | 503) => Vec::new(),
            listed => ask(&format!("list {name}"), async { listed }).await?.items,
        };
        Ok((name, listed.into_iter().map(|object| (object.name_any(), object)).collect()))
    });
    try_join_all(read).await
}
