//! Tries whether a provisioner creates a volume for a claim: a small claim that a Pod uses must be bound.

use std::time::Duration;

use k8s_openapi::api::{
    core::v1::{PersistentVolume, PersistentVolumeClaim, Pod},
    storage::v1::StorageClass,
};
use kube::{
    Api, ResourceExt,
    api::{DeleteParams, ListParams, PostParams},
};
use serde_json::json;

use super::{image, object};
use crate::{
    cluster::{Cluster, ask, wait},
    conditions::Judgement,
    verdict::{Fault, Outcome},
};

/// The claim, and the Pod that uses it.
const NAME: &str = "labproof";

/// How long a provisioner may take to create a volume, and then to remove it.
const PATIENCE: Duration = Duration::from_mins(1);

/// The provisioner of a class whose volumes somebody creates by hand.
const BY_HAND: &str = "kubernetes.io/no-provisioner";

/// The annotation of the class for claims that name no class.
const DEFAULT: &str = "storageclass.kubernetes.io/is-default-class";

/// Tries it with the default class.
///
/// # Errors
/// `skipped` if no volume is bound.
pub(super) async fn show(cluster: &Cluster, namespace: &str) -> Outcome {
    let classes = Api::<StorageClass>::all(cluster.client());
    let classes = ask("list the storage classes", classes.list(&ListParams::default())).await?;
    let is_default = |class: &&StorageClass| class.annotations().get(DEFAULT).is_some_and(|value| value == "true");
    let Some(class) = classes.iter().find(is_default) else {
        return Err(none_provided(cluster, "it has no default storage class"));
    };
    let name = class.name_any();
    if class.provisioner == BY_HAND {
        return Err(none_provided(cluster, &format!("its default storage class {name} has no provisioner")));
    }
    let volume = bound(cluster, namespace, &name).await?;
    release(cluster, namespace, &volume).await
}

fn none_provided(cluster: &Cluster, why: &str) -> Fault {
    Fault::skipped(format!("the cluster {} provides no volumes: {why}", cluster.name()))
        .hint("node images of kind, and those that labproof builds, have a provisioner: `labproof up --recreate` makes the cluster again with one")
}

/// Creates the claim and a Pod that uses it, because a class may wait for a Pod. Returns the name of the claim's volume.
async fn bound(cluster: &Cluster, namespace: &str, class: &str) -> Outcome<String> {
    let claim = object(json!({
        "metadata": {"name": NAME},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}},
    }))?;
    let pod = object(json!({
        "metadata": {"name": NAME},
        "spec": {
            "terminationGracePeriodSeconds": 0, "automountServiceAccountToken": false,
            "containers": [{
                "name": NAME, "image": image(cluster).await?, "imagePullPolicy": "IfNotPresent",
                "args": ["-dns.port=8053"], "volumeMounts": [{"name": "claim", "mountPath": "/claim"}],
            }],
            "volumes": [{"name": "claim", "persistentVolumeClaim": {"claimName": NAME}}],
        },
    }))?;
    let (claims, us) = (cluster.api::<PersistentVolumeClaim>(namespace), PostParams::default());
    ask("create a claim", claims.create(&us, &claim)).await?;
    ask("create a Pod", cluster.api::<Pod>(namespace).create(&us, &pod)).await?;
    let bound = wait::until(claims, NAME, PATIENCE, is_bound, std::future::pending()).await.map_err(|unmet| {
        unmet.fault("a claim", |_| {
            let seconds = PATIENCE.as_secs();
            none_provided(cluster, &format!("a claim to the class {class} was not bound within {seconds} seconds"))
        })
    })?;
    let volume = bound.and_then(|claim| claim.spec).and_then(|spec| spec.volume_name);
    volume.ok_or_else(|| Fault::broken("a bound claim names no volume"))
}

fn is_bound(claim: Option<&PersistentVolumeClaim>) -> Judgement {
    let phase = claim.and_then(|claim| claim.status.as_ref()?.phase.as_deref());
    if phase == Some("Bound") { Judgement::Holds } else { Judgement::NotYet("the claim is not bound".into()) }
}

/// Removes the Pod and the claim, and waits until the provisioner has removed the volume. If it does not, labproof does.
async fn release(cluster: &Cluster, namespace: &str, volume: &str) -> Outcome {
    let now = DeleteParams::default();
    ask("delete a Pod", cluster.api::<Pod>(namespace).delete(NAME, &now)).await?;
    ask("delete a claim", cluster.api::<PersistentVolumeClaim>(namespace).delete(NAME, &now)).await?;
    let volumes = Api::<PersistentVolume>::all(cluster.client());
    let is_gone =
        |volume: Option<&PersistentVolume>| volume.map_or(Judgement::Holds, |_| Judgement::NotYet("it exists".into()));
    if wait::until(volumes.clone(), volume, PATIENCE, is_gone, std::future::pending()).await.is_ok() {
        return Ok(());
    }
    ask("delete a volume", volumes.delete(volume, &now)).await.map(|_| ())
}
