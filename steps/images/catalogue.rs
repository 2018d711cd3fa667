//! Finds out where each image comes from that a lab uses and does not build: the engine, a registry, or a stand-in.
//!
//! `kind-config/images.yaml` lists the images with a stand-in; a project's list is added to labproof's own. Any other
//! image may also be used if the engine has it or can pull it. A stand-in has the real image's name and a label that
//! marks it, so every report can name it, in this run and in later ones.

use std::time::Duration;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    engine::{self, Image},
    item::Item,
    node,
    pull::{Pulled, pull},
    registry, stand_in,
};
use crate::{
    image_name::ImageName,
    progress::Progress,
    project::Project,
    settings,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// The list of images that have stand-ins.
pub const LIST: &str = "kind-config/images.yaml";

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
            let listed: Vec<Item> = settings::read(&text).map_err(|wrong| Fault::refused(wrong.of(LIST)))?;
            if let Some(wrong) = listed.iter().find(|item| Regex::new(&item.tags).is_err()) {
                let reason = format!("{LIST} is not valid: `tags` of {} is not a regular expression", wrong.name);
                return Err(Fault::refused(reason));
            }
            items.extend(listed);
        }
        Ok(Self { items })
    }

    /// All entries, in the order of the file.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter()
    }

    /// The entry of this image: one with its name, or else one that serves its tag.
    #[must_use]
    pub fn find(&self, name: &ImageName) -> Option<&Item> {
        let is_named = |item: &&Item| item.name == *name;
        self.items.iter().find(is_named).or_else(|| self.items.iter().find(|item| item.serves(name)))
    }

    /// Whether it lists an image of this very name.
    #[must_use]
    pub fn lists(&self, name: &ImageName) -> bool {
        self.items.iter().any(|item| item.name == *name)
    }

    /// Puts an image into the engine if necessary, and returns its source.
    ///
    /// # Errors
    /// If it can be neither pulled nor built.
    pub async fn provide(&self, project: &Project, name: &ImageName, progress: &Progress) -> Outcome<Used> {
        let stand_in = self.find(name).filter(|item| item.stand_in.is_some());
        let full = name.full();
        let used = |image: Image, source| Used { name: full.clone(), source, id: image.key, note: image.stand_in };
        match (engine::image(&full).await?, stand_in) {
            (Some(image), Some(item)) if image.stand_in.is_some() => {
                return Ok(used(stand_in::renew(project, item, name, image, progress).await?, Source::StandIn));
            }
            (Some(image), _) if image.stand_in.is_some() => return Ok(used(image, Source::StandIn)),
            (Some(image), _) => return Ok(used(image, Source::Local)),
            (None, _) => progress.phase(&format!("pulling {full}"), None),
        }
        match (pull(name).await?, stand_in) {
            (Pulled::Yes, _) => Ok(used(engine::expect(&full).await?, Source::Pulled)),
            (Pulled::NoRegistry, Some(item)) => {
                Ok(used(stand_in::make(project, item, name, progress).await?, Source::StandIn))
            }
            (Pulled::NoRegistry, None) => {
                Err(Fault::broken(format!("{full} cannot be pulled: no registry can be reached")).hint(format!(
                    "put it into the engine with `docker load` or `docker build`, or list it in {LIST} with a stand-in"
                )))
            }
        }
    }
}

/// Why Pods on these nodes cannot pull an image, whatever the engine has; `None` if they can.
#[must_use]
pub fn cannot_serve(name: &ImageName, node_image: &str) -> Option<Fault> {
    (node::is_offline(node_image) && name.has_digest()).then(|| {
        Fault::broken(format!("{name} cannot be used by its digest: these nodes pull from labproof's own registry, where images have other digests"))
            .hint("use a tag, or a cluster whose nodes can pull from a registry")
    })
}

/// Makes images of the engine available under their registry names to nodes that can use only labproof's own registry.
///
/// # Errors
/// If the offline registry cannot be started or filled, or a node cannot be connected to it.
pub async fn serve(project: &Project, nodes: &[String], images: &[Used], progress: &Progress) -> Outcome {
    if images.is_empty() {
        return Ok(());
    }
    progress.phase("filling the offline registry", None);
    Tool::new(project.resource("kind-config/offline/registry")?)
        .args(images.iter().map(|image| image.name.as_str()))
        .limit(Duration::from_mins(10))
        .follow(|line| progress.detail(line))
        .await?;
    let names: Vec<ImageName> = images.iter().map(|image| image.name.as_str().into()).collect();
    registry::serve_names_of(&names.iter().filter_map(ImageName::registry).collect(), nodes).await?;
    let keys = images.iter().map(|image| image.id.as_str());
    registry::forget_former(names.iter().zip(keys), nodes).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_needs_the_registry_that_made_it() {
        let cannot = |name: &str, node: &str| cannot_serve(&name.into(), node).is_some();
        assert!(cannot("nginx@sha256:0000", "labproof/node:v1.34.11"));
        assert!(
            !cannot("nginx:1.27", "labproof/node:v1.34.11") && !cannot("nginx@sha256:0000", "kindest/node:v1.34.0")
        );
    }

    #[test]
    fn a_stand_in_serves_the_tags_that_exist() {
        let list = include_str!("../../kind-config/images.yaml");
        let catalogue = Catalogue { items: serde_yaml::from_str(list).unwrap() };
        let finds = |name: &str| catalogue.find(&name.into()).map(|item| item.name.to_string());
        for (name, item) in [
            ("nginx", "nginx:latest"),
            ("nginx:1.27", "nginx:latest"),
            ("nginx:1.25.3-alpine", "nginx:latest"),
            ("nginx:stable", "nginx:latest"),
            ("nginx:1.7.9", "nginx:1.7.9"),
            ("busybox:1.36", "busybox:latest"),
            ("busybox:1.28.4", "busybox:latest"),
            ("alpine:3.20", "alpine:latest"),
            ("python:3.12-slim", "python:3"),
        ] {
            assert_eq!(finds(name).as_deref(), Some(item), "{name}");
        }
        for name in ["nginx:1.161", "nginx:1.99", "nginx:2", "nginx:nope", "busybox:1.99", "alpine:4", "x/nginx:1.27"] {
            assert_eq!(finds(name), None, "{name}");
        }
    }
}
