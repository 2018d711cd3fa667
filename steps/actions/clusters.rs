//! A kind cluster that a scenario makes for itself, to do to it what no shared one would stand.

use crate::{
    cluster::{
        kind_cli::{self, Wanted},
        namespace,
    },
    images::node::Choice,
    machine::{claim::Claim, journal::Entry},
    progress::Progress,
    scene::Scene,
    verdict::{Fault, Outcome},
};

/// The namespace that is there in every cluster.
const NAMESPACE: &str = "default";

/// Makes the cluster of `kind-config/<name>.yaml` and moves the learner's commands to it. Its name is claimed.
///
/// # Errors
/// `broken` where there is a cluster of that name, or it cannot be made.
pub async fn enter_own(scene: &mut Scene, name: &str) -> Outcome {
    let project = scene.context.project.clone();
    let configuration = project.resource(format!("kind-config/{name}.yaml"))?;
    if kind_cli::name(&configuration)? != name {
        return Err(Fault::failed(format!("{} defines another cluster", project.shown(&configuration))));
    }
    if !kind_cli::nodes(name).await?.is_empty() {
        return Err(Fault::broken(format!("a kind cluster {name} already exists, and labproof leaves it alone"))
            .hint(format!("remove it if nobody needs it: `kind delete cluster --name {name}`")));
    }
    scene.context.journal.note(Entry::Cluster(name.to_owned()))?;
    scene.own(Claim::Cluster(name.to_owned()));
    let image = Some(scene.cluster.own()?.node_image().to_owned());
    let node = Choice { image, table: scene.context.node_table.clone(), ..Choice::default() };
    let wanted = Wanted { node, ..Wanted::default() };
    let own = kind_cli::up(&project, &configuration, &wanted, &Progress::silent()).await?;
    scene.cluster = own.clone().into();
    namespace::usable(&own, NAMESPACE).await?;
    scene.move_to(NAMESPACE)
}
