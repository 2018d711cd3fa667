//! The journal of a run: what it is about to make, written down before it makes it.
//!
//! A journal is locked while its run lives and removed when the run has cleaned up. One that is there and not locked
//! belongs to a run that died: the next run reads it and clears away what it names.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{BufRead, BufReader, Seek, Write},
    path::{Path, PathBuf},
    sync::Mutex,
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Serialize};

use super::folders;
use crate::verdict::{Fault, Outcome};

/// Something that a run makes and has to clear away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entry {
    /// A folder with all it holds.
    Folder(PathBuf),
    /// A namespace of a cluster.
    Namespace {
        /// The cluster's name.
        cluster: String,
        /// The namespace's name.
        name: String,
    },
    /// The Pods of a namespace that scenarios share.
    Pods {
        /// The cluster's name.
        cluster: String,
        /// The namespace's name.
        namespace: String,
    },
    /// A container that a lab's own command makes under a fixed name.
    Container(String),
}

/// One line of a journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Note {
    /// When it was written.
    pub at: SystemTime,
    /// What is about to be made.
    pub entry: Entry,
}

/// The journal of this run.
#[derive(Debug)]
pub struct Journal {
    file: Mutex<File>,
    path: PathBuf,
}

/// The journal of a run that died.
#[derive(Debug)]
pub struct Left {
    /// The name of the run.
    pub run: String,
    /// What it made, or was about to make.
    pub notes: Vec<Note>,
    /// When the run was last known to live.
    pub last_alive: SystemTime,
    file: File,
    path: PathBuf,
}

impl Journal {
    /// How often a living run touches its journal, so that the time of its death is known within this.
    pub const HEARTBEAT: Duration = Duration::from_secs(2);

    /// Begins the journal of the run called `run`.
    ///
    /// # Errors
    /// Where the state folder cannot be written to.
    pub fn begin(run: &str) -> Outcome<Self> {
        let path = folders::state("runs")?.join(format!("{run}.jsonl"));
        let file =
            OpenOptions::new().create_new(true).append(true).open(&path).map_err(|error| cannot(&path, &error))?;
        file.try_lock().map_err(|error| cannot(&path, &error))?;
        Ok(Self { file: Mutex::new(file), path })
    }

    /// Notes what is about to be made.
    ///
    /// # Errors
    /// Where it cannot be written: then it must not be made.
    pub fn note(&self, entry: Entry) -> Outcome {
        let mut line =
            serde_json::to_vec(&Note { at: SystemTime::now(), entry }).map_err(|error| cannot(&self.path, &error))?;
        line.push(b'\n');
        self.lock().write_all(&line).map_err(|error| cannot(&self.path, &error))
    }

    /// Says that the run lives.
    pub fn touch(&self) {
        // A journal that cannot be touched makes the sweep after a crash more careful, nothing else.
        _ = self.lock().set_modified(SystemTime::now());
    }

    /// Ends the journal: everything was cleared away.
    pub fn end(&self) {
        // One that stays is swept, empty-handed, by the next run.
        _ = fs::remove_file(&self.path);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Left {
    /// The journals of all runs that died, each locked by this process from now on.
    ///
    /// # Errors
    /// Where the state folder cannot be read.
    pub fn all() -> Outcome<Vec<Self>> {
        let folder = folders::state("runs")?;
        let entries = fs::read_dir(&folder).map_err(|error| cannot(&folder, &error))?;
        let mut left = Vec::new();
        for entry in entries.flatten() {
            left.extend(Self::open(&entry.path())?);
        }
        Ok(left)
    }

    /// Removes the journal: all it names was cleared away.
    pub fn end(self) {
        // One that stays is swept again.
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
        let last_alive = file.metadata().and_then(|file| file.modified()).map_err(|error| cannot(path, &error))?;
        file.rewind().map_err(|error| cannot(path, &error))?;
        // The last line may be half written: what it names was not made yet.
        let notes =
            BufReader::new(&file).lines().map_while(Result::ok).filter_map(|line| serde_json::from_str(&line).ok());
        let notes = notes.collect();
        let run = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Some(Self { run, notes, last_alive, file, path: path.to_owned() }))
    }
}

fn cannot(path: &Path, error: &dyn std::fmt::Display) -> Fault {
    Fault::broken(format!("cannot use the journal {}: {error}", path.display()))
}
