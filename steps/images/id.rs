//! What makes two images the same: the digest of the configuration for this platform.
//!
//! It is the only digest that an engine's export, labproof's own load and `kind load` have in common. An engine's `.Id`
//! is the configuration's digest on the store overlay2, and the digest of a manifest or an index on the containerd store,
//! where it changes with each build because of its attestation. A node names an index, a manifest or a configuration.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The identity of an image: the digest of its configuration, `sha256:…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ImageId(String);

impl ImageId {
    /// The identity of the image whose configuration has this digest.
    ///
    /// ```
    /// use labproof::images::id::ImageId;
    ///
    /// let id = ImageId::of_configuration("sha256:4f5a");
    /// assert_eq!(id.to_string(), "sha256:4f5a");
    /// ```
    #[must_use]
    pub fn of_configuration(digest: impl Into<String>) -> Self {
        Self(digest.into())
    }

    /// The digest.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ImageId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The platform whose images an engine and its nodes run, in the words of the OCI specification: `linux/amd64`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Platform {
    /// The operating system.
    pub os: String,
    /// The processor.
    pub architecture: String,
}

impl std::fmt::Display for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)
    }
}
