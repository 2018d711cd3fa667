//! Ends the Pods that fill the disk of their node, which is the machine's.
//!
//! Kubernetes bounds what a container writes by a limit in its own resources only, which labs look at. So the room on the
//! disk is looked at here, and where it falls, what each Pod has written.

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

/// Prints, on a node, lines of a Pod's UID and how much one of its folders holds, in KiB: its containers' own files, its
/// volumes that are no memory, its logs.
const WRITTEN: &str = r#"
size() { du -skx "$2" 2>/dev/null | { read -r size _ && echo "$1 $size"; }; }
while read -r _ place type options _; do
  case "$type $place" in "overlay "*/k8s.io/*/rootfs) ;; *) continue ;; esac
  uid=$(sed -n 's/.*"io.kubernetes.cri.sandbox-uid":"\([^"]*\)".*/\1/p' "${place%/rootfs}/config.json")
  upper=${options#*upperdir=}
  size "$uid" "${upper%%,*}"
done < /proc/mounts
for folder in /var/lib/kubelet/pods/*/volumes/kubernetes.io~empty-dir /var/log/pods/*_*_*; do
  [ -d "$folder" ] || continue
  uid=${folder#/var/lib/kubelet/pods/}
  uid=${uid%%/volumes/*}
  size "${uid##*_}" "$folder"
done
true"#;

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
        let read = async |node: String| Tool::new("docker").args(["exec", &node, "sh", "-c", WRITTEN]).output().await;
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
mod tests {
    use super::*;

    #[test]
    fn what_a_pod_has_written_is_added_up() {
        let lines = ["a 1500000", "b 2097152", "a 600000", "c 2097153", "nonsense", "d x"];
        let found: Vec<_> = overfull(lines.into_iter()).into_iter().collect();
        assert_eq!(found, [("a".to_owned(), 2_100_000), ("c".to_owned(), 2_097_153)]);
    }
}
