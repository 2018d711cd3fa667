//! The disk that the engine keeps its images and containers on, which those of a stranger could fill.

use crate::tool::Tool;

/// The engine's disk.
#[derive(Clone, Debug)]
pub struct Disk {
    folder: String,
}

impl Disk {
    /// The disk of the engine, where that is on this machine.
    pub async fn of_engine() -> Option<Self> {
        let folder = Tool::new("docker").args(["info", "--format", "{{.DockerRootDir}}"]).output().await.ok()?;
        let disk = Self { folder: folder.trim().to_owned() };
        disk.room().await.map(|_| disk)
    }

    /// How much room it has, in KiB.
    pub async fn room(&self) -> Option<u64> {
        let room = Tool::new("df").args(["--output=avail", "--block-size=1024", &self.folder]).output().await.ok()?;
        room.lines().nth(1)?.trim().parse().ok()
    }
}
