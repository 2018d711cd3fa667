//! Claims on fixed names and ports that a lab uses (`hello`, 3001, the namespace `default`).
//!
//! Only one scenario holds a claim at a time, across all runs on this machine; only the use of a cluster or of an image
//! is shared. A claim is a locked file, which the kernel unlocks when the process ends for any reason. Programs that do
//! not use claims can still take the name or port, so a scenario also checks that it is free.

mod holder;

use std::{
    collections::BTreeSet,
    fmt,
    fs::{File, OpenOptions, TryLockError},
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

pub use self::holder::Holder;
use super::folders;
use crate::verdict::{Fault, Outcome};

/// A resource that only one scenario can use at a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Claim {
    /// The use of the shared cluster of this name, which scenarios share. It is taken first, so a scenario that waits for
    /// the whole cluster holds nothing that others wait for.
    Use(String),
    /// The whole shared cluster of this name, for a scenario that others in it would notice.
    Whole(String),
    /// The engine's image of this full name.
    Image(String, Access),
    /// A TCP port of this machine.
    Port(u16),
    /// The name of a container of the engine.
    Container(String),
    /// A namespace of the shared cluster.
    Namespace(String),
    /// A throwaway kind cluster of a scenario.
    Cluster(String),
    /// The images on the nodes of a cluster; contains the name of its first node.
    Images(String),
    /// A port on all nodes of the shared cluster.
    NodePort(u16),
    /// All objects without a namespace of the cluster of this name, such as `ClusterRoles` and labels and taints of
    /// nodes.
    ClusterObjects(String),
}

/// What a scenario does with an image of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// It uses the image. Scenarios share this.
    Use,
    /// It builds the image again, gives the name to another one, or removes it.
    Change,
}

/// A set of held claims. Dropping it releases them.
#[derive(Debug, Default)]
pub struct Held {
    claims: BTreeSet<Claim>,
    files: Vec<Arc<File>>,
}

/// Wakes the tasks of this process that wait for a claim.
static GIVEN_BACK: Notify = Notify::const_new();

/// How often to retry a claim that another process holds; the kernel does not notify when a lock becomes free.
const TRY_AGAIN: Duration = Duration::from_millis(100);

impl Held {
    /// Takes all `claims` in their order and waits for each as long as necessary. All scenarios take claims in the same
    /// order, so no two wait for each other.
    ///
    /// # Errors
    /// If the state folder cannot be used.
    pub async fn take(claims: BTreeSet<Claim>) -> Outcome<Self> {
        if claims.is_empty() {
            return Ok(Self::default());
        }
        Self::take_in(&folders::state("claims")?, claims).await
    }

    async fn take_in(folder: &Path, claims: BTreeSet<Claim>) -> Outcome<Self> {
        let mut files = Vec::new();
        for claim in &claims {
            files.push(Arc::new(lock(folder, claim).await?));
        }
        Ok(Self { claims, files })
    }

    /// Takes a claim if it is free; returns `None` if it is not.
    ///
    /// # Errors
    /// If the state folder cannot be used.
    pub fn try_take(claim: Claim) -> Outcome<Option<Self>> {
        let file = open(&folders::state("claims")?, &claim)?;
        match claim.try_lock(&file) {
            Ok(()) => Ok(Some(Self { claims: BTreeSet::from([claim]), files: vec![Arc::new(file)] })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(cannot(&claim, &error)),
        }
    }

    /// Whether `claim` is in this set.
    #[must_use]
    pub fn has(&self, claim: &Claim) -> bool {
        self.claims.contains(claim)
    }

    /// The lock of a claim that is held alone, for a program that is to hold it as well.
    #[must_use]
    pub fn lock(&self) -> Option<Arc<File>> {
        self.files.first().cloned()
    }

    /// The claims in this set.
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

impl Claim {
    /// Locks the file of this claim, unless somebody else holds it in a way that excludes this.
    fn try_lock(&self, file: &File) -> Result<(), TryLockError> {
        if matches!(self, Self::Use(_) | Self::Image(_, Access::Use)) {
            file.try_lock_shared()
        } else {
            file.try_lock()
        }
    }
}

impl Claim {
    /// What is claimed, in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Use(cluster) => format!("the cluster {cluster}"),
            Self::Whole(cluster) => format!("the whole cluster {cluster}"),
            Self::Image(name, _) => format!("the image {name}"),
            Self::Port(port) => format!("port {port} of this machine"),
            Self::Container(name) => format!("the container {name}"),
            Self::Namespace(name) => format!("the namespace {name}"),
            Self::Cluster(name) => format!("the cluster {name}"),
            Self::Images(_) => "the images on the nodes".to_owned(),
            Self::NodePort(port) => format!("port {port} of the nodes"),
            Self::ClusterObjects(cluster) => format!("objects of the whole cluster {cluster}"),
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Use(cluster) | Self::Whole(cluster) => write!(f, "cluster-in-use-{cluster}"),
            Self::Image(name, _) => write!(f, "image-{}", name.replace('/', "+")),
            Self::Port(port) => write!(f, "port-{port}"),
            Self::Container(name) => write!(f, "container-{name}"),
            Self::Namespace(name) => write!(f, "namespace-{name}"),
            Self::Cluster(name) => write!(f, "own-cluster-{name}"),
            Self::Images(node) => write!(f, "images-of-{node}"),
            Self::NodePort(port) => write!(f, "node-port-{port}"),
            Self::ClusterObjects(cluster) => write!(f, "cluster-objects-{cluster}"),
        }
    }
}

async fn lock(folder: &Path, claim: &Claim) -> Outcome<File> {
    let file = open(folder, claim)?;
    loop {
        let given_back = GIVEN_BACK.notified();
        match claim.try_lock(&file) {
            Ok(()) => {
                holder::sign(&file, claim);
                return Ok(file);
            }
            Err(TryLockError::WouldBlock) => _ = tokio::time::timeout(TRY_AGAIN, given_back).await,
            Err(TryLockError::Error(error)) => return Err(cannot(claim, &error)),
        }
    }
}

/// Opens a claim's file, and leaves what its holder has written there.
fn open(folder: &Path, claim: &Claim) -> Outcome<File> {
    let file = OpenOptions::new().create(true).write(true).truncate(false).open(folder.join(claim.to_string()));
    file.map_err(|error| cannot(claim, &error))
}

fn cannot(claim: &Claim, error: &dyn fmt::Display) -> Fault {
    Fault::broken(format!("cannot claim {claim} in labproof's state folder: {error}"))
}

/// Whether something was created between two times, on clocks with a precision of one second.
#[must_use]
pub fn within(made: Timestamp, from: SystemTime, until: SystemTime) -> bool {
    let made = SystemTime::from(made);
    made + Duration::from_secs(1) >= from && made <= until
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_millis(300);

    fn claims(claims: &[Claim]) -> BTreeSet<Claim> {
        claims.iter().cloned().collect()
    }

    async fn is_free(folder: &Path, claim: Claim) -> bool {
        tokio::time::timeout(MOMENT, Held::take_in(folder, claims(&[claim]))).await.is_ok()
    }

    #[tokio::test]
    async fn a_claim_that_is_held_is_waited_for_and_one_that_is_dropped_is_given_back() {
        let folder = tempfile::TempDir::new().unwrap();
        let held = Held::take_in(folder.path(), claims(&[Claim::Port(3001)])).await.unwrap();
        assert!(!is_free(folder.path(), Claim::Port(3001)).await);
        assert!(is_free(folder.path(), Claim::Port(3002)).await);
        let path = folder.path().to_owned();
        let waiting = tokio::spawn(async move { Held::take_in(&path, claims(&[Claim::Port(3001)])).await });
        tokio::task::yield_now().await;
        drop(held);
        let next = tokio::time::timeout(MOMENT, waiting).await.unwrap().unwrap().unwrap();
        assert!(next.has(&Claim::Port(3001)));
    }

    #[tokio::test]
    async fn many_use_a_cluster_at_a_time_and_none_while_one_has_the_whole() {
        let folder = tempfile::TempDir::new().unwrap();
        let (part, whole) = (Claim::Use("demo".into()), Claim::Whole("demo".into()));
        let take = |claim: &Claim| Held::take_in(folder.path(), claims(std::slice::from_ref(claim)));
        let (one, two) = (take(&part).await.unwrap(), take(&part).await.unwrap());
        assert!(!is_free(folder.path(), whole.clone()).await);
        drop((one, two));
        let _whole = take(&whole).await.unwrap();
        assert!(!is_free(folder.path(), part).await);
        assert!(is_free(folder.path(), Claim::Use("other".into())).await);
    }

    #[tokio::test]
    async fn many_use_an_image_at_a_time_and_none_while_one_changes_it() {
        let folder = tempfile::TempDir::new().unwrap();
        let [used, changed] = [Access::Use, Access::Change].map(|access| Claim::Image("web:1".into(), access));
        let take = |claim: &Claim| Held::take_in(folder.path(), claims(std::slice::from_ref(claim)));
        let (one, two) = (take(&used).await.unwrap(), take(&used).await.unwrap());
        assert!(!is_free(folder.path(), changed.clone()).await);
        drop((one, two));
        let _changed = take(&changed).await.unwrap();
        assert!(!is_free(folder.path(), used).await);
    }

    #[tokio::test]
    async fn claims_are_taken_in_one_order_so_that_nobody_waits_in_a_circle() {
        let folder = tempfile::TempDir::new().unwrap();
        let both = claims(&[Claim::Container("hello".into()), Claim::Port(3002)]);
        let crowd = (0..20).map(|_| Held::take_in(folder.path(), both.clone()));
        let crowd = futures::future::join_all(crowd.map(|taken| async { taken.await.map(drop) }));
        let taken = tokio::time::timeout(Duration::from_secs(20), crowd).await.expect("nobody is stuck");
        assert!(taken.iter().all(Result::is_ok));
    }

    #[tokio::test]
    async fn a_claim_holds_against_other_processes_and_ends_with_the_one_that_held_it() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join(Claim::Port(3001).to_string());
        let mut other = tokio::process::Command::new("flock")
            .arg(&file)
            .args(["sh", "-c", "echo locked; exec sleep 60"])
            .stdout(std::process::Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut line = [0; 6];
        tokio::io::AsyncReadExt::read_exact(other.stdout.as_mut().unwrap(), &mut line).await.unwrap();
        assert!(!is_free(folder.path(), Claim::Port(3001)).await);
        let group = format!("-{}", other.id().unwrap());
        tokio::process::Command::new("kill").args(["-KILL", "--", &group]).status().await.unwrap();
        assert!(is_free(folder.path(), Claim::Port(3001)).await);
    }

    fn at(second: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(second * 1000 + 700)
    }

    fn made(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn what_was_made_while_the_claim_was_held_is_ours() {
        assert!(within(made(100), at(90), at(110)));
        assert!(within(made(90), at(90), at(110)), "the cluster's clock cuts the second that the claim was taken in");
        assert!(within(made(110), at(90), at(110)));
    }

    #[test]
    fn what_was_there_before_or_came_later_is_somebody_elses() {
        assert!(!within(made(89), at(90), at(110)));
        assert!(!within(made(111), at(90), at(110)));
        assert!(!within(Timestamp::MIN, at(90), at(110)), "a time that cannot be read is not within anything");
    }
}
