//! The state of one scenario: its namespace, folder, terminal, and observations so far.
//!
//! Each step gets the scene as its argument. A scene does not depend on Gherkin and judges nothing.

pub mod context;
pub mod course;
pub mod health;
mod printed;
mod shell;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use testcontainers::{ContainerAsync, GenericImage};

use crate::{
    cluster::{AnyCluster, fence::Fence, runtime::OnNode},
    conditions::wildcard::Kept,
    kinds::is_of_cluster,
    machine::claim::{Claim, Held},
    project::Lab,
    terminal::{Output, Terminal, dialogue::Dialogue},
    verdict::{Evidence, Fault, Outcome},
};
use context::RunContext;

/// The time limit of a command that calls a learner's program.
const ANSWER: Duration = Duration::from_secs(60);

/// The maximum size, in KiB, of a file that such a command may write.
const LARGEST: u32 = 16 * 1024;

/// The state of one scenario while it runs.
#[derive(Debug)]
pub struct Scene {
    /// What all scenarios of the run share.
    pub context: Arc<RunContext>,
    /// The scenario's lab.
    pub lab: Arc<Lab>,
    /// The cluster that the learner's commands use: the run's, or a throwaway cluster of the scenario.
    pub cluster: AnyCluster,
    /// The namespace that the learner's commands and the sentences about Pods use.
    pub namespace: String,
    /// Parts of output that were kept under a name.
    pub kept: Kept,
    /// The container that labproof itself started for this scenario.
    pub container: Option<ContainerAsync<GenericImage>>,
    /// The differences from the document, for the report.
    pub deviations: Vec<String>,
    /// Evidence that the report shows if a later step does not pass.
    pub evidence: Vec<Evidence>,
    /// The claims that this scenario holds.
    pub claims: Held,
    /// The interactive program that runs in a terminal of its own.
    pub dialogue: Option<Dialogue>,
    /// The containers that their nodes have described, by id.
    pub on_nodes: Mutex<HashMap<String, OnNode>>,
    owned: BTreeMap<Claim, SystemTime>,
    made: BTreeSet<String>,
    own_namespace: String,
    folder: PathBuf,
    terminal: Option<Terminal>,
    fence: Option<Fence>,
    /// The socket at which its commands reach the engine, if it is not the engine's own.
    engine: Option<PathBuf>,
    last: Option<Output>,
    is_new: bool,
    /// The UIDs of the Pods that were seen, by namespace and name.
    pods: BTreeMap<(String, String), String>,
    /// The UIDs of the objects that were seen, by kind, namespace and name.
    objects: BTreeMap<(String, String, String), String>,
    containers: BTreeSet<String>,
    begun: Instant,
    deadline: tokio::time::Instant,
}

impl Scene {
    /// Creates the scenario's folder and takes over its claims. The namespace must exist.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn set(context: Arc<RunContext>, lab: Arc<Lab>, namespace: &str, claims: Held) -> Outcome<Self> {
        let folder = context.folder.join(namespace);
        for part in ["home", "records"] {
            fs::create_dir_all(folder.join(part))
                .map_err(|error| Fault::broken(format!("cannot make a folder for the scenario: {error}")))?;
        }
        let begun = Instant::now();
        let deadline = tokio::time::Instant::now() + context.limits.scenario;
        Ok(Self {
            cluster: context.cluster.clone(),
            context,
            lab,
            namespace: namespace.to_owned(),
            kept: Kept::new(),
            container: None,
            deviations: Vec::new(),
            evidence: Vec::new(),
            claims,
            dialogue: None,
            on_nodes: Mutex::default(),
            owned: BTreeMap::new(),
            made: BTreeSet::new(),
            own_namespace: namespace.to_owned(),
            folder,
            terminal: None,
            fence: None,
            engine: None,
            last: None,
            is_new: false,
            pods: BTreeMap::new(),
            objects: BTreeMap::new(),
            containers: BTreeSet::new(),
            begun,
            deadline,
        })
    }

    /// The learner's home folder, in which the scenario's commands start.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// The path of one of the lab's own files.
    #[must_use]
    pub fn lab_file(&self, name: &str) -> PathBuf {
        self.lab.folder.join(name)
    }

    /// The API for the Pods of the scenario's namespace.
    #[must_use]
    pub fn pods(&self) -> Api<Pod> {
        self.cluster.api(&self.namespace)
    }

    /// The nodes that get the images built for the lab: all nodes, or for a learner's image only those that may run it.
    ///
    /// # Errors
    /// `refused` if the cluster is only read.
    pub fn nodes_of_images(&self) -> Outcome<Vec<String>> {
        let cluster = self.context.cluster.own()?;
        Ok(if self.lab.work.is_submitted() { cluster.workers() } else { cluster.nodes().to_vec() })
    }

    /// When the scenario began.
    #[must_use]
    pub fn begun(&self) -> Instant {
        self.begun
    }

    /// How much time is left for the current step.
    #[must_use]
    pub fn time_left(&self) -> Duration {
        self.deadline.duration_since(tokio::time::Instant::now()).min(self.context.limits.step)
    }

    /// Runs a command in the terminal and waits until it ends.
    ///
    /// # Errors
    /// If the terminal cannot be opened, or the command does not end in time.
    pub async fn run(&mut self, command: &str) -> Outcome<Output> {
        self.run_for(command, self.usual_limit()).await
    }

    /// The time limit of a command without a limit of its own; shorter for a submission, because a learner's server may
    /// never answer.
    fn usual_limit(&self) -> Duration {
        let left = self.time_left();
        if self.lab.work.is_submitted() { ANSWER.min(left) } else { left }
    }

    /// Runs a command in the terminal with this time limit, and waits until it ends.
    ///
    /// # Errors
    /// See [`run`](Self::run).
    pub async fn run_for(&mut self, command: &str, limit: Duration) -> Outcome<Output> {
        let limit = limit.min(self.time_left());
        let output = self.terminal().await?.run(command, limit).await?;
        self.ended(output.clone());
        Ok(output)
    }

    /// Whether another command can run: the shell is still alive.
    #[must_use]
    pub fn can_run(&self) -> bool {
        self.terminal.as_ref().is_some_and(Terminal::is_open)
    }

    /// Runs several lines, each of which must succeed, and waits until they end.
    ///
    /// # Errors
    /// If the terminal cannot be opened, or if the lines do not end in time.
    pub async fn run_each_line(&mut self, lines: &str) -> Outcome<Output> {
        let limit = self.usual_limit();
        let output = self.terminal().await?.run_each_line(lines, limit).await?;
        self.ended(output.clone());
        Ok(output)
    }

    /// The learner's terminal; the first call opens it.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub async fn terminal(&mut self) -> Outcome<&mut Terminal> {
        if let Some(terminal) = self.terminal.take() {
            return Ok(self.terminal.insert(terminal));
        }
        let mut terminal = shell::open(self).await?;
        if self.lab.work.is_submitted() {
            // A learner's server may send an endless answer.
            terminal.run(&format!("ulimit -f {LARGEST}"), ANSWER).await?;
        }
        Ok(self.terminal.insert(terminal))
    }

    /// A terminal without a cluster.
    #[cfg(test)]
    pub(crate) async fn open_bare_terminal(&mut self) {
        let terminal = Terminal::open(&self.folder.join("home"), &self.folder.join("records"), &[]).await;
        self.terminal = Some(terminal.unwrap());
    }

    /// Records that a claimed name or port was free when the scenario began, so whatever uses it at the end belongs to
    /// the scenario.
    pub fn note_free(&mut self, claim: Claim) {
        self.owned.insert(claim, SystemTime::now());
    }

    /// Records that the scenario creates this namespace, which did not exist before.
    pub fn makes(&mut self, namespace: &str) {
        self.made.insert(namespace.to_owned());
    }

    /// Whether this namespace belongs to the scenario.
    #[must_use]
    pub fn has_made(&self, namespace: &str) -> bool {
        self.made.contains(namespace)
    }

    /// Whether the claimed name or port was free when the scenario began.
    #[must_use]
    pub fn owns(&self, claim: &Claim) -> bool {
        self.owned_since(claim).is_some()
    }

    /// Since when what has the claimed name belongs to the scenario.
    #[must_use]
    pub fn owned_since(&self, claim: &Claim) -> Option<SystemTime> {
        self.owned.get(claim).copied()
    }

    /// The namespace that labproof made for this scenario.
    #[must_use]
    pub fn own_namespace(&self) -> &str {
        &self.own_namespace
    }

    /// The scenario's folder, which contains everything that it stores.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Records that a Pod was seen, so that its absence can be judged later.
    pub fn saw_pod(&mut self, name: &str, uid: &str) {
        self.pods.insert((self.namespace.clone(), name.to_owned()), uid.to_owned());
    }

    /// The UID of a Pod that was seen in the current namespace.
    #[must_use]
    pub fn seen_pod(&self, name: &str) -> Option<&str> {
        self.pods.get(&(self.namespace.clone(), name.to_owned())).map(String::as_str)
    }

    /// The names of all Pods that were seen in the current namespace.
    pub fn seen_pods(&self) -> impl Iterator<Item = &str> {
        let here = self.pods.keys().filter(|(namespace, _)| *namespace == self.namespace);
        here.map(|(_, name)| name.as_str())
    }

    /// Remembers that an object of a kind was seen, so that its absence can be judged later.
    pub fn saw_object(&mut self, kind: &str, name: &str, uid: &str) {
        self.objects.insert(self.key(kind, name), uid.to_owned());
    }

    /// The UID of an object that was seen in the current namespace, or that belongs to no namespace.
    #[must_use]
    pub fn seen_object(&self, kind: &str, name: &str) -> Option<&str> {
        self.objects.get(&self.key(kind, name)).map(String::as_str)
    }

    fn key(&self, kind: &str, name: &str) -> (String, String, String) {
        let namespace = if is_of_cluster(kind) { "" } else { self.namespace.as_str() };
        (kind.to_owned(), namespace.to_owned(), name.to_owned())
    }

    /// Remembers that a container was seen.
    pub fn saw_container(&mut self, name: &str) {
        self.containers.insert(name.to_owned());
    }

    /// Whether a container of this name was seen.
    #[must_use]
    pub fn has_seen_container(&self, name: &str) -> bool {
        self.containers.contains(name)
    }

    /// Takes the terminal out of the scene, to end it.
    pub fn take_terminal(&mut self) -> Option<Terminal> {
        self.terminal.take()
    }
}
