//! Examines a container from its node: its runtime, its mounts and its sockets. No program of the container runs for
//! this, because a learner's programs cannot be trusted about themselves.

use super::Cluster;
use crate::{
    conditions::runtime::{Inspected, Spec},
    tool::{Finished, Tool},
    verdict::{Fault, Outcome},
};

/// The maximum number of bytes to read from a file.
const MOST: &str = "65536";

/// The maximum number of bytes of a command line.
const LONGEST: &str = "4096";

/// Prints the owner and the group of a path below a folder, and the beginning of a regular file. Links cannot lead out
/// of the folder.
const READ: &str = r#"
base=$(realpath -e -- "$1") && path=$(realpath -e -- "$1${2:+/$2}") || exit 3
case "$path/" in "${base%/}/"*) ;; *) exit 3 ;; esac
cd -P -- "${path%/*}/" || exit 3
case "$(pwd -P)/" in "${base%/}/"*) ;; *) [ "$path" = "$base" ] || exit 3 ;; esac
name=./${path##*/}
stat -c '%u %g' -- "$name" || exit 3
[ ! -f "$name" ] || dd if="$name" iflag=nofollow,nonblock,count_bytes count="$3" status=none || exit 3"#;

/// Succeeds if a process of this container listens on this TCP port. The process that has a socket open owns it, and a
/// process belongs to the container whose control group it is in. The group's name contains the container's id: after a
/// container has ended, another process may have its number.
const LISTENS: &str = r#"
port=$(printf :%04X "$2")
group=$(cat "/proc/$1/cgroup") || exit 3
case $group in *"$3"*) ;; *) exit 3 ;; esac
sockets=$(awk -v port="$port" '$4 == "0A" && substr($2, length($2) - 4) == port {print "socket:[" $10 "]"}' \
  "/proc/$1/net/tcp" "/proc/$1/net/tcp6")
[ -n "$sockets" ] || exit 4
for process in /proc/[0-9]*; do
  [ "$(cat "$process/cgroup" 2>/dev/null)" = "$group" ] || continue
  for open in "$process"/fd/*; do
    open=$(readlink "$open") || continue
    case $open in socket:*) printf '%s\n' "$sockets" | grep -qxF "$open" && exit 0 ;; esac
  done
done
exit 5"#;

/// Prints the command line of each process of a container, one on each line, its words joined by blanks.
const PROCESSES: &str = r#"
group=$(cat "/proc/$1/cgroup") || exit 3
case $group in *"$3"*) ;; *) exit 3 ;; esac
for process in /proc/[0-9]*; do
  [ "$(cat "$process/cgroup" 2>/dev/null)" = "$group" ] || continue
  head -c "$2" "$process/cmdline" 2>/dev/null | tr '\n\0' '  ' && echo
done"#;

/// A container, as its node's runtime knows it. Once it runs, only its limits may change.
#[derive(Clone, Debug)]
pub struct OnNode {
    node: String,
    id: String,
    pid: u32,
    /// How it was started.
    pub spec: Spec,
}

/// A file or folder of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodePath {
    /// The numeric ids of its user and group.
    pub owner: (u32, u32),
    /// The first 64 KiB of a regular file.
    pub text: String,
}

/// Asks the node about a container. `id` is the id in the Pod's status, including the scheme.
///
/// # Errors
/// `broken` if the node does not answer.
pub async fn inspect(cluster: &Cluster, node: &str, id: &str) -> Outcome<OnNode> {
    assert_node(cluster, node)?;
    let id = bare(id);
    let answer = Tool::new("docker").args(["exec", node, "crictl", "inspect", "--output", "json", id]).output().await?;
    let Inspected { info } = serde_json::from_str(&answer).map_err(|error| {
        Fault::broken(format!("cannot read what the container runtime of {node} says of a container: {error}"))
    })?;
    Ok(OnNode { node: node.to_owned(), id: id.to_owned(), pid: info.pid, spec: info.runtime_spec })
}

impl OnNode {
    /// Whether the container has been started.
    #[must_use]
    pub fn was_started(&self) -> bool {
        self.pid != 0
    }

    /// Reads a path of the container's volumes or of its own file system; `None` if it does not exist.
    ///
    /// # Errors
    /// `broken` if the node does not answer.
    pub async fn read(&self, path: &str) -> Outcome<Option<NodePath>> {
        let root = format!("/run/containerd/io.containerd.runtime.v2.task/k8s.io/{}/rootfs", self.id);
        let (base, rest) = self.spec.mounted(path).unwrap_or((&root, path.to_owned()));
        let Finished { status, stdout, stderr } = self.ask(READ, &[base, &rest, MOST]).await?;
        match status.code() {
            Some(0) => Ok(Some(read(&stdout).ok_or_else(|| self.unclear("a file", stdout.clone()))?)),
            Some(3) => Ok(None),
            _ => Err(self.unclear("a file", stderr)),
        }
    }

    /// Whether a process of the container listens on a TCP port.
    ///
    /// # Errors
    /// `broken` if the node does not answer.
    pub async fn listens(&self, port: u16) -> Outcome<bool> {
        let Finished { status, stderr, .. } =
            self.ask(LISTENS, &[&self.pid.to_string(), &port.to_string(), &self.id]).await?;
        match status.code() {
            Some(0) => Ok(true),
            // The container has ended, nothing listens in the Pod, or another container listens.
            Some(3..=5) => Ok(false),
            _ => Err(self.unclear("the sockets of a container", stderr)),
        }
    }

    /// The command lines of the container's processes, their words joined by blanks. There is none after it has ended.
    ///
    /// # Errors
    /// `broken` if the node does not answer.
    pub async fn processes(&self) -> Outcome<Vec<String>> {
        let Finished { status, stdout, stderr } =
            self.ask(PROCESSES, &[&self.pid.to_string(), LONGEST, &self.id]).await?;
        match status.code() {
            Some(0) => Ok(stdout.lines().map(|line| line.trim_end().to_owned()).collect()),
            Some(3) => Ok(Vec::new()),
            _ => Err(self.unclear("the processes of a container", stderr)),
        }
    }

    async fn ask(&self, script: &str, arguments: &[&str]) -> Outcome<Finished> {
        let words = ["exec", &self.node, "sh", "-c", script, "sh"];
        Tool::new("docker").args(words.iter().chain(arguments)).finish().await
    }

    fn unclear(&self, what: &str, said: String) -> Fault {
        Fault::broken(format!("the node {} cannot read {what}", self.node)).seen("it said", said)
    }
}

pub(super) fn assert_node(cluster: &Cluster, node: &str) -> Outcome {
    if cluster.nodes().iter().any(|own| own == node) {
        return Ok(());
    }
    Err(Fault::broken(format!("the cluster {} has no node {node}", cluster.name())))
}

/// The id without the runtime's scheme.
pub(super) fn bare(id: &str) -> &str {
    id.rsplit_once("//").map_or(id, |(_, id)| id)
}

fn read(answer: &str) -> Option<NodePath> {
    let (owner, text) = answer.split_once('\n')?;
    let (user, group) = owner.split_once(' ')?;
    Some(NodePath { owner: (user.parse().ok()?, group.parse().ok()?), text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::MetadataExt, process::Command};

    use super::*;

    fn answer(script: &str, arguments: &[&str]) -> (Option<i32>, String) {
        let output = Command::new("sh").args(["-c", script, "sh"]).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    }

    #[test]
    fn a_path_is_read_with_its_owner_and_no_link_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let (inside, outside) = (folder.path().join("volume"), folder.path().join("secret"));
        fs::create_dir(&inside).unwrap();
        fs::write(&outside, "secret").unwrap();
        fs::write(inside.join("file"), "text\n").unwrap();
        let links = [("../secret", "out"), ("file", "in")];
        for (to, name) in links {
            std::os::unix::fs::symlink(to, inside.join(name)).unwrap();
        }
        let owner = fs::metadata(&inside).unwrap();
        let expected = NodePath { owner: (owner.uid(), owner.gid()), text: "text\n".into() };
        let at = |name: &str| answer(READ, &[&inside.display().to_string(), name, MOST]);
        assert_eq!((read(&at("file").1), read(&at("in").1)), (Some(expected.clone()), Some(expected)));
        assert_eq!(read(&at("").1).unwrap().text, "");
        for name in ["out", "../secret", "missing"] {
            assert_eq!(at(name), (Some(3), String::new()), "{name}");
        }
    }

    #[test]
    fn a_port_is_listened_on_by_whose_socket_it_is() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port().to_string();
        let own = std::process::id().to_string();
        assert_eq!(answer(LISTENS, &[&own, &port, ""]).0, Some(0));
        assert_eq!(answer(LISTENS, &[&own, &port, "another-container"]).0, Some(3));
        drop(listener);
        assert_eq!(answer(LISTENS, &[&own, &port, ""]).0, Some(4));
    }

    #[test]
    fn a_process_is_listed_with_its_words() {
        let mut sleeper = Command::new("sleep").args(["60", "1"]).spawn().unwrap();
        let (status, listed) = answer(PROCESSES, &[&sleeper.id().to_string(), LONGEST, ""]);
        sleeper.kill().unwrap();
        sleeper.wait().unwrap();
        assert_eq!(status, Some(0));
        assert!(listed.lines().any(|line| line.trim_end() == "sleep 60 1"), "{listed}");
    }
}
