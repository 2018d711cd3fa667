//! Loads an image of the engine into all nodes of a kind cluster at the same time.
//!
//! A node that has that very image is left alone; any other gets only the layers that it lacks. The engine exports the
//! image once, into a file. Afterwards each node is asked what it has under the name.

mod archive;

use std::{collections::HashSet, io::Write, os::unix::process::CommandExt, process::Stdio, sync::Arc, time::Duration};

use futures::future::try_join_all;
use serde::Deserialize;

use self::archive::Archive;
use super::{catalogue::canonical_name, engine};
use crate::{
    machine::claim::{Claim, Held},
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// How long loading may take.
const LIMIT: Duration = Duration::from_secs(300);

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
    // Two imports of the same layers at the same time get into each other's way.
    let _turn = Held::take(nodes.iter().take(1).cloned().map(Claim::Images).collect()).await?;
    let (image, before) = tokio::try_join!(engine::image(name), on_nodes(name, nodes))?;
    let image = image.ok_or_else(|| {
        Fault::failed(format!("the engine has no image {name}")).hint(format!("build it: `docker build -t {name} .`"))
    })?;
    let lacking: Vec<&String> = nodes
        .iter()
        .zip(&before)
        .filter(|(_, on_node)| !on_node.as_ref().is_some_and(|on_node| on_node.is(&image.id)))
        .map(|(node, _)| node)
        .collect();
    if !lacking.is_empty() {
        tokio::time::timeout(LIMIT, transfer(name, &lacking))
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

/// Whether the manifest that a container's status names belongs to one of these images, as some node tells.
///
/// # Errors
/// Where no node can be asked.
pub async fn is_same(id: &str, images: &[OnNode], nodes: &[String]) -> Outcome<bool> {
    let digest = id.rsplit('@').next().unwrap_or(id);
    let ask = async |node: &String| {
        Tool::new("docker").args(["exec", node, "ctr", "-n", "k8s.io", "content", "get", digest]).finish().await
    };
    // A node that does not have the manifest says so by its exit status, and prints nothing.
    let answers = try_join_all(nodes.iter().map(ask)).await?;
    let configurations = answers.iter().filter_map(|answer| configuration(&answer.stdout));
    Ok(configurations.into_iter().any(|configuration| images.iter().any(|image| image.id == configuration)))
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

/// Exports the image once and gives each node the parts that it lacks.
async fn transfer(name: &str, nodes: &[&String]) -> Outcome {
    let (archive, present) = tokio::try_join!(export(name), try_join_all(nodes.iter().map(|node| content(node))))?;
    let archive = Arc::new(archive);
    let imports = nodes.iter().zip(present).map(|(node, present)| {
        let (archive, node, name) = (archive.clone(), (*node).clone(), canonical_name(name));
        tokio::task::spawn_blocking(move || import(&archive, &node, &name, &present))
    });
    let imports = try_join_all(imports).await.map_err(|error| Fault::broken(format!("cannot load {name}: {error}")))?;
    imports.into_iter().collect()
}

async fn export(name: &str) -> Outcome<Archive> {
    let cannot = |error: std::io::Error| Fault::broken(format!("cannot read the export of {name}: {error}"));
    let file = tempfile::NamedTempFile::new().map_err(cannot)?;
    let path = file.path().to_owned();
    Tool::new("docker")
        .args(["save".as_ref(), "--output".as_ref(), path.as_os_str(), name.as_ref()])
        .limit(LIMIT)
        .output()
        .await?;
    // The engine replaces the file, so that it is opened by its name.
    tokio::task::spawn_blocking(move || Archive::open(&path))
        .await
        .map_err(|error| cannot(std::io::Error::other(error)))?
        .map_err(cannot)
}

/// The digests of all that a node's containerd has.
async fn content(node: &str) -> Outcome<HashSet<String>> {
    let listed =
        Tool::new("docker").args(["exec", node, "ctr", "-n", "k8s.io", "content", "ls", "--quiet"]).output().await?;
    Ok(listed.lines().map(str::to_owned).collect())
}

/// Writes the parts that a node lacks to an import on it.
fn import(archive: &Archive, node: &str, name: &str, present: &HashSet<String>) -> Outcome {
    let cannot = |error: std::io::Error| Fault::broken(format!("cannot load {name} into node {node}: {error}"));
    let mut import = std::process::Command::new("docker")
        .args(["exec", "--interactive", node, "ctr", "-n", "k8s.io", "images", "import", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(cannot)?;
    let written = match import.stdin.take() {
        Some(mut stdin) => archive.write(name, present, &mut stdin).and_then(|()| stdin.flush()),
        None => Ok(()),
    };
    let finished = import.wait_with_output().map_err(cannot)?;
    if !finished.status.success() {
        return Err(Fault::broken(format!("cannot load {name} into node {node}"))
            .seen("the import said", String::from_utf8_lossy(&finished.stderr)));
    }
    written.map_err(cannot)
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
}
