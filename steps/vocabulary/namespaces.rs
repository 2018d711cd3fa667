//! Namespaces that a document insists on: one that scenarios share, or one that a scenario makes.

use super::{Arguments, Sentence, sentence};
use crate::{actions::namespaces, machine::claim::Claim, scene::Scene, verdict::Outcome};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Given "I work in the empty namespace {namespace}" => work_in_empty(namespace), Cluster [],
        r#"I work in the empty namespace "default""#,
        "Keeps the namespace for this scenario and makes it that of the learner's commands; it is cleared of Pods afterwards. If there are Pods in it beforehand they are left alone, and the scenario is broken.",
        claims namespace),
    sentence!(Given "I work in the new namespace {namespace}" => work_in_new(namespace), Cluster [],
        r#"I work in the new namespace "user-msvc""#,
        "Makes the namespace, keeps it for this scenario, makes it that of the learner's commands, and removes it afterwards. If there is one of that name beforehand it is left alone, and the scenario is broken.",
        claims namespace),
    sentence!(Given "no namespace is called {namespace}" => none_called(namespace), Cluster [],
        r#"no namespace is called "user-msvc""#,
        "Keeps the name for this scenario, whose commands may make a namespace of it, which is removed afterwards. If there is one beforehand it is left alone, and the scenario is broken.",
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
