//! Claims on names and ports that a lab insists on (`hello`, 3001, the namespace `default`).
//!
//! A claim is held by one scenario at a time, across all runs on this machine: it is a locked file, which the kernel
//! unlocks when its process ends, however it ends. A claim says nothing of strangers who know no claims; whoever
//! uses a claimed thing looks whether it is free.

use std::{
    collections::BTreeSet,
    fmt,
    fs::{File, TryLockError},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::folders;
use crate::verdict::{Fault, Outcome};

/// Something that only one scenario can use at a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Claim {
    /// A TCP port of this machine.
    Port(u16),
    /// The name of a container of the engine.
    Container(String),
    /// A namespace of the cluster that scenarios share.
    Namespace(String),
}

/// Claims that are held; dropping them gives them back.
#[derive(Debug, Default)]
pub struct Held {
    claims: BTreeSet<Claim>,
    files: Vec<File>,
}

/// Wakes those of this process who wait for a claim.
static GIVEN_BACK: Notify = Notify::const_new();

/// How often a claim that another process holds is tried again: the kernel does not tell when a lock is free.
const TRY_AGAIN: Duration = Duration::from_millis(100);

impl Held {
    /// Takes all of `claims`, in their order, waiting for each as long as it takes: everyone takes them in the same
    /// order, so nobody waits for one who waits for them.
    ///
    /// # Errors
    /// Where the state folder cannot be used.
    pub async fn take(claims: BTreeSet<Claim>) -> Outcome<Self> {
        let mut files = Vec::new();
        for claim in &claims {
            files.push(lock(claim).await?);
        }
        Ok(Self { claims, files })
    }

    /// Whether `claim` is among them.
    #[must_use]
    pub fn has(&self, claim: &Claim) -> bool {
        self.claims.contains(claim)
    }

    /// The claims themselves.
    pub fn iter(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.files.clear();
        GIVEN_BACK.notify_waiters();
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(port) => write!(f, "port-{port}"),
            Self::Container(name) => write!(f, "container-{name}"),
            Self::Namespace(name) => write!(f, "namespace-{name}"),
        }
    }
}

async fn lock(claim: &Claim) -> Outcome<File> {
    let path = folders::state("claims")?.join(claim.to_string());
    let cannot =
        |error: &dyn fmt::Display| Fault::broken(format!("cannot claim {claim} by {}: {error}", path.display()));
    let file = File::create(&path).map_err(|error| cannot(&error))?;
    loop {
        let given_back = GIVEN_BACK.notified();
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => _ = tokio::time::timeout(TRY_AGAIN, given_back).await,
            Err(TryLockError::Error(error)) => return Err(cannot(&error)),
        }
    }
}
