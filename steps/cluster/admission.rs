//! Limits a learner's objects, whoever creates them: labproof, a learner's own commands, or a controller.
//!
//! The namespace of a graded scenario enforces the Pod Security level `baseline`, has a quota of objects, and contains
//! a table of images. Two admission policies of the cluster read the table. One makes each Pod run the image that the
//! table gives for the Pod's image name, so images of the same name never mix. The other admits only images in the
//! table. More policies apply the rules for manifests to objects that commands or controllers create.

pub mod network;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use futures::future::join_all;
use k8s_openapi::api::core::v1::{ConfigMap, Pod, ResourceQuota};
use kube::{
    Api, ResourceExt,
    api::{DynamicObject, Patch, PatchParams, PostParams, TypeMeta},
};
use serde::Deserialize;
use serde_json::json;

use super::{Cluster, answer, ask, said, wait};
use crate::{
    conditions::Judgement,
    image_name::ImageName,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// The labels that select the namespaces to which the policies apply.
pub const LABELS: [(&str, &str); 2] =
    [("labproof.dev/admission", "on"), ("pod-security.kubernetes.io/enforce", "baseline")];

/// The policies, which are the same for all namespaces.
const POLICIES: &str = include_str!("admission/policies.yaml");

/// The name of the table in each namespace, a `ConfigMap`.
const NAME: &str = "labproof-images";

/// How many objects of each kind a namespace may have, including the two `ConfigMaps` that it always has.
const QUOTA: [(&str, &str); 12] = [
    ("count/pods", "20"),
    ("count/services", "10"),
    ("count/configmaps", "12"),
    ("count/secrets", "10"),
    ("count/serviceaccounts", "4"),
    ("count/persistentvolumeclaims", "4"),
    ("count/deployments.apps", "5"),
    ("count/replicasets.apps", "20"),
    ("count/statefulsets.apps", "5"),
    ("count/daemonsets.apps", "2"),
    ("count/jobs.batch", "5"),
    ("count/cronjobs.batch", "5"),
];

/// The least memory that a node may use, in bytes.
const LEAST_MEMORY: u64 = 2 << 30;

/// How long the policies may take to become active.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the server may take to count the quota's objects.
const COUNTING: Duration = Duration::from_secs(3);

/// The pause before asking again; the API server's knowledge of policies cannot be watched.
const PAUSE: Duration = Duration::from_millis(50);

/// The image to run for each name that a lab allows.
pub type Table = BTreeMap<ImageName, ImageName>;

/// Installs the policies in the cluster; they have no effect on a namespace without the [`LABELS`].
///
/// # Errors
/// `skipped` if the cluster does not support such policies.
pub async fn prepare(cluster: &Cluster) -> Outcome {
    apply(cluster, POLICIES, "graded scenarios need").await
}

/// Makes the policies of this text, and what belongs to them, as the cluster supports them; `needed` says by whom.
///
/// # Errors
/// `skipped` if the cluster does not support such policies.
pub(super) async fn apply(cluster: &Cluster, policies: &str, needed: &str) -> Outcome {
    let kinds = cluster.kinds().await?;
    let us = PatchParams::apply("labproof").force();
    for document in serde_yaml::Deserializer::from_str(policies) {
        let mut policy = DynamicObject::deserialize(document).map_err(|error| Fault::broken(error.to_string()))?;
        let types = policy.types.clone().unwrap_or_default();
        let group = types.api_version.split('/').next().unwrap_or_default();
        let served = |version: &str| kinds.find(&format!("{group}/{version}"), &types.kind);
        // `v1` of the mutating kind exists from Kubernetes 1.36 on; `v1beta1` from 1.34 on, if it is enabled.
        let Some((resource, _)) = served("v1").or_else(|| served("v1beta1")) else {
            let (name, kind) = (cluster.name(), &types.kind);
            return Err(Fault::skipped(format!("the cluster {name} has no {kind}, which {needed}")).hint(
                "use Kubernetes 1.34 or newer; `labproof up --recreate` makes the cluster with all that they need",
            ));
        };
        policy.types = Some(TypeMeta { api_version: resource.api_version.clone(), kind: resource.kind.clone() });
        let all: Api<DynamicObject> = Api::all_with(cluster.client(), &resource);
        ask("make a policy", all.patch(&policy.name_any(), &us, &Patch::Apply(policy.clone()))).await?;
    }
    Ok(())
}

/// Limits the resources that a node's Pods take from the machine: a quarter of its memory, and half the share of a busy
/// processor that the control plane gets. Within a node, Kubernetes evicts the Pod that uses the most first.
///
/// # Errors
/// If the engine refuses or does not answer.
pub async fn bound(nodes: &[String]) -> Outcome {
    let memory = Tool::new("docker").args(["info", "--format", "{{.MemTotal}}"]).output().await?;
    let memory = memory.trim().parse::<u64>().map_or(u64::MAX, |bytes| (bytes / 4).max(LEAST_MEMORY)).to_string();
    let bounds = ["update", "--cpu-shares", "512", "--memory", &memory, "--memory-swap", &memory];
    Tool::new("docker").args(bounds).args(nodes).output().await.map(|_| ())
}

/// Creates the table and the quota in a namespace with the [`LABELS`], and waits until the policies are active.
///
/// # Errors
/// If this does not succeed in time.
pub async fn install(cluster: &Cluster, namespace: &str, table: &Table) -> Outcome {
    let broken = |error: serde_json::Error| Fault::broken(error.to_string());
    let rows: BTreeMap<String, String> = table.iter().flat_map(|(name, image)| rows(name, image)).collect();
    let map = json!({"metadata": {"name": NAME}, "data": rows});
    let map: ConfigMap = serde_json::from_value(map).map_err(broken)?;
    let hard: BTreeMap<_, _> = QUOTA.into_iter().collect();
    let quota = json!({"metadata": {"name": "labproof"}, "spec": {"hard": hard}});
    let quota: ResourceQuota = serde_json::from_value(quota).map_err(broken)?;
    let (maps, quotas) = (cluster.api::<ConfigMap>(namespace), cluster.api::<ResourceQuota>(namespace));
    let us = PostParams::default();
    tokio::try_join!(
        ask("make the table of images", maps.create(&us, &map)),
        ask("make the quota", quotas.create(&us, &quota)),
    )?;
    let (held, _) = tokio::join!(until_held(cluster, namespace, table), until_counted(quotas));
    held
}

/// Waits until the server counts the quota's objects. Otherwise the first count and the first request would meet, and
/// the server would refuse the request. It is no error if this takes long, because the meeting is rare.
async fn until_counted(quotas: Api<ResourceQuota>) -> bool {
    let counts = |quota: Option<&ResourceQuota>| {
        let hard = quota.and_then(|quota| quota.status.as_ref()?.hard.as_ref());
        hard.map_or(Judgement::NotYet("nothing is counted".into()), |_| Judgement::Holds)
    };
    wait::until(quotas, "labproof", COUNTING, counts, std::future::pending()).await.is_ok()
}

/// The table's rows for a name, however a learner spells it, with valid keys of a `ConfigMap`.
fn rows(name: &ImageName, image: &ImageName) -> Vec<(String, String)> {
    let key = |name: String| (name.replace(['/', ':', '@'], "_"), image.to_string());
    name.spellings().into_iter().map(key).collect()
}

/// What must be denied: the policy, additional fields of a Pod's specification, and its finalizers.
const DENIED: [(&str, &str, &str); 3] = [
    ("PodSecurity", "hostNetwork", ""),
    ("labproof-pods", "terminationGracePeriodSeconds", ""),
    ("labproof-finalizers", "", "labproof.invalid/stays"),
];

/// Repeats dry runs until an image of the table is replaced as the table says, another image is denied, and each of the
/// other policies denies its example.
async fn until_held(cluster: &Cluster, namespace: &str, table: &Table) -> Outcome {
    let Some((name, image)) = table.first_key_value() else {
        return Err(Fault::broken("the lab allows no image at all"));
    };
    let (pods, other) = (cluster.api::<Pod>(namespace), ImageName::from("labproof.invalid/other"));
    let deadline = Instant::now() + PATIENCE;
    loop {
        let bad = DENIED.map(|(_, field, finalizer)| admitted(&pods, name, field, finalizer));
        let (good, stray, bad) =
            tokio::join!(admitted(&pods, name, "", ""), admitted(&pods, &other, "", ""), join_all(bad));
        let mut all = DENIED.iter().zip(&bad).map(|((by, ..), answer)| denied(answer, by));
        if good.as_ref().is_ok_and(|runs| ImageName::from(runs.as_str()) == *image)
            && denied(&stray, "labproof-images")
            && all.all(|denied| denied)
        {
            return Ok(());
        }
        if Instant::now() >= deadline {
            let seconds = PATIENCE.as_secs();
            let fault = Fault::broken(format!(
                "the admission policies of the namespace {namespace} were not active after {seconds} seconds"
            ))
            .seen(format!("a Pod of {name}, which must run {image}"), describe(&good))
            .seen("a Pod of another image, which must be denied", describe(&stray));
            let bad = DENIED.iter().zip(&bad);
            return Err(bad.fold(fault, |fault, ((_, field, finalizer), answer)| {
                fault.seen(format!("a Pod with {field}{finalizer}, which must be denied"), describe(answer))
            }));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The image with which a Pod with this additional field and finalizer would be admitted, or why it would be denied.
async fn admitted(pods: &Api<Pod>, image: &ImageName, field: &str, finalizer: &str) -> Result<String, String> {
    let mut pod = json!({"metadata": {"name": "labproof"}, "spec": {
        "containers": [{"name": "labproof", "image": image.to_string()}]}});
    match field {
        "" => {}
        "hostNetwork" => pod["spec"][field] = true.into(),
        _ => pod["spec"][field] = 1000.into(),
    }
    if !finalizer.is_empty() {
        pod["metadata"]["finalizers"] = json!([finalizer]);
    }
    let pod: Pod = serde_json::from_value(pod).map_err(|error| error.to_string())?;
    let dry = PostParams { dry_run: true, ..PostParams::default() };
    let created = answer("try a Pod", pods.create(&dry, &pod)).await.map_err(|fault| fault.reason)?;
    let pod = created.map_err(|error| said(&error))?;
    let container = pod.spec.into_iter().flat_map(|spec| spec.containers).next();
    container.and_then(|container| container.image).ok_or_else(|| "it has no image".into())
}

fn describe(answer: &Result<String, String>) -> String {
    answer.as_ref().map_or_else(|why| format!("denied: {why}"), |image| format!("would run {image}"))
}

fn denied(answer: &Result<String, String>, by: &str) -> bool {
    answer.as_ref().is_err_and(|why| why.contains(by))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn an_image_is_found_however_its_name_is_spelled() {
        let keys: Vec<String> =
            rows(&"busybox".into(), &"localhost/x".into()).into_iter().map(|(key, _)| key).collect();
        for spelled in
            ["busybox", "busybox_latest", "library_busybox", "docker.io_busybox", "docker.io_library_busybox_latest"]
        {
            assert!(keys.contains(&spelled.to_owned()), "{spelled}: {keys:?}");
        }
    }

    #[test]
    fn the_policies_can_be_read() {
        let kinds: Vec<String> = serde_yaml::Deserializer::from_str(POLICIES)
            .map(|document| DynamicObject::deserialize(document).unwrap().types.unwrap().kind)
            .collect();
        assert_eq!(kinds.len(), 14, "{kinds:?}");
    }

    /// A `namespaceSelector` does not exclude objects without a namespace. For example, the server creates an
    /// `IPAddress` for each Service, so a policy that denied it would prevent every Service.
    #[test]
    fn no_policy_applies_to_what_has_no_namespace() {
        let mut scopes = Vec::new();
        for document in serde_yaml::Deserializer::from_str(POLICIES) {
            let policy = serde_json::to_value(DynamicObject::deserialize(document).unwrap()).unwrap();
            let rules = policy.pointer("/spec/matchConstraints/resourceRules").and_then(Value::as_array);
            let of_everything = rules.into_iter().flatten().filter(|rule| rule["resources"][0] == "*");
            scopes.extend(of_everything.map(|rule| rule["scope"].clone()));
        }
        assert!(!scopes.is_empty() && scopes.iter().all(|scope| scope == "Namespaced"), "{scopes:?}");
    }
}
