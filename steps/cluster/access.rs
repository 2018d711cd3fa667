//! How labproof reaches a cluster's API server: at the port of this machine that kind publishes, or, from a container beside
//! the nodes, through kind's network.

use kube::config::Kubeconfig;
use tokio::sync::OnceCell;

use super::{API_PORT, identity::Record};
use crate::{
    endpoint,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// The kubeconfig of a cluster, for programs that run where labproof runs.
///
/// # Errors
/// If it cannot be read.
pub(crate) fn kubeconfig(record: &Record) -> Outcome<Kubeconfig> {
    let mut kubeconfig = Kubeconfig::read_from(record.kubeconfig()).map_err(|error| {
        Fault::broken(format!("cannot use the kubeconfig of cluster {}: {error}", record.name))
            .hint("run `labproof up --recreate`")
    })?;
    if endpoint::own_container().is_some() {
        lead_through_network(&mut kubeconfig, &record.name);
    }
    Ok(kubeconfig)
}

/// Connects labproof's own container to kind's network, once, if labproof runs in one.
///
/// # Errors
/// If the engine does not connect it.
pub(super) async fn join() -> Outcome {
    static JOINED: OnceCell<()> = OnceCell::const_new();
    let Some(own) = endpoint::own_container() else { return Ok(()) };
    let network = std::env::var("KIND_EXPERIMENTAL_DOCKER_NETWORK").unwrap_or_else(|_| "kind".into());
    let join = async {
        let asked = Tool::new("docker").args(["network", "connect", &network, own]).finish().await?;
        if asked.status.success() || asked.stderr.contains("already exists in network") {
            return Ok(());
        }
        Err(Fault::broken(format!("labproof's own container cannot join the nodes' network {network}"))
            .seen("docker network connect", asked.stderr)
            .hint("start the container with `docker run --network host`"))
    };
    JOINED.get_or_try_init(|| join).await?;
    Ok(())
}

fn lead_through_network(kubeconfig: &mut Kubeconfig, name: &str) {
    for cluster in kubeconfig.clusters.iter_mut().filter_map(|cluster| cluster.cluster.as_mut()) {
        cluster.server = Some(format!("https://{name}-control-plane:{API_PORT}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_nodes_network_the_api_server_has_the_name_of_its_node() {
        let text = "clusters: [{name: kind-demo, cluster: {server: 'https://127.0.0.1:33137'}}]";
        let mut kubeconfig: Kubeconfig = serde_yaml::from_str(text).unwrap();
        lead_through_network(&mut kubeconfig, "demo");
        let cluster = kubeconfig.clusters[0].cluster.as_ref().unwrap();
        assert_eq!(cluster.server.as_deref(), Some("https://demo-control-plane:6443"));
    }
}
