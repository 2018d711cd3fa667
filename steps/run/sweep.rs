//! Removes what dead runs left: killed runs, and runs that lost the connection to their cluster. Leaves alone what live
//! runs use.
//!
//! A run of this machine is dead if its journal exists and is not locked. Any run is dead if its Lease in the cluster
//! has expired or does not exist. A container whose name others may use, and what a shared namespace contains, is removed
//! only if it was created while the dead run held the claim on that name.

use std::time::SystemTime;

use futures::future::join_all;
use k8s_openapi::api::core::v1::Namespace;
use kube::{Api, ResourceExt};

use super::{teardown, wide};
use crate::{
    cluster::{Cluster, ask, identity::Record, kind_cli, lease, namespace},
    images::{engine, submissions},
    machine::{
        claim::{Claim, Held, within},
        folders,
        journal::{Entry, Journal, Left, Note},
        scratch,
    },
    verdict::Outcome,
};

/// The result of a cleanup.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// What was removed.
    pub cleared: Vec<String>,
    /// Why something still exists. It does not stop the run, and the next run tries again.
    pub left: Vec<String>,
}

impl Swept {
    fn add(&mut self, cleared: Outcome<Option<String>>) {
        match cleared {
            Ok(what) => self.cleared.extend(what),
            Err(fault) => self.left.push(fault.reason),
        }
    }
}

/// Removes what dead runs left, and returns what that was.
///
/// # Errors
/// If the cluster or the engine does not answer; the run must then not begin.
pub async fn sweep(cluster: &Cluster, run: &str) -> Outcome<Swept> {
    cluster.assert_mine().await?;
    let mut swept = Swept { cleared: scratch::sweep()?, left: Vec::new() };
    for left in Left::all()? {
        clear(cluster, left, &mut swept).await?;
    }
    namespaces(cluster, run, &mut swept).await?;
    Ok(swept)
}

/// Removes the namespaces of runs without a valid Lease.
async fn namespaces(cluster: &Cluster, run: &str, swept: &mut Swept) -> Outcome {
    // List the namespaces first. A run takes its Lease before it creates any, so the Leases read afterwards cover them
    // all.
    let namespaces = namespace::of_runs(cluster).await?;
    let alive = lease::alive(cluster).await?;
    let dead = namespaces.into_iter().filter(|(_, owner)| owner != run && !alive.contains(owner));
    let removals = dead.map(|(name, _)| async move {
        namespace::remove(cluster, &name).await?;
        namespace::gone(cluster, &name).await?;
        Ok(Some(format!("namespace {name}")))
    });
    join_all(removals).await.into_iter().for_each(|cleared| swept.add(cleared));
    Ok(())
}

/// Removes the throwaway clusters of dead runs, and returns their names. The next run removes everything else that such
/// runs left.
///
/// # Errors
/// If the engine does not answer.
pub async fn clusters() -> Outcome<Vec<String>> {
    let mut cleared = Vec::new();
    for left in Left::all()? {
        let until = left.last_alive + 2 * Journal::HEARTBEAT;
        for note in &left.notes {
            if let Entry::Cluster(name) = &note.entry
                && let Some(_held) = Held::try_take(Claim::Cluster(name.clone()))?
            {
                cleared.extend(clear_cluster(name, note.at, until).await?);
            }
        }
    }
    Ok(cleared)
}

/// Removes what a dead run listed in its journal. Keeps the journal if something remains.
async fn clear(cluster: &Cluster, left: Left, swept: &mut Swept) -> Outcome {
    let until = left.last_alive + 2 * Journal::HEARTBEAT;
    let before = swept.left.len();
    for note in &left.notes {
        swept.add(clear_entry(cluster, note, until).await);
    }
    if left.unreadable > 0 {
        let path = left.path().display();
        swept.left.push(format!(
            "another version of labproof was killed, and this one cannot read what it left in {path}: run `labproof down` \
             with that version, or remove the file"
        ));
    }
    swept.add(teardown::objects_of(&left.run).await.map(|()| None));
    swept.add(submissions::forget(&left.run, cluster.nodes()).await.map(|()| None));
    swept.add(lease::give_back(cluster, &left.run).await.map(|()| None));
    // The next run on another cluster of the dead run needs the journal, too.
    let exists = |of: &str| matches!(Record::load(of), Ok(Some(_)));
    if swept.left.len() == before && !left.waits_for_another(cluster.name(), exists) {
        left.end();
    }
    Ok(())
}

/// Removes one entry. Returns `None` if it did not exist any more. The namespaces of runs are removed by their Leases
/// instead.
async fn clear_entry(cluster: &Cluster, note: &Note, until: SystemTime) -> Outcome<Option<String>> {
    match &note.entry {
        Entry::Folder(folder) => Ok(folders::remove(folder)?.then(|| format!("folder {}", folder.display()))),
        Entry::Container(name) => match Held::try_take(Claim::Container(name.clone()))? {
            Some(_held) => clear_container(name, note.at, until).await,
            None => Ok(None), // A living run has it now.
        },
        Entry::Objects { cluster: of, namespace } if of == cluster.name() => {
            match Held::try_take(Claim::Namespace(namespace.clone()))? {
                Some(_held) => clear_objects(cluster, namespace, note.at, until).await,
                None => Ok(None),
            }
        }
        Entry::Cluster(name) => match Held::try_take(Claim::Cluster(name.clone()))? {
            Some(_held) => clear_cluster(name, note.at, until).await,
            None => Ok(None),
        },
        Entry::FixedNamespace { cluster: of, name } if of == cluster.name() => {
            match Held::try_take(Claim::Namespace(name.clone()))? {
                Some(_held) => clear_namespace(cluster, name, note.at, until).await,
                None => Ok(None),
            }
        }
        Entry::ClusterObjects { cluster: of, record } if of == cluster.name() => {
            wide::sweep(cluster, record, until).await
        }
        Entry::Objects { .. }
        | Entry::ClusterObjects { .. }
        | Entry::Namespace { .. }
        | Entry::FixedNamespace { .. } => Ok(None),
    }
}

async fn clear_container(name: &str, from: SystemTime, until: SystemTime) -> Outcome<Option<String>> {
    match engine::container(name).await? {
        Some(container) if within(container.created, from, until) => {
            engine::remove(&container.id).await?;
            Ok(Some(format!("container {name}")))
        }
        _ => Ok(None),
    }
}

async fn clear_cluster(name: &str, from: SystemTime, until: SystemTime) -> Outcome<Option<String>> {
    for node in kind_cli::nodes(name).await? {
        let made = engine::container(&node).await?;
        if !made.is_some_and(|made| within(made.created, from, until)) {
            return Ok(None);
        }
    }
    Ok(kind_cli::discard(name).await?.then(|| format!("cluster {name}")))
}

async fn clear_namespace(
    cluster: &Cluster,
    name: &str,
    from: SystemTime,
    until: SystemTime,
) -> Outcome<Option<String>> {
    let all = Api::<Namespace>::all(cluster.client());
    let found = ask("look for a namespace", all.get_opt(name)).await?.and_then(|found| found.creation_timestamp());
    if !found.is_some_and(|created| within(created.0, from, until)) {
        return Ok(None);
    }
    namespace::remove_name(cluster, name).await?;
    Ok(Some(format!("namespace {name}")))
}

async fn clear_objects(
    cluster: &Cluster,
    namespace: &str,
    from: SystemTime,
    until: SystemTime,
) -> Outcome<Option<String>> {
    let removed = namespace::clear_new(cluster, namespace, |made| within(made, from, until)).await?;
    Ok((!removed.is_empty()).then(|| format!("{} in {namespace}", removed.join(", "))))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::{
        testing::{
            api::{Answer, MockApi},
            objects,
            runs::{self, RUN},
        },
        verdict::Verdict,
    };

    /// A cluster with namespaces of this run, of a live run and of a dead run.
    fn cluster_of_three_runs() -> (MockApi, Cluster) {
        let api = MockApi::new();
        let cluster = runs::cluster(&api);
        let of_run = |run: &str| {
            runs::namespace(&api, run);
            serde_json::json!({"metadata": {"name": run, "labels": {namespace::RUN: run}}})
        };
        let all = [RUN, "alive", "dead"].map(of_run);
        api.on(&format!("GET /api/v1/namespaces?{}", namespace::RUN), [Answer::list(all)]);
        let lease = objects::lease("alive", "alive", Timestamp::now());
        api.on("GET /apis/coordination.k8s.io/v1/namespaces/labproof/leases", [Answer::list([lease])]);
        (api, cluster)
    }

    #[tokio::test(start_paused = true)]
    async fn the_namespaces_of_dead_runs_are_cleared_away_and_no_others() {
        let (api, cluster) = cluster_of_three_runs();
        let mut swept = Swept::default();
        namespaces(&cluster, RUN, &mut swept).await.unwrap();
        assert_eq!(swept, Swept { cleared: vec!["namespace dead".to_owned()], left: Vec::new() });
        assert_eq!(api.changes(), ["DELETE /api/v1/namespaces/dead", "PUT /api/v1/namespaces/dead/finalize"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_namespace_that_stays_is_reported_and_holds_nobody_up() {
        let (api, cluster) = cluster_of_three_runs();
        api.on("GET /api/v1/namespaces/dead/pods", [Answer::list([objects::named("stuck")])]);
        let began = tokio::time::Instant::now();
        let mut swept = Swept::default();
        namespaces(&cluster, RUN, &mut swept).await.unwrap();
        assert!(began.elapsed() <= Duration::from_secs(15), "{:?}", began.elapsed());
        assert!(swept.cleared.is_empty());
        assert!(swept.left[0].starts_with("the namespace dead was not removed and is still Terminating"), "{swept:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_cleared_away_while_it_is_not_known_which_runs_live() {
        let (api, cluster) = cluster_of_three_runs();
        let leases = "GET /apis/coordination.k8s.io/v1/namespaces/labproof/leases";
        api.on(leases, [Answer::error(500, "no")]);
        assert_eq!(namespaces(&cluster, RUN, &mut Swept::default()).await.unwrap_err().verdict, Verdict::Broken);
        assert!(api.changes().is_empty());
    }
}
