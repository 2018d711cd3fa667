//! A cluster that is somebody else's: looked at, and never changed.
//!
//! Every request but one that reads is refused before it is sent, whoever asks for it.

use std::path::Path;

use http::{Method, Request};
use kube::{
    Config,
    client::{Body, ClientBuilder},
    config::{KubeConfigOptions, Kubeconfig},
};
use tower::{BoxError, filter::FilterLayer};

use super::{Cluster, ask, identity::Record};
use crate::verdict::{Fault, Outcome};

/// Paths of requests that read by their method and change by their nature end with these.
const NOT_READING: [&str; 4] = ["/exec", "/attach", "/portforward", "/proxy"];

/// Connects to the cluster of a context, in this kubeconfig or in the one that kubectl would use.
///
/// # Errors
/// Where there is no such context, or its cluster does not answer.
pub async fn at(kubeconfig: Option<&Path>, context: &str) -> Outcome<Cluster> {
    let cannot = |error: &dyn std::fmt::Display| Fault::refused(format!("cannot use the context {context}: {error}"));
    let read = kubeconfig.map_or_else(Kubeconfig::read, Kubeconfig::read_from).map_err(|error| cannot(&error))?;
    let options = KubeConfigOptions { context: Some(context.to_owned()), ..Default::default() };
    let config = Config::from_custom_kubeconfig(read, &options).await.map_err(|error| cannot(&error))?;
    let builder = ClientBuilder::try_from(config).map_err(|error| cannot(&error))?;
    let client = builder.with_layer(&FilterLayer::new(only_reading)).build();
    let kubernetes = ask("read the server's version", client.apiserver_version()).await?.git_version;
    let record = Record {
        name: context.to_owned(),
        uid: String::new(),
        kubernetes,
        node_image: String::new(),
        notes: Vec::new(),
        made: String::new(),
        folder: std::path::PathBuf::new(),
    };
    Ok(Cluster::looked_at(record, client))
}

fn only_reading(request: Request<Body>) -> Result<Request<Body>, BoxError> {
    if reads(request.method(), request.uri().path()) {
        Ok(request)
    } else {
        Err(format!("{} {} would change a cluster that is only looked at", request.method(), request.uri().path())
            .into())
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
