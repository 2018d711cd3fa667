//! Image names, as people and programs write them.

use std::{
    cmp::Ordering,
    collections::BTreeSet,
    fmt,
    hash::{Hash, Hasher},
    sync::LazyLock,
};

use crate::expression::regex;
use regex::Regex;
use schemars::JsonSchema;
use serde::Deserialize;

/// The names of Docker's own registry: the one that containerd stores, and an older one.
const DOCKER: [&str; 2] = ["docker.io/", "index.docker.io/"];

/// An image name as it was written: `busybox`, `node:20-slim`, `localhost:5000/x@sha256:…`.
///
/// A missing tag means `latest`, and a missing registry Docker's own, so `busybox` equals `docker.io/library/busybox:latest`.
/// `Display` prints the name as it was written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ImageName(String);

impl ImageName {
    /// The name with its tag, as the engine lists it: `busybox:latest`.
    #[must_use]
    pub fn full(&self) -> String {
        if self.has_tag() { self.0.clone() } else { format!("{}:latest", self.0) }
    }

    /// The name without its tag, and the tag: `node` and `20-slim`; [`None`] if it has a digest.
    #[must_use]
    pub fn tagged(&self) -> Option<(&str, &str)> {
        if self.has_digest() {
            return None;
        }
        Some(if self.has_tag() { self.0.rsplit_once(':')? } else { (&self.0, "latest") })
    }

    /// The name without the tag `latest`, which may be omitted: `busybox`.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.strip_suffix(":latest").unwrap_or(&self.0)
    }

    /// The name as containerd stores it: with the registry, and with `library/` for Docker's official images.
    #[must_use]
    pub fn canonical(&self) -> String {
        let full = self.full();
        // Without Docker's own registry, the rest could be taken for the name of another one.
        let rest = DOCKER.iter().find_map(|host| full.strip_prefix(host)).filter(|rest| registry_of(rest).is_none());
        let of_docker = rest.or_else(|| self.registry().is_none().then_some(full.as_str()));
        match of_docker {
            Some(rest) if rest.contains('/') => format!("docker.io/{rest}"),
            Some(rest) => format!("docker.io/library/{rest}"),
            None => full,
        }
    }

    /// All ways to write the name: with and without the tag `latest`, Docker's own registry, and its `library/`.
    #[must_use]
    pub fn spellings(&self) -> BTreeSet<String> {
        let canonical = self.canonical();
        let mut all = BTreeSet::from([canonical.clone()]);
        if let Some(rest) = canonical.strip_prefix(DOCKER[0]) {
            let paths = [Some(rest), rest.strip_prefix("library/").filter(|short| !short.contains('/'))];
            for path in paths.into_iter().flatten() {
                all.insert(path.to_owned());
                all.extend(DOCKER.map(|host| format!("{host}{path}")));
            }
        }
        let untagged: Vec<String> =
            all.iter().filter_map(|name| name.strip_suffix(":latest")).map(str::to_owned).collect();
        all.extend(untagged);
        all
    }

    /// The registry in the name, if the name contains one.
    #[must_use]
    pub fn registry(&self) -> Option<&str> {
        registry_of(&self.0)
    }

    /// Whether the image is pulled from Docker Hub.
    #[must_use]
    pub fn is_of_docker_hub(&self) -> bool {
        self.registry().is_none_or(|registry| ["docker.io", "index.docker.io"].contains(&registry))
    }

    /// The name with this prefix in front: `localhost/x/busybox:latest`. A registry's port becomes part of the path:
    /// `localhost/x/registry.example--5000/app:1`.
    #[must_use]
    pub fn below(&self, prefix: &str) -> Self {
        let full = self.full();
        let port = self.registry().and_then(|host| host.find(':'));
        Self(match port {
            Some(at) => format!("{prefix}/{}--{}", &full[..at], &full[at + 1..]),
            None => format!("{prefix}/{full}"),
        })
    }

    /// Whether an image can have this name: <https://pkg.go.dev/github.com/distribution/reference>.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        static NAME: LazyLock<Regex> = LazyLock::new(|| {
            let host = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d+)?/";
            let part = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*";
            let end = r"(?::\w[\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-fA-F]{32,})?";
            regex(&format!("^(?:{host})?{part}(?:/{part})*{end}$"))
        });
        NAME.is_match(&self.0)
    }

    /// Whether it names the image by a digest.
    #[must_use]
    pub fn has_digest(&self) -> bool {
        self.0.contains('@')
    }

    fn has_tag(&self) -> bool {
        self.has_digest() || self.0.rsplit('/').next().is_some_and(|last| last.contains(':'))
    }
}

fn registry_of(name: &str) -> Option<&str> {
    let (host, _) = name.split_once('/')?;
    (host.contains('.') || host.contains(':') || host == "localhost").then_some(host)
}

impl From<&str> for ImageName {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl From<String> for ImageName {
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl fmt::Display for ImageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl PartialEq for ImageName {
    fn eq(&self, other: &Self) -> bool {
        self.canonical() == other.canonical()
    }
}

impl Eq for ImageName {}

impl PartialOrd for ImageName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ImageName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.canonical().cmp(&other.canonical())
    }
}

impl Hash for ImageName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.canonical().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> ImageName {
        name.into()
    }

    #[test]
    fn a_name_without_a_tag_means_latest() {
        assert_eq!(name("ubuntu/helloworld").full(), "ubuntu/helloworld:latest");
        assert_eq!(name("node:20-slim").full(), "node:20-slim");
        assert_eq!(name("localhost:5000/x").full(), "localhost:5000/x:latest");
        assert_eq!(name("busybox@sha256:0000").full(), "busybox@sha256:0000");
    }

    #[test]
    fn a_name_is_one_with_and_without_latest_and_shown_as_it_is_written() {
        let names = BTreeSet::from(["busybox", "busybox:latest", "busybox:1"].map(ImageName::from));
        assert_eq!(names.len(), 2);
        assert_eq!(name("busybox").to_string(), "busybox");
        assert_eq!((name("busybox:latest").short(), name("busybox:1").short()), ("busybox", "busybox:1"));
    }

    #[test]
    fn a_tag_is_what_follows_the_last_colon() {
        assert_eq!(name("localhost:5000/x").tagged(), Some(("localhost:5000/x", "latest")));
        assert_eq!(name("nginx:1.27-alpine").tagged(), Some(("nginx", "1.27-alpine")));
        assert_eq!(name("nginx@sha256:0000").tagged(), None);
    }

    #[test]
    fn containerd_spells_names_out() {
        assert_eq!(name("busybox").canonical(), "docker.io/library/busybox:latest");
        assert_eq!(name("ubuntu/helloworld").canonical(), "docker.io/ubuntu/helloworld:latest");
        assert_eq!(name("localhost:5000/x:1").canonical(), "localhost:5000/x:1");
        for same in
            ["busybox", "docker.io/busybox", "docker.io/library/busybox:latest", "index.docker.io/library/busybox"]
        {
            assert_eq!(name(same), name("busybox:latest"));
        }
        // This is an image of Docker's own registry, not one of the other.
        assert_ne!(name("docker.io/ghcr.io/a/b:2"), name("ghcr.io/a/b:2"));
    }

    #[test]
    fn every_spelling_is_the_same_name() {
        for (one, count) in [("busybox", 12), ("busybox:1.36", 6), ("ubuntu/helloworld", 6), ("ghcr.io/a/b:2", 1)] {
            let spelled = name(one).spellings();
            assert_eq!(spelled.len(), count, "{spelled:?}");
            assert!(spelled.contains(one) && spelled.iter().all(|other| name(other) == name(one)), "{spelled:?}");
        }
    }

    #[test]
    fn a_name_below_a_prefix_keeps_its_tag() {
        assert_eq!(name("own").below("localhost/a").to_string(), "localhost/a/own:latest");
        let with_port = name("registry.example:5000/team/own:1").below("localhost/a");
        assert_eq!(with_port.to_string(), "localhost/a/registry.example--5000/team/own:1");
    }
}
