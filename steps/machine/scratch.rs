//! The temporary folders of a process: one for build contexts and image archives, one for what nodes must see.
//!
//! They are created when they are first needed, and removed when the process ends. A killed process cannot remove them.
//! Therefore they are listed in a journal of its own, which is locked while the process is alive, so the next run finds
//! and removes the folders.

use std::{
    fs,
    path::{Path, PathBuf},
    process,
    sync::{Mutex, PoisonError},
};

use tempfile::{NamedTempFile, TempDir};

use super::{
    folders,
    journal::{Entry, Journal, Left},
};
use crate::verdict::{Fault, Outcome};

/// The folders of this process; `None` until they are needed.
static SCRATCH: Mutex<Option<Scratch>> = Mutex::new(None);

#[derive(Debug)]
struct Scratch {
    folder: PathBuf,
    for_nodes: PathBuf,
    journal: Journal,
}

impl Scratch {
    fn begin_in(state: &Path, for_nodes: &Path) -> Outcome<Self> {
        let own = tempfile::Builder::new().prefix("labproof-").tempdir().map_err(|error| cannot(&error))?;
        let name = own.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
        let journal = Journal::begin_in(state, &format!("{name}-{}", process::id()))?;
        let for_nodes = for_nodes.join(&name);
        for folder in [own.path(), &for_nodes] {
            journal.note(Entry::Folder(folder.to_owned()))?;
        }
        fs::create_dir(&for_nodes).map_err(|error| cannot(&error))?;
        Ok(Self { folder: own.keep(), for_nodes, journal })
    }

    fn end(&self) {
        // Keep the journal if a folder could not be removed.
        if [&self.folder, &self.for_nodes].iter().all(|folder| fs::remove_dir_all(folder).is_ok()) {
            self.journal.end();
        }
    }
}

/// Creates a folder that is removed when the value is dropped.
///
/// # Errors
/// If it cannot be created.
pub fn folder() -> Outcome<TempDir> {
    tempfile::tempdir_in(own()?.0).map_err(|error| cannot(&error))
}

/// A new folder that nodes see; see [`for_nodes`]. It is removed when it is dropped.
///
/// # Errors
/// Where it cannot be made.
pub fn folder_for_nodes() -> Outcome<TempDir> {
    tempfile::tempdir_in(own()?.1).map_err(|error| cannot(&error))
}

/// The folder that all processes share for what nodes are to see. It holds nothing else.
///
/// # Errors
/// Where it cannot be made.
pub fn for_nodes() -> Outcome<PathBuf> {
    let folder = folders::state("for-nodes")?;
    std::path::absolute(folder).map_err(|error| cannot(&error))
}

/// Creates a file that is removed when the value is dropped.
///
/// # Errors
/// If it cannot be created.
pub fn file() -> Outcome<NamedTempFile> {
    NamedTempFile::new_in(own()?.0).map_err(|error| cannot(&error))
}

/// Removes the folders of this process with their contents.
pub fn end() {
    if let Some(scratch) = SCRATCH.lock().unwrap_or_else(PoisonError::into_inner).take() {
        scratch.end();
    }
}

/// Removes the folders of killed processes, and returns their paths.
///
/// # Errors
/// If the state folder cannot be read.
pub fn sweep() -> Outcome<Vec<String>> {
    sweep_in(&state()?)
}

fn sweep_in(state: &Path) -> Outcome<Vec<String>> {
    let mut cleared = Vec::new();
    for left in Left::all_in(state)? {
        for note in &left.notes {
            let Entry::Folder(folder) = &note.entry else { continue };
            if fs::remove_dir_all(folder).is_ok() {
                cleared.push(format!("folder {}", folder.display()));
            }
        }
        left.end();
    }
    Ok(cleared)
}

/// This process's own folder, and the one that nodes see.
fn own() -> Outcome<(PathBuf, PathBuf)> {
    let mut scratch = SCRATCH.lock().unwrap_or_else(PoisonError::into_inner);
    if scratch.is_none() {
        *scratch = Some(Scratch::begin_in(&state()?, &for_nodes()?)?);
    }
    Ok(scratch.as_ref().map(|scratch| (scratch.folder.clone(), scratch.for_nodes.clone())).unwrap_or_default())
}

fn state() -> Outcome<PathBuf> {
    folders::state("scratch")
}

fn cannot(error: &std::io::Error) -> Fault {
    Fault::broken(format!("cannot use the temporary folder: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folders_of_a_killed_process_are_removed_and_those_of_a_living_one_are_not() {
        let (state, for_nodes) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let [killed, living] = [(); 2].map(|()| Scratch::begin_in(state.path(), for_nodes.path()).unwrap());
        let folders = |scratch: &Scratch| [scratch.folder.clone(), scratch.for_nodes.clone()];
        let (left, kept) = (folders(&killed), folders(&living));
        for folder in left.iter().chain(&kept) {
            fs::write(folder.join("archive.tar"), "an image").unwrap();
        }
        drop(killed.journal);
        assert_eq!(sweep_in(state.path()).unwrap(), left.clone().map(|left| format!("folder {}", left.display())));
        assert!(left.iter().all(|left| !left.exists()));
        assert!(kept.iter().all(|kept| kept.join("archive.tar").exists()));
        living.end();
        assert!(kept.iter().all(|kept| !kept.exists()));
        assert_eq!(fs::read_dir(state.path()).unwrap().count(), 0);
    }
}
