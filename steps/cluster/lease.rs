//! A Lease for each running run, which shows other runs on the cluster that its namespaces are in use.

use std::{convert::Infallible, time::Duration};

use jiff::Timestamp;
use k8s_openapi::api::{coordination::v1::Lease, core::v1::Namespace};
use kube::{
    Api,
    api::{DeleteParams, ListParams, Patch, PatchParams},
};
use serde_json::json;

use super::{Cluster, answer, ask, cannot, has_code};
use crate::verdict::Outcome;

/// The namespace that contains the Leases.
const NAMESPACE: &str = "labproof";

/// How often a running run renews its Lease.
const RENEWAL: Duration = Duration::from_secs(10);

/// The lifetime of a Lease in seconds. A run that has not renewed it for this long is dead.
const LIFE: i64 = 60;

/// Takes or renews the Lease of a run.
///
/// # Errors
/// If the cluster does not answer.
pub async fn renew(cluster: &Cluster, run: &str) -> Outcome {
    let us = PatchParams::apply("labproof").force();
    let lease = json!({
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": run},
        "spec": {"holderIdentity": run, "leaseDurationSeconds": LIFE, "renewTime": format!("{:.6}", Timestamp::now())},
    });
    ask("renew the run's Lease", leases(cluster).patch(run, &us, &Patch::Apply(lease))).await.map(|_| ())
}

/// Creates the namespace of the Leases, and takes the run's Lease in it.
///
/// # Errors
/// If the cluster does not answer.
pub async fn take(cluster: &Cluster, run: &str) -> Outcome {
    let us = PatchParams::apply("labproof").force();
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}});
    let all = Api::<Namespace>::all(cluster.client());
    ask("make the namespace of the Leases", all.patch(NAMESPACE, &us, &Patch::Apply(namespace))).await?;
    renew(cluster, run).await
}

/// Renews the Lease of a run until this future is dropped. Calls `lost` each time it finds that the run no longer holds
/// the Lease.
pub async fn keep(cluster: &Cluster, run: &str, lost: impl Fn()) -> Infallible {
    loop {
        if is_held(cluster, run).await == Ok(false) {
            lost();
        }
        // An error is ignored: the next round tries again, and other checks find that the cluster is away.
        _ = renew(cluster, run).await;
        tokio::time::sleep(RENEWAL).await;
    }
}

/// Whether the run holds its Lease. If the Lease has expired, does not exist, or belongs to somebody else, other runs
/// may have removed this run's objects.
///
/// # Errors
/// If the cluster does not answer.
pub async fn is_held(cluster: &Cluster, run: &str) -> Outcome<bool> {
    let lease = ask("read the run's Lease", leases(cluster).get_opt(run)).await?;
    Ok(lease.is_some_and(|lease| in_force(&lease) && holder(&lease) == Some(run)))
}

/// Releases the Lease of a run.
///
/// # Errors
/// If the cluster does not answer, or if it is no longer the recorded one.
pub async fn give_back(cluster: &Cluster, run: &str) -> Outcome {
    cluster.assert_mine().await?;
    let what = "give the run's Lease back";
    match answer(what, leases(cluster).delete(run, &DeleteParams::default())).await? {
        deleted if has_code(&deleted, &[404]) => Ok(()),
        deleted => deleted.map(|_| ()).map_err(|error| cannot(what, &error)),
    }
}

/// The names of the runs with unexpired Leases.
///
/// # Errors
/// If the cluster does not answer.
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
