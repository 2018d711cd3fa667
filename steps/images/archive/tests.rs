//! One small archive of each form that an engine writes.

use std::{collections::HashMap, io::Read};

use super::*;

const AMD64: &str = r#"{"os": "linux", "architecture": "amd64", "rootfs": {"diff_ids": ["sha256:aa", "sha256:bb"]}}"#;
const ARM64: &str = r#"{"os": "linux", "architecture": "arm64", "rootfs": {"diff_ids": ["sha256:aa", "sha256:bb"]}}"#;

fn platform() -> Platform {
    Platform { os: "linux".into(), architecture: "amd64".into() }
}

fn id(configuration: &str) -> ImageId {
    ImageId::of_configuration(digest(configuration.as_bytes()))
}

/// An archive with these files.
fn tape(files: &[(String, Vec<u8>)]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut archive = tar::Builder::new(file.reopen().unwrap());
    for (name, bytes) in files {
        append(&mut archive, name, bytes).unwrap();
    }
    archive.finish().unwrap();
    file
}

fn older(images: &[&str]) -> tempfile::NamedTempFile {
    let mut files =
        vec![("one/layer.tar".to_owned(), b"the first layer".to_vec()), ("two/layer.tar".into(), b"the second".into())];
    let mut saved = Vec::new();
    for (number, configuration) in images.iter().enumerate() {
        files.push((format!("{number}.json"), configuration.as_bytes().to_vec()));
        saved.push(json!({"Config": format!("{number}.json"), "Layers": ["one/layer.tar", "two/layer.tar"]}));
    }
    files.push(("manifest.json".into(), json!(saved).to_string().into_bytes()));
    tape(&files)
}

/// A layout that is made from its blobs: each is a document or a layer, and known by its digest.
#[derive(Default)]
struct Layout {
    files: Vec<(String, Vec<u8>)>,
}

impl Layout {
    fn add(&mut self, media_type: &str, bytes: &[u8]) -> Value {
        self.files.push((blob(&digest(bytes)), bytes.to_vec()));
        descriptor(media_type, &digest(bytes), bytes.len() as u64)
    }

    fn image(&mut self, configuration: &str, layers: &[(&str, &[u8])]) -> Value {
        let config = self.add("application/vnd.oci.image.config.v1+json", configuration.as_bytes());
        let layers: Vec<Value> = layers
            .iter()
            .map(|(kind, bytes)| self.add(&format!("application/vnd.oci.image.layer.v1.{kind}"), bytes))
            .collect();
        let manifest = json!({"schemaVersion": 2, "config": config, "layers": layers}).to_string();
        self.add("application/vnd.oci.image.manifest.v1+json", manifest.as_bytes())
    }

    fn index(&mut self, entries: &[Value]) -> Value {
        let index = json!({"schemaVersion": 2, "manifests": entries}).to_string();
        self.add("application/vnd.oci.image.index.v1+json", index.as_bytes())
    }

    fn save(mut self, entry: &Value) -> tempfile::NamedTempFile {
        let index = json!({"schemaVersion": 2, "manifests": [entry]}).to_string();
        self.files.push(("index.json".into(), index.into_bytes()));
        tape(&self.files)
    }
}

fn on(mut entry: Value, architecture: &str) -> Value {
    let os = if architecture == "unknown" { "unknown" } else { "linux" };
    entry["platform"] = json!({"os": os, "architecture": architecture});
    entry
}

fn attestation(layout: &mut Layout) -> Value {
    let mut entry = layout.image(r#"{"rootfs": {"diff_ids": []}}"#, &[("tar", b"a statement")]);
    entry["annotations"] = json!({"vnd.docker.reference.type": "attestation-manifest"});
    on(entry, "unknown")
}

fn opened(file: &tempfile::NamedTempFile) -> Archive {
    Archive::open(file.path(), &platform()).unwrap()
}

fn written(archive: &Archive, present: &[&str]) -> HashMap<String, String> {
    let mut bytes = Vec::new();
    let present = present.iter().map(|digest| (*digest).to_owned()).collect();
    archive.write("docker.io/library/x:1", &present, &mut bytes).unwrap();
    let mut layout = tar::Archive::new(bytes.as_slice());
    let entries = layout.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.path().unwrap().to_string_lossy().into_owned(), String::from_utf8_lossy(&bytes).into_owned())
    });
    entries.collect()
}

#[test]
fn a_layer_that_the_node_has_does_not_travel() {
    let layout = written(&opened(&older(&[AMD64])), &["sha256:aa"]);
    assert!(!layout.contains_key("blobs/sha256/aa"));
    assert_eq!(layout["blobs/sha256/bb"], "the second");
}

#[test]
fn the_manifest_names_every_layer_whether_it_travels_or_not() {
    let layout = written(&opened(&older(&[AMD64])), &["sha256:aa", "sha256:bb"]);
    let index: Value = serde_json::from_str(&layout["index.json"]).unwrap();
    assert_eq!(index["manifests"][0]["annotations"]["io.containerd.image.name"], "docker.io/library/x:1");
    let manifest = &layout[&blob(index["manifests"][0]["digest"].as_str().unwrap())];
    let manifest: Value = serde_json::from_str(manifest).unwrap();
    assert_eq!(manifest["layers"][1], descriptor(LAYER, "sha256:bb", 10));
}

#[test]
fn the_configuration_keeps_its_bytes_and_so_the_image_its_identity() {
    let archive = opened(&older(&[AMD64]));
    assert_eq!(archive.id(), id(AMD64));
    assert!(written(&archive, &[]).contains_key(&blob(id(AMD64).as_str())));
}

#[test]
fn of_several_platforms_in_an_older_archive_this_one_is_taken() {
    assert_eq!(opened(&older(&[ARM64, AMD64])).id(), id(AMD64));
    let none = Archive::open(older(&[ARM64]).path(), &platform()).unwrap_err();
    assert_eq!(none.to_string(), "the export holds no image for linux/amd64");
}

#[test]
fn a_single_manifest_is_passed_on_byte_for_byte_with_its_layers_as_they_are_packed() {
    let mut layout = Layout::default();
    let gzip: &[u8] = &[0x1f, 0x8b, 8, 0];
    let zstd: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
    let entry = layout.image(AMD64, &[("tar", b"plain"), ("tar+gzip", gzip), ("tar+zstd", zstd), ("tar", b"plain")]);
    let manifest = layout.files.last().unwrap().1.clone();
    let archive = opened(&layout.save(&entry));
    assert_eq!(archive.id(), id(AMD64));
    let layout = written(&archive, &[&digest(gzip)]);
    assert_eq!(layout[&blob(&digest(&manifest))].as_bytes(), manifest);
    assert!(layout.contains_key(&blob(&digest(zstd))) && !layout.contains_key(&blob(&digest(gzip))));
    let index: Value = serde_json::from_str(&layout["index.json"]).unwrap();
    assert_eq!(index["manifests"][0]["mediaType"], "application/vnd.oci.image.manifest.v1+json");
}

#[test]
fn an_index_with_an_attestation_leads_to_the_image() {
    let mut layout = Layout::default();
    let image = on(layout.image(AMD64, &[("tar+gzip", b"one")]), "amd64");
    let attestation = attestation(&mut layout);
    let entry = layout.index(&[attestation, image]);
    assert_eq!(opened(&layout.save(&entry)).id(), id(AMD64));
}

#[test]
fn an_index_of_several_platforms_leads_to_the_one_that_the_engine_has() {
    let mut layout = Layout::default();
    let amd64 = on(layout.image(AMD64, &[("tar", b"one")]), "amd64");
    let arm64 = on(layout.image(ARM64, &[("tar", b"two")]), "arm64");
    let absent = on(descriptor("application/vnd.oci.image.manifest.v1+json", "sha256:00", 1), "amd64");
    let entry = layout.index(&[absent, arm64, amd64]);
    assert_eq!(opened(&layout.save(&entry)).id(), id(AMD64));
}

#[test]
fn an_image_without_its_layers_is_none() {
    let mut layout = Layout::default();
    let entry = layout.image(AMD64, &[("tar", b"one")]);
    layout.files.remove(1);
    let error = Archive::open(layout.save(&entry).path(), &platform()).unwrap_err();
    assert_eq!(error.to_string(), "the export holds no image for linux/amd64");
}
