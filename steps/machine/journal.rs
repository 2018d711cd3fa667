//! The journal of a run: a list of what the run creates, with each entry written before its object is created.
//!
//! A journal is locked while its run is alive, and removed when the run has cleaned up. So an unlocked journal belongs
//! to a dead run: the next run reads it and removes the listed objects.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Mutex,
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Serialize};

use super::folders;
use crate::verdict::{Fault, Outcome};

/// The file name extension of a journal.
const ENDING: &str = "jsonl";

/// Something that a run creates and must remove.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entry {
    /// A folder with its contents.
    Folder(PathBuf),
    /// A namespace of a cluster.
    Namespace {
        /// The cluster's name.
        cluster: String,
        /// The namespace's name.
        name: String,
    },
    /// The objects that a scenario makes in a namespace that was there before it.
    Objects {
        /// The cluster's name.
        cluster: String,
        /// The namespace's name.
        namespace: String,
    },
    /// A container that a lab's own command creates under a fixed name.
    Container(String),
    /// A namespace that a scenario creates under a fixed name.
    FixedNamespace {
        /// The cluster's name.
        cluster: String,
        /// The namespace's name.
        name: String,
    },
    /// A throwaway kind cluster of a scenario.
    Cluster(String),
    /// Objects without a namespace, which a scenario creates or changes.
    ClusterObjects {
        /// The cluster's name.
        cluster: String,
        /// The file with the earlier state of these objects.
        record: PathBuf,
    },
}

impl Entry {
    /// The cluster on which only a run with this entry can remove what the entry names.
    fn cluster(&self) -> Option<&str> {
        match self {
            Self::Objects { cluster, .. }
            | Self::FixedNamespace { cluster, .. }
            | Self::ClusterObjects { cluster, .. } => Some(cluster),
            Self::Folder(_) | Self::Namespace { .. } | Self::Container(_) | Self::Cluster(_) => None,
        }
    }
}

/// One line of a journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Note {
    /// When it was written.
    pub at: SystemTime,
    /// What will be created.
    pub entry: Entry,
}

/// The journal of this run.
#[derive(Debug)]
pub struct Journal {
    file: Mutex<File>,
    path: PathBuf,
}

/// The journal of a dead run.
#[derive(Debug)]
pub struct Left {
    /// The name of the run.
    pub run: String,
    /// The entries: everything that it created or was about to create.
    pub notes: Vec<Note>,
    /// Complete lines that this version cannot read: another version of labproof wrote them.
    pub unreadable: usize,
    /// The last time at which the run was known to be alive.
    pub last_alive: SystemTime,
    file: File,
    path: PathBuf,
}

impl Journal {
    /// How often a run touches its journal; this is the precision of its time of death.
    pub const HEARTBEAT: Duration = Duration::from_secs(2);

    /// Creates the journal of the run `run`.
    ///
    /// # Errors
    /// If the state folder cannot be written.
    pub fn begin(run: &str) -> Outcome<Self> {
        Self::begin_in(&folders::state("runs")?, run)
    }

    /// Creates the journal in this folder. It is locked before it gets its name, because an unlocked journal belongs to
    /// a dead run.
    pub(crate) fn begin_in(folder: &Path, run: &str) -> Outcome<Self> {
        let path = folder.join(format!("{run}.{ENDING}"));
        let new = tempfile::Builder::new().append(true).tempfile_in(folder).map_err(|error| cannot(&path, &error))?;
        new.as_file().try_lock().map_err(|error| cannot(&path, &error))?;
        let file = new.persist_noclobber(&path).map_err(|error| cannot(&path, &error.error))?;
        Ok(Self { file: Mutex::new(file), path })
    }

    /// Writes an entry before its object is created.
    ///
    /// # Errors
    /// If it cannot be written; the object must then not be created.
    pub fn note(&self, entry: Entry) -> Outcome {
        let mut line =
            serde_json::to_vec(&Note { at: SystemTime::now(), entry }).map_err(|error| cannot(&self.path, &error))?;
        line.push(b'\n');
        self.lock().write_all(&line).map_err(|error| cannot(&self.path, &error))
    }

    /// Records that the run is alive.
    pub fn touch(&self) {
        // An error is ignored: it only makes the cleanup after a crash more careful.
        _ = self.lock().set_modified(SystemTime::now());
    }

    /// Removes the journal, because everything has been removed.
    pub fn end(&self) {
        // An error is ignored: the next run finds that there is nothing to remove.
        _ = fs::remove_file(&self.path);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Left {
    /// Finds the journals of all dead runs, and locks each for this process.
    ///
    /// # Errors
    /// If the state folder cannot be read.
    pub fn all() -> Outcome<Vec<Self>> {
        Self::all_in(&folders::state("runs")?)
    }

    pub(super) fn all_in(folder: &Path) -> Outcome<Vec<Self>> {
        let entries = fs::read_dir(folder).map_err(|error| cannot(folder, &error))?;
        let mut left = Vec::new();
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.extension().is_some_and(|ending| ending == ENDING) {
                left.extend(Self::open(&path)?);
            }
        }
        Ok(left)
    }

    /// Whether a cluster other than this one, which still exists, may have objects of the run.
    pub fn waits_for_another(&self, cluster: &str, exists: impl Fn(&str) -> bool) -> bool {
        let clusters = self.notes.iter().filter_map(|note| note.entry.cluster());
        clusters.filter(|of| *of != cluster).any(exists)
    }

    /// Removes the journal, because all its objects have been removed.
    pub fn end(self) {
        // An error is ignored: the next run cleans up again.
        _ = fs::remove_file(&self.path);
        drop(self.file);
    }

    fn open(path: &Path) -> Outcome<Option<Self>> {
        let Ok(mut file) = OpenOptions::new().read(true).append(true).open(path) else { return Ok(None) };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(cannot(path, &error)),
        }
        let state = file.metadata().map_err(|error| cannot(path, &error))?;
        if state.nlink() == 0 {
            // Its run cleaned up and removed it after this process opened it and before it locked it.
            return Ok(None);
        }
        let last_alive = state.modified().map_err(|error| cannot(path, &error))?;
        file.rewind().map_err(|error| cannot(path, &error))?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(|error| cannot(path, &error))?;
        // What stands after the last end of a line is incomplete; its object was not created yet.
        let complete: Vec<_> =
            text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")).collect();
        let notes: Vec<Note> = complete.iter().filter_map(|line| serde_json::from_slice(line).ok()).collect();
        let unreadable = complete.len() - notes.len();
        let run = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Some(Self { run, notes, unreadable, last_alive, file, path: path.to_owned() }))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn cannot(path: &Path, error: &dyn std::fmt::Display) -> Fault {
    Fault::broken(format!("cannot use the journal {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(name: &str) -> Entry {
        Entry::Container(name.into())
    }

    fn names(left: &Left) -> Vec<&Entry> {
        left.notes.iter().map(|note| &note.entry).collect()
    }

    #[test]
    fn the_journal_of_a_dead_run_is_found_and_that_of_a_living_one_is_not() {
        let folder = tempfile::TempDir::new().unwrap();
        let dead = Journal::begin_in(folder.path(), "dead").unwrap();
        dead.note(container("hello")).unwrap();
        drop(dead);
        let alive = Journal::begin_in(folder.path(), "alive").unwrap();
        alive.note(container("bb")).unwrap();
        let left = Left::all_in(folder.path()).unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!((left[0].run.as_str(), names(&left[0])), ("dead", vec![&container("hello")]));
        assert!(Left::all_in(folder.path()).unwrap().is_empty(), "only one run clears a dead one's things away");
        left.into_iter().for_each(Left::end);
        alive.end();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_journal_waits_for_each_cluster_that_still_exists() {
        let folder = tempfile::TempDir::new().unwrap();
        let journal = Journal::begin_in(folder.path(), "dead").unwrap();
        journal.note(container("hello")).unwrap();
        journal.note(Entry::Namespace { cluster: "third".into(), name: "lab-1".into() }).unwrap();
        journal.note(Entry::ClusterObjects { cluster: "other".into(), record: "record.json".into() }).unwrap();
        drop(journal);
        let left = &Left::all_in(folder.path()).unwrap()[0];
        assert!(left.waits_for_another("demo", |of| of == "other"));
        assert!(!left.waits_for_another("demo", |of| of == "third"), "its namespaces are found by its Lease");
        assert!(!left.waits_for_another("demo", |_| false) && !left.waits_for_another("other", |_| true));
    }

    #[test]
    fn a_last_line_that_is_half_written_names_nothing() {
        let folder = tempfile::TempDir::new().unwrap();
        let journal = Journal::begin_in(folder.path(), "dead").unwrap();
        journal.note(container("hello")).unwrap();
        let half = serde_json::to_vec(&Note { at: SystemTime::now(), entry: container("bb") }).unwrap();
        journal.lock().write_all(&half[..half.len() / 2]).unwrap();
        drop(journal);
        let left = Left::all_in(folder.path()).unwrap();
        assert_eq!((names(&left[0]), left[0].unreadable), (vec![&container("hello")], 0));
    }

    #[test]
    fn a_complete_line_that_cannot_be_read_is_counted() {
        let folder = tempfile::TempDir::new().unwrap();
        let journal = Journal::begin_in(folder.path(), "dead").unwrap();
        journal.lock().write_all(b"{\"at\": 1, \"entry\": {\"volume\": \"data\"}}\n").unwrap();
        journal.note(container("hello")).unwrap();
        drop(journal);
        let left = Left::all_in(folder.path()).unwrap();
        assert_eq!((names(&left[0]), left[0].unreadable), (vec![&container("hello")], 1));
    }

    #[test]
    fn the_time_of_death_is_that_of_the_last_sign_of_life() {
        let folder = tempfile::TempDir::new().unwrap();
        let journal = Journal::begin_in(folder.path(), "dead").unwrap();
        let before = SystemTime::now();
        journal.touch();
        drop(journal);
        let last_alive = Left::all_in(folder.path()).unwrap()[0].last_alive;
        assert!(before - Duration::from_secs(1) <= last_alive && last_alive <= SystemTime::now());
    }

    #[test]
    fn two_runs_cannot_have_one_name() {
        let folder = tempfile::TempDir::new().unwrap();
        let _first = Journal::begin_in(folder.path(), "same").unwrap();
        assert!(Journal::begin_in(folder.path(), "same").is_err());
    }
}
