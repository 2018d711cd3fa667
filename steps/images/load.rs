//! Loads an image of the engine into all nodes of a kind cluster at the same time.
//!
//! A node that has that very image is left alone. The engine exports the image once; what it writes goes to all nodes
//! that lack it at the same time. Afterwards each node is asked what it has under the name.

use std::{process::Stdio, time::Duration};

use futures::future::{join_all, try_join_all};
use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
};

use super::{catalogue::canonical_name, engine};
use crate::{
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// How long loading may take.
const LIMIT: Duration = Duration::from_mins(5);

/// How much of an export is handed on at a time, in bytes.
const CHUNK: usize = 1 << 20;

/// What a node has under an image's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnNode {
    /// The image's id: the digest of its configuration, which is what engines call the id.
    pub id: String,
    /// The digest of its manifest on this node.
    pub manifest: String,
}

impl OnNode {
    /// Whether this is the image that the engine calls `id`, or that a container's status calls so.
    #[must_use]
    pub fn is(&self, id: &str) -> bool {
        let digest = id.rsplit('@').next().unwrap_or(id);
        digest == self.id || digest == self.manifest
    }
}

/// Puts the engine's image `name` on every node, and says what each node then has.
///
/// # Errors
/// Where the engine does not have it, or a node does not have it afterwards.
pub async fn load(name: &str, nodes: &[String]) -> Outcome<Vec<OnNode>> {
    let image = engine::image(name).await?.ok_or_else(|| {
        Fault::failed(format!("the engine has no image {name}")).hint(format!("build it: `docker build -t {name} .`"))
    })?;
    let before = on_nodes(name, nodes).await?;
    let lacking: Vec<&String> = nodes
        .iter()
        .zip(&before)
        .filter(|(_, on_node)| !on_node.as_ref().is_some_and(|on_node| on_node.is(&image.id)))
        .map(|(node, _)| node)
        .collect();
    if !lacking.is_empty() {
        let transfer = transfer(name, &lacking);
        tokio::time::timeout(LIMIT, transfer)
            .await
            .map_err(|_| Fault::broken(format!("loading {name} took longer than {} seconds", LIMIT.as_secs())))??;
    }
    let after = if lacking.is_empty() { before } else { on_nodes(name, nodes).await? };
    let verified = nodes.iter().zip(after).map(|(node, on_node)| match on_node {
        Some(on_node) if on_node.is(&image.id) => Ok(on_node),
        Some(on_node) => Err(Fault::broken(format!(
            "node {node} has another image under the name {name}: {}, the engine has {}",
            on_node.id, image.id
        ))),
        None => Err(Fault::broken(format!("node {node} does not have {name}, though it was just loaded"))),
    });
    verified.collect()
}

/// What each node has under the image's name; all nodes are asked at the same time.
///
/// # Errors
/// Where a node cannot be asked.
pub async fn on_nodes(name: &str, nodes: &[String]) -> Outcome<Vec<Option<OnNode>>> {
    try_join_all(nodes.iter().map(|node| on_node(name, node))).await
}

/// Asks containerd, in one call: the digest that the name stands for, and that manifest's text.
async fn on_node(name: &str, node: &str) -> Outcome<Option<OnNode>> {
    const ASK: &str = r#"set -e
digest=$(ctr -n k8s.io images ls "name==$0" | awk 'NR == 2 {print $3}')
[ -n "$digest" ] || exit 0
echo "$digest"
ctr -n k8s.io content get "$digest""#;
    let answer = Tool::new("docker").args(["exec", node, "sh", "-c", ASK, &canonical_name(name)]).output().await?;
    let Some((manifest, text)) = answer.split_once('\n') else { return Ok(None) };
    Ok(configuration(text).map(|id| OnNode { id, manifest: manifest.to_owned() }))
}

#[derive(Deserialize)]
struct Manifest {
    config: Descriptor,
}

#[derive(Deserialize)]
struct Descriptor {
    digest: String,
}

fn configuration(manifest: &str) -> Option<String> {
    serde_json::from_str::<Manifest>(manifest).ok().map(|manifest| manifest.config.digest)
}

/// Exports the image once and writes it to an import on each node.
async fn transfer(name: &str, nodes: &[&String]) -> Outcome {
    let export = pipe(Command::new("docker").args(["save", name]).stdout(Stdio::piped()))?;
    let mut imports = Vec::new();
    for node in nodes {
        let import = [
            "exec",
            "--interactive",
            node,
            "ctr",
            "-n",
            "k8s.io",
            "images",
            "import",
            "--snapshotter",
            "overlayfs",
            "-",
        ];
        imports.push(pipe(Command::new("docker").args(import).stdin(Stdio::piped()).stdout(Stdio::null()))?);
    }
    deliver(name, export, imports).await
}

/// Hands the export on, and waits for the end of all programs.
async fn deliver(name: &str, mut export: Child, mut imports: Vec<Child>) -> Outcome {
    copy(&mut export, &mut imports)
        .await
        .map_err(|error| Fault::broken(format!("cannot read the export of {name}: {error}")))?;
    let finished = try_join_all(imports.into_iter().chain([export]).map(Child::wait_with_output)).await;
    let finished = finished.map_err(|error| Fault::broken(format!("cannot load {name}: {error}")))?;
    match finished.iter().find(|output| !output.status.success()) {
        None => Ok(()),
        Some(output) => Err(Fault::broken(format!("cannot load {name} into the nodes"))
            .seen("the import said", String::from_utf8_lossy(&output.stderr))),
    }
}

/// Hands each piece of the export to all imports before it reads the next; an import that has ended is told by its
/// exit status.
async fn copy(export: &mut Child, imports: &mut [Child]) -> std::io::Result<()> {
    let Some(mut from) = export.stdout.take() else { return Ok(()) };
    let mut to: Vec<_> = imports.iter_mut().filter_map(|import| import.stdin.take()).collect();
    let mut piece = vec![0; CHUNK];
    loop {
        let size = from.read(&mut piece).await?;
        if size == 0 || to.is_empty() {
            return Ok(());
        }
        let piece = &piece[..size];
        let written = join_all(to.iter_mut().map(|stdin| stdin.write_all(piece))).await;
        let mut written = written.into_iter();
        to.retain(|_| written.next().is_some_and(|written| written.is_ok()));
    }
}

fn pipe(command: &mut Command) -> Outcome<Child> {
    command
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| Fault::broken(format!("cannot run docker: {error}")).hint("run `labproof setup`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_known_by_its_configuration_or_its_manifest() {
        let on_node = OnNode { id: "sha256:aa".into(), manifest: "sha256:bb".into() };
        assert!(on_node.is("sha256:aa") && on_node.is("docker.io/library/import-2022-10-02@sha256:bb"));
        assert!(!on_node.is("sha256:cc") && !on_node.is(""));
    }

    #[test]
    fn a_manifest_names_its_configuration() {
        assert_eq!(configuration(r#"{"config": {"digest": "sha256:aa"}}"#), Some("sha256:aa".into()));
        assert_eq!(configuration("not JSON"), None);
    }

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn export() -> Child {
        pipe(shell("head -c 3000000 /dev/zero").stdout(Stdio::piped())).unwrap()
    }

    fn import(script: &str) -> Child {
        pipe(shell(script).stdin(Stdio::piped()).stdout(Stdio::null())).unwrap()
    }

    #[tokio::test]
    async fn every_import_gets_the_whole_export() {
        let all = "[ $(wc -c) = 3000000 ]";
        assert_eq!(deliver("x", export(), vec![import(all), import(all)]).await, Ok(()));
    }

    #[tokio::test]
    async fn an_import_that_breaks_off_is_told_in_its_own_words_and_stops_nobody() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let other = format!("cat > {}", file.path().display());
        let breaks = "head -c 10 > /dev/null; echo no space left >&2; exit 1";
        let fault = deliver("x", export(), vec![import(breaks), import(&other)]).await.unwrap_err();
        assert_eq!(fault.evidence[0].text, "no space left\n");
        assert_eq!(file.as_file().metadata().unwrap().len(), 3_000_000);
    }

    #[tokio::test]
    async fn an_export_that_breaks_off_is_no_success() {
        let broken = pipe(shell("echo some; exit 1").stdout(Stdio::piped())).unwrap();
        assert!(deliver("x", broken, vec![import("cat")]).await.is_err());
    }
}
