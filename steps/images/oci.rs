//! The documents that describe an image: an index, a manifest, a configuration
//! (<https://github.com/opencontainers/image-spec>). Docker's own media types have the same fields.

use serde::Deserialize;

use super::id::{ImageId, Platform};

/// A reference to another document or a layer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    /// The media type of the referenced content.
    #[serde(default)]
    pub(super) media_type: String,
    /// The digest of the referenced content.
    pub(super) digest: String,
    /// The size of the referenced content, in bytes.
    #[serde(default)]
    pub(super) size: u64,
    platform: Option<Platform>,
    #[serde(default)]
    annotations: std::collections::BTreeMap<String, String>,
}

/// A manifest.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct OciManifest {
    /// The configuration.
    pub(super) config: Descriptor,
    /// The layers, the lowest first.
    pub(super) layers: Vec<Descriptor>,
}

/// One of these documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OciDocument {
    /// Points to manifests, or to more indexes.
    Index(Vec<Descriptor>),
    /// Points to a configuration and layers.
    Manifest(OciManifest),
    /// A configuration.
    Configuration,
}

#[derive(Deserialize)]
struct Fields {
    manifests: Option<Vec<Descriptor>>,
    config: Option<serde_json::Value>,
    layers: Option<Vec<Descriptor>>,
    rootfs: Option<serde_json::Value>,
}

impl OciDocument {
    /// Recognizes a document by its fields, because not every program writes the media type. `None` if it is none of
    /// these.
    #[must_use]
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let fields: Fields = serde_json::from_slice(text).ok()?;
        if let Some(manifests) = fields.manifests {
            return Some(Self::Index(manifests));
        }
        if fields.rootfs.is_some() {
            return Some(Self::Configuration);
        }
        let config = serde_json::from_value(fields.config?).ok()?;
        Some(Self::Manifest(OciManifest { config, layers: fields.layers? }))
    }

    /// The identity that a manifest names, or that of a configuration with this digest.
    #[must_use]
    pub(super) fn id(&self, digest: &str) -> Option<ImageId> {
        match self {
            Self::Index(_) => None,
            Self::Manifest(manifest) => Some(ImageId::of_configuration(&*manifest.config.digest)),
            Self::Configuration => Some(ImageId::of_configuration(digest)),
        }
    }
}

/// The entries of an index that may lead to the image for this platform: first those that name the platform, then those
/// that name none. Attestations are left out.
#[must_use]
pub(super) fn for_platform<'a>(entries: &'a [Descriptor], platform: &Platform) -> Vec<&'a Descriptor> {
    let images = entries.iter().filter(|entry| !entry.annotations.contains_key("vnd.docker.reference.type"));
    let (named, unnamed): (Vec<_>, Vec<_>) = images
        .filter(|entry| entry.platform.as_ref().is_none_or(|of| of == platform))
        .partition(|entry| entry.platform.is_some());
    named.into_iter().chain(unnamed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amd64() -> Platform {
        Platform { os: "linux".into(), architecture: "amd64".into() }
    }

    #[test]
    fn a_document_is_known_by_its_fields() {
        let manifest = OciDocument::read(br#"{"config": {"digest": "sha256:c"}, "layers": []}"#).unwrap();
        assert_eq!(manifest.id("sha256:m"), Some(ImageId::of_configuration("sha256:c")));
        let configuration = OciDocument::read(br#"{"config": {"Cmd": ["sh"]}, "rootfs": {"diff_ids": []}}"#).unwrap();
        assert_eq!(configuration.id("sha256:c"), Some(ImageId::of_configuration("sha256:c")));
        let index = OciDocument::read(br#"{"manifests": [{"digest": "sha256:m"}]}"#).unwrap();
        assert_eq!(index.id("sha256:i"), None);
        for text in ["", "not JSON", "{}", r#"{"config": {"digest": "sha256:c"}}"#] {
            assert_eq!(OciDocument::read(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn an_index_leads_to_this_platform_and_never_to_an_attestation() {
        let index = br#"{"manifests": [
            {"digest": "sha256:none"},
            {"digest": "sha256:arm", "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}},
            {"digest": "sha256:amd", "platform": {"os": "linux", "architecture": "amd64"}},
            {"digest": "sha256:att", "platform": {"os": "unknown", "architecture": "unknown"},
             "annotations": {"vnd.docker.reference.type": "attestation-manifest"}}]}"#;
        let Some(OciDocument::Index(entries)) = OciDocument::read(index) else { panic!("no index") };
        let found: Vec<&str> = for_platform(&entries, &amd64()).iter().map(|entry| &*entry.digest).collect();
        assert_eq!(found, ["sha256:amd", "sha256:none"]);
    }
}
