//! Finds out where each image comes from that a lab uses and does not build: the engine, a registry, or a stand-in.
//!
//! `kind-config/images.yaml` lists the images with a stand-in; a project's list is added to labproof's own. Any other
//! image may also be used if the engine has it or can pull it. A stand-in has the real image's name and a label that
//! marks it, so every report can name it, in this run and in later ones.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    engine, node,
    pull::{Pulled, pull},
    registry,
};
use crate::{
    image_name::ImageName,
    progress::Progress,
    project::Project,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// The list of images that have stand-ins.
const LIST: &str = "kind-config/images.yaml";

/// The source of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The engine had it.
    Local,
    /// The engine pulled it from its registry.
    Pulled,
    /// The lab's own Dockerfile built it.
    Built,
    /// Built from packages, in place of an image that could not be pulled.
    StandIn,
}

/// An image that a run uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Used {
    /// Its name.
    pub name: String,
    /// Where it came from.
    pub source: Source,
    /// The engine's id, which changes with the image's content; for an image that a lab builds, its identity.
    pub id: String,
    /// A note about it, such as why it is a stand-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One image of the catalogue.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Item {
    /// Its name.
    pub name: ImageName,
    /// The folder whose `build` script makes the stand-in.
    pub stand_in: Option<String>,
    /// What the stand-in lacks.
    #[serde(default)]
    lacks: String,
}

impl Item {
    /// What the stand-in lacks, if the catalogue says so.
    #[must_use]
    pub fn lacking(&self) -> Option<&str> {
        Some(self.lacks.trim()).filter(|lacks| !lacks.is_empty())
    }
}

/// The images that have a stand-in.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    items: Vec<Item>,
}

impl Catalogue {
    /// Reads `kind-config/images.yaml`: the project's entries first, then labproof's own.
    ///
    /// # Errors
    /// If the project's file cannot be read or parsed.
    pub fn read(project: &Project) -> Outcome<Self> {
        let mut items = Vec::new();
        for text in project.resource_texts(LIST)? {
            let listed: Vec<Item> =
                serde_yaml::from_str(&text).map_err(|error| Fault::refused(format!("{LIST} is not valid: {error}")))?;
            items.extend(listed);
        }
        Ok(Self { items })
    }

    /// The image of this name.
    #[must_use]
    pub fn find(&self, name: &ImageName) -> Option<&Item> {
        self.items.iter().find(|item| item.name == *name)
    }

    /// Puts an image into the engine if necessary, and returns its source.
    ///
    /// # Errors
    /// If it can be neither pulled nor built.
    pub async fn provide(&self, project: &Project, name: &ImageName, progress: &Progress) -> Outcome<Used> {
        let stand_in = self.find(name).and_then(|item| item.stand_in.as_ref());
        let (image_name, name) = (name, name.full());
        if let Some(image) = engine::image(&name).await? {
            let source = if image.stand_in.is_some() { Source::StandIn } else { Source::Local };
            return Ok(Used { name, source, id: image.key, note: image.stand_in });
        }
        progress.phase(&format!("pulling {name}"), None);
        let source = match (pull(image_name).await?, stand_in) {
            (Pulled::Yes, _) => Source::Pulled,
            (Pulled::NoRegistry, Some(folder)) => {
                let what = format!("building a stand-in for {name}, because no registry can be reached");
                progress.phase(&what, Some("1 minute"));
                Tool::new(project.resource(folder)?.join("build"))
                    .args([&name])
                    .limit(Duration::from_mins(30))
                    .follow(|line| progress.detail(line))
                    .await?;
                Source::StandIn
            }
            (Pulled::NoRegistry, None) => {
                return Err(Fault::broken(format!("{name} cannot be pulled: no registry can be reached"))
                    .hint(format!(
                        "put it into the engine with `docker load` or `docker build`, or list it in {LIST} with a stand-in"
                    )));
            }
        };
        let image = engine::image(&name).await?.ok_or_else(|| {
            Fault::broken(format!("{name} is not in the engine, although labproof just put it there"))
        })?;
        Ok(Used { name, source, id: image.key, note: image.stand_in })
    }
}

/// Makes images of the engine available to the nodes under their registry names, if the nodes can use only labproof's
/// own registry.
///
/// # Errors
/// If the offline registry cannot be started or filled, or a node cannot be connected to it.
pub async fn serve(
    project: &Project,
    node_image: &str,
    nodes: &[String],
    images: &[Used],
    progress: &Progress,
) -> Outcome {
    if !node::is_offline(node_image) || images.is_empty() {
        return Ok(());
    }
    progress.phase("filling the offline registry", None);
    Tool::new(project.resource("kind-config/offline/registry")?)
        .args(images.iter().map(|image| image.name.as_str()))
        .limit(Duration::from_mins(10))
        .follow(|line| progress.detail(line))
        .await?;
    let names: Vec<ImageName> = images.iter().map(|image| image.name.as_str().into()).collect();
    registry::serve_names_of(&names.iter().filter_map(ImageName::registry).collect(), nodes).await
}
