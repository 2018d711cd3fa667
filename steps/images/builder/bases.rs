//! The base images of a lab's Dockerfiles, written to folders that a builder reads, so it needs neither a registry nor
//! the engine.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    image_name::ImageName,
    images::{archive::Archive, identity},
    once_each::OnceEach,
    verdict::{Fault, Outcome},
};

/// Images as OCI layouts below a folder. Each is written once, when the first build needs it.
#[derive(Debug)]
pub struct Bases {
    folder: PathBuf,
    layouts: OnceEach<ImageName, Layout>,
}

#[derive(Clone, Debug)]
struct Layout {
    folder: PathBuf,
    manifest: String,
}

impl Bases {
    /// Nothing has been written yet.
    #[must_use]
    pub fn below(folder: PathBuf) -> Self {
        Self { folder, layouts: OnceEach::default() }
    }

    /// The arguments that make a build use these images for the names in `FROM`, `COPY --from` and mounts, in every
    /// spelling that a Dockerfile may use.
    ///
    /// # Errors
    /// If the engine cannot export an image, or if a folder cannot be written.
    pub async fn arguments(&self, bases: &[ImageName]) -> Outcome<Vec<String>> {
        let mut arguments = Vec::new();
        for name in bases {
            let Layout { folder, manifest } = self.layouts.get(name, || self.write(name)).await?;
            let place = format!("oci-layout://{}@{manifest}", folder.display());
            let names = BTreeSet::from([name.short().to_owned(), name.full(), name.canonical()]);
            arguments.extend(names.into_iter().flat_map(|name| ["--build-context".into(), format!("{name}={place}")]));
        }
        Ok(arguments)
    }

    async fn write(&self, name: &ImageName) -> Outcome<Layout> {
        let cannot = |error: io::Error| Fault::broken(format!("cannot write {name} for the builder: {error}"));
        fs::create_dir_all(&self.folder).map_err(cannot)?;
        let folder = tempfile::tempdir_in(&self.folder).map_err(cannot)?.keep();
        let archive = Arc::new(identity::export(&name.full()).await?);
        let manifest = archive.manifest_digest();
        let (full, target) = (name.canonical(), folder.clone());
        tokio::task::spawn_blocking(move || unpack(&archive, &full, &target))
            .await
            .map_err(|error| cannot(io::Error::other(error)))?
            .map_err(cannot)?;
        Ok(Layout { folder, manifest })
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
