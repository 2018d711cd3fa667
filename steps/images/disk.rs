//! The disk on which the engine stores images and containers, which untrusted ones could fill.

use std::{collections::BTreeMap, path::Path};

use crate::{endpoint, tool::Tool};

/// The default folder of containerd for images and files of containers; the engine does not report it.
const OF_CONTAINERD: &str = "/var/lib/containerd";

/// The engine's disk: all file systems that an image or a container could fill.
#[derive(Clone, Debug)]
pub struct Disk {
    folders: Vec<String>,
}

impl Disk {
    /// The engine's disk; `None` if the engine is on another machine.
    pub async fn of_engine() -> Option<Self> {
        if endpoint::is_remote() {
            return None;
        }
        let own = Tool::new("docker").args(["info", "--format", "{{.DockerRootDir}}"]).output().await.ok()?;
        let mut folders = vec![own.trim().to_owned()];
        if Path::new(OF_CONTAINERD).is_dir() {
            folders.push(OF_CONTAINERD.to_owned());
        }
        let disk = Self { folders };
        disk.room().await.map(|_| disk)
    }

    /// The free space of all its file systems together, in KiB.
    pub async fn room(&self) -> Option<u64> {
        let words = ["--output=target,avail", "--block-size=1024"];
        let table = Tool::new("df").args(words).args(&self.folders).output().await.ok()?;
        sum(&table)
    }
}

/// Adds up the free space in the output of `df`, each file system once.
fn sum(table: &str) -> Option<u64> {
    let rooms: Option<BTreeMap<&str, u64>> = table
        .lines()
        .skip(1)
        .map(|line| {
            let (target, room) = line.trim().rsplit_once(' ')?;
            Some((target.trim(), room.parse().ok()?))
        })
        .collect();
    rooms.filter(|rooms| !rooms.is_empty()).map(|rooms| rooms.into_values().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_counts_once() {
        assert_eq!(sum("Mounted on  Avail\n/           100\n/           100\n/data disk   50\n"), Some(150));
        assert_eq!(sum("Mounted on  Avail\n"), None);
        assert_eq!(sum("Mounted on  Avail\n/  -\n"), None);
    }
}
