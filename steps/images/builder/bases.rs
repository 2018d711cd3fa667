//! The base images of a lab's Dockerfiles, written to folders that a builder reads, so it needs neither a registry nor
//! the engine.

use std::{
    collections::BTreeSet,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    image_name::ImageName,
    images::{archive::Archive, identity},
    verdict::{Fault, Outcome},
};

/// Images as OCI layouts.
#[derive(Clone, Debug, Default)]
pub struct Bases {
    layouts: Vec<Layout>,
}

#[derive(Clone, Debug)]
struct Layout {
    name: ImageName,
    folder: PathBuf,
    manifest: String,
}

impl Bases {
    /// Exports these images from the engine into folders below `to`.
    ///
    /// # Errors
    /// If the engine cannot export an image, or if a folder cannot be written.
    pub async fn write(names: &BTreeSet<ImageName>, to: &Path) -> Outcome<Self> {
        let mut layouts = Vec::new();
        for (number, name) in names.iter().enumerate() {
            let (archive, folder) = (Arc::new(identity::export(&name.full()).await?), to.join(number.to_string()));
            let cannot = |error: io::Error| Fault::broken(format!("cannot write {name} for the builder: {error}"));
            let manifest = archive.manifest_digest();
            let (full, target) = (name.canonical(), folder.clone());
            tokio::task::spawn_blocking(move || unpack(&archive, &full, &target))
                .await
                .map_err(|error| cannot(io::Error::other(error)))?
                .map_err(cannot)?;
            layouts.push(Layout { name: name.clone(), folder, manifest });
        }
        Ok(Self { layouts })
    }

    /// The arguments that make a build use these images for the names in `FROM`, `COPY --from` and mounts, in every
    /// spelling that a Dockerfile may use.
    pub(super) fn arguments(&self) -> Vec<String> {
        let named = |layout: &Layout| {
            let name = &layout.name;
            let names = BTreeSet::from([name.short().to_owned(), name.full(), name.canonical()]);
            let place = format!("oci-layout://{}@{}", layout.folder.display(), layout.manifest);
            names.into_iter().flat_map(move |name| ["--build-context".to_owned(), format!("{name}={place}")])
        };
        self.layouts.iter().flat_map(named).collect()
    }
}

/// Writes the layout as a tar file first, in the form for nodes, and unpacks it.
fn unpack(archive: &Archive, name: &str, folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut packed = tempfile::tempfile_in(folder)?;
    archive.write(name, &std::collections::HashSet::new(), &mut packed)?;
    io::Seek::rewind(&mut packed)?;
    tar::Archive::<File>::new(packed).unpack(folder)
}
