//! The object of a sentence, and the API for its kind.

use std::time::Duration;

use kube::{Api, api::DynamicObject};
use serde_json::Value;

use crate::{
    cluster::AnyCluster,
    verdict::{Fault, Outcome, seconds},
};

/// The object of a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its kind, such as `Deployment`.
    pub kind: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The time limit of the wait.
    pub limit: Duration,
}

impl std::fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}

/// The API for a kind: in the namespace, or in the cluster if the kind has no namespace. Waits until the kind exists.
///
/// # Errors
/// If the cluster has no such kind in time, or several.
pub async fn api(cluster: &AnyCluster, namespace: &str, kind: &str, limit: Duration) -> Outcome<Api<DynamicObject>> {
    let found = cluster.resources(kind, limit).await?;
    match &found[..] {
        [(resource, true)] => Ok(Api::namespaced_with(cluster.client(), namespace, resource)),
        [(resource, false)] => Ok(Api::all_with(cluster.client(), resource)),
        [] => Err(Fault::failed(format!("the cluster still has no kind {kind} after {}", seconds(limit)))
            .hint("write the kind as a manifest does, such as Deployment; a custom kind needs its definition first")),
        several => {
            let groups: Vec<String> = several.iter().map(|(found, _)| format!("{kind}.{}", found.group)).collect();
            Err(Fault::failed(format!("several kinds are called {kind}"))
                .hint(format!("write one of {}", groups.join(", "))))
        }
    }
}

/// An object as JSON.
#[must_use]
pub fn value(object: &DynamicObject) -> Value {
    serde_json::to_value(object).unwrap_or_default()
}
