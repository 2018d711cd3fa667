//! Makes, finds and removes clusters with kind's own command line.

mod creation;

use std::{
    fs::File,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use k8s_openapi::api::core::v1::Node;
use kube::{Api, ResourceExt, api::ListParams};

use self::creation::create;
use super::{
    Cluster,
    configuration::Configuration,
    identity::{self, Record},
    learner, lease,
};
use crate::{
    endpoint,
    images::node::{Choice, Table},
    machine::folders,
    progress::Progress,
    project::Project,
    tool::Tool,
    verdict::{Fault, Outcome, Verdict},
};

/// How long the API server of a cluster that is there may take to answer.
const WAKING: Duration = Duration::from_secs(90);

/// How long to wait between two tries to reach it.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// How long the removal of a cluster may take; a few seconds, unless the machine is busy.
const DELETION: Duration = Duration::from_mins(5);

/// What `labproof up` was asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Which node image.
    pub node: Choice,
    /// Remove the cluster first, if there is one.
    pub recreate: bool,
    /// Take over a kind cluster of this name that labproof did not make.
    pub adopt: bool,
}

/// The name of the cluster that a kind configuration defines.
///
/// # Errors
/// Where the file cannot be read, or has no name.
pub fn name(configuration: &Path) -> Outcome<String> {
    let parsed = Configuration::read(configuration)?;
    parsed
        .name()
        .map(str::to_owned)
        .ok_or_else(|| Fault::refused(format!("{} is not a kind configuration with a name", configuration.display())))
}

/// Connects to the cluster of `configuration`, and makes it where it is not there.
///
/// # Errors
/// Where it cannot be made, or a cluster of that name is there that labproof did not make.
pub async fn up(project: &Project, configuration: &Path, wanted: &Wanted, progress: &Progress) -> Outcome<Cluster> {
    let name = name(configuration)?;
    let _lock = lock(&name).await?;
    let found = nodes(&name).await?;
    let record = Record::load(&name)?;
    match (found.is_empty(), record) {
        (false, Some(record)) if !wanted.recreate && !wanted.adopt => {
            if Table::read(project, &wanted.node)?.is_chosen(&wanted.node, &record.kubernetes)? {
                return open(record, &found, progress).await;
            }
            replace_other_version(&record, &found, progress).await?;
            create(project, configuration, &name, wanted, progress).await
        }
        (false, None) if !wanted.adopt => Err(identity::stranger(&name)),
        (false, _) if wanted.adopt => adopt(&name, &found, progress).await,
        (false, Some(record)) => {
            progress.phase(&format!("removing the cluster {name}"), Some("5 seconds"));
            remove(&record).await?;
            create(project, configuration, &name, wanted, progress).await
        }
        _ => create(project, configuration, &name, wanted, progress).await,
    }
}

/// Connects to a cluster that is there.
///
/// # Errors
/// Where there is none of that name, or labproof did not make it.
pub async fn connect(name: &str) -> Outcome<Cluster> {
    match (nodes(name).await?.is_empty(), Record::load(name)?) {
        (true, _) => Err(Fault::refused(format!("the cluster {name} does not exist")).hint("run `labproof up`")),
        (false, None) => Err(identity::stranger(name)),
        (false, Some(record)) => {
            assert_same_port(&record).await?;
            Cluster::connect(record).await
        }
    }
}

/// Removes the cluster called `name`; says whether there was one.
///
/// # Errors
/// Where labproof did not make it, or it cannot be removed.
pub async fn down(name: &str) -> Outcome<bool> {
    let _lock = lock(name).await?;
    let found = nodes(name).await?;
    match (found.is_empty(), Record::load(name)?) {
        (true, None) => Ok(false),
        (true, Some(record)) => record.forget().map(|()| false),
        (false, None) => Err(identity::stranger(name)),
        (false, Some(record)) => remove(&record).await.map(|()| true),
    }
}

/// Removes a cluster of which the caller knows that nobody else has made it, whether it was made to its end or not; says
/// whether there was one.
///
/// # Errors
/// Where it cannot be removed.
pub async fn discard(name: &str) -> Outcome<bool> {
    let _lock = lock(name).await?;
    let was_there = !nodes(name).await?.is_empty();
    let folder = identity::folder(name)?;
    if was_there {
        delete(name, &folder.join("kubeconfig")).await?;
    }
    // What was begun to be recorded goes as well.
    std::fs::remove_dir_all(&folder).map_err(|error| Fault::broken(format!("cannot forget {name}: {error}")))?;
    Ok(was_there)
}

/// The node containers of the cluster called `name`, running or not.
///
/// # Errors
/// Where the engine does not answer.
pub async fn nodes(name: &str) -> Outcome<Vec<String>> {
    let filter = format!("label=io.x-k8s.kind.cluster={name}");
    let names = Tool::new("docker").args(["ps", "--all", "--filter", &filter, "--format", "{{.Names}}"]).output().await;
    let names =
        names.map_err(|fault| fault.hint("no Docker engine answers: start it, or run `labproof setup --install`"))?;
    Ok(names.lines().map(str::to_owned).collect())
}

/// The folder with the kubectl that the cluster's nodes carry, so that it has the cluster's version.
///
/// # Errors
/// Where it cannot be copied from the node.
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

/// The kind program: the one on the PATH, else the one that the offline set-up built.
#[must_use]
pub fn program() -> PathBuf {
    let on_path = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join("kind").is_file()));
    if on_path { "kind".into() } else { folders::cache().join("bin/kind") }
}

/// Removes a cluster of labproof's own that has another Kubernetes version than is wanted now.
///
/// # Errors
/// `refused` while another run uses it.
async fn replace_other_version(record: &Record, found: &[String], progress: &Progress) -> Outcome {
    let (name, version) = (&record.name, &record.kubernetes);
    let cluster = open(record.clone(), found, progress).await?;
    if let Some(run) = lease::alive(&cluster).await?.first() {
        return Err(Fault::refused(format!("the cluster {name} has Kubernetes {version}, and the run {run} uses it"))
            .hint("wait until that run has ended"));
    }
    progress.phase(&format!("removing the cluster {name}, which has Kubernetes {version}"), Some("5 seconds"));
    remove(record).await
}

/// Connects to a cluster that is there, after starting it where it was stopped, as by a restart of the engine.
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
            // An API server that starts refuses connections; nothing tells when it will not any more.
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

/// Records the identity of a cluster that is ours from now on.
async fn record(name: &str, folder: PathBuf, node_image: String, notes: Vec<String>) -> Outcome<Record> {
    let kubeconfig = Tool::new(program()).args(["get", "kubeconfig", "--name", name]).output().await?;
    let kubeconfig = match endpoint::remote_address() {
        Some(address) => kubeconfig.replace("https://0.0.0.0:", &format!("https://{address}:")),
        None => kubeconfig,
    };
    let made = jiff::Timestamp::now().to_string();
    let mut record =
        Record { name: name.into(), uid: String::new(), kubernetes: String::new(), node_image, made, notes, folder };
    record.save(&kubeconfig)?;
    let client = super::client(&record).await?;
    record.uid = super::kube_system_uid(&client).await?;
    record.kubernetes = super::ask("read the server's version", client.apiserver_version()).await?.git_version;
    record.save(&kubeconfig)?;
    Ok(record)
}

/// Removes a cluster, after a last look whether it is the recorded one. One that does not answer is ours if it bears
/// the port that was recorded.
async fn remove(record: &Record) -> Outcome {
    assert_same_port(record).await?;
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

/// A cluster that was made again by somebody else has another API port.
async fn assert_same_port(record: &Record) -> Outcome {
    let node = format!("{}-control-plane", record.name);
    let port = Tool::new("docker")
        .args(["inspect", "--format", "{{(index (index .HostConfig.PortBindings \"6443/tcp\") 0).HostPort}}", &node])
        .output()
        .await?;
    let ours = std::fs::read_to_string(record.kubeconfig()).unwrap_or_default();
    if !port.is_empty() && ours.contains(&format!(":{port}\n")) {
        Ok(())
    } else {
        Err(identity::stranger(&record.name))
    }
}

/// Looks whether all nodes of a cluster run and are ready.
///
/// # Errors
/// The first that is not, or where the engine or the cluster does not answer.
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

/// Those of the node containers that do not run.
async fn stopped(nodes: &[String]) -> Outcome<Vec<String>> {
    let format = "{{.State.Running}} {{slice .Name 1}}";
    let states = Tool::new("docker").args(["container", "inspect", "--format", format]).args(nodes).output().await?;
    Ok(states.lines().filter_map(|line| line.strip_prefix("false ")).map(str::to_owned).collect())
}

/// Starts node containers that were stopped, as after a restart of the engine.
async fn wake(found: &[String]) -> Outcome {
    Tool::new("docker").args(["start"]).args(found).output().await.map(|_| ())
}

/// One process at a time makes or removes the cluster of a name.
async fn lock(name: &str) -> Outcome<File> {
    let path = folders::state("claims")?.join(format!("cluster-{name}"));
    let cannot = |error: &dyn std::fmt::Display| Fault::broken(format!("cannot lock {}: {error}", path.display()));
    let file = File::create(&path).map_err(|error| cannot(&error))?;
    tokio::task::spawn_blocking(move || file.lock().map(|()| file))
        .await
        .map_err(|error| cannot(&error))?
        .map_err(|error| cannot(&error))
}
