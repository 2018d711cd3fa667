//! Deletes Pods that fill the disk of their node, because it is the disk of the machine.
//!
//! Kubernetes limits what a container writes only by its own resource limits, which labs examine. It counts neither
//! files such as `/etc/hosts`, nor the termination message, nor the volumes that an image declares. Therefore this module
//! watches the free space, and if it falls, measures everything that each Pod can write.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures::future::join_all;
use k8s_openapi::api::core::v1::{Namespace, Pod};
use kube::{
    Api, ResourceExt,
    api::{DeleteParams, ListParams, Preconditions},
};

use super::{Cluster, ask, namespace};
use crate::{images::disk::Disk, tool::Tool, verdict::Outcome};

/// How much a Pod may write, in KiB.
const MOST: u64 = 2 * 1024 * 1024;

/// How much the free space must fall before the Pods are measured, in KiB.
const FALL: u64 = 512 * 1024;

/// How often the free space is read. There is no event for it.
const LOOK: Duration = Duration::from_millis(250);

/// The script for a node. It prints a line for each Pod: its UID and how much it has written, in KiB.
const WRITTEN: &str = include_str!("disk_guard/written.sh");

/// The Pods that were deleted.
#[derive(Debug, Default)]
pub struct DiskGuard {
    /// The namespace of each and the text for the report, by UID.
    ended: Mutex<BTreeMap<String, (String, String)>>,
}

impl DiskGuard {
    /// Deletes each Pod of the run that has written more than 2 GiB. It runs until it is dropped.
    pub async fn watch(&self, cluster: &Cluster, run: &str) -> Infallible {
        let Some(disk) = Disk::of_engine().await else { return std::future::pending().await };
        let mut highest = 0;
        loop {
            let room = disk.room().await.unwrap_or(highest);
            highest = highest.max(room);
            if room + FALL < highest {
                highest = room;
                // If the cluster does not answer now, it is asked again when the free space has fallen further.
                _ = self.end(cluster, run).await;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// The text for the report about the deleted Pods of a namespace.
    #[must_use]
    pub fn of(&self, namespace: &str) -> Vec<String> {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.values().filter(|(of, _)| of == namespace).map(|(_, told)| told.clone()).collect()
    }

    async fn end(&self, cluster: &Cluster, run: &str) -> Outcome {
        let read = async |node: String| {
            Tool::new("docker").args(["exec", &node, "sh", "-c", WRITTEN, "sh", ""]).output().await
        };
        let read = join_all(cluster.workers().into_iter().map(read)).await;
        let overfull = overfull(read.iter().flatten().flat_map(|text| text.lines()));
        if overfull.is_empty() {
            return Ok(());
        }
        cluster.assert_mine().await?;
        let ours = ListParams::default().labels(&format!("{}={run}", namespace::RUN));
        let namespaces = ask("list the namespaces", Api::<Namespace>::all(cluster.client()).list(&ours)).await?;
        for namespace in namespaces.iter().map(ResourceExt::name_any) {
            let pods = cluster.api::<Pod>(&namespace);
            for pod in ask("list the Pods", pods.list(&ListParams::default())).await? {
                let (name, uid) = (pod.name_any(), pod.uid().unwrap_or_default());
                let Some(written) = overfull.get(&uid) else { continue };
                // Another Pod may have the name by now.
                let this_one = Preconditions { uid: Some(uid.clone()), ..Preconditions::default() };
                let now = DeleteParams::default().grace_period(0).preconditions(this_one);
                let deleted = ask("delete it", pods.delete(&name, &now)).await;
                let written = format!("{} MiB", written / 1024);
                let told = match deleted {
                    Ok(_) => format!("Pod {name} was deleted after it wrote {written}"),
                    Err(fault) => format!("Pod {name} wrote {written}, and labproof {}", fault.reason),
                };
                self.ended.lock().unwrap_or_else(PoisonError::into_inner).insert(uid, (namespace.clone(), told));
            }
        }
        Ok(())
    }
}

/// The Pods that have written too much, and how much, by UID.
fn overfull<'a>(lines: impl Iterator<Item = &'a str>) -> BTreeMap<String, u64> {
    let mut written: BTreeMap<String, u64> = BTreeMap::new();
    for (uid, size) in lines.filter_map(|line| line.split_once(' ')) {
        *written.entry(uid.to_owned()).or_default() += size.parse().unwrap_or(0);
    }
    written.retain(|_, written| *written > MOST);
    written
}

#[cfg(test)]
mod tests;
