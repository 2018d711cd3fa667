//! The identity of an image: the digest of its configuration for this platform. Images with the same identity are the
//! same.
//!
//! It is the only digest that the engine's export, labproof's own load and `kind load` have in common. On the store
//! overlay2, the engine's `.Id` is the configuration's digest. On the containerd store, it is the digest of a manifest
//! or an index, and changes with each build because of the attestation. A node may name an index, a manifest or a
//! configuration.

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
    /// use labproof::internal::images::id::ImageId;
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

/// The platform of the images that an engine and its nodes run, in the words of the OCI specification: `linux/amd64`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Platform {
    /// The operating system.
    pub os: String,
    /// The processor architecture.
    pub architecture: String,
}

impl std::fmt::Display for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)
    }
}
