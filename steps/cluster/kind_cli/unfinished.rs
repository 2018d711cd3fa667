//! Clusters whose creation was interrupted: how they are recognized, and removed.

use std::time::Duration;

use super::{creation::CREATION, delete, nodes, try_lock};
use crate::{
    cluster::identity::{self, Record},
    images::engine,
    machine::claim::within,
    verdict::{Fault, Outcome},
};

/// After this time, the engine has created what an ended program asked it for.
const SETTLED: Duration = Duration::from_secs(1);

/// Removes the cluster `name` if this process has interrupted its creation. If another process creates it now, it stays.
///
/// # Errors
/// If the cluster cannot be removed.
pub async fn give_up(name: &str) -> Outcome {
    let Some(_lock) = try_lock(&format!("cluster-{name}"))? else { return Ok(()) };
    if Record::load(name)?.is_none() && is_made(name, &nodes(name).await?).await? {
        remove(name).await?;
    }
    Ok(())
}

/// Whether these nodes are those of a cluster whose creation by labproof did not end: all were made at that time.
pub(super) async fn is_made(name: &str, nodes: &[String]) -> Outcome<bool> {
    let Some(begun) = identity::begun(name)? else { return Ok(false) };
    for node in nodes {
        let made = engine::container(node).await?;
        if !made.is_some_and(|made| within(made.created, begun, begun + CREATION)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Removes the nodes of a cluster whose creation did not end, and its folder. The engine may still create the node that it
/// was asked for last.
pub(super) async fn remove(name: &str) -> Outcome {
    let folder = identity::folder(name)?;
    loop {
        delete(name, &folder.join("kubeconfig")).await?;
        tokio::time::sleep(SETTLED).await;
        let left = nodes(name).await?;
        if left.is_empty() {
            break;
        }
        if !is_made(name, &left).await? {
            return Err(identity::not_ours(name));
        }
    }
    forget(name)
}

/// Removes the folder of a cluster, with its record if it has one.
pub(super) fn forget(name: &str) -> Outcome {
    let folder = identity::folder(name)?;
    std::fs::remove_dir_all(&folder).map_err(|error| {
        Fault::broken(format!("cannot remove {}, the folder of cluster {name}: {error}", folder.display()))
    })
}
