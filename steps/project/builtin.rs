//! labproof's built-in folder `kind-config/`: the default cluster, the table of node images, the stand-ins, and the
//! scripts that build images if no registry can be reached.
//!
//! The files are compiled into the program. When another program must read one, all of them are unpacked into the
//! cache.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use include_dir::{Dir, File, include_dir};
use sha2::{Digest, Sha256};

use crate::{
    machine::folders,
    verdict::{Fault, Outcome},
};

/// The folder's name, in a project and in the cache.
const FOLDER: &str = "kind-config";

static FILES: Dir = include_dir!("$CARGO_MANIFEST_DIR/kind-config");

/// The content of a built-in file; `path` begins with `kind-config/`.
pub(super) fn text(path: &Path) -> Option<&'static str> {
    FILES.get_file(path.strip_prefix(FOLDER).ok()?)?.contents_utf8()
}

/// The path of a built-in file or folder after unpacking; `path` begins with `kind-config/`.
///
/// # Errors
/// `broken` if the cache cannot be written.
pub(super) fn unpacked(path: &Path) -> Option<Outcome<PathBuf>> {
    let inner = path.strip_prefix(FOLDER).ok()?;
    let exists = inner.as_os_str().is_empty() || FILES.contains(inner);
    exists.then(|| folder().map(|folder| folder.join(path)))
}

/// The folder in the cache that contains `kind-config/`. Its name depends on the content, so different versions of
/// labproof do not conflict.
fn folder() -> Outcome<PathBuf> {
    static UNPACKED: OnceLock<PathBuf> = OnceLock::new();
    if let Some(folder) = UNPACKED.get() {
        return Ok(folder.clone());
    }
    let folder = folders::cache().join(format!("built-in-{}", digest()));
    if !folder.is_dir() {
        unpack(&folder).map_err(|error| {
            Fault::broken(format!("cannot write labproof's own files to {}: {error}", folder.display()))
                .hint("set LABPROOF_CACHE to a folder that you can write to")
        })?;
    }
    Ok(UNPACKED.get_or_init(|| folder).clone())
}

/// Unpacks all files beside `folder` and then renames their folder, so nobody sees an incomplete one.
fn unpack(folder: &Path) -> io::Result<()> {
    let cache = folder.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(cache)?;
    let unfinished = tempfile::tempdir_in(cache)?;
    let target = unfinished.path().join(FOLDER);
    for file in files(&FILES) {
        write(file, &target)?;
    }
    fs::set_permissions(unfinished.path(), Permissions::from_mode(0o755))?;
    let renamed = fs::rename(unfinished.path(), folder);
    // Another process may have unpacked it first.
    if folder.is_dir() { Ok(()) } else { renamed }
}

fn write(file: &File, target: &Path) -> io::Result<()> {
    let path = target.join(file.path());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(&path, file.contents())?;
    let mode = if file.contents().starts_with(b"#!") { 0o755 } else { 0o644 };
    fs::set_permissions(path, Permissions::from_mode(mode))
}

fn files<'a>(folder: &'a Dir<'a>) -> Box<dyn Iterator<Item = &'a File<'a>> + 'a> {
    Box::new(folder.files().chain(folder.dirs().flat_map(files)))
}

fn digest() -> String {
    let mut digest = Sha256::new();
    for file in files(&FILES) {
        digest.update(file.path().as_os_str().as_encoded_bytes());
        digest.update(file.contents());
    }
    hex::encode(&digest.finalize()[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unpacked_is_what_the_repository_has() {
        let cache = tempfile::tempdir().unwrap();
        let folder = cache.path().join("built-in");
        unpack(&folder).unwrap();
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        for file in files(&FILES) {
            let path = Path::new(FOLDER).join(file.path());
            let (unpacked, own) = (folder.join(&path), repository.join(&path));
            assert_eq!(fs::read(&unpacked).unwrap(), fs::read(&own).unwrap(), "{}", path.display());
            let is_executable = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o100 != 0;
            assert_eq!(is_executable(&unpacked), is_executable(&own), "{}", path.display());
        }
        assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 1, "nothing unfinished is left");
        unpack(&folder).unwrap();
    }

    #[test]
    fn every_file_of_the_repository_is_built_in() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = crate::machine::content::files(&repository.join(FOLDER)).unwrap();
        let missing = files.iter().filter(|file| text(file.strip_prefix(repository).unwrap()).is_none());
        let missing: Vec<&PathBuf> = missing.collect();
        assert!(missing.is_empty(), "{missing:?}: touch steps/project/builtin.rs to have them compiled in");
    }

    #[test]
    fn only_what_is_built_in_is_found() {
        assert!(text(Path::new("kind-config/demo.yaml")).unwrap().contains("name: demo"));
        assert!(text(Path::new("kind-config/no.yaml")).is_none() && text(Path::new("demo.yaml")).is_none());
        assert!(unpacked(Path::new("kind-config/no.yaml")).is_none());
    }
}
