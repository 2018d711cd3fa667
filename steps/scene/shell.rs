//! Opens the learner's terminal, with access to the cluster and the engine.

use std::{fs, path::Path};

use super::Scene;
use crate::{
    cluster::fence::Fence,
    endpoint,
    machine::folders,
    terminal::Terminal,
    verdict::{Fault, Outcome},
};

impl Scene {
    /// Makes the learner's commands use another namespace of the scenario's cluster.
    ///
    /// # Errors
    /// If the scenario's kubeconfig cannot be written.
    pub fn move_to(&mut self, namespace: &str) -> Outcome {
        namespace.clone_into(&mut self.namespace);
        self.fence.iter_mut().for_each(|fence| fence.include(namespace));
        write_kubeconfig(self, namespace)
    }

    /// Gives this namespace to the commands that follow, and changes nothing else.
    ///
    /// # Errors
    /// If the kubeconfig cannot be written.
    pub fn use_namespace(&self, namespace: &str) -> Outcome {
        write_kubeconfig(self, namespace)
    }

    /// Makes the server refuse what the scenario's commands may not change.
    pub fn enclose(&mut self, fence: Fence) {
        self.fence = Some(fence);
    }

    /// Makes the scenario's commands reach the engine at this socket, in a terminal that is opened later.
    pub fn use_engine_at(&mut self, socket: &Path) {
        self.engine = Some(socket.to_owned());
    }
}

/// Opens the terminal of a scenario. Its commands use the cluster with the scenario's namespace.
///
/// # Errors
/// If its files cannot be written, or if it cannot be opened.
pub(super) async fn open(scene: &Scene) -> Outcome<Terminal> {
    write_kubeconfig(scene, &scene.namespace)?;
    let (cluster, folder) = (scene.cluster.own()?, &scene.folder);
    let path = std::env::var("PATH").unwrap_or_default();
    let helpers = folder.join("credential-helpers");
    let tools = [helpers.clone(), cluster.tools().clone(), folders::cache().join("bin")];
    let path = tools.iter().map(|tool| tool.display().to_string()).chain([path]).collect::<Vec<_>>().join(":");
    let kubeconfig = folder.join("kubeconfig").display().to_string();
    let docker = folder.join("docker");
    endpoint::lend_configuration(&docker)
        .and_then(|()| endpoint::lend_helpers(&helpers))
        .map_err(|error| Fault::broken(format!("cannot give the terminal Docker's settings: {error}")))?;
    let variables = [("KUBECONFIG", kubeconfig), ("PATH", path), ("DOCKER_CONFIG", docker.display().to_string())];
    // A document's `kind load docker-image web` means the cluster that it has, whatever that is called.
    let kind = scene.fence.iter().map(|_| ("KIND_CLUSTER_NAME", cluster.name().to_owned()));
    let engine = scene.engine.iter().map(|socket| ("DOCKER_HOST", format!("unix://{}", socket.display())));
    let variables: Vec<_> =
        variables.into_iter().chain(kind).chain(engine).map(|(name, value)| (name.to_owned(), value)).collect();
    Terminal::open(&folder.join("home"), &folder.join("records"), &variables).await
}

/// Writes the scenario's kubeconfig: the private one, with this namespace and the scenario's fence.
///
/// # Errors
/// If it cannot be written.
fn write_kubeconfig(scene: &Scene, namespace: &str) -> Outcome {
    let cannot =
        |error: &dyn std::fmt::Display| Fault::broken(format!("cannot write the scenario's kubeconfig: {error}"));
    let mut kubeconfig = scene.cluster.own()?.access()?;
    for context in kubeconfig.contexts.iter_mut().filter_map(|context| context.context.as_mut()) {
        context.namespace = Some(namespace.to_owned());
    }
    scene.fence.iter().for_each(|fence| fence.enclose(&mut kubeconfig));
    let text = serde_yaml::to_string(&kubeconfig).map_err(|error| cannot(&error))?;
    fs::write(scene.folder.join("kubeconfig"), text).map_err(|error| cannot(&error))
}
