//! Claims of a Pod that have no volume, for the explanation of a failure.

use k8s_openapi::api::{
    core::v1::{PersistentVolumeClaim, Pod},
    storage::v1::StorageClass,
};
use kube::{Api, ResourceExt, api::ListParams};

use crate::scene::Scene;

/// The Pod's claims that are not bound, each with the storage class that it asks for, and those that the cluster has. What
/// cannot be read is left out.
pub(super) async fn unbound(scene: &Scene, pod: &Pod) -> Vec<String> {
    let volumes = pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten());
    let names = volumes.filter_map(|volume| volume.persistent_volume_claim.as_ref()).map(|source| &source.claim_name);
    let claims = scene.cluster.api::<PersistentVolumeClaim>(&scene.namespace);
    let mut unbound = Vec::new();
    for name in names {
        match claims.get_opt(name).await {
            Ok(None) => unbound.push(format!("PersistentVolumeClaim {name}: it does not exist")),
            Ok(Some(claim)) if phase(&claim) != "Bound" => unbound.push(described(scene, &claim).await),
            _ => {}
        }
    }
    unbound
}

fn phase(claim: &PersistentVolumeClaim) -> &str {
    claim.status.as_ref().and_then(|status| status.phase.as_deref()).unwrap_or("Pending")
}

async fn described(scene: &Scene, claim: &PersistentVolumeClaim) -> String {
    let classes = Api::<StorageClass>::all(scene.cluster.client()).list(&ListParams::default()).await;
    let names: Vec<String> = classes.into_iter().flatten().map(|class| class.name_any()).collect();
    let own = claim.spec.as_ref().and_then(|spec| spec.storage_class_name.as_deref());
    text(&claim.name_any(), phase(claim), own, &names)
}

fn text(name: &str, phase: &str, own: Option<&str>, classes: &[String]) -> String {
    let asks = match own {
        None => ", asks for the default StorageClass".to_owned(),
        Some("") => ", asks for a volume without a StorageClass".to_owned(),
        Some(own) => format!(", asks for the StorageClass {own}"),
    };
    let has = if classes.is_empty() { "none".to_owned() } else { classes.join(", ") };
    format!("PersistentVolumeClaim {name}: {phase}{asks}; the cluster has {has}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_described_by_its_class_and_those_of_the_cluster() {
        let classes = ["standard".to_owned()];
        assert_eq!(
            text("data-db-0", "Pending", Some("fast"), &classes),
            "PersistentVolumeClaim data-db-0: Pending, asks for the StorageClass fast; the cluster has standard"
        );
        assert!(text("a", "Lost", None, &[]).ends_with("asks for the default StorageClass; the cluster has none"));
    }
}
