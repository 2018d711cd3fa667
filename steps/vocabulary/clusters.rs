//! The cluster, where a lab's own command names it, or needs one of its own; and what the lab itself does otherwise.

use super::{Arguments, Sentence, sentence};
use crate::{
    actions::clusters,
    machine::claim::Claim,
    scene::Scene,
    verdict::{Fault, Outcome},
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Given "the cluster is called {cluster}" => is_called(cluster), Nothing [],
        r#"the cluster is called "demo""#,
        "For a scenario whose commands name the cluster: on a cluster of another name it is skipped, since its commands would reach a cluster that is not the run's."),
    sentence!(Given "I work on a cluster of its own, called {cluster}" => work_on_own(name), Machine [],
        r#"I work on a cluster of its own, called "phases""#,
        "Makes the cluster of kind-config/phases.yaml for this scenario, moves the learner's commands to its namespace default, and removes it afterwards. If there is a cluster of that name beforehand it is left alone, and the scenario is broken.",
        claims cluster),
    sentence!(Given "the lab differs from the document: {text}" => differs(text), Nothing [],
        r#"the lab differs from the document: "the server sleeps for 10 seconds, not for 45""#,
        "Names the difference in every report."),
];

fn cluster(arguments: &Arguments) -> Option<Claim> {
    Some(Claim::Cluster(arguments.first().to_owned()))
}

async fn is_called(scene: &mut Scene, name: String) -> Outcome {
    let ours = scene.context.cluster.name();
    if ours == name {
        return Ok(());
    }
    Err(Fault::skipped(format!("the lab's commands name the cluster {name}, and this one is called {ours}"))
        .hint(format!("run it on a cluster whose configuration says `name: {name}`")))
}

async fn work_on_own(scene: &mut Scene, name: String) -> Outcome {
    clusters::enter_own(scene, &name).await
}

async fn differs(scene: &mut Scene, difference: String) -> Outcome {
    scene.deviations.push(difference);
    Ok(())
}
