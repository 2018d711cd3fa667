//! Namespaces that scenarios share, where a document insists on one.

use k8s_openapi::api::core::v1::Pod;
use kube::{ResourceExt, api::ListParams};

use super::{Arguments, Sentence, sentence};
use crate::{
    cluster::ask,
    machine::claim::Claim,
    scene::Scene,
    verdict::{Fault, Outcome},
};

pub(super) const SENTENCES: &[Sentence] = &[sentence!(
    Given "I work in the empty namespace {namespace}" => work_in(namespace),
    r#"I work in the empty namespace "default""#,
    "Keeps the namespace for this scenario and makes it that of the learner's commands; it is cleared of Pods afterwards. If there are Pods in it beforehand they are left alone, and the scenario is broken.",
    claims namespace
)];

fn namespace(arguments: &Arguments) -> Option<Claim> {
    Some(Claim::Namespace(arguments.first().to_owned()))
}

async fn work_in(scene: &mut Scene, namespace: String) -> Outcome {
    let pods = scene.session.cluster.api::<Pod>(&namespace);
    let pods = ask(&format!("list the Pods of {namespace}"), pods.list(&ListParams::default())).await?;
    if let Some(pod) = pods.items.first() {
        return Err(Fault::broken(format!("the namespace {namespace} is not empty: it has the Pod {} of somebody else, which is left alone", pod.name_any()))
            .hint(format!("remove it if nobody needs it, or run labproof on a cluster of its own: `labproof down` and `labproof up` make {} anew", scene.session.cluster.name())));
    }
    scene.move_to(&namespace)
}
