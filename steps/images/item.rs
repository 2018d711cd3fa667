//! An image that has a stand-in, as `kind-config/images.yaml` lists it.

use regex::Regex;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::image_name::ImageName;

/// One image of the catalogue.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Item {
    /// Its name.
    pub name: ImageName,
    /// The folder whose `build` script makes the stand-in.
    pub stand_in: Option<String>,
    /// Other tags that the stand-in also serves: a regular expression for the whole tag. Leave out tags that do not exist,
    /// because an image with such a tag must fail.
    #[serde(default)]
    pub(super) tags: String,
    /// What the stand-in lacks.
    #[serde(default)]
    lacks: String,
}

impl Item {
    /// Whether the stand-in also serves this tag of its image.
    pub(super) fn serves(&self, name: &ImageName) -> bool {
        let (Some((own, _)), Some((repository, tag))) = (self.name.tagged(), name.tagged()) else { return false };
        let is_listed = || Regex::new(&format!("^(?:{})$", self.tags)).is_ok_and(|tags| tags.is_match(tag));
        own == repository && !self.tags.is_empty() && is_listed()
    }

    /// The other tags that the stand-in serves, as a regular expression.
    #[must_use]
    pub fn other_tags(&self) -> Option<&str> {
        Some(self.tags.as_str()).filter(|tags| !tags.is_empty())
    }

    /// What the stand-in lacks, if the catalogue says so.
    #[must_use]
    pub fn lacking(&self) -> Option<&str> {
        Some(self.lacks.trim()).filter(|lacks| !lacks.is_empty())
    }
}
