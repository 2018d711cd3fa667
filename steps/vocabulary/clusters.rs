//! Sentences about the cluster that a lab's own command names, about what the cluster must be able to do, about throwaway
//! clusters, and about differences from the document.

use super::{Arguments, Sentence, sentence};
use crate::{
    actions::clusters,
    cluster::abilities::Ability,
    machine::claim::Claim,
    scene::Scene,
    verdict::{Fault, Outcome},
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Given "the cluster is called {cluster}" => is_called(cluster), Nothing [],
        r#"the cluster is called "demo""#,
        "For a scenario whose commands name the cluster. On a cluster with another name it is skipped, because its commands would reach the wrong cluster."),
    sentence!(Given "I work on a cluster of its own, called {cluster}" => work_on_own(name), Machine [MakesCluster],
        r#"I work on a cluster of its own, called "phases""#,
        "Creates the cluster of the kind configuration with this name for this scenario: kind-config/phases.yaml of the course, or labproof's own, which has a control plane and a worker. Runs the learner's commands in its namespace default, and removes it afterwards. If a cluster of that name already exists, labproof leaves it alone, and the scenario is broken.",
        claims cluster),
    sentence!(Given "the cluster provides volumes" => provides_volumes(), Cluster [NeedsVolumes],
        "the cluster provides volumes",
        "For a scenario with a PersistentVolumeClaim. Once per run, labproof creates a small claim to the default storage class, and a Pod that uses it. If no volume is bound, the scenario is skipped."),
    sentence!(Given "the cluster enforces NetworkPolicies" => enforces_network_policies(), Cluster [NeedsNetworkPolicies],
        "the cluster enforces NetworkPolicies",
        "For a scenario with a NetworkPolicy. Once per run, labproof creates two Pods on each worker, and a policy that forbids one connection and allows another. If a node does not enforce it, the scenario is skipped."),
    sentence!(Given "the cluster serves metrics" => serves_metrics(), Cluster [],
        "the cluster serves metrics",
        "For a scenario with a HorizontalPodAutoscaler or `kubectl top`. If the cluster has no metrics server, the scenario is skipped. labproof brings none; it was tried without one only."),
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
    Err(Fault::skipped(format!("the lab's commands need a cluster named {name}, but this one is named {ours}"))
        .hint(format!("use a kind configuration with `name: {name}`")))
}

async fn provides_volumes(scene: &mut Scene) -> Outcome {
    clusters::can(scene, Ability::Volumes).await
}

async fn enforces_network_policies(scene: &mut Scene) -> Outcome {
    clusters::can(scene, Ability::NetworkPolicies).await
}

async fn serves_metrics(scene: &mut Scene) -> Outcome {
    clusters::serves_metrics(scene).await
}

async fn work_on_own(scene: &mut Scene, name: String) -> Outcome {
    clusters::enter_own(scene, &name).await
}

async fn differs(scene: &mut Scene, difference: String) -> Outcome {
    scene.deviations.push(difference);
    Ok(())
}
