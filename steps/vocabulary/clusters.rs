//! The cluster, where a lab's own command names it.

use super::{Sentence, sentence};
use crate::{
    scene::Scene,
    verdict::{Fault, Outcome},
};

pub(super) const SENTENCES: &[Sentence] = &[sentence!(
    Given "the cluster is called {cluster}" => is_called(cluster),
    r#"the cluster is called "demo""#,
    "For a scenario whose commands name the cluster: on a cluster of another name it is skipped, since its commands would reach a cluster that is not the run's."
)];

async fn is_called(scene: &mut Scene, name: String) -> Outcome {
    let ours = scene.session.cluster.name();
    if ours == name {
        return Ok(());
    }
    Err(Fault::skipped(format!("the lab's commands name the cluster {name}, and this one is called {ours}"))
        .hint(format!("run it on a cluster whose configuration says `name: {name}`")))
}
