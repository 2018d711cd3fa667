//! Builds of a learner's Dockerfile: in containers that are limited, without a network unless the lab grants one, and
//! ended when they fill the engine's disk.

use std::time::Duration;

use crate::{
    images::disk::Disk,
    project::Network,
    tool::{Finished, Tool},
    verdict::{Fault, Outcome},
};

/// What the containers of the classic builder may use; `BuildKit` may ignore these flags.
pub(super) const CLASSIC: [&str; 7] = [
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

/// How much of the engine's disk may be filled during a build, in KiB: beside others, of which nobody knows who does it, and
/// alone, when others that are no builds may still do some of it.
const ROOM: [u64; 2] = [2 * 1024 * 1024, 4 * 1024 * 1024];

/// How often the disk is looked at: nothing tells that it fills.
const LOOK: Duration = Duration::from_millis(500);

/// Runs a build within bounds of time and room; nothing where it was ended because the disk filled while other builds were
/// running. What it may use is bounded by the builder.
///
/// # Errors
/// `failed` where it takes too long, or fills the disk alone.
pub(super) async fn keep(build: Tool, network: Network, is_alone: bool) -> Outcome<Option<Finished>> {
    let limit = LIMITS_OF_TIME[usize::from(network == Network::Engine)];
    let build = build.limit(2 * limit);
    tokio::select! {
        biased;
        () = tokio::time::sleep(limit) => Err(Fault::failed(format!("the build took longer than {} minutes", limit.as_secs() / 60))),
        () = filled(ROOM[usize::from(is_alone)]) => {
            let full = format!("the build filled more than {} GiB of the disk", ROOM[0] / 1024 / 1024);
            if is_alone { Err(Fault::failed(full)) } else { Ok(None) }
        }
        finished = build.finish() => finished.map(Some),
    }
}

/// Waits until the engine's disk has so much less room than now; for ever where the engine is not on this machine.
async fn filled(room_to_fill: u64) {
    let Some(disk) = Disk::of_engine().await else { return std::future::pending().await };
    let before = disk.room().await.unwrap_or_default();
    loop {
        tokio::time::sleep(LOOK).await;
        if disk.room().await.is_some_and(|now| now + room_to_fill < before) {
            return;
        }
    }
}
