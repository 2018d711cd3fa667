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
use crate::{
    images::disk::{self, Disk},
    tool::Tool,
    verdict::Outcome,
};

/// How much the Pods of a namespace may write together, in KiB.
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
    /// Deletes the Pods of a namespace of the run that have written the most, if all have written more than 2 GiB. It runs
    /// until it is dropped.
    pub async fn watch(&self, cluster: &Cluster, run: &str) -> Infallible {
        let Some(disk) = Disk::of_engine().await else { return std::future::pending().await };
        let mut highest = 0;
        loop {
            let room = disk.room().await.unwrap_or(highest);
            highest = highest.max(room);
            if room + disk::bound(FALL, highest) < highest {
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
        ended.values().filter(|(of, _)| of == namespace).map(|(_, text)| text.clone()).collect()
    }

    async fn end(&self, cluster: &Cluster, run: &str) -> Outcome {
        let read = async |node: String| {
            Tool::new("docker").args(["exec", &node, "sh", "-c", WRITTEN, "sh", ""]).output().await
        };
        let read = join_all(cluster.workers().into_iter().map(read)).await;
        let written = written(read.iter().flatten().flat_map(|text| text.lines()));
        if written.values().sum::<u64>() <= MOST {
            return Ok(());
        }
        cluster.assert_mine().await?;
        let ours = ListParams::default().labels(&format!("{}={run}", namespace::RUN));
        let namespaces = ask("list the namespaces", Api::<Namespace>::all(cluster.client()).list(&ours)).await?;
        for namespace in namespaces.iter().map(ResourceExt::name_any) {
            let pods = cluster.api::<Pod>(&namespace);
            let all = ask("list the Pods", pods.list(&ListParams::default())).await?.items;
            let sizes = all.iter().filter_map(|pod| {
                let uid = pod.uid()?;
                Some((*written.get(&uid)?, (pod.name_any(), uid)))
            });
            for (size, (name, uid)) in excess(sizes.collect()) {
                // Another Pod may have the name by now.
                let this_one = Preconditions { uid: Some(uid.clone()), ..Preconditions::default() };
                let now = DeleteParams::default().grace_period(0).preconditions(this_one);
                let deleted = ask("delete it", pods.delete(&name, &now)).await;
                let size = format!("{} MiB", size / 1024);
                let text = match deleted {
                    Ok(_) => format!("Pod {name} was deleted after it wrote {size}"),
                    Err(fault) => format!("Pod {name} wrote {size}, and labproof {}", fault.reason),
                };
                self.ended.lock().unwrap_or_else(PoisonError::into_inner).insert(uid, (namespace.clone(), text));
            }
        }
        Ok(())
    }
}

/// How much each Pod has written, by UID.
fn written<'a>(lines: impl Iterator<Item = &'a str>) -> BTreeMap<String, u64> {
    let mut written: BTreeMap<String, u64> = BTreeMap::new();
    for (uid, size) in lines.filter_map(|line| line.split_once(' ')) {
        *written.entry(uid.to_owned()).or_default() += size.parse().unwrap_or(0);
    }
    written
}

/// The largest of a namespace's Pods, without which the others have not written too much.
fn excess<P: Ord>(mut pods: Vec<(u64, P)>) -> Vec<(u64, P)> {
    pods.sort_unstable();
    let mut kept = 0;
    let fit = pods.iter().take_while(|(size, _)| {
        kept += size;
        kept <= MOST
    });
    let fit = fit.count();
    pods.split_off(fit)
}

#[cfg(test)]
mod tests;
