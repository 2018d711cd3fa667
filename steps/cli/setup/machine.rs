//! Checks the machine itself: memory, disk, watched files, namespaces.

use std::fs;

use super::finding::Finding;
use crate::{terminal::isolation::Isolation, tool::Tool};

const GIB: u64 = 1024 * 1024 * 1024;

/// The memory that a cluster of three nodes and eight parallel scenarios need, with a reserve.
const MEMORY: u64 = 6 * GIB;

/// The disk space that the node image, the labs' images and three nodes need, with a reserve.
const DISK: u64 = 10 * GIB;

/// The number of inotify instances that the systemds and kubelets of three nodes need.
const INSTANCES: u64 = 512;

/// Checks everything that does not depend on the engine.
pub(super) async fn look() -> Vec<Finding> {
    let instances = fs::read_to_string("/proc/sys/fs/inotify/max_user_instances");
    let mut found: Vec<Finding> =
        instances.ok().and_then(|text| text.trim().parse().ok()).map(inotify).into_iter().collect();
    found.push(match Isolation::of_this_machine().await.note() {
        None => Finding::fine("each scenario's processes are isolated"),
        Some(note) => Finding::note(note).remedy(Isolation::remedy()),
    });
    found
}

/// Checks the memory of the engine's machine.
pub(super) fn memory(bytes: u64) -> Finding {
    let text = format!("{} of memory", gib(bytes));
    if bytes >= MEMORY {
        return Finding::fine(text);
    }
    Finding::note(format!("{text}: {} are better", gib(MEMORY)))
        .remedy("run fewer scenarios side by side: `labproof verify --jobs 2`")
}

/// Checks the free space in the engine's folder, if it is on this machine.
pub(super) async fn disk(folder: &str) -> Option<Finding> {
    let words = ["--output=avail", "--block-size=1", folder];
    let room = Tool::new("df").args(words).output().await.ok()?;
    room.lines().nth(1)?.trim().parse().ok().map(|bytes| room_finding(bytes, folder))
}

fn room_finding(bytes: u64, folder: &str) -> Finding {
    let text = format!("{} of disk are free below {folder}", gib(bytes));
    if bytes >= DISK {
        return Finding::fine(text);
    }
    Finding::note(format!("{text}: {} are better", gib(DISK)))
        .remedy("free some space: `docker system df` shows what Docker uses, `labproof clean` what labproof keeps")
}

fn inotify(instances: u64) -> Finding {
    let text = format!("fs.inotify.max_user_instances is {instances}");
    if instances >= INSTANCES {
        return Finding::fine(text);
    }
    Finding::note(format!("{text}: a second or third node may not come up"))
        .remedy("as root: `sysctl -w fs.inotify.max_user_instances=1024`")
}

fn gib(bytes: u64) -> String {
    format!("{}.{} GiB", bytes / GIB, bytes % GIB * 10 / GIB)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::setup::finding::State;

    #[test]
    fn too_little_is_noted_with_what_to_do() {
        let cases = [
            (memory(8 * GIB), memory(4 * GIB)),
            (room_finding(20 * GIB, "/var/lib/docker"), room_finding(GIB, "/var/lib/docker")),
            (inotify(1024), inotify(128)),
        ];
        for (enough, little) in cases {
            assert_eq!(enough.state, State::Fine, "{enough}");
            assert_eq!(little.state, State::Note, "{little}");
            assert!(little.to_string().contains("hint: "), "{little}");
        }
    }

    #[test]
    fn sizes_have_one_digit_behind_the_point() {
        assert_eq!((gib(6 * GIB), gib(GIB + GIB / 2)), ("6.0 GiB".into(), "1.5 GiB".into()));
    }
}
