//! Identifies the engine's image of a name.
//!
//! On the store overlay2 the engine reports the identity. On the containerd store it reports the digest of a manifest,
//! and only an export contains the configuration. Therefore the result is cached by digest; it stays valid, because the
//! content of a digest never changes.

use std::path::PathBuf;

use super::{
    LOAD_LIMIT,
    archive::Archive,
    engine::{self, Image, Store},
    id::ImageId,
};
use crate::{
    machine::{folders, scratch},
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// An image that the engine has.
#[derive(Debug)]
pub struct Identified {
    /// Its identity.
    pub id: ImageId,
    /// The export from which the identity was read; `None` if the identity was known already.
    pub archive: Option<Archive>,
}

/// The image `name`; `None` if the engine does not have it.
///
/// # Errors
/// If no engine answers, or if the engine cannot export the image.
pub async fn identify(name: &str) -> Outcome<Option<Identified>> {
    // If several tasks ask for an image, only one exports it.
    static ASKING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let Some(image) = engine::image(name).await? else { return Ok(None) };
    if engine::store().await? == Store::Graph {
        return Ok(Some(Identified { id: ImageId::of_configuration(image.key), archive: None }));
    }
    let _alone = ASKING.lock().await;
    let manifest = manifest(name, &image).await?;
    if let Some(id) = recall(&manifest) {
        return Ok(Some(Identified { id, archive: None }));
    }
    let archive = export(name).await?;
    let id = archive.id();
    // If a build has given the name to another image meanwhile, the export may be that image's.
    let after = engine::image(name).await?;
    if let Some(after) = after
        && self::manifest(name, &after).await? == manifest
    {
        remember(&manifest, &id)?;
    }
    Ok(Some(Identified { id, archive: Some(archive) }))
}

/// The identity of the image `name`; `None` if the engine does not have it.
///
/// # Errors
/// The same as [`identify`].
pub async fn id(name: &str) -> Outcome<Option<ImageId>> {
    Ok(identify(name).await?.map(|identified| identified.id))
}

/// Exports the engine's image as an archive.
///
/// # Errors
/// If the engine cannot export it, or if the export contains no image for the engine's platform.
pub async fn export(name: &str) -> Outcome<Archive> {
    let cannot = |error: std::io::Error| Fault::broken(format!("cannot read the export of {name}: {error}"));
    let platform = engine::platform().await?;
    let (file, to) = scratch::file()?.into_parts();
    // Without `--output`, because that waits until the whole file is on the disk.
    Tool::new("docker").args(["save", name]).limit(LOAD_LIMIT).output_to(file).await?;
    tokio::task::spawn_blocking(move || Archive::open(&to, &platform))
        .await
        .map_err(|error| cannot(std::io::Error::other(error)))?
        .map_err(cannot)
}

/// The digest of the manifest for the engine's platform, which does not change if a build takes everything from its
/// cache. It is the image's key if the client cannot ask for the manifest.
async fn manifest(name: &str, image: &Image) -> Outcome<String> {
    let platform = engine::platform().await?.to_string();
    let words = ["image", "inspect", "--platform", &platform, "--format", "{{.Id}}", name];
    let found = Tool::new("docker").args(words).finish().await?;
    Ok(if found.status.success() { found.stdout.trim().to_owned() } else { image.key.clone() })
}

fn file(manifest: &str) -> PathBuf {
    folders::cache().join("images").join(manifest.replace(':', "-"))
}

fn recall(manifest: &str) -> Option<ImageId> {
    let kept = std::fs::read_to_string(file(manifest)).ok()?;
    kept.starts_with("sha256:").then(|| ImageId::of_configuration(kept))
}

fn remember(manifest: &str, id: &ImageId) -> Outcome {
    let file = file(manifest);
    let folder = file.parent().map_or(Ok(()), std::fs::create_dir_all);
    folder.and_then(|()| folders::replace(&file, id.as_str().as_bytes())).map_err(|error| {
        Fault::broken(format!("cannot write {}: {error}", file.display()))
            .hint("set LABPROOF_CACHE to a folder that you can write to")
    })
}
