//! Somebody else's cluster, which labproof reads but never changes.
//!
//! The client refuses every other request before sending it.

use std::path::Path;

use http::{Method, Request};
use kube::{
    Client, Config,
    client::Body,
    config::{KubeConfigOptions, Kubeconfig},
};
use tower::{BoxError, Layer, filter::FilterLayer, service_fn};

use super::ask;
use crate::verdict::{Fault, Outcome};

/// Requests whose paths end with these do more than read, although their method is one of reading.
const NOT_READING: [&str; 4] = ["/exec", "/attach", "/portforward", "/proxy"];

/// Somebody else's cluster, with a client that sends only read requests.
#[derive(Clone)]
pub struct ReadOnlyCluster {
    context: String,
    version: String,
    client: Client,
}

impl ReadOnlyCluster {
    /// The cluster of a context, with this client; reads the cluster's version.
    ///
    /// # Errors
    /// If the cluster does not answer.
    pub async fn through(client: Client, context: &str) -> Outcome<Self> {
        let namespace = client.default_namespace().to_owned();
        let send = service_fn(move |request| {
            let client = client.clone();
            async move { client.send(request).await }
        });
        let client = Client::new(FilterLayer::new(only_reading).layer(send), namespace);
        let version = ask("read the server's version", client.apiserver_version()).await?.git_version;
        Ok(Self { context: context.to_owned(), version, client })
    }

    /// The context through which it is reached.
    #[must_use]
    pub fn context(&self) -> &str {
        &self.context
    }

    /// Its Kubernetes version, such as `v1.34.4`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The client, which refuses all requests except read requests.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }
}

impl std::fmt::Debug for ReadOnlyCluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadOnlyCluster").field("context", &self.context).finish_non_exhaustive()
    }
}

/// Connects to the cluster of a context in this kubeconfig, or by default in the one that kubectl uses.
///
/// # Errors
/// If the context does not exist, or if its cluster does not answer.
pub async fn at(kubeconfig: Option<&Path>, context: &str) -> Outcome<ReadOnlyCluster> {
    let cannot = |error: &dyn std::fmt::Display| Fault::refused(format!("cannot use the context {context}: {error}"));
    let read = kubeconfig.map_or_else(Kubeconfig::read, Kubeconfig::read_from).map_err(|error| cannot(&error))?;
    let options = KubeConfigOptions { context: Some(context.to_owned()), ..Default::default() };
    let config = Config::from_custom_kubeconfig(read, &options).await.map_err(|error| cannot(&error))?;
    let client = Client::try_from(config).map_err(|error| cannot(&error))?;
    ReadOnlyCluster::through(client, context).await
}

fn only_reading(request: Request<Body>) -> Result<Request<Body>, BoxError> {
    if reads(request.method(), request.uri().path()) {
        Ok(request)
    } else {
        Err(format!("{} {} would change a cluster that is only read", request.method(), request.uri().path()).into())
    }
}

fn reads(method: &Method, path: &str) -> bool {
    method == Method::GET && !NOT_READING.iter().any(|end| path.ends_with(end)) && !path.contains("/proxy/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_reads_is_sent() {
        let pods = "/api/v1/namespaces/a/pods";
        assert!(reads(&Method::GET, pods) && reads(&Method::GET, &format!("{pods}/hello/log")));
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert!(!reads(&method, pods), "{method}");
        }
        for path in ["exec", "attach", "portforward", "proxy", "proxy/x"] {
            assert!(!reads(&Method::GET, &format!("{pods}/hello/{path}")), "{path}");
        }
    }
}
