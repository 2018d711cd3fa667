//! Loads an image of the engine into all nodes of a kind cluster at the same time.
//!
//! A node that has that very image is left alone; any other gets only the layers that it lacks. The engine exports the
//! image once, into a file. Afterwards each node is asked what it has under the name.

use std::{collections::HashSet, io::Write, os::unix::process::CommandExt, process::Stdio, sync::Arc};

use futures::future::try_join_all;

use super::{
    LOAD_LIMIT,
    archive::Archive,
    identity::{self, Identified},
    on_nodes::{OnNode, on_nodes},
};
use crate::{
    image_name::ImageName,
    machine::claim::{Claim, Held},
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// Imports what it reads. By itself, `ctr` from version 2 on hands every block to containerd's transfer service, which takes
/// about three times as long; before version 1.7 it has no such option and no such service.
const IMPORT: &str = r"local=$(ctr images import --help < /dev/null 2> /dev/null | grep -o -e --local) || local=
exec ctr -n k8s.io images import $local -";

/// Puts the engine's image `name` on every node, and says what each node then has.
///
/// # Errors
/// Where the engine does not have it, or a node does not have it afterwards.
pub async fn load(name: &ImageName, nodes: &[String]) -> Outcome<Vec<OnNode>> {
    let full = name.full();
    // Two imports of the same layers at the same time get into each other's way.
    let _turn = Held::take(nodes.iter().take(1).cloned().map(Claim::Images).collect()).await?;
    let (image, before) = tokio::try_join!(identity::identify(&full), on_nodes(name, nodes))?;
    let Identified { id, archive } = image.ok_or_else(|| {
        Fault::failed(format!("the engine has no image {name}")).hint(format!("build it: `docker build -t {name} .`"))
    })?;
    let lacking: Vec<&String> = nodes
        .iter()
        .zip(&before)
        .filter(|(_, on_node)| on_node.as_ref().is_none_or(|on_node| on_node.id != id))
        .map(|(node, _)| node)
        .collect();
    if !lacking.is_empty() {
        tokio::time::timeout(LOAD_LIMIT, transfer(name, archive, &lacking)).await.map_err(|_| {
            Fault::broken(format!("loading {name} took longer than {} seconds", LOAD_LIMIT.as_secs()))
        })??;
    }
    let after = if lacking.is_empty() { before } else { on_nodes(name, nodes).await? };
    let verified = nodes.iter().zip(after).map(|(node, on_node)| match on_node {
        Some(on_node) if on_node.id == id => Ok(on_node),
        Some(on_node) => Err(Fault::broken(format!(
            "node {node} has another image under the name {name}: {}, the engine has {id}",
            on_node.id
        ))),
        None => Err(Fault::broken(format!("node {node} does not have {name}, although labproof just loaded it"))),
    });
    verified.collect()
}

/// Exports the image, unless that was done, and gives each node the parts that it lacks.
async fn transfer(name: &ImageName, archive: Option<Archive>, nodes: &[&String]) -> Outcome {
    let export = async {
        match archive {
            Some(archive) => Ok(archive),
            None => identity::export(&name.full()).await,
        }
    };
    let (archive, present) = tokio::try_join!(export, try_join_all(nodes.iter().map(|node| content(node))))?;
    let archive = Arc::new(archive);
    let imports = nodes.iter().zip(present).map(|(node, present)| {
        let (archive, node, name) = (archive.clone(), (*node).clone(), name.canonical());
        tokio::task::spawn_blocking(move || import(&archive, &node, &name, &present))
    });
    let imports = try_join_all(imports).await.map_err(|error| Fault::broken(format!("cannot load {name}: {error}")))?;
    imports.into_iter().collect()
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
        .args(["exec", "--interactive", node, "sh", "-c", IMPORT])
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
