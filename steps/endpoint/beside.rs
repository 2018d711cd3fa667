//! The engine outside of labproof's own container: labproof runs in a container, and uses the engine that runs it, through a
//! mounted socket. Files, ports and addresses of the engine's machine are then not those of the container.

use std::{fs, path::Path, process::Command, sync::OnceLock};

static OWN: OnceLock<Option<String>> = OnceLock::new();

/// The id of labproof's own container, if the engine runs it and the container does not use the machine's network.
pub(super) fn own_container() -> Option<&'static str> {
    OWN.get_or_init(find).as_deref()
}

/// Whether labproof is in a container of the engine that it uses. With the machine's network, only files differ.
fn find() -> Option<String> {
    if !Path::new("/.dockerenv").exists() {
        return None;
    }
    let id = id(&fs::read_to_string("/proc/self/mountinfo").ok()?)?;
    let asked =
        Command::new("docker").args(["inspect", "--format", "{{.HostConfig.NetworkMode}}", &id]).output().ok()?;
    let network = String::from_utf8_lossy(&asked.stdout);
    (asked.status.success() && network.trim() != "host").then_some(id)
}

/// The id in the path of the file that the engine mounts as `/etc/hostname`, which contains the container's id.
fn id(mounts: &str) -> Option<String> {
    let line = mounts.lines().find(|line| line.split(' ').nth(4) == Some("/etc/hostname"))?;
    let is_id = |part: &&str| part.len() == 64 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    line.split(' ').nth(3)?.split('/').find(is_id).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_finds_its_id_among_its_mounts() {
        let own = "0123456789abcdef".repeat(4);
        let mounts = format!(
            "1 2 0:1 / /proc rw - proc proc rw\n3 2 254:1 /var/lib/docker/containers/{own}/resolv.conf /etc/resolv.conf rw - ext4 /dev/vda rw\n4 2 254:1 \
             /var/lib/docker/containers/{own}/hostname /etc/hostname rw - ext4 /dev/vda rw\n"
        );
        assert_eq!(id(&mounts), Some(own));
        assert_eq!(id("1 2 0:1 / / rw - ext4 /dev/vda rw\n4 2 0:5 /hostname /etc/hostname rw - tmpfs x rw\n"), None);
    }
}
