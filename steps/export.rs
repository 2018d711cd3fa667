//! Exports graded labs as tasks of other programs.
//!
//! A task contains a lab for one purpose only: what a learner may know, what grades the work, and what solves it are in
//! separate folders. Nothing here runs a lab.

pub mod harbor;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::verdict::{Fault, Outcome};

/// A program whose tasks labproof writes.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub enum TaskFormat {
    /// Harbor, which evaluates agents.
    #[default]
    Harbor,
}

/// Checks that none of these folders exists, because an export replaces nothing.
///
/// # Errors
/// `refused` if one of them exists.
pub fn are_new(folders: &[PathBuf]) -> Outcome {
    let exists = |folder: &&PathBuf| fs::symlink_metadata(folder).is_ok();
    match folders.iter().find(exists) {
        None => Ok(()),
        Some(folder) => Err(Fault::refused(format!("{} already exists: nothing was written", folder.display()))
            .hint("choose another folder, or remove this one")),
    }
}

/// Writes a file and the folders above it.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let [new, old, link] = ["new", "old", "link"].map(|name| folder.path().join(name));
        fs::create_dir(&old).unwrap();
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        are_new(std::slice::from_ref(&new)).unwrap();
        for existing in [old, link] {
            let fault = are_new(&[new.clone(), existing]).unwrap_err();
            assert!(fault.reason.ends_with("already exists: nothing was written"), "{fault}");
        }
    }
}
