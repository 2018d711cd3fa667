//! Checks the machine itself: memory, disk, watched files, namespaces.

use std::fs;

use super::finding::SetupFinding;
use crate::{terminal::isolation::Isolation, tool::Tool};

const GIB: u64 = 1024 * 1024 * 1024;

/// The memory that a cluster of three nodes and eight parallel scenarios need, with a reserve.
const MEMORY: u64 = 6 * GIB;

/// The disk space that the node image, the labs' images and three nodes need, with a reserve.
const DISK: u64 = 10 * GIB;

/// The number of inotify instances that the systemds and kubelets of three nodes need.
const INSTANCES: u64 = 512;

/// The number of files that kubelets and programs of the labs may want to watch.
const WATCHES: u64 = 65_536;

/// Checks everything that does not depend on the engine.
pub(super) async fn findings() -> Vec<SetupFinding> {
    let limits = [("max_user_instances", INSTANCES, 1024), ("max_user_watches", WATCHES, 524_288)];
    let limit = |(name, least, better)| {
        let text = fs::read_to_string(format!("/proc/sys/fs/inotify/{name}")).ok()?;
        Some(inotify(name, text.trim().parse().ok()?, least, better))
    };
    let mut found: Vec<SetupFinding> = limits.into_iter().filter_map(limit).collect();
    found.push(match Isolation::of_this_machine().await.note() {
        None => SetupFinding::fine("each scenario's processes are isolated"),
        Some(note) => SetupFinding::note(note).remedy(Isolation::remedy()),
    });
    found
}

/// Checks the memory of the engine's machine.
pub(super) fn memory(bytes: u64) -> SetupFinding {
    let text = format!("{} of memory", gib(bytes));
    if bytes >= MEMORY {
        return SetupFinding::fine(text);
    }
    SetupFinding::note(format!("{text}: {} are better", gib(MEMORY)))
        .remedy("run fewer scenarios side by side: `labproof verify --jobs 2`")
}

/// Checks the free space in folders of this machine.
pub(super) async fn disk(folders: &[String]) -> Vec<SetupFinding> {
    let found = futures::future::join_all(folders.iter().map(|folder| room(folder))).await;
    found.into_iter().flatten().collect()
}

async fn room(folder: &str) -> Option<SetupFinding> {
    let words = ["--output=avail", "--block-size=1", folder];
    let table = Tool::new("df").args(words).output().await.ok()?;
    table.lines().nth(1)?.trim().parse().ok().map(|bytes| room_finding(bytes, folder))
}

/// The size of the largest packet that may leave this machine, in bytes; `None` if it has no route or is no Linux.
pub(super) fn packets_outside() -> Option<u32> {
    let routes = fs::read_to_string("/proc/net/route").ok()?;
    let mtu = fs::read_to_string(format!("/sys/class/net/{}/mtu", default_device(&routes)?)).ok()?;
    mtu.trim().parse().ok()
}

/// The device of the default route, in the kernel's table of routes.
fn default_device(routes: &str) -> Option<&str> {
    let mut rows = routes.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.find(|row| row.get(1) == Some(&"00000000")).map(|row| row[0])
}

/// Checks that containers ask for no larger packets than the network outside takes. Some clouds and VPNs take less than
/// Ethernet's 1500 bytes; an engine does not notice.
pub(super) fn packets(of_containers: Option<u32>, outside: Option<u32>) -> Option<SetupFinding> {
    let (of_containers, outside) = (of_containers?, outside?);
    (of_containers > outside).then(|| {
        SetupFinding::note(format!(
            "the engine's containers send packets of up to {of_containers} bytes, but the network outside takes only \
             {outside}: downloads in a build may hang"
        ))
        .remedy(format!(
            "write \"mtu\": {outside} into /etc/docker/daemon.json, and start the engine again; then, without a cluster, \
             `docker network rm kind`"
        ))
    })
}

fn room_finding(bytes: u64, folder: &str) -> SetupFinding {
    let text = format!("{} of disk are free below {folder}", gib(bytes));
    if bytes >= DISK {
        return SetupFinding::fine(text);
    }
    SetupFinding::note(format!("{text}: {} are better", gib(DISK)))
        .remedy("free some space: `docker system df` shows what Docker uses, `labproof clean` what labproof keeps")
}

fn inotify(name: &str, value: u64, least: u64, better: u64) -> SetupFinding {
    let text = format!("fs.inotify.{name} is {value}");
    if value >= least {
        return SetupFinding::fine(text);
    }
    SetupFinding::note(format!("{text}: a second or third node may not come up"))
        .remedy(format!("as root: `sysctl -w fs.inotify.{name}={better}`"))
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
            (inotify("max_user_watches", 65_536, WATCHES, 1), inotify("max_user_watches", 8192, WATCHES, 1)),
        ];
        for (enough, little) in cases {
            assert_eq!(enough.state, State::Fine, "{enough}");
            assert_eq!(little.state, State::Note, "{little}");
            assert!(little.to_string().contains("hint: "), "{little}");
        }
    }

    #[test]
    fn packets_that_are_too_large_for_the_network_outside_are_noted() {
        assert!(packets(Some(1500), Some(1500)).is_none() && packets(Some(1400), Some(1500)).is_none());
        assert!(packets(None, Some(1400)).is_none() && packets(Some(1500), None).is_none());
        let noted = packets(Some(1500), Some(1400)).unwrap();
        assert_eq!(noted.state, State::Note, "{noted}");
        assert!(noted.to_string().contains("\"mtu\": 1400"), "{noted}");
    }

    #[test]
    fn the_default_route_has_no_destination() {
        let routes = "Iface\tDestination\tGateway\ndocker0\t000011AC\t00000000\nwlan0\t00000000\t0102A8C0\n";
        assert_eq!(default_device(routes), Some("wlan0"));
        assert_eq!(default_device("Iface\tDestination\n"), None);
    }

    #[test]
    fn sizes_have_one_digit_behind_the_point() {
        assert_eq!((gib(6 * GIB), gib(GIB + GIB / 2)), ("6.0 GiB".into(), "1.5 GiB".into()));
    }
}
