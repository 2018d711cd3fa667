//! The cluster that a scenario's steps observe: one that labproof made, or a read-only one.
//!
//! A function that changes a cluster takes a [`Cluster`], so it cannot be called with a read-only one.

use std::time::Duration;

use k8s_openapi::{NamespaceResourceScope, api::core::v1::Node};
use kube::{
    Api, Client,
    api::{ApiResource, ListParams},
};

use super::{
    Cluster, ask,
    discovery::{self, Kinds},
    read_only::ReadOnlyCluster,
};
use crate::verdict::{Fault, Outcome};

/// How long it may take to list the nodes for an explanation.
const NODES_LIMIT: Duration = Duration::from_secs(5);

/// A cluster that steps observe.
#[derive(Clone, Debug)]
pub enum AnyCluster {
    /// A cluster that labproof made and may change.
    Own(Cluster),
    /// Somebody else's cluster, which labproof never changes.
    ReadOnly(ReadOnlyCluster),
}

impl AnyCluster {
    /// Returns the cluster if labproof made it.
    ///
    /// # Errors
    /// `refused` if it is read-only.
    pub fn own(&self) -> Outcome<&Cluster> {
        match self {
            Self::Own(cluster) => Ok(cluster),
            Self::ReadOnly(cluster) => Err(Fault::refused(format!(
                "the cluster of the context {} is read-only: labproof never changes it",
                cluster.context()
            ))),
        }
    }

    /// The cluster's name in kind; for a read-only cluster, the name of its context.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Own(cluster) => cluster.name(),
            Self::ReadOnly(cluster) => cluster.context(),
        }
    }

    /// The Kubernetes version, such as `v1.34.4`.
    #[must_use]
    pub fn version(&self) -> &str {
        match self {
            Self::Own(cluster) => cluster.version(),
            Self::ReadOnly(cluster) => cluster.version(),
        }
    }

    /// The Node objects, as read when the connection was made; empty for a read-only cluster.
    #[must_use]
    pub fn node_objects(&self) -> &[Node] {
        match self {
            Self::Own(cluster) => cluster.node_objects(),
            Self::ReadOnly(_) => &[],
        }
    }

    /// The Node objects as they are now; empty if the cluster does not show them in time.
    pub async fn nodes_now(&self) -> Vec<Node> {
        let nodes: Api<Node> = Api::all(self.client());
        let listed = tokio::time::timeout(NODES_LIMIT, nodes.list(&ListParams::default())).await;
        listed.ok().and_then(Result::ok).map(|listed| listed.items).unwrap_or_default()
    }

    /// The client, for requests that have no method here.
    #[must_use]
    pub fn client(&self) -> Client {
        match self {
            Self::Own(cluster) => cluster.client(),
            Self::ReadOnly(cluster) => cluster.client(),
        }
    }

    /// The API for one kind of object in a namespace.
    #[must_use]
    pub fn api<K>(&self, namespace: &str) -> Api<K>
    where
        K: kube::Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client(), namespace)
    }

    /// The resources of a kind that is called so, as [`Kinds::named`] finds them. Waits within the limit until there is one.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn resources(&self, kind: &str, limit: Duration) -> Outcome<Vec<(ApiResource, bool)>> {
        let known = match self {
            Self::Own(cluster) => Some(cluster.kinds().await?),
            Self::ReadOnly(_) => None,
        };
        let named = |kinds: &Kinds| Some(kinds.named(kind)).filter(|found| !found.is_empty());
        Ok(discovery::find(&self.client(), known, limit, named).await?.unwrap_or_default())
    }

    /// Asks the API server for something that it always has: which cluster it is, where labproof made it.
    ///
    /// # Errors
    /// If it does not answer, or if another cluster does.
    pub async fn assert_answers(&self) -> Outcome {
        match self {
            Self::Own(cluster) => cluster.assert_mine().await,
            Self::ReadOnly(cluster) => {
                let client = cluster.client();
                ask("read the server's version", client.apiserver_version()).await.map(|_| ())
            }
        }
    }
}

impl From<Cluster> for AnyCluster {
    fn from(cluster: Cluster) -> Self {
        Self::Own(cluster)
    }
}

impl From<ReadOnlyCluster> for AnyCluster {
    fn from(cluster: ReadOnlyCluster) -> Self {
        Self::ReadOnly(cluster)
    }
}
