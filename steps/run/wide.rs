//! Keeps the record of what belongs to no namespace while a scenario may change it, and puts it back afterwards, also for a
//! run that was killed.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use jiff::Timestamp;

use crate::{
    cluster::{
        Cluster,
        wide::{Record, disarm, undo},
    },
    machine::{
        claim::{Claim, Held},
        folders,
        journal::{Entry, Journal},
    },
    verdict::{Fault, Outcome},
};

/// Records what is there, before the scenario with this namespace begins. It holds the claim.
///
/// # Errors
/// Where the cluster does not answer, or the record cannot be written.
pub async fn record(cluster: &Cluster, journal: &Journal, namespace: &str) -> Outcome {
    let (record, file) = (Record::take(cluster).await?, file(namespace)?);
    let text = serde_json::to_vec(&record).map_err(|error| cannot(&error))?;
    folders::replace(&file, &text).map_err(|error| cannot(&error))?;
    journal.note(Entry::ClusterObjects { cluster: cluster.name().into(), record: file })
}

/// Removes what the scenario with this namespace made and may deny that its namespace is cleared. It holds the claim.
///
/// # Errors
/// What stays.
pub async fn prepare(cluster: &Cluster, namespace: &str) -> Outcome {
    disarm(cluster, &read(&file(namespace)?)?).await
}

/// Puts back what the scenario with this namespace changed. It holds the claim.
///
/// # Errors
/// What could not be put back.
pub async fn put_back(cluster: &Cluster, namespace: &str) -> Outcome {
    since(cluster, &file(namespace)?, None).await
}

/// Puts back what a run changed that died by `until`, unless that was done.
///
/// # Errors
/// What could not be put back, or that a living run holds the claim.
pub async fn sweep(cluster: &Cluster, record: &Path, until: SystemTime) -> Outcome<Option<String>> {
    if !record.exists() {
        return Ok(None);
    }
    let Some(_held) = Held::try_take(Claim::ClusterObjects(cluster.name().into()))? else {
        return Err(Fault::broken("another run uses the cluster's own objects, which a killed run changed"));
    };
    let until = Timestamp::try_from(until).map_err(|error| cannot(&error))?;
    since(cluster, record, Some(until)).await?;
    Ok(Some("what belongs to no namespace".into()))
}

async fn since(cluster: &Cluster, file: &Path, until: Option<Timestamp>) -> Outcome {
    let left = undo(cluster, &read(file)?, until).await?;
    if !left.is_empty() {
        return Err(Fault::broken(left.join("; ")));
    }
    // One that stays is compared again by the next run, which finds nothing.
    _ = fs::remove_file(file);
    Ok(())
}

fn read(file: &Path) -> Outcome<Record> {
    let text = fs::read(file).map_err(|error| cannot(&error))?;
    serde_json::from_slice(&text).map_err(|error| cannot(&error))
}

fn file(namespace: &str) -> Outcome<PathBuf> {
    Ok(folders::state("objects")?.join(format!("{namespace}.json")))
}

fn cannot(error: &dyn std::fmt::Display) -> Fault {
    Fault::broken(format!("cannot keep the record of the cluster's own objects: {error}"))
}
