//! Creates a cluster: chooses the node image, completes the kind configuration, and runs kind.

use std::{collections::BTreeSet, path::Path, pin::pin, time::Duration};

use futures::StreamExt;
use k8s_openapi::api::core::v1::Node;
use kube::{
    Api, ResourceExt,
    runtime::{WatchStreamExt, watcher},
};

use super::{Wanted, program, record};
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
        node::{self, Table},
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

pub(super) async fn create(
    project: &Project,
    configuration: &Path,
    name: &str,
    wanted: &Wanted,
    progress: &Progress,
) -> Outcome<Cluster> {
    let course = Configuration::read(configuration)?;
    let image = node_image(project, &course, wanted, progress).await?;
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
    notes.extend(check_kind(&Table::read(project, &wanted.node)?.kind).await?);
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
        fault.hint("read the end of the output above; run `labproof up --recreate`, which creates the cluster again")
    })?;
    let record = record(name, folder, image, notes).await?;
    joined(&record, super::nodes(name).await?.len()).await?;
    Cluster::connect(record).await
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

/// The node image of the kind configuration, or otherwise one from the table.
async fn node_image(
    project: &Project,
    course: &Configuration,
    wanted: &Wanted,
    progress: &Progress,
) -> Outcome<String> {
    let Some(own) = course.own_image() else { return node::image(project, &wanted.node, progress).await };
    if let Some(version) = &wanted.node.kubernetes {
        return Err(Fault::refused(format!("the kind configuration names its own node image, {own}"))
            .hint(format!("leave --kubernetes {version} out, or `image:` in the kind configuration")));
    }
    node::provide(own, progress).await.map(|()| own.to_owned())
}

/// Compares kind's version with the release for which the node images are made. Returns a note if they differ.
///
/// # Errors
/// `refused` if kind is older than 0.32, which the containerd in these images needs.
async fn check_kind(release: &str) -> Outcome<Option<String>> {
    let version = Tool::new(program()).args(["version", "--quiet"]).output().await?;
    let minor = |version: &str| version.trim_start_matches('v').split('.').nth(1).and_then(|minor| minor.parse().ok());
    let (has, wanted): (Option<u32>, Option<u32>) = (minor(&version), minor(release));
    if has < Some(32) {
        return Err(Fault::refused(format!("kind {version} is too old for the node images of kind {release}"))
            .hint(format!("install kind {release}: go install sigs.k8s.io/kind@{release}")));
    }
    let differs = format!("kind {version} is used; the node images are those of kind {release}");
    Ok((has != wanted).then_some(differs))
}
