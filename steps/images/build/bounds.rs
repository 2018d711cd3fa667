//! Builds of a learner's Dockerfile: in containers that are limited, without a network unless the lab grants one, and
//! ended when they fill the engine's disk.

use std::time::Duration;

use crate::{
    project::Network,
    tool::{Finished, Tool},
    verdict::{Fault, Outcome},
};

/// What the containers of a build may use. The classic builder knows these limits; `BuildKit` has none.
const LIMITS: [&str; 7] = [
    "--memory=1g",
    "--memory-swap=1g",
    "--cpu-period=100000",
    "--cpu-quota=150000",
    "--ulimit=fsize=536870912",
    "--ulimit=core=0",
    "--ulimit=nofile=4096",
];

/// How long a learner's build may take that reaches no network, and one that does.
const LIMITS_OF_TIME: [Duration; 2] = [Duration::from_mins(2), Duration::from_mins(5)];

/// How much of the engine's disk a build may fill, in KiB.
const ROOM: u64 = 2 * 1024 * 1024;

/// How often the disk is looked at: nothing tells that it fills.
const LOOK: Duration = Duration::from_millis(500);

/// Runs a build within bounds.
///
/// # Errors
/// `failed` where it takes too long or fills the disk.
pub(super) async fn keep(build: Tool, network: Network) -> Outcome<Finished> {
    let (network, limit) = match network {
        Network::None => ("--network=none", LIMITS_OF_TIME[0]),
        Network::Engine => ("--network=default", LIMITS_OF_TIME[1]),
    };
    let build = build.env("DOCKER_BUILDKIT", "0").args(LIMITS).args([network]).limit(2 * limit);
    tokio::select! {
        biased;
        () = tokio::time::sleep(limit) => Err(Fault::failed(format!("the build took longer than {} minutes", limit.as_secs() / 60))),
        () = fills() => Err(Fault::failed(format!("the build filled more than {} GiB of the disk", ROOM / 1024 / 1024))),
        finished = build.finish() => finished,
    }
}

/// Waits until the engine's disk has so much less room than now; for ever where the engine is not on this machine.
async fn fills() {
    let root = Tool::new("docker").args(["info", "--format", "{{.DockerRootDir}}"]).output().await.unwrap_or_default();
    let Some(before) = room(&root).await else { return std::future::pending().await };
    loop {
        tokio::time::sleep(LOOK).await;
        if room(&root).await.is_some_and(|now| now + ROOM < before) {
            return;
        }
    }
}

/// The room on the disk of a folder, in KiB.
async fn room(folder: &str) -> Option<u64> {
    let room = Tool::new("df").args(["--output=avail", "--block-size=1024", folder.trim()]).output().await.ok()?;
    room.lines().nth(1)?.trim().parse().ok()
}
