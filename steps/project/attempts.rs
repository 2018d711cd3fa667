//! Reads the expected results of a lab's attempts: `scenarios/<lab>/attempts/<name>/verdict.yaml`.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::ErrorKind,
    path::Path,
};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::settings::{self, SettingsError};

/// The content of `verdict.yaml`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ExpectedScore {
    /// What is wrong with it, or how it does things otherwise.
    pub about: String,
    /// Whether only the files that are here are handed in, and none of the lab's own.
    #[serde(default)]
    pub alone: bool,
    /// Files of the lab's own that are not handed in.
    #[serde(default)]
    pub without: BTreeSet<String>,
    /// The scenarios that it must lose, by name, each with words of the reason, or none where the reason depends on who
    /// is first. It must pass all others.
    #[serde(default)]
    pub loses: BTreeMap<String, String>,
    /// The scenarios among them whose points do not count, by name; where it is absent, nobody asks.
    pub excused: Option<BTreeSet<String>>,
    /// Whether it loses all of them, whatever the reasons.
    #[serde(default)]
    pub loses_everything: bool,
}

impl ExpectedScore {
    /// Reads the expected results of the attempt in this folder.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(folder: &Path) -> Result<Self, SettingsError> {
        let text = settings::text(&folder.join("verdict.yaml")).map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                "it does not exist: it must say what the attempt is about and which points it loses".to_owned()
            }
            _ => format!("it cannot be read: {error}"),
        })?;
        settings::read(&text)
    }
}
