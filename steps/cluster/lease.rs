//! A Lease for each run that lives: others on the cluster see by it whose namespaces are in use.

use std::{convert::Infallible, time::Duration};

use jiff::Timestamp;
use k8s_openapi::api::{coordination::v1::Lease, core::v1::Namespace};
use kube::{
    Api,
    api::{DeleteParams, ListParams, Patch, PatchParams},
};
use serde_json::json;

use super::{Cluster, ask};
use crate::verdict::Outcome;

/// The namespace of the Leases.
const NAMESPACE: &str = "labproof";

/// How often a living run renews its Lease.
const RENEWAL: Duration = Duration::from_secs(10);

/// A run that has not renewed its Lease for so long is dead.
const LIFE: i64 = 60;

/// Takes or renews the Lease of a run.
///
/// # Errors
/// Where the cluster does not answer.
pub async fn renew(cluster: &Cluster, run: &str) -> Outcome {
    let us = PatchParams::apply("labproof").force();
    let lease = json!({
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": run},
        "spec": {"holderIdentity": run, "leaseDurationSeconds": LIFE, "renewTime": format!("{:.6}", Timestamp::now())},
    });
    ask("renew the run's Lease", leases(cluster).patch(run, &us, &Patch::Apply(lease))).await.map(|_| ())
}

/// Makes the namespace of the Leases, and takes the run's Lease in it.
///
/// # Errors
/// Where the cluster does not answer.
pub async fn take(cluster: &Cluster, run: &str) -> Outcome {
    let us = PatchParams::apply("labproof").force();
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}});
    let all = Api::<Namespace>::all(cluster.client());
    ask("make the namespace of the Leases", all.patch(NAMESPACE, &us, &Patch::Apply(namespace))).await?;
    renew(cluster, run).await
}

/// Renews the Lease of a run for as long as it is awaited, and calls `lost` each time that the run did not hold it any more.
pub async fn keep(cluster: &Cluster, run: &str, lost: impl Fn()) -> Infallible {
    loop {
        if is_held(cluster, run).await == Ok(false) {
            lost();
        }
        // A Lease that cannot be renewed now is renewed the next time; the cluster's absence shows elsewhere.
        _ = renew(cluster, run).await;
        tokio::time::sleep(RENEWAL).await;
    }
}

/// Whether the run holds its Lease: where it has run out, is gone, or is somebody else's, other runs may have cleared away
/// what this one made.
///
/// # Errors
/// Where the cluster does not answer.
pub async fn is_held(cluster: &Cluster, run: &str) -> Outcome<bool> {
    let lease = ask("read the run's Lease", leases(cluster).get_opt(run)).await?;
    Ok(lease.is_some_and(|lease| in_force(&lease) && holder(&lease) == Some(run)))
}

/// Gives the Lease of a run back.
///
/// # Errors
/// Where the cluster does not answer, or where it is not ours any more.
pub async fn give_back(cluster: &Cluster, run: &str) -> Outcome {
    cluster.assert_mine().await?;
    match leases(cluster).delete(run, &DeleteParams::default()).await {
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
        result => ask("give the run's Lease back", async { result }).await.map(|_| ()),
    }
}

/// The runs whose Leases are in force.
///
/// # Errors
/// Where the cluster does not answer.
pub async fn alive(cluster: &Cluster) -> Outcome<Vec<String>> {
    let leases = ask("list the Leases", leases(cluster).list(&ListParams::default())).await?;
    Ok(leases.items.into_iter().filter(in_force).filter_map(|lease| lease.metadata.name).collect())
}

fn in_force(lease: &Lease) -> bool {
    let renewed = lease.spec.as_ref().and_then(|spec| spec.renew_time.as_ref());
    renewed.is_some_and(|renewed| Timestamp::now().as_second() - renewed.0.as_second() < LIFE)
}

fn holder(lease: &Lease) -> Option<&str> {
    lease.spec.as_ref()?.holder_identity.as_deref()
}

fn leases(cluster: &Cluster) -> Api<Lease> {
    cluster.api(NAMESPACE)
}

#[cfg(test)]
mod tests;
