//! Where each image comes from that a lab uses and does not build: the engine, its registry, or a stand-in.
//!
//! `kind-config/images.yaml` lists the names. A stand-in bears the real name and a label that says what it is, so that
//! it is named in every report, in this run and in later ones.

use std::{fs, time::Duration};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{engine, node};
use crate::{
    progress::Progress,
    project::Project,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// Where an image came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The engine had it.
    Local,
    /// The engine pulled it from its registry.
    Pulled,
    /// The lab's own Dockerfile.
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
    /// Its id in the engine.
    pub id: String,
    /// What is to be said of it, if anything: why it is a stand-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One image of the catalogue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Item {
    /// The full name with its tag.
    pub name: String,
    /// The folder whose `build` makes the stand-in.
    pub stand_in: Option<String>,
    /// What the stand-in lacks.
    #[serde(default)]
    pub lacks: String,
}

/// All images that labs use and do not build.
#[derive(Clone, Debug)]
pub struct Catalogue {
    items: Vec<Item>,
}

impl Catalogue {
    /// Reads `kind-config/images.yaml`.
    ///
    /// # Errors
    /// Where it cannot be read or understood.
    pub fn read(project: &Project) -> Outcome<Self> {
        let path = project.file("kind-config/images.yaml");
        let shown = project.shown(&path);
        let text =
            fs::read_to_string(&path).map_err(|error| Fault::refused(format!("cannot read {shown}: {error}")))?;
        let items = serde_yaml::from_str(&text)
            .map_err(|error| Fault::refused(format!("{shown} cannot be understood: {error}")))?;
        Ok(Self { items })
    }

    /// The image of this name, `busybox` and `busybox:latest` being one.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Item> {
        let full = full_name(name);
        self.items.iter().find(|item| full_name(&item.name) == full)
    }

    /// The names of all images.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|item| item.name.as_str())
    }

    /// Puts an image into the engine, where it is not there yet, and says where it came from.
    ///
    /// # Errors
    /// Where it is in no reach.
    pub async fn provide(&self, project: &Project, name: &str, progress: &Progress) -> Outcome<Used> {
        let item = self.find(name).ok_or_else(|| {
            Fault::refused(format!("no image {name} in kind-config/images.yaml"))
                .hint("add it there, with the stand-in that takes its place without a registry")
        })?;
        let name = full_name(&item.name);
        if let Some(image) = engine::image(&name).await? {
            let source = if image.stand_in.is_some() { Source::StandIn } else { Source::Local };
            return Ok(Used { name, source, id: image.id, note: image.stand_in });
        }
        progress.stage(&format!("pulling {name}"), None);
        let pulled = Tool::new("docker").args(["pull", "--quiet", &name]).limit(Duration::from_mins(10)).output().await;
        let source = match (pulled, &item.stand_in) {
            (Ok(_), _) => Source::Pulled,
            (Err(_), Some(folder)) => {
                progress
                    .stage(&format!("building a stand-in for {name}, since no registry is in reach"), Some("1 minute"));
                Tool::new(project.file(folder).join("build"))
                    .args([&name])
                    .limit(Duration::from_mins(30))
                    .follow(|line| progress.detail(line))
                    .await?;
                Source::StandIn
            }
            (Err(fault), None) => return Err(fault.hint(format!("{name} has no stand-in: it needs a registry"))),
        };
        let image = engine::image(&name)
            .await?
            .ok_or_else(|| Fault::broken(format!("{name} is not in the engine, though it was just put there")))?;
        Ok(Used { name, source, id: image.id, note: image.stand_in })
    }
}

/// Makes images of the engine available to the nodes under their registry names, where the nodes can ask no registry
/// but ours.
///
/// # Errors
/// Where the offline registry cannot be started or filled.
pub async fn serve(project: &Project, node_image: &str, images: &[Used], progress: &Progress) -> Outcome {
    if node_image != node::OFFLINE || images.is_empty() {
        return Ok(());
    }
    progress.stage("filling the offline registry", None);
    Tool::new(project.file("kind-config/offline/registry"))
        .args(images.iter().map(|image| image.name.as_str()))
        .limit(Duration::from_mins(10))
        .follow(|line| progress.detail(line))
        .await
}

/// The name with its tag.
#[must_use]
pub fn full_name(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    if last.contains(':') || name.contains('@') { name.to_owned() } else { format!("{name}:latest") }
}

/// The name as containerd keeps it: with the registry, and `library/` for Docker's own images.
#[must_use]
pub fn canonical_name(name: &str) -> String {
    let full = full_name(name);
    match full.split_once('/') {
        Some((host, _)) if host.contains('.') || host.contains(':') || host == "localhost" => full,
        Some(_) => format!("docker.io/{full}"),
        None => format!("docker.io/library/{full}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_tag_means_latest() {
        assert_eq!(full_name("ubuntu/helloworld"), "ubuntu/helloworld:latest");
        assert_eq!(full_name("node:20-slim"), "node:20-slim");
        assert_eq!(full_name("localhost:5000/x"), "localhost:5000/x:latest");
    }

    #[test]
    fn containerd_spells_names_out() {
        assert_eq!(canonical_name("busybox"), "docker.io/library/busybox:latest");
        assert_eq!(canonical_name("ubuntu/helloworld"), "docker.io/ubuntu/helloworld:latest");
        assert_eq!(canonical_name("localhost:5000/x:1"), "localhost:5000/x:1");
    }
}
