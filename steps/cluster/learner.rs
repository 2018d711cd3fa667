//! Access to the cluster for a learner's own commands: a service account with rights in one namespace, and an internal
//! network that contains the control plane.

use std::collections::BTreeSet;

use k8s_openapi::api::{
    authentication::v1::TokenRequest,
    core::v1::ServiceAccount,
    rbac::v1::{Role, RoleBinding},
};
use kube::{api::PostParams, config::Kubeconfig};
use serde_json::json;

use super::{API_PORT, Cluster, ask, object};
use crate::{
    images::engine,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// The name of the service account, its role, and the role's binding.
const NAME: &str = "learner";

/// The lifetime of a token in seconds; the API server allows no shorter one.
const TOKEN: u32 = 600;

/// What a command needs to reach the cluster.
#[derive(Clone, Debug)]
pub struct Access {
    /// The text of a kubeconfig.
    pub kubeconfig: String,
    /// The engine's network that contains the API server.
    pub network: String,
    /// The API server's address in this network.
    pub address: String,
    /// The API server's port.
    pub port: u16,
}

/// Gives a learner's commands access to a namespace: to objects of these kinds, and to everything about Pods.
///
/// # Errors
/// If the cluster or the engine refuses or does not answer.
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
    Ok(Access { kubeconfig: kubeconfig(cluster, namespace, &address, &token)?, network, address, port: API_PORT })
}

/// What controllers make of an object of a kind. A learner who may have the one needs to read the other: `kubectl rollout`
/// looks for the older templates of a Deployment among its `ReplicaSets`.
const MADE: [(&str, &str, &str); 5] = [
    ("CronJob", "batch", "jobs"),
    ("DaemonSet", "apps", "controllerrevisions"),
    ("Deployment", "apps", "replicasets"),
    ("Service", "discovery.k8s.io", "endpointslices"),
    ("StatefulSet", "apps", "controllerrevisions"),
];

/// The role's rules: full access to the lab's kinds, and all ways to look at Pods and at what controllers make of these kinds.
/// It contains Secrets and accounts only if the lab names these kinds.
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
        let made = MADE.iter().filter(|(maker, ..)| maker == kind);
        rules.extend(made.map(|(_, group, plural)| {
            json!({"apiGroups": [group], "resources": [plural], "verbs": ["get", "list", "watch"]})
        }));
    }
    Ok(json!(rules))
}

/// Creates an internal network with the cluster's API server in it; returns its name and the server's address.
async fn network(cluster: &Cluster) -> Outcome<(String, String)> {
    static MAKING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _alone = MAKING.lock().await;
    let (name, node) = (network_of(cluster.name()), format!("{}-control-plane", cluster.name()));
    let address = format!("{{{{with index .NetworkSettings.Networks \"{name}\"}}}}{{{{.IPAddress}}}}{{{{end}}}}");
    let find = async || Tool::new("docker").args(["inspect", "--format", &address, &node]).output().await;
    let mut found = find().await?;
    if found.trim().is_empty() {
        // Another run may create it at the same time, so an error is ignored here: the node must be in it in the end.
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

/// The name of the network in which learners' commands reach a cluster's API server.
fn network_of(cluster: &str) -> String {
    format!("labproof-{cluster}")
}

/// Removes that network if it exists. The cluster has been removed before.
///
/// # Errors
/// If the engine refuses.
pub async fn forget(cluster: &str) -> Outcome {
    let name = network_of(cluster);
    let filter = format!("name=^{name}$");
    let found = Tool::new("docker").args(["network", "ls", "--quiet", "--filter", &filter]).output().await?;
    for id in found.lines() {
        Tool::new("docker").args(["network", "rm", id]).output().await?;
    }
    Ok(())
}

/// The private kubeconfig with the learner's token instead of the administrator's key.
fn kubeconfig(cluster: &Cluster, namespace: &str, address: &str, token: &str) -> Outcome<String> {
    let cannot =
        |error: &dyn std::fmt::Display| Fault::broken(format!("cannot create the learner's kubeconfig: {error}"));
    let ours = Kubeconfig::read_from(cluster.kubeconfig()).map_err(|error| cannot(&error))?;
    let authority = ours.clusters.into_iter().find_map(|named| named.cluster?.certificate_authority_data);
    let theirs = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": NAME,
        "clusters": [{"name": NAME, "cluster": {
            "server": format!("https://{address}:{API_PORT}"), "tls-server-name": "kubernetes", "certificate-authority-data": authority}}],
        "users": [{"name": NAME, "user": {"token": token}}],
        "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": NAME, "namespace": namespace}}],
    });
    Ok(theirs.to_string())
}
