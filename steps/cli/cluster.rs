//! `labproof up`, `down` and `status`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use clap::Args;

use super::{exit::Status as Exit, setup};
use crate::{
    cluster::{
        Cluster,
        identity::Record,
        kind_cli::{self, Wanted},
    },
    images::{engine, node::NodeChoice, registry},
    machine::claim::Holder,
    progress::{self, Progress},
    project::Project,
    run::{interrupt, sweep},
    verdict::Outcome,
};

/// Where the cluster is defined.
#[derive(Clone, Debug, Args)]
pub(super) struct Configuration {
    /// The cluster's kind configuration, relative to the folder that contains features/
    #[arg(long, value_name = "FILE", default_value = "kind-config/demo.yaml")]
    pub(super) config: String,
}

impl Configuration {
    fn file(&self, project: &Project) -> Outcome<PathBuf> {
        project.resource(&self.config)
    }
}

/// Where the node image comes from.
#[derive(Clone, Debug, Args)]
pub(super) struct NodeImages {
    /// A table of node images to use instead of kind-config/nodes.yaml
    #[arg(long, value_name = "FILE")]
    nodes: Option<PathBuf>,
    /// Build the node image from packages; do not ask a registry
    #[arg(long)]
    offline: bool,
}

impl NodeImages {
    /// The choice of the node image for a Kubernetes version.
    pub(super) fn choice(&self, kubernetes: Option<&String>) -> NodeChoice {
        let (kubernetes, table) = (kubernetes.cloned(), self.nodes.clone());
        NodeChoice { kubernetes, table, offline: self.offline, image: None }
    }
}

/// How to create the cluster.
#[derive(Debug, Args)]
pub(super) struct Up {
    #[command(flatten)]
    configuration: Configuration,
    /// The Kubernetes version, such as 1.35; kind-config/nodes.yaml lists them
    #[arg(long, value_name = "VERSION")]
    kubernetes: Option<String>,
    #[command(flatten)]
    images: NodeImages,
    /// Remove the cluster first, if it exists
    #[arg(long)]
    recreate: bool,
    /// Take over the kind cluster NAME, which labproof did not make; labproof then owns it, and may change and remove it
    #[arg(long, value_name = "NAME")]
    adopt: Option<String>,
}

impl Up {
    pub(super) async fn run(self, progress: &Progress) -> Outcome<Exit> {
        let project = Project::find_or_here()?;
        let configuration = self.configuration.file(&project)?;
        let name = kind_cli::name(&configuration)?;
        if let Some(other) = self.adopt.as_ref().filter(|other| **other != name) {
            return Err(crate::verdict::Fault::refused(format!(
                "{} defines the cluster {name}, not {other}",
                self.configuration.config
            )));
        }
        let node = self.images.choice(self.kubernetes.as_ref());
        let wanted = Wanted { node, recreate: self.recreate, adopt: self.adopt.is_some() };
        let cancelled = interrupt::watch(progress);
        let cluster = tokio::select! {
            cluster = kind_cli::up(&project, &configuration, &wanted, progress) => cluster?,
            () = cancelled.cancelled() => {
                kind_cli::give_up(&name).await?;
                return Ok(Exit::Interrupted);
            }
        };
        progress.done();
        progress::print_line(&line(&cluster));
        Ok(Exit::Passed)
    }
}

/// What to remove.
#[derive(Debug, Args)]
pub(super) struct Down {
    #[command(flatten)]
    configuration: Configuration,
}

impl Down {
    pub(super) async fn run(self, progress: &Progress) -> Outcome<Exit> {
        let name = kind_cli::name(&self.configuration.file(&Project::find_or_here()?)?)?;
        progress.phase(&format!("removing the cluster {name}"), Some("5 seconds"));
        let existed = kind_cli::down(&name).await?;
        for what in sweep::clusters().await? {
            progress.line(&format!("removed, left behind by a killed run: {what}"));
        }
        if !Record::any()? {
            registry::remove().await?;
        }
        progress.done();
        progress::print_line(&if existed {
            format!("removed the cluster {name}")
        } else {
            format!("the cluster {name} does not exist")
        });
        Ok(Exit::Passed)
    }
}

/// Which cluster to show.
#[derive(Debug, Args)]
pub(super) struct Status {
    #[command(flatten)]
    configuration: Configuration,
}

impl Status {
    pub(super) async fn run(self) -> Outcome<Exit> {
        let project = Project::find_or_here()?;
        let name = kind_cli::name(&self.configuration.file(&project)?)?;
        engine::version().await?;
        let findings = setup::findings(&project, None).await?;
        findings.brief().for_each(|line| progress::print_line(&line));
        running()?.iter().for_each(|line| progress::print_line(line));
        if kind_cli::nodes(&name).await?.is_empty() {
            let note = if Record::load(&name)?.is_some() { ", although labproof created it" } else { "" };
            progress::print_line(&format!("cluster: {name} does not exist{note}; `labproof up` creates it"));
            return Ok(Exit::Passed);
        }
        progress::print_line(&line(&kind_cli::connect(&name).await?));
        Ok(Exit::Passed)
    }
}

/// The runs on this machine, and what each has.
fn running() -> Outcome<Vec<String>> {
    let mut runs: BTreeMap<u32, (String, BTreeSet<String>)> = BTreeMap::new();
    let mut holders = Holder::all()?;
    holders.sort_by_key(|holder| holder.since);
    for holder in holders {
        let shown = holder.to_string();
        runs.entry(holder.process).or_insert_with(|| (shown, BTreeSet::new())).1.insert(holder.what);
    }
    let line = |(run, has): (String, BTreeSet<String>)| {
        format!("run: {run} has {}", has.into_iter().collect::<Vec<_>>().join(", "))
    };
    Ok(runs.into_values().map(line).collect())
}

fn line(cluster: &Cluster) -> String {
    let (name, version, nodes) = (cluster.name(), cluster.version(), cluster.nodes().join(", "));
    let kubectl = cluster.tools().join("kubectl");
    let remarks: String = cluster.notes().iter().map(|note| format!("\nnote: {note}")).collect();
    format!(
        "cluster: {name}, Kubernetes {version}, nodes {nodes}\nuse: KUBECONFIG={} {}{remarks}",
        cluster.kubeconfig().display(),
        kubectl.display()
    )
}
