//! Says what a scenario's cluster can do, and creates a throwaway kind cluster for one scenario, for experiments that would
//! damage a shared cluster.

use crate::{
    cluster::{
        abilities::Ability,
        ask,
        kind_cli::{self, Wanted},
        namespace,
    },
    images::node::NodeChoice,
    machine::{claim::Claim, journal::Entry},
    progress::Progress,
    scene::Scene,
    verdict::{Fault, Outcome},
};

/// Whether the scenario's cluster has this ability. For the run's cluster, that was tried when the run started.
///
/// # Errors
/// `skipped` if it does not.
pub async fn can(scene: &Scene, ability: Ability) -> Outcome {
    let (context, cluster) = (&scene.context, scene.cluster.own()?);
    match context.abilities.get(ability) {
        Some(shown) if cluster.name() == context.cluster.name() => shown.clone(),
        _ => ability.show(cluster, &context.journal, &context.run).await,
    }
}

/// Whether the scenario's cluster has a metrics server.
///
/// # Errors
/// `skipped` if it does not.
pub async fn serves_metrics(scene: &Scene) -> Outcome {
    let groups = ask("list the groups of the API", scene.cluster.client().list_api_groups()).await?;
    if groups.groups.iter().any(|group| group.name == "metrics.k8s.io") {
        return Ok(());
    }
    let name = scene.cluster.name();
    Err(Fault::skipped(format!("the cluster {name} serves no metrics: it has no API group metrics.k8s.io"))
        .hint("install the metrics server in the cluster"))
}

/// The namespace that exists in every cluster.
const NAMESPACE: &str = "default";

/// Creates the cluster of `kind-config/<name>.yaml` and makes the learner's commands use it. The scenario holds the
/// claim on its name.
///
/// # Errors
/// `broken` if a cluster of that name exists, or if the cluster cannot be created.
pub async fn enter_own(scene: &mut Scene, name: &str) -> Outcome {
    let project = scene.context.project.clone();
    let configuration = project.resource(format!("kind-config/{name}.yaml"))?;
    if kind_cli::name(&configuration)? != name {
        let shown = project.shown(&configuration);
        return Err(Fault::failed(format!("{shown} defines a cluster with another name than {name}"))
            .hint(format!("write `name: {name}` in it")));
    }
    if !kind_cli::nodes(name).await?.is_empty() {
        return Err(Fault::broken(format!("a kind cluster {name} already exists, and labproof leaves it alone"))
            .hint(format!("remove it if nobody needs it: `kind delete cluster --name {name}`")));
    }
    scene.context.journal.note(Entry::Cluster(name.to_owned()))?;
    scene.note_free(Claim::Cluster(name.to_owned()));
    let image = Some(scene.cluster.own()?.node_image().to_owned());
    let node = NodeChoice { image, table: scene.context.node_table.clone(), ..NodeChoice::default() };
    let wanted = Wanted { node, ..Wanted::default() };
    let own = kind_cli::up(&project, &configuration, &wanted, &Progress::silent()).await?;
    scene.cluster = own.clone().into();
    namespace::usable(&own, NAMESPACE).await?;
    scene.move_to(NAMESPACE)
}
