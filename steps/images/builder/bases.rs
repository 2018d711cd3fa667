//! The images that a lab's Dockerfiles begin with, as folders that a builder reads: it asks no registry and no engine.

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
    /// Writes the engine's images of these names into folders below `to`.
    ///
    /// # Errors
    /// Where the engine cannot export one, or a folder cannot be written.
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

    /// The arguments by which a build takes these images for the names in `FROM`, `COPY --from` and mounts, however a
    /// Dockerfile may spell them.
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

/// Writes the layout as a tar file first, which is the form that nodes take, and unpacks it.
fn unpack(archive: &Archive, name: &str, folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut packed = tempfile::tempfile_in(folder)?;
    archive.write(name, &std::collections::HashSet::new(), &mut packed)?;
    io::Seek::rewind(&mut packed)?;
    tar::Archive::<File>::new(packed).unpack(folder)
}
