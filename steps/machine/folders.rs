//! The folders in which labproof stores its files.
//!
//! | folder | for | root | other users | changed by |
//! |---|---|---|---|---|
//! | state | the record of each cluster, claims, journals, images on their way to nodes | `/var/lib/labproof` | `$XDG_STATE_HOME/labproof` | `LABPROOF_STATE` |
//! | cache | programs and root file systems that take long to build | `$XDG_CACHE_HOME/labproof` | the same | `LABPROOF_CACHE` |
//!
//! Root's state belongs to the machine, whatever `HOME` is, because a cluster belongs to the machine's engine.

use std::{
    env,
    fs::{self, DirBuilder},
    io::ErrorKind,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

use crate::verdict::{Fault, Outcome};

/// A folder in the state folder, created if it does not exist. Only the user can open it.
///
/// # Errors
/// If it cannot be made.
pub fn state(name: &str) -> Outcome<PathBuf> {
    let base = match (env::var_os("LABPROOF_STATE"), is_root()) {
        (Some(folder), _) => PathBuf::from(folder),
        (None, true) => PathBuf::from("/var/lib/labproof"),
        (None, false) => base("XDG_STATE_HOME", ".local/state"),
    };
    make(&base.join(name))
}

/// The cache folder, which may not exist.
#[must_use]
pub fn cache() -> PathBuf {
    env::var_os("LABPROOF_CACHE").map_or_else(|| base("XDG_CACHE_HOME", ".cache"), PathBuf::from)
}

/// The folder of a run, which contains the folders of its scenarios and submissions. It may not exist.
#[must_use]
pub fn of_run(run: &str) -> PathBuf {
    env::temp_dir().join(format!("labproof-{run}"))
}

/// Replaces a file atomically: a reader sees either the old or the new content.
///
/// # Errors
/// If the folder cannot be written.
pub fn replace(file: &Path, content: &[u8]) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let new = tempfile::NamedTempFile::new_in(folder)?;
    fs::write(new.path(), content)?;
    new.persist(file).map_err(|error| error.error)?;
    Ok(())
}

/// Removes a folder with its contents, and returns whether it existed.
///
/// # Errors
/// `broken` if something in it cannot be removed.
pub fn remove(folder: &Path) -> Outcome<bool> {
    match fs::remove_dir_all(folder) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Fault::broken(format!("cannot remove the folder {}: {error}", folder.display()))),
    }
}

/// Whether labproof runs as root.
#[must_use]
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn base(variable: &str, below_home: &str) -> PathBuf {
    let home = || PathBuf::from(env::var_os("HOME").unwrap_or_else(|| "/".into())).join(below_home);
    env::var_os(variable).map_or_else(home, PathBuf::from).join("labproof")
}

fn make(folder: &Path) -> Outcome<PathBuf> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| {
        Fault::broken(format!("cannot make the folder {}: {error}", folder.display()))
            .hint("set LABPROOF_STATE to a folder that you can write to")
    })?;
    Ok(folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_removed_is_not_taken_for_removed() {
        let folder = tempfile::tempdir().unwrap();
        let (inner, file) = (folder.path().join("inner"), folder.path().join("file"));
        fs::create_dir(&inner).unwrap();
        fs::write(&file, "").unwrap();
        assert_eq!((remove(&inner), remove(&inner)), (Ok(true), Ok(false)));
        assert!(remove(&file).is_err() && file.exists());
    }
}
