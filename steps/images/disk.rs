//! The disk on which the engine stores images and containers, which untrusted ones could fill.

use std::{collections::BTreeMap, fs, path::Path};

use super::engine;
use crate::tool::Tool;

/// The default folder of containerd for images and files of containers; the engine does not report it.
const OF_CONTAINERD: &str = "/var/lib/containerd";

/// The configuration of containerd, which may name another folder.
const CONFIGURATION: &str = "/etc/containerd/config.toml";

/// The engine's disk: all file systems that an image or a container could fill.
#[derive(Clone, Debug)]
pub struct Disk {
    folders: Vec<String>,
}

impl Disk {
    /// The engine's disk; `None` if the engine is on another machine, or if none of its folders can be measured.
    pub async fn of_engine() -> Option<Self> {
        if engine::is_elsewhere().await.ok()?.is_some() {
            return None;
        }
        let own = Tool::new("docker").args(["info", "--format", "{{.DockerRootDir}}"]).output().await.ok()?;
        Self::of([Some(own.trim().to_owned()), of_containerd()].into_iter().flatten()).await
    }

    /// The disk of those folders that can be measured; `None` if there is none.
    async fn of(folders: impl Iterator<Item = String>) -> Option<Self> {
        let mut measured = Vec::new();
        for folder in folders {
            let alone = Self { folders: vec![folder] };
            if alone.room().await.is_some() {
                measured.extend(alone.folders);
            }
        }
        (!measured.is_empty()).then_some(Self { folders: measured })
    }

    /// The free space of all its file systems together, in KiB.
    pub async fn room(&self) -> Option<u64> {
        let words = ["--output=target,avail", "--block-size=1024"];
        let table = Tool::new("df").args(words).args(&self.folders).output().await.ok()?;
        sum(&table)
    }
}

/// How much of its free space, in KiB, may be filled before something must end: `most`, but never more than half of it.
#[must_use]
pub fn bound(most: u64, free: u64) -> u64 {
    most.min(free / 2)
}

/// The folder in which containerd keeps images and the files of containers, if this machine has one.
#[must_use]
pub fn of_containerd() -> Option<String> {
    let configuration = fs::read_to_string(CONFIGURATION).unwrap_or_default();
    Some(root(&configuration)).filter(|folder| Path::new(folder).is_dir())
}

/// The folder that a configuration of containerd names.
fn root(configuration: &str) -> String {
    let table: toml::Table = configuration.parse().unwrap_or_default();
    table.get("root").and_then(toml::Value::as_str).unwrap_or(OF_CONTAINERD).to_owned()
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
    fn containerd_keeps_its_files_where_its_configuration_says() {
        assert_eq!(root("version = 2\nroot = \"/data/containerd\"\n[grpc]\n"), "/data/containerd");
        assert_eq!(root("version = 2\n[grpc]\nroot = \"/x\"\n"), OF_CONTAINERD);
        assert_eq!((root(""), root("not = [valid")), (OF_CONTAINERD.to_owned(), OF_CONTAINERD.to_owned()));
    }

    #[test]
    fn little_free_space_is_bounded_as_well() {
        assert_eq!((bound(100, 1000), bound(100, 150), bound(100, 0)), (100, 75, 0));
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_measured_does_not_hide_the_others() {
        let folders = |all: &[&str]| Disk::of(all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>().into_iter());
        assert_eq!(folders(&["/nonexistent", "/"]).await.unwrap().folders, ["/"]);
        assert!(folders(&["/nonexistent"]).await.is_none());
    }

    #[test]
    fn a_file_system_counts_once() {
        assert_eq!(sum("Mounted on  Avail\n/           100\n/           100\n/data disk   50\n"), Some(150));
        assert_eq!(sum("Mounted on  Avail\n"), None);
        assert_eq!(sum("Mounted on  Avail\n/  -\n"), None);
    }
}
