//! Gives an exported image to nodes that lack it: in the folder that they see, else through the engine.

use std::{
    collections::HashSet,
    io::{self, Write},
    os::unix::process::CommandExt,
    process::{Command, Stdio},
    sync::Arc,
};

use futures::future::try_join_all;

use crate::{
    image_name::ImageName,
    images::{LOAD_LIMIT, archive::Archive, engine, handover::Handover, on_nodes},
    machine::claim::Held,
    tool::{Finished, Tool},
    verdict::{Fault, Outcome},
};

/// Says whether a node sees a folder, then an option of its `ctr`, then the digests of all that its containerd has.
///
/// By itself, `ctr` from version 2 on hands every block to containerd's transfer service, which takes about three times as
/// long; before version 1.7 it has no such option and no such service.
const ASK: &str = r#"if [ -d "$0" ]; then echo seen; else echo unseen; fi
ctr images import --help < /dev/null 2> /dev/null | grep -o -e --local || echo
exec ctr -n k8s.io content ls --quiet"#;

/// Imports an image from a file or from standard input, and says what the node has under its name then.
const IMPORT: &str = r#"ctr -n k8s.io images import $1 "$0" > /dev/null || exit
exec sh -c "$2" "$3""#;

/// What a node has under the image's name after an import.
pub(super) type Imported = Outcome<(String, Option<on_nodes::OnNode>)>;

/// What an import needs to know of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    name: String,
    /// Whether it sees the folder for images.
    sees: bool,
    /// An option of its `ctr`, or nothing.
    option: String,
    /// The digests of all that its containerd has.
    present: HashSet<String>,
}

impl Node {
    /// Asks a node.
    pub(super) async fn ask(name: &str, handover: &Handover) -> Outcome<Self> {
        let said = Tool::new("docker").args(["exec", name, "sh", "-c", ASK, handover.in_node()]).output().await?;
        Ok(Self::read(name, &said))
    }

    fn read(name: &str, said: &str) -> Self {
        let mut lines = said.lines().map(str::to_owned);
        let sees = lines.next().as_deref() == Some("seen");
        Self { name: name.to_owned(), sees, option: lines.next().unwrap_or_default(), present: lines.collect() }
    }

    /// The words after `docker exec` that import the image from `source`.
    fn import(&self, name: &ImageName, source: &str) -> [String; 8] {
        let name = name.canonical();
        [&self.name, "sh", "-c", IMPORT, source, &self.option, on_nodes::ASK, &name].map(str::to_owned)
    }

    /// What the node has, where the import went well.
    async fn imported(&self, name: &ImageName, import: &Finished) -> Imported {
        if !import.status.success() {
            let fault = Fault::broken(format!("cannot load {name} into node {}", self.name));
            return Err(fault.seen("the import said", import.stderr.clone()));
        }
        let on_node = on_nodes::read(&import.stdout, &self.name, &engine::platform().await?).await?;
        Ok((self.name.clone(), on_node))
    }
}

/// Gives the image to all of these nodes at the same time.
pub(super) async fn import(
    name: &ImageName,
    archive: Archive,
    nodes: Vec<Node>,
    handover: &Handover,
    turn: &Held,
) -> Outcome<Vec<(String, Option<on_nodes::OnNode>)>> {
    let archive = Arc::new(archive);
    let (near, far): (Vec<Node>, Vec<Node>) = nodes.into_iter().partition(|node| node.sees);
    let far = try_join_all(far.iter().map(|node| send(name, &archive, node)));
    let (near, far) = tokio::try_join!(hand_over(name, &archive, &near, handover, turn), far)?;
    Ok(near.into_iter().chain(far).collect())
}

/// Writes what some of the nodes lack into a file, which all of them import.
async fn hand_over(
    name: &ImageName,
    archive: &Arc<Archive>,
    nodes: &[Node],
    handover: &Handover,
    turn: &Held,
) -> Outcome<Vec<(String, Option<on_nodes::OnNode>)>> {
    if nodes.is_empty() {
        return Ok(Vec::new());
    }
    let cannot = |error: io::Error| Fault::broken(format!("cannot write {name} for the nodes: {error}"));
    let mut file = handover.file().map_err(cannot)?;
    let (archive, canonical, present) = (archive.clone(), name.canonical(), on_all(nodes));
    tokio::task::spawn_blocking(move || archive.write(&canonical, &present, &mut file))
        .await
        .map_err(|error| cannot(io::Error::other(error)))?
        .map_err(cannot)?;
    let source = handover.file_in_node();
    try_join_all(nodes.iter().map(async |node| {
        let import = Tool::new("docker").args(["exec"]).args(node.import(name, &source)).limit(LOAD_LIMIT);
        // An import goes on after labproof was killed. So it holds the turn itself.
        let import = turn.lock().into_iter().fold(import, Tool::holding);
        node.imported(name, &import.finish().await?).await
    }))
    .await
}

/// The digests of what all of these nodes have.
fn on_all(nodes: &[Node]) -> HashSet<String> {
    let sets = nodes.iter().map(|node| node.present.clone());
    sets.reduce(|all, of_node| &all & &of_node).unwrap_or_default()
}

/// Sends a node through the engine what it lacks.
async fn send(name: &ImageName, archive: &Arc<Archive>, node: &Node) -> Imported {
    let cannot = |error: io::Error| Fault::broken(format!("cannot load {name} into node {}: {error}", node.name));
    let (archive, canonical, present) = (archive.clone(), name.canonical(), node.present.clone());
    let words = node.import(name, "-");
    let sending = tokio::task::spawn_blocking(move || write_to_import(&archive, &canonical, &present, &words));
    let (import, written) = sending.await.map_err(|error| cannot(io::Error::other(error)))?.map_err(cannot)?;
    let imported = node.imported(name, &import).await?;
    written.map(|()| imported).map_err(cannot)
}

/// How an import ended, and whether it read all that was written to it.
fn write_to_import(
    archive: &Archive,
    name: &str,
    present: &HashSet<String>,
    words: &[String],
) -> io::Result<(Finished, io::Result<()>)> {
    let mut import = Command::new("docker")
        .args(["exec", "--interactive"])
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()?;
    let written = match import.stdin.take() {
        Some(mut stdin) => archive.write(name, present, &mut stdin).and_then(|()| stdin.flush()),
        None => Ok(()),
    };
    let ended = import.wait_with_output()?;
    let [stdout, stderr] = [ended.stdout, ended.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok((Finished { status: ended.status, stdout, stderr }, written))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digests(digests: &[&str]) -> HashSet<String> {
        digests.iter().map(|digest| (*digest).to_owned()).collect()
    }

    #[test]
    fn a_node_says_what_it_sees_and_has() {
        let node = Node::read("a", "seen\n--local\nsha256:aa\nsha256:bb");
        assert!(node.sees && node.option == "--local");
        assert_eq!(node.present, digests(&["sha256:aa", "sha256:bb"]));
        let older = Node::read("a", "unseen\n\nsha256:aa");
        assert!(!older.sees && older.option.is_empty());
        assert_eq!(older.present, digests(&["sha256:aa"]));
    }

    #[test]
    fn a_layer_that_one_of_the_nodes_lacks_is_written_for_all() {
        let nodes =
            ["sha256:aa\nsha256:bb", "sha256:bb\nsha256:cc"].map(|has| Node::read("a", &format!("seen\n\n{has}")));
        assert_eq!(on_all(&nodes), digests(&["sha256:bb"]));
        assert_eq!(on_all(&nodes[..1]), digests(&["sha256:aa", "sha256:bb"]));
    }

    /// What a node with this `ctr` answers.
    async fn answer(ctr: &str, script: &str, words: &[&str]) -> Finished {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("ctr");
        std::fs::write(&program, format!("#!/bin/sh\n{ctr}\n")).unwrap();
        std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
        Tool::new("sh").args(["-c", script]).args(words).env("PATH", path).finish().await.unwrap()
    }

    #[tokio::test]
    async fn a_folder_that_the_node_does_not_see_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let ctr = r#"case "$*" in *--help) echo "   --local  Run import locally";; *) echo sha256:aa;; esac"#;
        let seen = answer(ctr, ASK, &[folder.path().to_str().unwrap()]).await.stdout;
        assert_eq!(seen, "seen\n--local\nsha256:aa\n");
        let older = answer("case \"$*\" in *--help) ;; *) echo sha256:aa;; esac", ASK, &["/not/there"]).await.stdout;
        assert_eq!(older, "unseen\n\nsha256:aa\n");
    }

    #[tokio::test]
    async fn an_import_that_fails_asks_nothing_more() {
        let words = ["/image.tar", "--local", "echo has $0", "busybox"];
        let imported = answer(r#"[ "$*" = "-n k8s.io images import --local /image.tar" ]"#, IMPORT, &words).await;
        assert_eq!((imported.status.code(), &*imported.stdout), (Some(0), "has busybox\n"));
        let failed = answer("echo disk full >&2; exit 3", IMPORT, &words).await;
        assert_eq!((failed.status.code(), &*failed.stdout, &*failed.stderr), (Some(3), "", "disk full\n"));
    }
}
