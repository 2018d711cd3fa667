//! Namespaces with a fixed name, which a scenario uses instead of its own. It has claimed the name.

use k8s_openapi::api::core::v1::{Namespace, Pod};
use kube::{Api, ResourceExt, api::ListParams};

use crate::{
    cluster::{ask, namespace},
    machine::{claim::Claim, journal::Entry},
    scene::Scene,
    verdict::{Fault, Outcome},
};

/// Enters a namespace that exists and has no Pods.
///
/// # Errors
/// `broken` if it has Pods that do not belong to the scenario.
pub async fn enter_empty(scene: &mut Scene, name: &str) -> Outcome {
    let pods = scene.cluster.api::<Pod>(name);
    let pods = ask(&format!("list the Pods of {name}"), pods.list(&ListParams::default())).await?;
    if let Some(pod) = pods.items.first() {
        let cluster = scene.cluster.name();
        return Err(Fault::broken(format!(
            "the namespace {name} is not empty: labproof did not make the Pod {} in it, and leaves it alone",
            pod.name_any()
        ))
        .hint(format!(
            "remove it if nobody needs it, or recreate the cluster {cluster}: run `labproof down`, then `labproof up`"
        )));
    }
    let cluster = scene.cluster.name().to_owned();
    scene.context.journal.note(Entry::Objects { cluster, namespace: name.to_owned() })?;
    scene.note_free(Claim::Namespace(name.to_owned()));
    scene.move_to(name)
}

/// Creates a namespace and enters it.
///
/// # Errors
/// `broken` if a namespace of that name exists.
pub async fn enter_new(scene: &mut Scene, name: &str) -> Outcome {
    reserve(scene, name).await?;
    namespace::create(scene.cluster.own()?, name, &scene.context.run, &[]).await?;
    scene.move_to(name)
}

/// Reserves the name of a namespace that the learner's commands may create, so it counts as the scenario's own.
///
/// # Errors
/// `broken` if a namespace of that name exists.
pub async fn reserve(scene: &mut Scene, name: &str) -> Outcome {
    let all = Api::<Namespace>::all(scene.cluster.client());
    if ask(&format!("look for the namespace {name}"), all.get_opt(name)).await?.is_some() {
        return Err(Fault::broken(format!("labproof did not make the namespace {name}, and leaves it alone"))
            .hint(format!("remove it if nobody needs it: `kubectl delete namespace {name}`")));
    }
    let cluster = scene.cluster.name().to_owned();
    scene.context.journal.note(Entry::FixedNamespace { cluster, name: name.to_owned() })?;
    scene.makes(name);
    Ok(())
}
