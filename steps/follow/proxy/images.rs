//! The images that the engine had before a document.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::image_name::ImageName;

/// The names and ids of images.
#[derive(Debug, Default)]
pub(super) struct Images {
    names: BTreeSet<ImageName>,
    ids: BTreeSet<String>,
}

impl Images {
    /// The images of a list of the engine.
    pub(super) fn of(list: &Value) -> Self {
        let images = || list.as_array().into_iter().flatten();
        let ids = images().filter_map(|image| image["Id"].as_str()).map(str::to_owned).collect();
        Self { names: images().flat_map(names_of).collect(), ids }
    }

    /// Whether one of them has this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(&ImageName::from(name))
    }

    /// Whether one of them loses its name, or itself, if the image that the engine describes is removed by this name or id.
    pub(super) fn suffer(&self, name: &str, image: &Value) -> bool {
        let names = names_of(image);
        if names.contains(&ImageName::from(name)) && names.len() > 1 {
            return self.has(name);
        }
        image["Id"].as_str().is_some_and(|id| self.ids.contains(id)) || !names.is_disjoint(&self.names)
    }
}

/// The names of an image that the engine describes.
fn names_of(image: &Value) -> BTreeSet<ImageName> {
    image["RepoTags"].as_array().into_iter().flatten().filter_map(Value::as_str).map(ImageName::from).collect()
}
