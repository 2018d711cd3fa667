//! Loads an image of the engine into all nodes of a kind cluster at the same time.
//!
//! A node that has that very image is left alone; any other gets only the layers that it lacks. The engine exports the
//! image once, into a file. A node that sees the folder for images reads it there; to any other it goes through the engine.
//! After its import each node says what it has under the name.

mod import;

use std::collections::HashMap;

use futures::future::try_join_all;

use self::import::{Node, import};
use super::{
    LOAD_LIMIT,
    archive::Archive,
    handover::Handover,
    identity::{self, Identified},
    on_nodes::{OnNode, on_nodes},
};
use crate::{
    image_name::ImageName,
    machine::claim::{Claim, Held},
    verdict::{Fault, Outcome},
};

/// Puts the engine's image `name` on every node, and says what each node then has.
///
/// # Errors
/// Where the engine does not have it, or a node does not have it afterwards.
pub async fn load(name: &ImageName, nodes: &[String]) -> Outcome<Vec<OnNode>> {
    let full = name.full();
    let turn = alone(nodes).await?;
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
    let mut loaded = HashMap::new();
    if !lacking.is_empty() {
        let transfer = tokio::time::timeout(LOAD_LIMIT, transfer(name, archive, &lacking, &turn));
        loaded = transfer.await.map_err(|_| {
            Fault::broken(format!("loading {name} took longer than {} seconds", LOAD_LIMIT.as_secs()))
        })??;
    }
    let verified = nodes.iter().zip(before).map(|(node, before)| match loaded.remove(node).unwrap_or(before) {
        Some(on_node) if on_node.id == id => Ok(on_node),
        Some(on_node) => Err(Fault::broken(format!(
            "node {node} has another image under the name {name}: {}, the engine has {id}",
            on_node.id
        ))),
        None => Err(Fault::broken(format!("node {node} does not have {name}, although labproof just loaded it"))),
    });
    verified.collect()
}

/// Waits until nobody else changes the images of the cluster with these nodes. Two imports of the same layers at the same time
/// get into each other's way.
pub(super) async fn alone(nodes: &[String]) -> Outcome<Held> {
    Held::take(nodes.iter().take(1).cloned().map(Claim::Images).collect()).await
}

/// Exports the image, unless that was done, and gives each node the parts that it lacks. Says what each has then.
async fn transfer(
    name: &ImageName,
    archive: Option<Archive>,
    nodes: &[&String],
    turn: &Held,
) -> Outcome<HashMap<String, Option<OnNode>>> {
    let handover = Handover::begin()?;
    let export = async {
        match archive {
            Some(archive) => Ok(archive),
            None => identity::export(&name.full()).await,
        }
    };
    let asked = try_join_all(nodes.iter().map(|node| Node::ask(node, &handover)));
    let (archive, nodes) = tokio::try_join!(export, asked)?;
    Ok(import(name, archive, nodes, &handover, turn).await?.into_iter().collect())
}
