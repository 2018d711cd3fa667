//! Opens the learner's terminal, with access to the cluster and the engine.

use std::{fs, path::Path};

use crate::{
    cluster::Cluster,
    endpoint,
    machine::folders,
    terminal::Terminal,
    verdict::{Fault, Outcome},
};

/// Opens the terminal of the scenario with this folder. Its commands use the cluster with this namespace.
///
/// # Errors
/// If its files cannot be written, or if it cannot be opened.
pub(super) async fn open(cluster: &Cluster, folder: &Path, namespace: &str) -> Outcome<Terminal> {
    write_kubeconfig(cluster, folder, namespace)?;
    let path = std::env::var("PATH").unwrap_or_default();
    let tools = [cluster.tools().clone(), folders::cache().join("bin")];
    let path = tools.iter().map(|tool| tool.display().to_string()).chain([path]).collect::<Vec<_>>().join(":");
    let kubeconfig = folder.join("kubeconfig").display().to_string();
    let docker = folder.join("docker");
    endpoint::lend_configuration(&docker)
        .map_err(|error| Fault::broken(format!("cannot give the terminal Docker's settings: {error}")))?;
    let variables = [("KUBECONFIG", kubeconfig), ("PATH", path), ("DOCKER_CONFIG", docker.display().to_string())];
    let variables = variables.map(|(name, value)| (name.to_owned(), value));
    Terminal::open(&folder.join("home"), &folder.join("records"), &variables).await
}

/// Writes the scenario's kubeconfig: the private one, with the scenario's namespace.
///
/// # Errors
/// If it cannot be written.
pub(super) fn write_kubeconfig(cluster: &Cluster, folder: &Path, namespace: &str) -> Outcome {
    let cannot =
        |error: &dyn std::fmt::Display| Fault::broken(format!("cannot write the scenario's kubeconfig: {error}"));
    let mut kubeconfig = cluster.access()?;
    for context in kubeconfig.contexts.iter_mut().filter_map(|context| context.context.as_mut()) {
        context.namespace = Some(namespace.to_owned());
    }
    let text = serde_yaml::to_string(&kubeconfig).map_err(|error| cannot(&error))?;
    fs::write(folder.join("kubeconfig"), text).map_err(|error| cannot(&error))
}
