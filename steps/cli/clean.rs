//! `labproof clean`: lists what labproof keeps for later runs, and removes it.

use std::{fs, path::Path};

use clap::Args;

use super::exit::Status;
use crate::{
    cluster::identity::Record,
    images::engine,
    machine::folders,
    progress::{self, Progress},
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// Whether to remove anything.
#[derive(Debug, Args)]
pub(super) struct Clean {
    /// Remove everything that is listed; the next run builds or pulls it again
    #[arg(long)]
    remove: bool,
}

impl Clean {
    pub(super) async fn run(self, progress: &Progress) -> Outcome<Status> {
        let cache = folders::cache();
        let (images, folders) = (images().await?, entries(&cache));
        for (what, size) in &folders {
            progress::print(&format!("{}  {size}\n", cache.join(what).display()));
        }
        for Kept { name, size } in &images {
            progress::print(&format!("image {name}  {size}\n"));
        }
        if images.is_empty() && folders.is_empty() {
            progress::print("labproof keeps nothing on this machine\n");
            return Ok(Status::Passed);
        }
        if !self.remove {
            progress::eprint_line("nothing was removed; `labproof clean --remove` removes all of it");
            return Ok(Status::Passed);
        }
        if Record::any()? {
            return Err(
                Fault::refused("a cluster still uses some of it: nothing was removed").hint("run `labproof down`")
            );
        }
        progress.phase("removing images", None);
        for Kept { name, .. } in &images {
            Tool::new("docker").args(["image", "rm", name]).output().await?;
        }
        progress.phase("removing the cache", None);
        fs::remove_dir_all(&cache)
            .or_else(|error| if cache.exists() { Err(error) } else { Ok(()) })
            .map_err(|error| Fault::broken(format!("cannot remove {}: {error}", cache.display())))?;
        progress.done();
        progress::print("all of it was removed\n");
        Ok(Status::Passed)
    }
}

/// An image of the engine that labproof made.
struct Kept {
    name: String,
    size: String,
}

async fn images() -> Outcome<Vec<Kept>> {
    engine::version().await?;
    let made = format!("label={}", engine::MADE);
    let form = "{{.Repository}}:{{.Tag}}\t{{.ID}}\t{{.Size}}";
    let listed = Tool::new("docker").args(["image", "ls", "--filter", &made, "--format", form]).output().await?;
    let kept = listed.lines().filter_map(|line| {
        let mut parts = line.split('\t');
        let (name, id, size) = (parts.next()?, parts.next()?, parts.next()?);
        // An image without a name is known by its id.
        let name = if name.contains("<none>") { id } else { name };
        Some(Kept { name: name.to_owned(), size: size.to_owned() })
    });
    Ok(kept.collect())
}

/// The files and folders of the cache, each with its size.
fn entries(cache: &Path) -> Vec<(String, String)> {
    let found = fs::read_dir(cache).into_iter().flatten().flatten();
    let mut entries: Vec<(String, String)> = found
        .map(|entry| {
            (entry.file_name().display().to_string(), indicatif::DecimalBytes(size(&entry.path())).to_string())
        })
        .collect();
    entries.sort();
    entries
}

/// The size of a file, or of all files in a folder, in bytes.
fn size(path: &Path) -> u64 {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            fs::read_dir(path).into_iter().flatten().flatten().map(|entry| size(&entry.path())).sum()
        }
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_is_listed_with_its_sizes() {
        let cache = tempfile::tempdir().unwrap();
        fs::create_dir(cache.path().join("bin")).unwrap();
        fs::write(cache.path().join("bin/kind"), vec![0; 1500]).unwrap();
        fs::write(cache.path().join("file"), "x").unwrap();
        let listed = entries(cache.path());
        assert_eq!(listed, [("bin".into(), "1.50 kB".into()), ("file".into(), "1 B".into())]);
        assert!(entries(&cache.path().join("none")).is_empty());
    }
}
