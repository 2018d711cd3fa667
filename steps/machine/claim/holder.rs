//! Who has a claim: its file says so, to those who wait.

use std::{
    fmt,
    fs::{self, File, OpenOptions, TryLockError},
    io::Write,
    path::{Path, PathBuf},
    process,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Claim, open};
use crate::{machine::folders, verdict::Outcome};

/// Who took a claim last, as its file says. A shared claim may have other holders as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// What it has, in words.
    pub what: String,
    /// The id of its process.
    pub process: u32,
    /// Where that process was started.
    pub folder: PathBuf,
    /// Since when it has the claim.
    pub since: Timestamp,
}

impl Holder {
    fn now(claim: &Claim) -> Self {
        Self {
            what: claim.in_words(),
            process: process::id(),
            folder: std::env::current_dir().unwrap_or_default(),
            since: Timestamp::now(),
        }
    }

    /// Who took this claim last, if somebody has it who cannot share it; `None` if it is free, or nobody knows.
    #[must_use]
    pub fn of(claim: &Claim) -> Option<Self> {
        let folder = folders::state("claims").ok()?;
        Self::in_folder(&folder, claim)
    }

    fn in_folder(folder: &Path, claim: &Claim) -> Option<Self> {
        let is_held = matches!(claim.try_lock(&open(folder, claim).ok()?), Err(TryLockError::WouldBlock));
        Self::read(&folder.join(claim.to_string())).filter(|_| is_held)
    }

    /// The holders of all claims on this machine.
    ///
    /// # Errors
    /// If the state folder cannot be used.
    pub fn all() -> Outcome<Vec<Self>> {
        Ok(Self::all_in(&folders::state("claims")?))
    }

    fn all_in(folder: &Path) -> Vec<Self> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let is_held = |path: &PathBuf| {
            let file = OpenOptions::new().write(true).open(path);
            file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
        };
        entries.filter(is_held).filter_map(|path| Self::read(&path)).collect()
    }

    fn read(path: &Path) -> Option<Self> {
        serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
    }

    /// Whether it is this process.
    #[must_use]
    pub fn is_this_process(&self) -> bool {
        self.process == process::id()
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (folder, since) = (self.folder.display(), self.since.strftime("%H:%M:%S"));
        write!(f, "process {} in {folder} (since {since} UTC)", self.process)
    }
}

/// Writes into a claim's file who has it. An error is ignored: others then only do not know whom they wait for.
pub(super) fn sign(mut file: &File, claim: &Claim) {
    let written = serde_json::to_vec(&Holder::now(claim));
    _ = file.set_len(0).and_then(|()| file.write_all(&written.unwrap_or_default()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::claim::Held;

    #[tokio::test]
    async fn whoever_waits_can_read_who_has_the_claim() {
        let folder = tempfile::TempDir::new().unwrap();
        let claim = Claim::Port(3001);
        assert_eq!(Holder::in_folder(folder.path(), &claim), None);
        let held = Held::take_in(folder.path(), [claim.clone()].into()).await.unwrap();
        let holder = Holder::in_folder(folder.path(), &claim).unwrap();
        assert!(holder.is_this_process() && holder.what == "port 3001 of this machine", "{holder:?}");
        assert_eq!(Holder::all_in(folder.path()), [holder]);
        drop(held);
        assert_eq!(Holder::in_folder(folder.path(), &claim), None, "it is free");
        assert_eq!(Holder::all_in(folder.path()), []);
    }
}
