//! The state of one scenario: its namespace, its folder, its terminal, and what was seen so far.
//!
//! A scene is what a step is given. It knows no Gherkin and judges nothing.

pub mod context;
pub mod course;
pub mod health;
mod shell;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use testcontainers::{ContainerAsync, GenericImage};

use crate::{
    cluster::AnyCluster,
    conditions::wildcard::Kept,
    machine::claim::{Claim, Held},
    project::Lab,
    terminal::{Output, Terminal, dialogue::Dialogue},
    verdict::{Evidence, Fault, Outcome},
};
use context::RunContext;

/// How long a command may take that asks a learner's program.
const ANSWER: Duration = Duration::from_secs(60);

/// How large a file may become that a command writes who asks a learner's program, in KiB.
const LARGEST: u32 = 16 * 1024;

/// One scenario while it runs.
#[derive(Debug)]
pub struct Scene {
    /// What the whole run shares.
    pub context: Arc<RunContext>,
    /// The lab that the scenario belongs to.
    pub lab: Arc<Lab>,
    /// The cluster of the learner's commands: the run's, or one of the scenario's own.
    pub cluster: AnyCluster,
    /// The namespace of the learner's commands and of the Pods that sentences speak of.
    pub namespace: String,
    /// Pieces of output that were kept under a name.
    pub kept: Kept,
    /// The container that labproof itself runs for this scenario.
    pub container: Option<ContainerAsync<GenericImage>>,
    /// What differs from the document, to be told in the report.
    pub deviations: Vec<String>,
    /// What is shown beside the reason of a later step that does not pass.
    pub evidence: Vec<Evidence>,
    /// The claims of this scenario.
    pub claims: Held,
    /// The program that the learner talks to in a terminal of its own.
    pub dialogue: Option<Dialogue>,
    owned: BTreeSet<Claim>,
    made: BTreeSet<String>,
    own_namespace: String,
    folder: PathBuf,
    terminal: Option<Terminal>,
    last: Option<Output>,
    pods: BTreeMap<String, String>,
    objects: BTreeMap<(String, String), String>,
    containers: BTreeSet<String>,
    begun: Instant,
    deadline: Instant,
}

impl Scene {
    /// Sets the scene: a folder and the claims; the namespace is there already.
    ///
    /// # Errors
    /// Where the folder cannot be made.
    pub fn set(context: Arc<RunContext>, lab: Arc<Lab>, namespace: &str, claims: Held) -> Outcome<Self> {
        let folder = context.folder.join(namespace);
        for part in ["home", "records"] {
            fs::create_dir_all(folder.join(part))
                .map_err(|error| Fault::broken(format!("cannot make a folder for the scenario: {error}")))?;
        }
        let begun = Instant::now();
        let deadline = begun + context.limits.scenario;
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
            owned: BTreeSet::new(),
            made: BTreeSet::new(),
            own_namespace: namespace.to_owned(),
            folder,
            terminal: None,
            last: None,
            pods: BTreeMap::new(),
            objects: BTreeMap::new(),
            containers: BTreeSet::new(),
            begun,
            deadline,
        })
    }

    /// The learner's home: the folder in which the scenario's commands begin.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// A file of the lab, as the course has it.
    #[must_use]
    pub fn lab_file(&self, name: &str) -> PathBuf {
        self.lab.folder.join(name)
    }

    /// The Pods of the scenario's namespace.
    #[must_use]
    pub fn pods(&self) -> Api<Pod> {
        self.cluster.api(&self.namespace)
    }

    /// The nodes that get the images which the lab builds: all of them, or of a learner's those that may run them.
    ///
    /// # Errors
    /// `refused` where the cluster is only read.
    pub fn nodes_of_images(&self) -> Outcome<Vec<String>> {
        let cluster = self.context.cluster.own()?;
        Ok(if self.lab.work.is_submitted() { cluster.workers() } else { cluster.nodes().to_vec() })
    }

    /// When the scene was set.
    #[must_use]
    pub fn begun(&self) -> Instant {
        self.begun
    }

    /// How long the present step may still take.
    #[must_use]
    pub fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now()).min(self.context.limits.step)
    }

    /// Types a command and waits for its end.
    ///
    /// # Errors
    /// Where the terminal cannot be opened, or the command does not end in time.
    pub async fn run(&mut self, command: &str) -> Outcome<Output> {
        self.run_for(command, self.usual_limit()).await
    }

    /// How long a command may take of which nothing else is said: a learner's server may never answer.
    fn usual_limit(&self) -> Duration {
        let left = self.time_left();
        if self.lab.work.is_submitted() { ANSWER.min(left) } else { left }
    }

    /// Types a command that may take so long, and waits for its end.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn run_for(&mut self, command: &str, limit: Duration) -> Outcome<Output> {
        let limit = limit.min(self.time_left());
        let output = self.terminal().await?.run(command, limit).await?;
        self.last = Some(output.clone());
        Ok(output)
    }

    /// Whether another command can be typed: the shell of the last one is still there.
    #[must_use]
    pub fn can_run(&self) -> bool {
        self.terminal.as_ref().is_some_and(Terminal::is_open)
    }

    /// Types several lines, each of which must end well, and waits for their end.
    ///
    /// # Errors
    /// Where the terminal cannot be opened, or they do not end in time.
    pub async fn run_each_line(&mut self, lines: &str) -> Outcome<Output> {
        let limit = self.usual_limit();
        let output = self.terminal().await?.run_each_line(lines, limit).await?;
        self.last = Some(output.clone());
        Ok(output)
    }

    /// The learner's terminal, which is opened when it is first asked for.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub async fn terminal(&mut self) -> Outcome<&mut Terminal> {
        if let Some(terminal) = self.terminal.take() {
            return Ok(self.terminal.insert(terminal));
        }
        let mut terminal = shell::open(self.cluster.own()?, &self.folder, &self.namespace).await?;
        if self.lab.work.is_submitted() {
            // A learner's server may answer without end.
            terminal.run(&format!("ulimit -f {LARGEST}"), ANSWER).await?;
        }
        Ok(self.terminal.insert(terminal))
    }

    /// Takes what a program in a terminal of its own did for what the last command did.
    pub fn ended(&mut self, output: Output) {
        self.last = Some(output);
    }

    /// What the last command did.
    ///
    /// # Errors
    /// Where no command ran.
    pub fn last(&self) -> Outcome<&Output> {
        self.last
            .as_ref()
            .ok_or_else(|| Fault::failed("no command ran yet").hint("put a step `When I run \"…\"` before this one"))
    }

    /// Moves the learner's commands to a namespace of the scenario's cluster.
    ///
    /// # Errors
    /// Where the scenario's kubeconfig cannot be written.
    pub fn move_to(&mut self, namespace: &str) -> Outcome {
        namespace.clone_into(&mut self.namespace);
        shell::write_kubeconfig(self.cluster.own()?, &self.folder, namespace)
    }

    /// Remembers that what was claimed was free when the scenario began: what is there at its end is the scenario's.
    pub fn own(&mut self, claim: Claim) {
        self.owned.insert(claim);
    }

    /// Remembers that a namespace of this name is the scenario's: there was none before.
    pub fn makes(&mut self, namespace: &str) {
        self.made.insert(namespace.to_owned());
    }

    /// Whether a namespace of this name is the scenario's.
    #[must_use]
    pub fn has_made(&self, namespace: &str) -> bool {
        self.made.contains(namespace)
    }

    /// Whether what was claimed was free when the scenario began.
    #[must_use]
    pub fn owns(&self, claim: &Claim) -> bool {
        self.owned.contains(claim)
    }

    /// The namespace that was made for this scenario.
    #[must_use]
    pub fn own_namespace(&self) -> &str {
        &self.own_namespace
    }

    /// The scenario's folder, with all it holds.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Remembers that a Pod was seen, so that its absence can be judged later.
    pub fn saw_pod(&mut self, name: &str, uid: &str) {
        self.pods.insert(name.to_owned(), uid.to_owned());
    }

    /// The UID of a Pod that was seen.
    #[must_use]
    pub fn seen_pod(&self, name: &str) -> Option<&str> {
        self.pods.get(name).map(String::as_str)
    }

    /// The names of all Pods that were seen.
    pub fn seen_pods(&self) -> impl Iterator<Item = &str> {
        self.pods.keys().map(String::as_str)
    }

    /// Remembers that an object of a kind was seen, so that its absence can be judged later.
    pub fn saw_object(&mut self, kind: &str, name: &str, uid: &str) {
        self.objects.insert((kind.to_owned(), name.to_owned()), uid.to_owned());
    }

    /// The UID of an object that was seen.
    #[must_use]
    pub fn seen_object(&self, kind: &str, name: &str) -> Option<&str> {
        self.objects.get(&(kind.to_owned(), name.to_owned())).map(String::as_str)
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

    /// Takes the terminal away, to end it.
    pub fn take_terminal(&mut self) -> Option<Terminal> {
        self.terminal.take()
    }
}
