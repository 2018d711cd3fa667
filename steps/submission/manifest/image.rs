//! Whether an image is one of those that a lab allows.

use std::collections::BTreeSet;

use crate::images::image_name;

/// Whether the name means one of the allowed images, the registry and `library/` spelled out or not.
pub(in crate::submission) fn is_among(name: &str, allowed: &BTreeSet<String>) -> bool {
    let wanted = spelled_out(name);
    allowed.iter().any(|allowed| spelled_out(allowed) == wanted)
}

/// The name as containerd keeps it. Docker's own registry is taken off first, since its `library/` may be left out;
/// where the rest looks like another registry's name, it is not that registry's image.
fn spelled_out(name: &str) -> String {
    let names_a_registry = |rest: &&str| {
        let host = rest.split_once('/').map(|(host, _)| host);
        host.is_some_and(|host| host.contains(['.', ':']) || host == "localhost")
    };
    match name.strip_prefix("docker.io/").filter(|rest| !names_a_registry(rest)) {
        Some(rest) => image_name::canonical(rest),
        None => image_name::canonical(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_spelled_out() {
        let allowed = BTreeSet::from(["busybox:latest", "ubuntu/x:1", "ghcr.io/a/b:2"].map(str::to_owned));
        for name in
            ["busybox", "busybox:latest", "library/busybox", "docker.io/busybox", "docker.io/library/busybox:latest"]
        {
            assert!(is_among(name, &allowed), "{name}");
        }
        assert!(is_among("docker.io/ubuntu/x:1", &allowed) && is_among("ghcr.io/a/b:2", &allowed));
        for name in ["", "busybox:1", "evil/busybox", "docker.io/ghcr.io/a/b:2", "ghcr.io/library/busybox", "BusyBox"] {
            assert!(!is_among(name, &allowed), "{name}");
        }
        assert!(!is_among("busybox@sha256:0000", &allowed) && !is_among("docker.io/docker.io/busybox", &allowed));
    }
}
