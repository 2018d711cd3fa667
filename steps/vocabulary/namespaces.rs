//! Sentences about namespaces with a fixed name: one that scenarios share, or one that a scenario creates.

use super::{Arguments, Sentence, sentence};
use crate::{actions::namespaces, machine::claim::Claim, scene::Scene, verdict::Outcome};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Given "I work in the empty namespace {namespace}" => work_in_empty(namespace), Cluster [],
        r#"I work in the empty namespace "default""#,
        "Reserves the namespace for this scenario, runs the learner's commands in it, and removes its Pods afterwards. If it already contains Pods, labproof leaves them alone, and the scenario is broken.",
        claims namespace),
    sentence!(Given "I work in the new namespace {namespace}" => work_in_new(namespace), Cluster [],
        r#"I work in the new namespace "user-msvc""#,
        "Creates the namespace, reserves it for this scenario, runs the learner's commands in it, and removes it afterwards. If it already exists, labproof leaves it alone, and the scenario is broken.",
        claims namespace),
    sentence!(Given "no namespace is called {namespace}" => none_called(namespace), Cluster [],
        r#"no namespace is called "user-msvc""#,
        "Reserves the name for this scenario, whose commands may create the namespace; labproof removes it afterwards. If it already exists, labproof leaves it alone, and the scenario is broken.",
        claims namespace),
];

fn namespace(arguments: &Arguments) -> Option<Claim> {
    Some(Claim::Namespace(arguments.first().to_owned()))
}

async fn work_in_empty(scene: &mut Scene, namespace: String) -> Outcome {
    namespaces::enter_empty(scene, &namespace).await
}

async fn none_called(scene: &mut Scene, namespace: String) -> Outcome {
    namespaces::reserve(scene, &namespace).await
}

async fn work_in_new(scene: &mut Scene, namespace: String) -> Outcome {
    namespaces::enter_new(scene, &namespace).await
}
