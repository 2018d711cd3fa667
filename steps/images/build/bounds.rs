//! Limits the build of a learner's Dockerfile: its containers have limits and no network unless the lab grants one, and
//! it is ended if the engine's disk fills up.

use std::time::{Duration, Instant};

use crate::{
    images::disk::{self, Disk},
    project::Network,
    tool::{Finished, Tool},
    verdict::{Fault, Outcome, Verdict},
};

/// The limits of the classic builder's containers; `BuildKit` may ignore these flags.
pub(super) const CLASSIC: [&str; 7] = [
    "--memory=1g",
    "--memory-swap=1g",
    "--cpu-period=100000",
    "--cpu-quota=150000",
    "--ulimit=fsize=536870912",
    "--ulimit=core=0",
    "--ulimit=nofile=4096",
];

/// The time limit of a learner's build: without a network, and with one.
const LIMITS_OF_TIME: [Duration; 2] = [Duration::from_mins(2), Duration::from_mins(5)];

/// By how many KiB the engine's disk may fill during a build: while other builds run, when it is not known which one
/// does it, and while none do, when other programs may still contribute.
const ROOM: [u64; 2] = [2 * 1024 * 1024, 4 * 1024 * 1024];

/// How often to check the disk, which cannot be watched.
const LOOK: Duration = Duration::from_millis(500);

/// Runs a build with limits for time and disk. Returns `None` if the build was ended because the disk filled up while
/// other builds were running. The builder enforces all other limits.
///
/// # Errors
/// `failed` if the build takes too long, or fills the disk while no other build runs.
pub(super) async fn keep(build: Tool, network: Network, is_alone: bool) -> Outcome<Option<Finished>> {
    let limit = LIMITS_OF_TIME[usize::from(network == Network::Engine)];
    let began = Instant::now();
    let room = ROOM[usize::from(is_alone)];
    tokio::select! {
        biased;
        () = filled(room) => {
            let full = format!("the build was stopped: it filled more than {} GiB, or more than half of the engine's free disk space", room / 1024 / 1024);
            if is_alone { Err(Fault::failed(full)) } else { Ok(None) }
        }
        finished = build.limit(limit).finish() => match finished {
            Err(fault) if began.elapsed() >= limit => Err(too_slow(limit, fault)),
            finished => finished.map(Some),
        },
    }
}

/// The fault of a learner whose build did not end in time, with the output so far.
fn too_slow(limit: Duration, fault: Fault) -> Fault {
    let reason = format!("the build took longer than {} minutes", limit.as_secs() / 60);
    Fault { verdict: Verdict::Failed, reason, ..fault }
}

/// Waits until the engine's disk has this much less free space than now, or half of it. Never returns if the disk cannot be
/// measured, which a note in the report says.
async fn filled(room_to_fill: u64) {
    let Some(disk) = Disk::of_engine().await else { return std::future::pending().await };
    let before = disk.room().await.unwrap_or_default();
    let room_to_fill = disk::bound(room_to_fill, before);
    loop {
        tokio::time::sleep(LOOK).await;
        if disk.room().await.is_some_and(|now| now + room_to_fill < before) {
            return;
        }
    }
}
