//! What a learner's own commands get of the cluster: a service account with rights in one namespace, and a network that
//! leads nowhere, on which the control plane is to be found.

use std::collections::BTreeSet;

use k8s_openapi::api::{
    authentication::v1::TokenRequest,
    core::v1::ServiceAccount,
    rbac::v1::{Role, RoleBinding},
};
use kube::{api::PostParams, config::Kubeconfig};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{Cluster, ask};
use crate::{
    images::engine,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// The service account, its role, and the role's binding.
const NAME: &str = "learner";

/// How long a token is good for, in seconds: the shortest that the API server gives.
const TOKEN: u32 = 600;

/// A way to the cluster.
#[derive(Clone, Debug)]
pub struct Access {
    /// The text of a kubeconfig.
    pub kubeconfig: String,
    /// The engine's network on which the API server is to be found.
    pub network: String,
    /// The API server's address on it.
    pub address: String,
    /// The API server's port.
    pub port: u16,
}

/// The port of an API server on its node.
const PORT: u16 = 6443;

/// Gives a learner's commands access to a namespace, to objects of these kinds and to what belongs to Pods.
///
/// # Errors
/// Where the cluster or the engine does not do so.
pub async fn access(cluster: &Cluster, namespace: &str, kinds: &BTreeSet<String>) -> Outcome<Access> {
    let us = PostParams::default();
    let (accounts, roles) = (cluster.api::<ServiceAccount>(namespace), cluster.api::<Role>(namespace));
    let bindings = cluster.api::<RoleBinding>(namespace);
    let account = object(json!({"metadata": {"name": NAME}}))?;
    let role = object(json!({"metadata": {"name": NAME}, "rules": rules(cluster, kinds).await?}))?;
    let binding = object(json!({
        "metadata": {"name": NAME},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": NAME},
        "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": namespace}],
    }))?;
    if ask("look for the learner's account", accounts.get_opt(NAME)).await?.is_none() {
        tokio::try_join!(
            ask("make the learner's account", accounts.create(&us, &account)),
            ask("make the learner's role", roles.create(&us, &role)),
            ask("bind the learner's role", bindings.create(&us, &binding)),
        )?;
    }
    let request: TokenRequest = object(json!({"spec": {"audiences": [], "expirationSeconds": TOKEN}}))?;
    let token = ask("ask for a token", accounts.create_token_request(NAME, &us, &request)).await?;
    let token = token.status.map(|status| status.token).unwrap_or_default();
    let (network, address) = network(cluster).await?;
    Ok(Access { kubeconfig: kubeconfig(cluster, namespace, &address, &token)?, network, address, port: PORT })
}

/// What the role allows: the lab's kinds, and to look at Pods from all sides. Secrets and accounts are not among them
/// unless the lab names them.
async fn rules(cluster: &Cluster, kinds: &BTreeSet<String>) -> Outcome<serde_json::Value> {
    let known = cluster.kinds().await?;
    let mut rules = vec![
        json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["*"]}),
        json!({"apiGroups": [""], "resources": ["pods/log", "pods/status", "events"], "verbs": ["get", "list", "watch"]}),
        json!({"apiGroups": [""], "resources": ["pods/exec", "pods/attach", "pods/portforward"], "verbs": ["get", "create"]}),
    ];
    for kind in kinds.iter().filter(|kind| *kind != "Pod") {
        let resources = known.called(kind);
        rules.extend(resources.into_iter().map(
            |(group, plural)| json!({"apiGroups": [group], "resources": [plural, format!("{plural}/scale")], "verbs": ["*"]}),
        ));
    }
    Ok(json!(rules))
}

/// A network of the engine that leads nowhere, with the cluster's API server on it, and the server's address there.
async fn network(cluster: &Cluster) -> Outcome<(String, String)> {
    static MAKING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _alone = MAKING.lock().await;
    let (name, node) = (network_of(cluster.name()), format!("{}-control-plane", cluster.name()));
    let address = format!("{{{{with index .NetworkSettings.Networks \"{name}\"}}}}{{{{.IPAddress}}}}{{{{end}}}}");
    let find = async || Tool::new("docker").args(["inspect", "--format", &address, &node]).output().await;
    let mut found = find().await?;
    if found.trim().is_empty() {
        // Another run may make it at the same time: what counts is that the node is on it in the end.
        let made = Tool::new("docker")
            .args(["network", "create", "--internal", "--label", engine::MADE, &name])
            .output()
            .await;
        let joined = Tool::new("docker").args(["network", "connect", &name, &node]).output().await;
        found = find().await?;
        if found.trim().is_empty() {
            return Err(made.and(joined).err().unwrap_or_else(|| Fault::broken(format!("{node} is not on {name}"))));
        }
    }
    Ok((name, found.trim().to_owned()))
}

/// The network on which learners' commands find the API server of a cluster.
fn network_of(cluster: &str) -> String {
    format!("labproof-{cluster}")
}

/// Removes that network, where there is one; the cluster is gone by then.
///
/// # Errors
/// Where the engine refuses.
pub async fn forget(cluster: &str) -> Outcome {
    let name = network_of(cluster);
    let filter = format!("name=^{name}$");
    let found = Tool::new("docker").args(["network", "ls", "--quiet", "--filter", &filter]).output().await?;
    for id in found.lines() {
        Tool::new("docker").args(["network", "rm", id]).output().await?;
    }
    Ok(())
}

/// The private kubeconfig with the learner's token in place of the administrator's key.
fn kubeconfig(cluster: &Cluster, namespace: &str, address: &str, token: &str) -> Outcome<String> {
    let cannot =
        |error: &dyn std::fmt::Display| Fault::broken(format!("cannot create the learner's kubeconfig: {error}"));
    let ours = Kubeconfig::read_from(cluster.kubeconfig()).map_err(|error| cannot(&error))?;
    let authority = ours.clusters.into_iter().find_map(|named| named.cluster?.certificate_authority_data);
    let theirs = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": NAME,
        "clusters": [{"name": NAME, "cluster": {
            "server": format!("https://{address}:{PORT}"), "tls-server-name": "kubernetes", "certificate-authority-data": authority}}],
        "users": [{"name": NAME, "user": {"token": token}}],
        "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": NAME, "namespace": namespace}}],
    });
    Ok(theirs.to_string())
}

fn object<K: DeserializeOwned>(json: serde_json::Value) -> Outcome<K> {
    serde_json::from_value(json).map_err(|error| Fault::broken(error.to_string()))
}
