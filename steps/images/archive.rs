//! What `docker save` writes, taken apart, and put together again as an OCI image layout without the layers that a node
//! has already.
//!
//! Two forms are read: an OCI image layout, which engines write from version 25 on
//! (<https://github.com/opencontainers/image-spec/blob/main/image-layout.md>), and Docker's older image archive,
//! `manifest.json` with a configuration and layers. What is written is a layout whose blobs may be missing where the
//! reader has them. Documents stay as they are, byte for byte, so that the image keeps its identity.

mod tape;
#[cfg(test)]
mod tests;

use std::{
    collections::HashSet,
    io::{self, BufReader, BufWriter, Write},
    path::Path,
};

use serde::Deserialize;
use serde_json::{Value, json};

use self::tape::{Part, Tape, append, blob, digest};
use super::{
    id::{ImageId, Platform},
    oci::{self, Descriptor, OciDocument, OciManifest},
};

const MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIGURATION: &str = "application/vnd.docker.container.image.v1+json";
const LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar";

/// How much of a layer is read and written at once.
const PIECE: usize = 1 << 20;

/// An exported image.
#[derive(Debug)]
pub struct Archive {
    tape: Tape,
    configuration: Vec<u8>,
    manifest: Vec<u8>,
    media_type: String,
    /// The digest of each layer, and where its bytes are.
    layers: Vec<(String, Part)>,
}

/// An entry of the older form's `manifest.json`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Saved {
    config: String,
    layers: Vec<String>,
}

impl Archive {
    /// Takes an image archive apart; of several platforms only this one is looked at.
    ///
    /// # Errors
    /// Where the file is no image archive, or holds no image for the platform.
    pub fn open(path: &Path, platform: &Platform) -> io::Result<Self> {
        let tape = Tape::open(path)?;
        if tape.has("index.json") { Self::from_layout(tape, platform) } else { Self::from_older(tape, platform) }
    }

    /// The image's identity.
    #[must_use]
    pub fn id(&self) -> ImageId {
        ImageId::of_configuration(digest(&self.configuration))
    }

    /// The digest of the manifest.
    #[must_use]
    pub fn manifest_digest(&self) -> String {
        digest(&self.manifest)
    }

    fn from_layout(tape: Tape, platform: &Platform) -> io::Result<Self> {
        let Some(OciDocument::Index(entries)) = OciDocument::read(&tape.content("index.json")?) else {
            return Err(io::Error::other("the export's index.json is not an index"));
        };
        let found = find(&tape, &entries, platform)?;
        let (entry, manifest) =
            found.ok_or_else(|| io::Error::other(format!("the export holds no image for {platform}")))?;
        let configuration = tape.content(&blob(&manifest.config.digest))?;
        let layers = manifest.layers.iter().map(|layer| Ok((layer.digest.clone(), tape.part(&blob(&layer.digest))?)));
        let layers = layers.collect::<io::Result<_>>()?;
        let manifest = tape.content(&blob(&entry.digest))?;
        Ok(Self { tape, configuration, manifest, media_type: entry.media_type, layers })
    }

    /// The older form has no manifest of the image, so one is written here. Its layers are as they are unpacked, and the
    /// configuration has their digests.
    fn from_older(tape: Tape, platform: &Platform) -> io::Result<Self> {
        let saved: Vec<Saved> = serde_json::from_slice(&tape.content("manifest.json")?)?;
        for image in saved {
            let configuration = tape.content(&image.config)?;
            let described: Value = serde_json::from_slice(&configuration)?;
            if !is_for(&described, platform) {
                continue;
            }
            let digests = described["rootfs"]["diff_ids"].as_array().cloned().unwrap_or_default();
            if digests.len() != image.layers.len() {
                return Err(io::Error::other("the export has other layers than its configuration"));
            }
            let layers = image.layers.iter().zip(digests);
            let layers = layers
                .map(|(name, digest)| Ok((digest.as_str().unwrap_or_default().to_owned(), tape.part(name)?)))
                .collect::<io::Result<Vec<_>>>()?;
            let manifest = written_manifest(&configuration, &layers);
            return Ok(Self { tape, configuration, manifest, media_type: MANIFEST.into(), layers });
        }
        Err(io::Error::other(format!("the export holds no image for {platform}")))
    }

    /// Writes an OCI image layout called `name`, without the blobs that are `present` with its reader.
    ///
    /// # Errors
    /// Where the export cannot be read, or its reader goes away.
    pub fn write(&self, name: &str, present: &HashSet<String>, to: &mut impl Write) -> io::Result<()> {
        // `tar` itself copies in pieces of 8 KiB.
        let mut layout = tar::Builder::new(BufWriter::with_capacity(PIECE, to));
        append(&mut layout, "oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#)?;
        let mut written = HashSet::new();
        for (digest, part) in self.layers.iter().filter(|(digest, _)| !present.contains(digest)) {
            if written.insert(digest) {
                layout.append_data(
                    &mut tape::header(part.size),
                    blob(digest),
                    BufReader::with_capacity(PIECE, self.tape.read(part)?),
                )?;
            }
        }
        append(&mut layout, &blob(&digest(&self.configuration)), &self.configuration)?;
        append(&mut layout, &blob(&digest(&self.manifest)), &self.manifest)?;
        let mut entry = descriptor(&self.media_type, &digest(&self.manifest), self.manifest.len() as u64);
        entry["annotations"] = json!({"io.containerd.image.name": name});
        append(&mut layout, "index.json", json!({"schemaVersion": 2, "manifests": [entry]}).to_string().as_bytes())?;
        layout.into_inner()?.flush()
    }
}

/// The manifest for the platform that is really in the export, however many indexes lead to it: an engine names those of
/// other platforms, too, without having them.
fn find(tape: &Tape, entries: &[Descriptor], platform: &Platform) -> io::Result<Option<(Descriptor, OciManifest)>> {
    for entry in oci::for_platform(entries, platform) {
        let name = blob(&entry.digest);
        if !tape.has(&name) {
            continue;
        }
        let found = match OciDocument::read(&tape.content(&name)?) {
            Some(OciDocument::Index(entries)) => find(tape, &entries, platform)?,
            Some(OciDocument::Manifest(manifest)) if is_whole(tape, &manifest, platform)? => {
                Some((entry.clone(), manifest))
            }
            _ => None,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn is_whole(tape: &Tape, manifest: &OciManifest, platform: &Platform) -> io::Result<bool> {
    let configuration = blob(&manifest.config.digest);
    if !tape.has(&configuration) || !manifest.layers.iter().all(|layer| tape.has(&blob(&layer.digest))) {
        return Ok(false);
    }
    Ok(is_for(&serde_json::from_slice(&tape.content(&configuration)?)?, platform))
}

/// Whether an image with this configuration is for the platform; one that does not say so is.
fn is_for(configuration: &Value, platform: &Platform) -> bool {
    let fits =
        |field: &str, wanted: &str| configuration[field].as_str().is_none_or(|has| has.is_empty() || has == wanted);
    fits("os", &platform.os) && fits("architecture", &platform.architecture)
}

fn written_manifest(configuration: &[u8], layers: &[(String, Part)]) -> Vec<u8> {
    let layers: Vec<Value> = layers.iter().map(|(digest, part)| descriptor(LAYER, digest, part.size)).collect();
    let config = descriptor(CONFIGURATION, &digest(configuration), configuration.len() as u64);
    json!({"schemaVersion": 2, "mediaType": MANIFEST, "layers": layers, "config": config}).to_string().into_bytes()
}

fn descriptor(media_type: &str, digest: &str, size: u64) -> Value {
    json!({"mediaType": media_type, "digest": digest, "size": size})
}
