//! The temporary folder of a process, for build contexts and image archives.
//!
//! It is created when it is first needed, and removed when the process ends. A killed process cannot remove it.
//! Therefore it is listed in a journal of its own, which is locked while the process is alive, so the next run finds
//! and removes the folder.

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

/// The folder of this process; `None` until it is needed.
static SCRATCH: Mutex<Option<Scratch>> = Mutex::new(None);

#[derive(Debug)]
struct Scratch {
    folder: PathBuf,
    journal: Journal,
}

impl Scratch {
    fn begin_in(state: &Path) -> Outcome<Self> {
        let folder = tempfile::Builder::new().prefix("labproof-").tempdir().map_err(|error| cannot(&error))?;
        let name = folder.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
        let journal = Journal::begin_in(state, &format!("{name}-{}", process::id()))?;
        journal.note(Entry::Folder(folder.path().to_owned()))?;
        Ok(Self { folder: folder.keep(), journal })
    }

    fn end(&self) {
        // Keep the journal if the folder could not be removed.
        if fs::remove_dir_all(&self.folder).is_ok() {
            self.journal.end();
        }
    }
}

/// Creates a folder that is removed when the value is dropped.
///
/// # Errors
/// If it cannot be created.
pub fn folder() -> Outcome<TempDir> {
    tempfile::tempdir_in(own()?).map_err(|error| cannot(&error))
}

/// Creates a file that is removed when the value is dropped.
///
/// # Errors
/// If it cannot be created.
pub fn file() -> Outcome<NamedTempFile> {
    NamedTempFile::new_in(own()?).map_err(|error| cannot(&error))
}

/// Removes the folder of this process with its contents.
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

fn own() -> Outcome<PathBuf> {
    let mut scratch = SCRATCH.lock().unwrap_or_else(PoisonError::into_inner);
    if scratch.is_none() {
        *scratch = Some(Scratch::begin_in(&state()?)?);
    }
    Ok(scratch.as_ref().map(|scratch| scratch.folder.clone()).unwrap_or_default())
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
    fn the_folder_of_a_killed_process_is_removed_and_that_of_a_living_one_is_not() {
        let state = tempfile::tempdir().unwrap();
        let [killed, living] = [(); 2].map(|()| Scratch::begin_in(state.path()).unwrap());
        for scratch in [&killed, &living] {
            fs::write(scratch.folder.join("archive.tar"), "an image").unwrap();
        }
        let (left, kept) = (killed.folder.clone(), living.folder.clone());
        drop(killed.journal);
        assert_eq!(sweep_in(state.path()).unwrap(), [format!("folder {}", left.display())]);
        assert!(!left.exists() && kept.join("archive.tar").exists());
        living.end();
        assert!(!kept.exists());
        assert_eq!(fs::read_dir(state.path()).unwrap().count(), 0);
    }
}
