//! Creates a cluster: chooses the node image, completes the kind configuration, and runs kind.

use std::{collections::BTreeSet, path::Path, pin::pin, time::Duration};

use futures::StreamExt;
use k8s_openapi::api::core::v1::Node;
use kube::{
    Api, ResourceExt,
    runtime::{WatchStreamExt, watcher},
};

use super::{Wanted, program, record, release};
use crate::{
    cluster::{
        Cluster, client,
        configuration::{Configuration, Surroundings},
        identity::{self, Record},
        pods,
    },
    endpoint,
    images::{
        engine, handover,
        node::{self, NodeTable},
    },
    machine::folders,
    progress::Progress,
    project::Project,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// The time limit for creating a cluster when the node image exists.
pub(super) const CREATION: Duration = Duration::from_mins(5);

/// How long the workers may take to join after the control plane is ready.
const JOINING: Duration = Duration::from_secs(60);

/// What a new cluster is made from; everything of it exists.
pub(super) struct Plan {
    course: Configuration,
    image: String,
    /// How kind differs from the release for which the image is made.
    note: Option<String>,
}

impl Plan {
    /// Checks kind and the configuration, and puts the node image into the engine.
    ///
    /// # Errors
    /// `refused` if kind is too old or the options contradict the configuration, `broken` if there is no node image.
    pub(super) async fn of(
        project: &Project,
        configuration: &Path,
        wanted: &Wanted,
        progress: &Progress,
    ) -> Outcome<Self> {
        let course = Configuration::read(configuration)?;
        let Some(own) = course.own_image() else {
            let release = NodeTable::read(project, &wanted.node)?.kind;
            let note = release::check(&release).await?;
            let image = node::image(project, &wanted.node, progress).await?;
            return Ok(Self { course, image, note });
        };
        if let Some(version) = &wanted.node.kubernetes {
            return Err(Fault::refused(format!("the kind configuration names its own node image, {own}"))
                .hint(format!("leave --kubernetes {version} out, or `image:` in the kind configuration")));
        }
        node::provide(own, progress).await?;
        Ok(Self { image: own.to_owned(), course, note: None })
    }

    pub(super) async fn create(self, name: &str, progress: &Progress) -> Outcome<Cluster> {
        let Self { course, image, note } = self;
        let folder = identity::folder(name)?;
        let (kubeconfig, complete) = (folder.join("kubeconfig"), folder.join("kind.yaml"));
        // Until the configuration is written, another cluster could be given the same addresses.
        let choosing = super::lock("pod-addresses").await?;
        let around = Surroundings {
            kubernetes: node::version(&image).await?,
            image: image.clone(),
            cgroup_v1: engine::has_cgroup_v1().await?,
            handover: handover::folder(&image).await?,
            remote: endpoint::remote_address(),
            pods: pods::free(&folders::state("clusters")?, name)?,
        };
        let (text, mut notes) = course.complete(&around)?;
        std::fs::write(&complete, text)
            .map_err(|error| Fault::broken(format!("cannot write {}: {error}", complete.display())))?;
        drop(choosing);
        notes.extend(note);
        progress.phase(&format!("making the cluster {name}"), Some("25 seconds"));
        identity::begin(&folder)?;
        let made = Tool::new(program())
            .args(["create", "cluster", "--name", name, "--wait", "180s"])
            .args(["--config".as_ref(), complete.as_os_str(), "--kubeconfig".as_ref(), kubeconfig.as_os_str()])
            .limit(CREATION)
            .follow(|line| {
                if let Some(step) = line.trim().strip_prefix("✓ ") {
                    progress.detail(step.trim());
                }
            })
            .await;
        made.map_err(|fault| {
            fault
                .hint("read the end of the output above; run `labproof up --recreate`, which creates the cluster again")
        })?;
        let record = record(name, folder, image, notes).await?;
        joined(&record, super::nodes(name).await?.len()).await?;
        Cluster::connect(record).await
    }
}

/// Waits until the API server knows every node. kind waits only for the control plane, and a worker may join later.
async fn joined(record: &Record, count: usize) -> Outcome {
    let all = Api::<Node>::all(client(record).await?);
    let mut nodes = pin!(watcher(all, watcher::Config::default()).default_backoff().applied_objects());
    let mut names = BTreeSet::new();
    let joining = async {
        while names.len() < count
            && let Some(node) = nodes.next().await
        {
            names.extend(node.ok().map(|node| node.name_any()));
        }
    };
    tokio::time::timeout(JOINING, joining).await.map_err(|_| {
        Fault::broken(format!("not all nodes of {} joined it within {} seconds", record.name, JOINING.as_secs()))
            .hint("run `labproof up --recreate`, which creates the cluster again")
    })
}
