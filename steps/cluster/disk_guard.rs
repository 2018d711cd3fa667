//! Ends the Pods that fill the disk of their node, which is the machine's.
//!
//! Kubernetes bounds what a container writes by a limit in its own resources only, which labs look at; and it counts neither
//! `/etc/hosts` and its like, nor the termination message, nor the volumes that an image declares. So the room on the disk is
//! looked at here, and where it falls, all that each Pod can write.

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
    api::{DeleteParams, ListParams},
};

use super::{Cluster, ask, namespace};
use crate::{images::disk::Disk, tool::Tool, verdict::Outcome};

/// How much a Pod may write, in KiB.
const MOST: u64 = 2 * 1024 * 1024;

/// How far the room on the disk falls until the Pods are looked at, in KiB.
const FALL: u64 = 512 * 1024;

/// How often the disk is looked at: nothing tells that it fills.
const LOOK: Duration = Duration::from_millis(250);

/// Prints, on a node, lines of a Pod's UID and how much it has written, in KiB.
const WRITTEN: &str = include_str!("disk_guard/written.sh");

/// The Pods that were ended.
#[derive(Debug, Default)]
pub struct DiskGuard {
    /// By their UIDs, the namespace of each, and what the report says about it.
    ended: Mutex<BTreeMap<String, (String, String)>>,
}

impl DiskGuard {
    /// Ends each Pod of the run that has written more than 2 GiB, for as long as it is awaited.
    pub async fn watch(&self, cluster: &Cluster, run: &str) -> Infallible {
        let Some(disk) = Disk::of_engine().await else { return std::future::pending().await };
        let mut highest = 0;
        loop {
            let room = disk.room().await.unwrap_or(highest);
            highest = highest.max(room);
            if room + FALL < highest {
                highest = room;
                // Where the cluster does not answer now, it is asked again when the room has fallen further.
                _ = self.end(cluster, run).await;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// What the report says about the Pods of a namespace that were deleted.
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
                let told = format!("Pod {name} was deleted after it wrote {} MiB", written / 1024);
                self.ended.lock().unwrap_or_else(PoisonError::into_inner).insert(uid, (namespace.clone(), told));
                _ = pods.delete(&name, &DeleteParams::default().grace_period(0)).await;
            }
        }
        Ok(())
    }
}

/// What each Pod has written that has written too much, by its UID.
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
