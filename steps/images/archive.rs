//! What `docker save` writes, taken apart, and put together again as an OCI image layout without the layers that a node
//! has already.
//!
//! The form that is read is Docker's image archive, `manifest.json` with a configuration and layers. The form that is
//! written is <https://github.com/opencontainers/image-spec/blob/main/image-layout.md>, whose blobs may be missing where
//! the reader has them. The configuration stays as it is, byte for byte, so that the image keeps its id.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIGURATION: &str = "application/vnd.docker.container.image.v1+json";
const LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar";

/// An exported image.
#[derive(Debug)]
pub(super) struct Archive {
    file: File,
    configuration: Vec<u8>,
    layers: Vec<Layer>,
}

#[derive(Debug)]
struct Layer {
    digest: String,
    kind: &'static str,
    start: u64,
    size: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Saved {
    config: String,
    layers: Vec<String>,
}

impl Archive {
    /// Takes an image archive apart.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let parts = parts(&file)?;
        let saved: Vec<Saved> = serde_json::from_slice(&content(&file, &parts, "manifest.json")?)?;
        let saved = saved.into_iter().next().ok_or_else(|| io::Error::other("the export holds no image"))?;
        let configuration = content(&file, &parts, &saved.config)?;
        let described: Value = serde_json::from_slice(&configuration)?;
        let digests = described["rootfs"]["diff_ids"].as_array().cloned().unwrap_or_default();
        if digests.len() != saved.layers.len() {
            return Err(io::Error::other("the export has other layers than its configuration"));
        }
        let layers = saved
            .layers
            .iter()
            .zip(&digests)
            .map(|(name, digest)| layer(&file, &parts, name, digest))
            .collect::<Result<_, _>>()?;
        Ok(Self { file, configuration, layers })
    }

    /// Writes an OCI image layout called `name`, without the blobs that are `present` with its reader.
    pub(super) fn write(&self, name: &str, present: &HashSet<String>, to: &mut impl Write) -> io::Result<()> {
        let mut layout = tar::Builder::new(to);
        append(&mut layout, "oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#)?;
        for layer in self.layers.iter().filter(|layer| !present.contains(&layer.digest)) {
            let part = Part { file: self.file.try_clone()?, at: layer.start, left: layer.size };
            layout.append_data(&mut header(layer.size), blob(&layer.digest), part)?;
        }
        let configuration = digest(&self.configuration);
        append(&mut layout, &blob(&configuration), &self.configuration)?;
        let layers: Vec<Value> =
            self.layers.iter().map(|layer| descriptor(layer.kind, &layer.digest, layer.size)).collect();
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "layers": layers,
            "config": descriptor(CONFIGURATION, &configuration, self.configuration.len() as u64),
        })
        .to_string();
        let manifest_digest = digest(manifest.as_bytes());
        append(&mut layout, &blob(&manifest_digest), manifest.as_bytes())?;
        let mut entry = descriptor(MANIFEST, &manifest_digest, manifest.len() as u64);
        entry["annotations"] = json!({"io.containerd.image.name": name});
        append(&mut layout, "index.json", json!({"schemaVersion": 2, "manifests": [entry]}).to_string().as_bytes())?;
        layout.finish()
    }
}

/// Where each file of the archive begins, and its size.
fn parts(file: &File) -> io::Result<HashMap<String, (u64, u64)>> {
    let mut archive = tar::Archive::new(file);
    let mut parts = HashMap::new();
    for entry in archive.entries_with_seek()? {
        let entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        // Older engines write a layer that an image has twice once, and a link to it.
        let at = match entry.link_name()? {
            Some(link) => parts.get(&resolve(&name, &link.to_string_lossy())).copied().unwrap_or_default(),
            None => (entry.raw_file_position(), entry.size()),
        };
        parts.insert(name, at);
    }
    Ok(parts)
}

/// The name that a link means: relative to the folder of the linking file.
fn resolve(name: &str, link: &str) -> String {
    link.strip_prefix("../")
        .map_or_else(|| format!("{}/{link}", name.rsplit_once('/').map_or("", |(folder, _)| folder)), str::to_owned)
}

fn content(file: &File, parts: &HashMap<String, (u64, u64)>, name: &str) -> io::Result<Vec<u8>> {
    let (at, left) = place(parts, name)?;
    let mut bytes = Vec::new();
    Part { file: file.try_clone()?, at, left }.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn place(parts: &HashMap<String, (u64, u64)>, name: &str) -> io::Result<(u64, u64)> {
    parts.get(name).copied().ok_or_else(|| io::Error::other(format!("the export lacks {name}")))
}

/// A layer as a blob. Newer engines name the file by the digest of its bytes, which may be compressed; older ones store
/// it as it is unpacked, and the configuration tells the digest.
fn layer(file: &File, parts: &HashMap<String, (u64, u64)>, name: &str, unpacked: &Value) -> io::Result<Layer> {
    let (start, size) = place(parts, name)?;
    let mut magic = [0; 2];
    Part { file: file.try_clone()?, at: start, left: size }.read_exact(&mut magic)?;
    let kind = if magic == [0x1f, 0x8b] { "application/vnd.docker.image.rootfs.diff.tar.gzip" } else { LAYER };
    let digest = match name.strip_prefix("blobs/sha256/") {
        Some(digest) => format!("sha256:{digest}"),
        None => unpacked.as_str().unwrap_or_default().to_owned(),
    };
    Ok(Layer { digest, kind, start, size })
}

/// A piece of a file; several may be read at the same time.
struct Part {
    file: File,
    at: u64,
    left: u64,
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use std::os::unix::fs::FileExt;
        let size = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.file.read_at(&mut buffer[..size], self.at)?;
        self.at += read as u64;
        self.left -= read as u64;
        Ok(read)
    }
}

fn append(layout: &mut tar::Builder<impl Write>, name: &str, bytes: &[u8]) -> io::Result<()> {
    layout.append_data(&mut header(bytes.len() as u64), name, bytes)
}

fn header(size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o644);
    header
}

fn descriptor(kind: &str, digest: &str, size: u64) -> Value {
    json!({"mediaType": kind, "digest": digest, "size": size})
}

fn blob(digest: &str) -> String {
    digest.replacen("sha256:", "blobs/sha256/", 1)
}

fn digest(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An image archive as an engine of version 20 writes it.
    fn saved() -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut archive = tar::Builder::new(file.reopen().unwrap());
        let configuration = br#"{"rootfs": {"diff_ids": ["sha256:aa", "sha256:bb"]}}"#;
        append(&mut archive, "one/layer.tar", b"the first layer").unwrap();
        append(&mut archive, "two/layer.tar", b"the second").unwrap();
        append(&mut archive, "c.json", configuration).unwrap();
        append(
            &mut archive,
            "manifest.json",
            br#"[{"Config": "c.json", "Layers": ["one/layer.tar", "two/layer.tar"]}]"#,
        )
        .unwrap();
        archive.finish().unwrap();
        file
    }

    fn written(present: &[&str]) -> HashMap<String, String> {
        let mut bytes = Vec::new();
        let present = present.iter().map(|digest| (*digest).to_owned()).collect();
        Archive::open(saved().path()).unwrap().write("docker.io/library/x:1", &present, &mut bytes).unwrap();
        let mut layout = tar::Archive::new(bytes.as_slice());
        let entries = layout.entries().unwrap().map(|entry| {
            let mut entry = entry.unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            (entry.path().unwrap().to_string_lossy().into_owned(), text)
        });
        entries.collect()
    }

    #[test]
    fn a_layer_that_the_node_has_does_not_travel() {
        let layout = written(&["sha256:aa"]);
        assert!(!layout.contains_key("blobs/sha256/aa"));
        assert_eq!(layout["blobs/sha256/bb"], "the second");
    }

    #[test]
    fn the_manifest_names_every_layer_whether_it_travels_or_not() {
        let layout = written(&["sha256:aa", "sha256:bb"]);
        let index: Value = serde_json::from_str(&layout["index.json"]).unwrap();
        assert_eq!(index["manifests"][0]["annotations"]["io.containerd.image.name"], "docker.io/library/x:1");
        let manifest = &layout[&blob(index["manifests"][0]["digest"].as_str().unwrap())];
        let manifest: Value = serde_json::from_str(manifest).unwrap();
        assert_eq!(manifest["layers"][1], descriptor(LAYER, "sha256:bb", 10));
    }

    #[test]
    fn the_configuration_keeps_its_bytes_and_so_the_image_its_id() {
        let configuration = br#"{"rootfs": {"diff_ids": ["sha256:aa", "sha256:bb"]}}"#;
        assert!(written(&[]).contains_key(&blob(&digest(configuration))));
    }
}
