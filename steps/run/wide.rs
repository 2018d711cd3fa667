//! Records objects without a namespace before a scenario that may change them, and restores them afterwards, also after
//! a killed run.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use jiff::Timestamp;

use crate::{
    cluster::{
        Cluster,
        wide::{Remains, Snapshot, disarm, undo},
    },
    machine::{
        claim::{Claim, Held},
        folders,
        journal::{Entry, Journal},
    },
    verdict::{Fault, Outcome},
};

/// Records the objects before the scenario of this namespace begins. It holds the claim on them.
///
/// # Errors
/// If the cluster does not answer, or if the record cannot be written.
pub async fn record(cluster: &Cluster, journal: &Journal, namespace: &str) -> Outcome {
    let (snapshot, file) = (Snapshot::take(cluster).await?, file(namespace)?);
    let text = serde_json::to_vec(&snapshot).map_err(|error| cannot(&error))?;
    folders::replace(&file, &text).map_err(|error| cannot(&error))?;
    journal.note(Entry::ClusterObjects { cluster: cluster.name().into(), record: file })
}

/// Removes objects of this namespace's scenario that could prevent the removal of the namespace. The scenario holds the
/// claim.
///
/// # Errors
/// If an object remains; the fault names it.
pub async fn prepare(cluster: &Cluster, namespace: &str) -> Outcome {
    disarm(cluster, &read(&file(namespace)?)?).await
}

/// Restores what this namespace's scenario has changed. The scenario holds the claim.
///
/// # Errors
/// If something cannot be restored; the fault names it.
pub async fn put_back(cluster: &Cluster, namespace: &str) -> Outcome {
    since(cluster, &file(namespace)?, None).await
}

/// Restores what a dead run has changed up to `until`, unless that was done already.
///
/// # Errors
/// If something cannot be restored, or if a live run holds the claim.
pub async fn sweep(cluster: &Cluster, record: &Path, until: SystemTime) -> Outcome<Option<String>> {
    if !record.exists() {
        return Ok(None);
    }
    let Some(_held) = Held::try_take(Claim::ClusterObjects(cluster.name().into()))? else {
        return Err(Fault::broken(
            "a killed run changed objects of the whole cluster; they are restored after the run that uses them now",
        ));
    };
    let until = Timestamp::try_from(until).map_err(|error| cannot(&error))?;
    since(cluster, record, Some(until)).await?;
    Ok(Some("changes to objects of the whole cluster".into()))
}

async fn since(cluster: &Cluster, file: &Path, until: Option<Timestamp>) -> Outcome {
    let Remains { left, lost } = undo(cluster, &read(file)?, until).await?;
    if left.is_empty() {
        // What is lost is reported only once. An error is ignored: the next run compares again.
        _ = fs::remove_file(file);
    }
    let all = [left, lost].concat();
    if all.is_empty() { Ok(()) } else { Err(Fault::broken(all.join("; "))) }
}

fn read(file: &Path) -> Outcome<Snapshot> {
    let text = fs::read(file).map_err(|error| cannot(&error))?;
    serde_json::from_slice(&text).map_err(|error| cannot(&error))
}

fn file(namespace: &str) -> Outcome<PathBuf> {
    Ok(folders::state("objects")?.join(format!("{namespace}.json")))
}

fn cannot(error: &dyn std::fmt::Display) -> Fault {
    Fault::broken(format!("cannot keep the record of the cluster's own objects: {error}"))
}
