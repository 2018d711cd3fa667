//! Names of images, as people and programs write them.

/// The name with its tag: `busybox` and `busybox:latest` are one.
#[must_use]
pub fn full(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    if last.contains(':') || name.contains('@') { name.to_owned() } else { format!("{name}:latest") }
}

/// The name as containerd keeps it: with the registry, and `library/` for Docker's own images.
#[must_use]
pub fn canonical(name: &str) -> String {
    let full = full(name);
    if registry(&full).is_some() {
        return full;
    }
    if full.contains('/') { format!("docker.io/{full}") } else { format!("docker.io/library/{full}") }
}

/// The registry that a name says, where it says one.
#[must_use]
pub fn registry(name: &str) -> Option<&str> {
    let (host, _) = name.split_once('/')?;
    (host.contains('.') || host.contains(':') || host == "localhost").then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_tag_means_latest() {
        assert_eq!(full("ubuntu/helloworld"), "ubuntu/helloworld:latest");
        assert_eq!(full("node:20-slim"), "node:20-slim");
        assert_eq!(full("localhost:5000/x"), "localhost:5000/x:latest");
    }

    #[test]
    fn containerd_spells_names_out() {
        assert_eq!(canonical("busybox"), "docker.io/library/busybox:latest");
        assert_eq!(canonical("ubuntu/helloworld"), "docker.io/ubuntu/helloworld:latest");
        assert_eq!(canonical("localhost:5000/x:1"), "localhost:5000/x:1");
    }
}
