//! Creates, finds and removes clusters with kind's command line.

mod creation;
pub mod release;
mod unfinished;

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use k8s_openapi::api::core::v1::Node;
use kube::{Api, ResourceExt, api::ListParams};

use self::creation::Plan;
pub use self::unfinished::give_up;
use super::{
    Cluster,
    configuration::Configuration,
    identity::{self, Record},
    learner, lease,
};
use crate::{
    endpoint,
    images::node::{NodeChoice, NodeTable},
    machine::folders,
    progress::{self, Progress},
    project::Project,
    tool::Tool,
    verdict::{Fault, Outcome, Verdict},
};

/// How long the API server of an existing cluster may take to answer.
const WAKING: Duration = Duration::from_secs(90);

/// The pause between two attempts to reach it.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// The time limit for removing a cluster, which takes a few seconds unless the machine is busy.
const DELETION: Duration = Duration::from_mins(5);

/// The options of `labproof up`.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The choice of the node image.
    pub node: NodeChoice,
    /// Whether to remove an existing cluster first.
    pub recreate: bool,
    /// Whether to adopt a kind cluster of this name that labproof did not make.
    pub adopt: bool,
}

/// The name of the cluster that a kind configuration defines.
///
/// # Errors
/// If the file cannot be read or contains no name.
pub fn name(configuration: &Path) -> Outcome<String> {
    let parsed = Configuration::read(configuration)?;
    parsed
        .name()
        .map(str::to_owned)
        .ok_or_else(|| Fault::refused(format!("{} is not a kind configuration with a name", configuration.display())))
}

/// Connects to the cluster of `configuration`, and creates it if it does not exist.
///
/// # Errors
/// If it cannot be created, or if labproof did not make the existing cluster of that name.
pub async fn up(project: &Project, configuration: &Path, wanted: &Wanted, progress: &Progress) -> Outcome<Cluster> {
    let name = name(configuration)?;
    let _lock = lock_cluster(&name).await?;
    let found = nodes(&name).await?;
    let record = Record::load(&name)?;
    if !found.is_empty() && wanted.adopt {
        return adopt(&name, &found, progress).await;
    }
    if let (false, Some(record)) = (found.is_empty(), &record)
        && !wanted.recreate
        && NodeTable::read(project, &wanted.node)?.is_chosen(&wanted.node, &record.kubernetes)?
    {
        return open(record.clone(), &found, progress).await;
    }
    if !found.is_empty() && record.is_none() && !unfinished::is_made(&name, &found).await? {
        return Err(identity::not_ours(&name));
    }
    if let (false, Some(record), false) = (found.is_empty(), &record, wanted.recreate) {
        assert_unused(record, &found, progress).await?;
    }
    // Nothing is removed before it is certain that the new cluster can be made.
    let plan = Plan::of(project, configuration, wanted, progress).await?;
    match record {
        _ if found.is_empty() => {}
        None => {
            progress.phase(&format!("removing the cluster {name}, whose creation was interrupted"), Some("5 seconds"));
            unfinished::remove(&name).await?;
        }
        Some(record) => {
            let version =
                if wanted.recreate { String::new() } else { format!(", which has Kubernetes {}", record.kubernetes) };
            progress.phase(&format!("removing the cluster {name}{version}"), Some("5 seconds"));
            remove(&record).await?;
        }
    }
    plan.create(&name, progress).await
}

/// Connects to an existing cluster.
///
/// # Errors
/// If no cluster has that name, or if labproof did not make it.
pub async fn connect(name: &str) -> Outcome<Cluster> {
    match (nodes(name).await?.is_empty(), Record::load(name)?) {
        (true, _) => Err(Fault::refused(format!("the cluster {name} does not exist")).hint("run `labproof up`")),
        (false, None) => Err(identity::not_ours(name)),
        (false, Some(record)) => {
            assert_same_port(&record).await?;
            Cluster::connect(record).await
        }
    }
}

/// Removes the cluster `name`; returns whether it existed.
///
/// # Errors
/// If labproof did not make it, or if it cannot be removed.
pub async fn down(name: &str) -> Outcome<bool> {
    let _lock = lock_cluster(name).await?;
    let found = nodes(name).await?;
    match (found.is_empty(), Record::load(name)?) {
        (true, _) => unfinished::forget(name).map(|()| false),
        (false, None) if unfinished::is_made(name, &found).await? => unfinished::remove(name).await.map(|()| true),
        (false, None) => Err(identity::not_ours(name)),
        (false, Some(record)) => remove(&record).await.map(|()| true),
    }
}

/// Removes a cluster, complete or not, that the caller knows to be labproof's. Returns whether it existed.
///
/// # Errors
/// If the cluster cannot be removed.
pub async fn discard(name: &str) -> Outcome<bool> {
    let _lock = lock_cluster(name).await?;
    let was_there = !nodes(name).await?.is_empty();
    if was_there {
        delete(name, &identity::folder(name)?.join("kubeconfig")).await?;
    }
    // Also remove an incomplete record.
    unfinished::forget(name)?;
    Ok(was_there)
}

/// The node containers of the cluster `name`, running or stopped.
///
/// # Errors
/// If the engine does not answer.
pub async fn nodes(name: &str) -> Outcome<Vec<String>> {
    let filter = format!("label=io.x-k8s.kind.cluster={name}");
    let names = Tool::new("docker").args(["ps", "--all", "--filter", &filter, "--format", "{{.Names}}"]).output().await;
    let names = names.map_err(|fault| fault.hint(format!("no Docker engine answers: {}", endpoint::advice())))?;
    Ok(names.lines().map(str::to_owned).collect())
}

/// The folder with a kubectl of the cluster's version, copied from a node.
///
/// # Errors
/// If it cannot be copied.
pub async fn kubectl(record: &Record) -> Outcome<PathBuf> {
    let folder = record.folder.join("bin");
    let kubectl = folder.join("kubectl");
    if !kubectl.exists() {
        std::fs::create_dir_all(&folder)
            .map_err(|error| Fault::broken(format!("cannot make {}: {error}", folder.display())))?;
        let from = format!("{}-control-plane:/usr/bin/kubectl", record.name);
        let new = folder.join(format!("kubectl.{}", std::process::id()));
        Tool::new("docker").args(["cp".as_ref(), from.as_ref(), new.as_os_str()]).output().await?;
        std::fs::rename(&new, &kubectl)
            .map_err(|error| Fault::broken(format!("cannot keep kubectl in {}: {error}", folder.display())))?;
    }
    Ok(folder)
}

/// The kind program: the one that labproof's setup built, as in the labs' terminals, or otherwise the one on the PATH.
#[must_use]
pub fn program() -> PathBuf {
    let built = folders::cache().join("bin/kind");
    if built.is_file() { built } else { "kind".into() }
}

/// Checks that no other run uses a cluster that has another Kubernetes version than the wanted one.
///
/// # Errors
/// `refused` if one does.
async fn assert_unused(record: &Record, found: &[String], progress: &Progress) -> Outcome {
    let cluster = open(record.clone(), found, progress).await?;
    let Some(run) = lease::alive(&cluster).await?.into_iter().next() else { return Ok(()) };
    let (name, version) = (&record.name, &record.kubernetes);
    Err(Fault::refused(format!(
        "the cluster {name} cannot be replaced now: the run {run} uses it, with Kubernetes {version}"
    ))
    .hint("wait until that run has ended"))
}

/// Connects to an existing cluster, and starts it first if it is stopped, for example after a restart of the engine.
async fn open(record: Record, found: &[String], progress: &Progress) -> Outcome<Cluster> {
    assert_same_port(&record).await?;
    let stopped = stopped(found).await?;
    if !stopped.is_empty() {
        wake(&stopped).await?;
    }
    let deadline = Instant::now() + WAKING;
    let mut waits = false;
    loop {
        match Cluster::connect(record.clone()).await {
            // An API server that is starting refuses connections, and its readiness cannot be watched, so try again
            // until the deadline.
            Err(fault) if fault.verdict == Verdict::Broken && Instant::now() < deadline => {
                if !waits {
                    progress.phase(&format!("waiting for the API server of {}", record.name), Some("20 seconds"));
                    waits = true;
                }
                tokio::time::sleep(TRY_AGAIN).await;
            }
            Err(fault) if fault.verdict == Verdict::Broken => {
                return Err(fault.hint("run `labproof up --recreate`, which creates the cluster again"));
            }
            connected => return connected,
        }
    }
}

async fn adopt(name: &str, found: &[String], progress: &Progress) -> Outcome<Cluster> {
    wake(found).await?;
    progress.detail("reading its identity");
    let folder = identity::folder(name)?;
    let image = Tool::new("docker").args(["inspect", "--format", "{{.Config.Image}}", &found[0]]).output().await?;
    let record = record(name, folder, image, Vec::new()).await?;
    Cluster::connect(record).await
}

/// Records the identity of a cluster that now belongs to labproof.
async fn record(name: &str, folder: PathBuf, node_image: String, notes: Vec<String>) -> Outcome<Record> {
    let kubeconfig = Tool::new(program()).args(["get", "kubeconfig", "--name", name]).output().await?;
    let kubeconfig = match endpoint::remote_address() {
        Some(address) => kubeconfig.replace("https://0.0.0.0:", &format!("https://{}:", endpoint::in_url(&address))),
        None => kubeconfig,
    };
    let made = jiff::Timestamp::now().to_string();
    let mut record =
        Record { name: name.into(), uid: String::new(), kubernetes: String::new(), node_image, made, notes, folder };
    record.keep_kubeconfig(&kubeconfig)?;
    let client = super::client(&record).await?;
    record.uid = super::kube_system_uid(&client).await?;
    record.kubernetes = super::ask("read the server's version", client.apiserver_version()).await?.git_version;
    record.save()?;
    Ok(record)
}

/// Removes a cluster after checking that it is the recorded one. A cluster that does not answer is the recorded one if
/// it has the recorded port.
async fn remove(record: &Record) -> Outcome {
    let nodes = nodes(&record.name).await?;
    // Without its control plane, the cluster has no API server, and its name is in labproof's record alone.
    if nodes.contains(&control_plane(&record.name)) {
        assert_same_port(record).await?;
    }
    match Cluster::connect(record.clone()).await {
        Err(fault) if fault.verdict == Verdict::Refused => return Err(fault),
        Ok(_) | Err(_) => {}
    }
    delete(&record.name, &record.kubeconfig()).await?;
    record.forget()
}

async fn delete(name: &str, kubeconfig: &Path) -> Outcome {
    let delete = Tool::new(program()).args(["delete", "cluster", "--name", name, "--kubeconfig"]).args([kubeconfig]);
    delete.limit(DELETION).output().await?;
    learner::forget(name).await
}

/// The container of a cluster's first node.
fn control_plane(name: &str) -> String {
    format!("{name}-control-plane")
}

/// Checks the API port: a cluster that somebody else has created again has another one.
async fn assert_same_port(record: &Record) -> Outcome {
    let port = Tool::new("docker")
        .args([
            "inspect",
            "--format",
            "{{(index (index .HostConfig.PortBindings \"6443/tcp\") 0).HostPort}}",
            &control_plane(&record.name),
        ])
        .output()
        .await?;
    let ours = std::fs::read_to_string(record.kubeconfig()).map_err(|error| {
        Fault::broken(format!("cannot read the kubeconfig of the cluster {}: {error}", record.name))
            .hint(format!("run `kind delete cluster --name {}`, then `labproof up`", record.name))
    })?;
    if !port.is_empty() && ours.contains(&format!(":{port}\n")) {
        Ok(())
    } else {
        Err(identity::not_ours(&record.name))
    }
}

/// Checks that all nodes of a cluster run and are ready.
///
/// # Errors
/// If one does not, or if the engine or the cluster does not answer.
pub async fn is_well(cluster: &Cluster) -> Outcome {
    let format = "{{slice .Name 1}} {{.State.Status}}";
    let states = Tool::new("docker").args(["container", "inspect", "--format", format]).args(cluster.nodes());
    let states = states.output().await?;
    if let Some(state) = states.lines().find(|state| !state.ends_with(" running")) {
        return Err(Fault::broken(format!("the node {state}")));
    }
    let nodes = super::ask("list the nodes", Api::<Node>::all(cluster.client()).list(&ListParams::default())).await?;
    let is_ready = |node: &Node| {
        let conditions = node.status.iter().flat_map(|status| status.conditions.iter().flatten());
        conditions.into_iter().any(|condition| condition.type_ == "Ready" && condition.status == "True")
    };
    match nodes.items.iter().find(|node| !is_ready(node)) {
        Some(node) => Err(Fault::broken(format!("the node {} is not ready", node.name_any()))),
        None => Ok(()),
    }
}

/// The node containers that do not run.
async fn stopped(nodes: &[String]) -> Outcome<Vec<String>> {
    let format = "{{.State.Running}} {{slice .Name 1}}";
    let states = Tool::new("docker").args(["container", "inspect", "--format", format]).args(nodes).output().await?;
    Ok(states.lines().filter_map(|line| line.strip_prefix("false ")).map(str::to_owned).collect())
}

/// Starts stopped node containers, for example after a restart of the engine.
async fn wake(found: &[String]) -> Outcome {
    Tool::new("docker").args(["start"]).args(found).output().await.map(|_| ())
}

/// Takes the lock of a cluster, and says so if it must wait for another process.
async fn lock_cluster(name: &str) -> Outcome<File> {
    let lock_name = format!("cluster-{name}");
    if let Some(lock) = try_lock(&lock_name)? {
        return Ok(lock);
    }
    progress::eprint_line(&format!("waiting for another labproof process, which makes or removes the cluster {name}"));
    lock(&lock_name).await
}

/// Takes the lock under which only one process at a time may do something, such as create or remove a certain cluster.
async fn lock(name: &str) -> Outcome<File> {
    let file = lock_file(name)?;
    tokio::task::spawn_blocking(move || file.lock().map(|()| file))
        .await
        .map_err(|error| cannot_lock(name, &error))?
        .map_err(|error| cannot_lock(name, &error))
}

/// The same without waiting: `None` if another process has the lock.
fn try_lock(name: &str) -> Outcome<Option<File>> {
    let file = lock_file(name)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(cannot_lock(name, &error)),
    }
}

fn lock_file(name: &str) -> Outcome<File> {
    File::create(folders::state("claims")?.join(name)).map_err(|error| cannot_lock(name, &error))
}

fn cannot_lock(name: &str, error: &dyn std::fmt::Display) -> Fault {
    Fault::broken(format!("cannot lock {name} in labproof's state folder: {error}"))
}
