//! A kind cluster that labproof made, and the operations on it through its API.
//!
//! For such a cluster, labproof does not read the user's kubeconfig or current context; only `grade --live`, which changes
//! nothing, uses kubectl's own (`read_only`). A [`Cluster`] exists only if labproof recorded the cluster's identity when it
//! made the cluster, or adopted it at the user's request (`up --adopt`). labproof compares this identity again before it destroys
//! anything. Scenarios use [`AnyCluster`], which is such a cluster or a read-only one.

pub mod abilities;
pub(crate) mod access;
pub mod admission;
mod any;
pub mod configuration;
pub mod connections;
pub mod discovery;
pub mod disk_guard;
pub mod exec;
pub mod fence;
pub mod finalizers;
pub mod identity;
pub mod kind_cli;
pub mod learner;
pub mod lease;
pub mod manifest;
pub mod namespace;
pub mod pods;
pub mod read_only;
pub mod runtime;
pub mod wait;
pub mod wide;

use std::{future::Future, path::PathBuf, sync::Arc, time::Duration};

use http::{Method, Request};
use k8s_openapi::{
    NamespaceResourceScope,
    api::core::v1::{Namespace, Node},
};
use kube::{
    Api, Client, Config, ResourceExt,
    api::ListParams,
    client::{Body, ClientBuilder},
    config::KubeConfigOptions,
};

use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;
use tower::util::MapRequestLayer;

pub use any::AnyCluster;

use crate::{
    log::{self, About},
    verdict::{Fault, Outcome},
};
use discovery::Kinds;
use identity::Record;

/// How long the API server may take to answer one request. It is long enough for an API server that restarts.
const ANSWER: Duration = Duration::from_secs(30);

/// The port of the API server on its node.
const API_PORT: u16 = 6443;

/// How long a server may take until it serves a kind that was just defined.
const NEW_KIND: Duration = Duration::from_secs(3);

/// A connection to a cluster that labproof made.
#[derive(Clone)]
pub struct Cluster {
    record: Record,
    client: Client,
    nodes: Vec<String>,
    node_objects: Vec<Node>,
    tools: PathBuf,
    kinds: Arc<OnceCell<Kinds>>,
}

impl Cluster {
    /// Connects to the cluster that `record` describes.
    ///
    /// # Errors
    /// If the cluster does not answer, or is not the one that was recorded.
    pub async fn connect(record: Record) -> Outcome<Self> {
        let client = client(&record).await?;
        let nodes = ask("list the nodes", Api::<Node>::all(client.clone()).list(&ListParams::default())).await?;
        let tools = kind_cli::kubectl(&record).await?;
        let cluster = Self::through(client, record, nodes.items, tools);
        cluster.assert_mine().await?;
        Ok(cluster)
    }

    /// The cluster that `record` describes, reached by this client; `tools` is the folder that contains its kubectl.
    pub(crate) fn through(client: Client, record: Record, node_objects: Vec<Node>, tools: PathBuf) -> Self {
        let nodes = node_objects.iter().map(ResourceExt::name_any).collect();
        Self { record, client, nodes, node_objects, tools, kinds: Arc::default() }
    }

    /// The cluster's name in kind.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.record.name
    }

    /// The Kubernetes version, such as `v1.34.4`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.record.kubernetes
    }

    /// The image of the nodes.
    #[must_use]
    pub fn node_image(&self) -> &str {
        &self.record.node_image
    }

    /// Notes for the user about how the cluster was made.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.record.notes
    }

    /// The names of the nodes.
    #[must_use]
    pub fn nodes(&self) -> &[String] {
        &self.nodes
    }

    /// The names of the nodes without a taint, which accept any Pod.
    #[must_use]
    pub fn workers(&self) -> Vec<String> {
        self.node_objects.iter().filter(|node| takes_pods(node)).map(ResourceExt::name_any).collect()
    }

    /// The Node objects, as read when the connection was made.
    #[must_use]
    pub fn node_objects(&self) -> &[Node] {
        &self.node_objects
    }

    /// The private kubeconfig as labproof reads it, for programs that run where labproof runs.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn access(&self) -> Outcome<kube::config::Kubeconfig> {
        access::kubeconfig(&self.record)
    }

    /// The private kubeconfig.
    #[must_use]
    pub fn kubeconfig(&self) -> PathBuf {
        self.record.kubeconfig()
    }

    /// The folder with the kubectl of this cluster's version.
    #[must_use]
    pub fn tools(&self) -> &PathBuf {
        &self.tools
    }

    /// The client, for requests that have no method here.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// The API for one kind of object in a namespace.
    #[must_use]
    pub fn api<K>(&self, namespace: &str) -> Api<K>
    where
        K: kube::Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client.clone(), namespace)
    }

    /// The kinds of objects that the cluster serves.
    ///
    /// # Errors
    /// If the cluster does not answer.
    pub async fn kinds(&self) -> Outcome<&Kinds> {
        self.kinds.get_or_try_init(|| Kinds::ask(self.client())).await
    }

    /// Finds something among the kinds, one that was just defined included.
    ///
    /// # Errors
    /// If the cluster does not answer.
    pub async fn find_kind<T>(&self, find: impl Fn(&Kinds) -> Option<T>) -> Outcome<Option<T>> {
        discovery::find(&self.client, Some(self.kinds().await?), NEW_KIND, find).await
    }

    /// Checks that the cluster that answers is still the recorded one.
    ///
    /// # Errors
    /// If another cluster answers, or if none does.
    pub async fn assert_mine(&self) -> Outcome {
        let uid = kube_system_uid(&self.client).await?;
        if uid == self.record.uid {
            return Ok(());
        }
        Err(identity::changed(&self.record, &uid))
    }
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").field("record", &self.record).finish_non_exhaustive()
    }
}

/// The UID of the namespace `kube-system`. It identifies a cluster, because it exists exactly as long as the cluster.
///
/// # Errors
/// If the cluster does not answer.
pub async fn kube_system_uid(client: &Client) -> Outcome<String> {
    let namespace =
        ask("read the namespace kube-system", Api::<Namespace>::all(client.clone()).get("kube-system")).await?;
    Ok(namespace.metadata.uid.unwrap_or_default())
}

/// Whether the node accepts any Pod, ignoring the taints that Kubernetes sets itself and removes again, for example on
/// a node that has just restarted.
fn takes_pods(node: &Node) -> bool {
    let mut taints = node.spec.iter().flat_map(|spec| spec.taints.iter().flatten());
    taints.all(|taint| taint.key.starts_with("node.kubernetes.io/"))
}

/// Waits at most 30 seconds for an answer of the API server.
///
/// # Errors
/// If the request fails; the fault contains the request and the server's answer.
pub fn ask<T>(what: &str, request: impl Future<Output = kube::Result<T>>) -> impl Future<Output = Outcome<T>> {
    let answer = answer(what, request);
    async move { answer.await?.map_err(|error| cannot(what, &error)) }
}

/// Waits at most 30 seconds for an answer of the API server, and returns it even if it is an error, for callers that
/// expect one.
///
/// # Errors
/// If there is no answer.
pub fn answer<T>(
    what: &str,
    request: impl Future<Output = kube::Result<T>>,
) -> impl Future<Output = Outcome<kube::Result<T>>> {
    // Requests are large futures, and many callers wait for several.
    let answer = tokio::time::timeout(ANSWER, Box::pin(request));
    async move {
        answer.await.map_err(|_| {
            let seconds = ANSWER.as_secs();
            Fault::broken(format!("cannot {what}: the API server did not answer within {seconds} seconds"))
        })
    }
}

/// An object of labproof's own, from its JSON.
fn object<K: DeserializeOwned>(json: serde_json::Value) -> Outcome<K> {
    serde_json::from_value(json).map_err(|error| Fault::broken(error.to_string()))
}

/// The fault for a request that the API server has answered with an error.
#[must_use]
pub fn cannot(what: &str, error: &kube::Error) -> Fault {
    Fault::broken(format!("cannot {what}: {}", said(error)))
}

/// Whether the API server's answer is an error with one of these codes, such as 404.
#[must_use]
pub fn has_code<T>(answer: &kube::Result<T>, codes: &[u16]) -> bool {
    matches!(answer, Err(kube::Error::Api(status)) if codes.contains(&status.code))
}

/// The text of an API error; for an answer of the server, the server's own words.
#[must_use]
pub fn said(error: &kube::Error) -> String {
    if let kube::Error::Api(status) = error {
        return status.message.clone();
    }
    let mut words = String::new();
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = source {
        words = error.to_string();
        source = error.source();
    }
    // Some of these texts end with the address of a manual.
    let words = words.split(": https://").next().unwrap_or_default();
    format!("the API server cannot be reached: {words}")
}

/// A client that uses only the recorded kubeconfig.
async fn client(record: &Record) -> Outcome<Client> {
    let cannot = |error: &dyn std::fmt::Display| {
        Fault::broken(format!("cannot use the kubeconfig of cluster {}: {error}", record.name))
            .hint("run `labproof up --recreate`")
    };
    access::join().await?;
    let kubeconfig = access::kubeconfig(record)?;
    let options = KubeConfigOptions { context: Some(format!("kind-{}", record.name)), ..Default::default() };
    let mut config = Config::from_custom_kubeconfig(kubeconfig, &options).await.map_err(|error| cannot(&error))?;
    config.proxy_url = None; // The API server is on this machine, or beside this container.
    config.connect_timeout = Some(Duration::from_secs(5));
    let builder = ClientBuilder::try_from(config).map_err(|error| cannot(&error))?;
    Ok(builder.with_layer(&MapRequestLayer::new(noted)).build())
}

/// Logs a request that changes the cluster.
fn noted(request: Request<Body>) -> Request<Body> {
    if request.method() != Method::GET {
        log::note(About::Cluster, &format!("{} {}", request.method(), request.uri().path()), &[]);
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_was_just_started_again_takes_pods_soon() {
        let takes = |taints: &str| {
            let node: Node = serde_yaml::from_str(&format!("spec: {{taints: {taints}}}")).unwrap();
            takes_pods(&node)
        };
        assert!(takes("[]") && takes_pods(&Node::default()));
        assert!(takes("[{key: node.kubernetes.io/unreachable, effect: NoExecute}]"));
        assert!(!takes("[{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}]"));
        assert!(!takes("[{key: node.kubernetes.io/not-ready, effect: NoSchedule}, {key: mine, effect: NoSchedule}]"));
    }
}
