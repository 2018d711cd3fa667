//! The image of a kind cluster's nodes: one that the engine has, or a pulled one, or one that labproof builds from
//! packages.
//!
//! `kind-config/nodes.yaml` lists the images that the pinned release of kind supports, by Kubernetes version.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Deserialize;

use super::{
    engine,
    pull::{Pulled, pull},
};
use crate::{
    progress::Progress,
    project::Project,
    settings,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// The table of node images.
const TABLE: &str = "kind-config/nodes.yaml";

/// The name, without its tag, of the node image that is built where no registry is in reach.
const OFFLINE: &str = "labproof/node";

/// The choice of a node image.
#[derive(Clone, Debug, Default)]
pub struct NodeChoice {
    /// The Kubernetes version, such as `1.35` or `v1.35.8`; by default, that of the table.
    pub kubernetes: Option<String>,
    /// A table to use instead of `kind-config/nodes.yaml`.
    pub table: Option<PathBuf>,
    /// Whether to use no registry, even if one can be reached.
    pub offline: bool,
    /// The image of nodes that already run; if given, it is used and the other fields are ignored.
    pub image: Option<String>,
}

/// The node images that a release of kind supports.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeTable {
    /// The release of kind, such as `v0.33.0`.
    pub kind: String,
    default: String,
    images: Vec<NodeRow>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeRow {
    kubernetes: String,
    image: String,
}

impl NodeTable {
    /// Reads the chosen table.
    ///
    /// # Errors
    /// If it cannot be read or parsed.
    pub fn read(project: &Project, choice: &NodeChoice) -> Outcome<Self> {
        let path = choice.table.as_deref().unwrap_or(Path::new(TABLE));
        let shown = path.display().to_string();
        let text = match &choice.table {
            Some(table) => {
                settings::text(table).map_err(|error| Fault::refused(format!("cannot read {shown}: {error}")))?
            }
            None => project.resource_texts(TABLE)?.swap_remove(0),
        };
        settings::read(&text).map_err(|wrong| Fault::refused(wrong.of(&shown)))
    }

    fn row(&self, kubernetes: Option<&str>) -> Outcome<&NodeRow> {
        let wanted = kubernetes.unwrap_or(&self.default);
        let bare = wanted.trim_start_matches('v');
        let fits = |row: &&NodeRow| {
            let version = row.kubernetes.trim_start_matches('v');
            version == bare || version.strip_prefix(bare).is_some_and(|rest| rest.starts_with('.'))
        };
        self.images.iter().find(fits).ok_or_else(|| {
            let known: Vec<&str> = self.images.iter().map(|row| row.kubernetes.as_str()).collect();
            Fault::refused(format!("kind {} has no node image for Kubernetes {wanted}", self.kind))
                .hint(format!("choose one of {}, or give a table of your own with --nodes FILE", known.join(", ")))
        })
    }

    /// Whether a cluster with this Kubernetes version matches the choice.
    ///
    /// # Errors
    /// If the table does not contain the chosen version.
    pub fn is_chosen(&self, choice: &NodeChoice, version: &str) -> Outcome<bool> {
        match &choice.kubernetes {
            Some(wanted) => Ok(self.row(Some(wanted))?.kubernetes == version),
            None => Ok(true),
        }
    }
}

/// Whether labproof built this node image; its nodes use only labproof's own registry.
#[must_use]
pub fn is_offline(image: &str) -> bool {
    image.split(':').next() == Some(OFFLINE)
}

/// Puts the node image into the engine if necessary, and returns its name.
///
/// # Errors
/// If there is no image and none can be built.
pub async fn image(project: &Project, choice: &NodeChoice, progress: &Progress) -> Outcome<String> {
    if let Some(image) = &choice.image {
        return Ok(image.clone());
    }
    let table = NodeTable::read(project, choice)?;
    let row = table.row(choice.kubernetes.as_deref())?;
    if !choice.offline {
        for name in names(&row.image) {
            if engine::image(name).await?.is_some() {
                return Ok(name.to_owned());
            }
        }
    }
    let built = format!("{OFFLINE}:{}", row.kubernetes);
    let built_before = engine::image(&built).await?.is_some();
    if !choice.offline && !built_before && is_had(&row.image, progress).await? {
        return Ok(row.image.clone());
    }
    if built_before {
        progress.phase("checking whether the node image is current", None);
    } else {
        let usually = Some("8 minutes the first time, 90 seconds later");
        progress.phase("building the node image from packages, because no registry can be reached", usually);
    }
    Tool::new(project.resource("kind-config/offline/node-image")?)
        .args([&built])
        .limit(Duration::from_hours(1))
        .follow(|line| progress.detail(line))
        .await?;
    Ok(built)
}

/// The names under which an engine may have a node image: after `docker load`, it knows the tag and no digest.
fn names(image: &str) -> [&str; 2] {
    [image, image.split('@').next().unwrap_or(image)]
}

/// Checks that the table has the chosen version.
///
/// # Errors
/// `refused` if it has not.
pub fn check(project: &Project, choice: &NodeChoice) -> Outcome {
    NodeTable::read(project, choice)?.row(choice.kubernetes.as_deref()).map(|_| ())
}

/// Puts the node image that the kind configuration names into the engine.
///
/// # Errors
/// If the engine neither has it nor can pull it.
pub async fn provide(image: &str, progress: &Progress) -> Outcome {
    if is_had(image, progress).await? {
        return Ok(());
    }
    Err(Fault::broken(format!("the engine does not have the node image {image}, and no registry can be reached"))
        .hint("leave `image:` out of the kind configuration: then labproof builds a node image"))
}

async fn is_had(image: &str, progress: &Progress) -> Outcome<bool> {
    if engine::image(image).await?.is_some() {
        return Ok(true);
    }
    progress.phase(&format!("pulling {image}"), Some("1 minute, if a registry can be reached"));
    Ok(pull(&image.into()).await? == Pulled::Yes)
}

/// The Kubernetes version of a node image.
///
/// # Errors
/// If it is not a kind node's image.
pub async fn version(image: &str) -> Outcome<String> {
    let words = ["run", "--rm", "--label", engine::MADE, "--entrypoint", "cat", image, "/kind/version"];
    let version = Tool::new("docker").args(words).output().await;
    version
        .map_err(|fault| fault.hint(format!("is {image} an image of kind nodes? It must have the file /kind/version")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> NodeTable {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        NodeTable::read(&Project::at(root), &NodeChoice::default()).unwrap()
    }

    #[test]
    fn a_version_is_chosen_by_its_minor_number_or_as_a_whole() {
        let table = table();
        let image = |wanted: &str| table.row(Some(wanted)).map(|row| row.kubernetes.clone());
        for wanted in ["1.35", "v1.35", "1.35.8", "v1.35.8"] {
            assert_eq!(image(wanted).unwrap(), "v1.35.8", "{wanted}");
        }
        assert_eq!(table.row(None).unwrap().kubernetes, table.default);
        assert!(image("1.3").unwrap_err().reason.contains("has no node image for Kubernetes 1.3"));
        assert!(image("1.35.1").unwrap_err().hint.unwrap().contains("v1.35.8"));
    }

    #[test]
    fn every_image_of_the_table_has_a_digest_and_its_own_version() {
        for row in table().images {
            let (name, digest) = row.image.split_once("@sha256:").unwrap();
            assert_eq!((name, digest.len()), (&*format!("kindest/node:{}", row.kubernetes), 64));
        }
    }

    #[test]
    fn the_table_is_that_of_the_kind_that_is_built() {
        let module = include_str!("../../kind-config/offline/modules/kind/go.mod");
        assert!(module.contains(&format!("sigs.k8s.io/kind {}", table().kind)), "{module}");
    }

    #[test]
    fn a_loaded_image_is_known_by_its_tag() {
        let image = "kindest/node:v1.34.11@sha256:aa";
        assert_eq!(names(image), [image, "kindest/node:v1.34.11"]);
    }

    #[test]
    fn a_version_that_the_table_lacks_is_refused() {
        let project = Project::at(std::path::Path::new(env!("CARGO_MANIFEST_DIR")));
        let choice = |version: &str| NodeChoice { kubernetes: Some(version.to_owned()), ..NodeChoice::default() };
        assert_eq!(check(&project, &choice("1.34")), Ok(()));
        assert!(check(&project, &choice("1.73")).unwrap_err().reason.contains("1.73"));
    }

    #[test]
    fn labproofs_own_node_image_is_known_by_its_name() {
        assert!(is_offline("labproof/node:v1.34.11") && !is_offline("kindest/node:v1.34.11"));
    }
}
