//! Whether a lab allows an image.

use std::collections::BTreeSet;

use crate::image_name::ImageName;

/// Whether the name refers to an allowed image, with or without the registry and `library/`.
pub(in crate::submission) fn is_among(name: &str, allowed: &BTreeSet<ImageName>) -> bool {
    let wanted = spelled_out(name);
    allowed.iter().any(|allowed| spelled_out(&allowed.full()) == wanted)
}

/// The full names of the allowed images, for a message.
pub(in crate::submission) fn listed(allowed: &BTreeSet<ImageName>) -> String {
    allowed.iter().map(ImageName::full).collect::<Vec<_>>().join(", ")
}

/// The name as containerd stores it. First, Docker's own registry is removed, because `library/` may be missing after
/// it. If the rest then looks like the name of another registry, the image still does not come from that registry.
fn spelled_out(name: &str) -> String {
    let names_a_registry = |rest: &&str| {
        let host = rest.split_once('/').map(|(host, _)| host);
        host.is_some_and(|host| host.contains(['.', ':']) || host == "localhost")
    };
    let rest = name.strip_prefix("docker.io/").filter(|rest| !names_a_registry(rest));
    ImageName::from(rest.unwrap_or(name)).canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_spelled_out() {
        let allowed = BTreeSet::from(["busybox:latest", "ubuntu/x:1", "ghcr.io/a/b:2"].map(ImageName::from));
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
