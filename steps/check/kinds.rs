//! Kubernetes' own kinds of objects, to find misspelt ones.
//!
//! It does not know kinds of custom resources, whose definitions a learner cannot create.

use crate::sheet::spelling::distance;

/// The kinds of named objects in Kubernetes 1.34.
const KINDS: [&str; 58] = [
    "APIService",
    "CertificateSigningRequest",
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "ControllerRevision",
    "CronJob",
    "CSIDriver",
    "CSINode",
    "CSIStorageCapacity",
    "CustomResourceDefinition",
    "DaemonSet",
    "Deployment",
    "DeviceClass",
    "Endpoints",
    "EndpointSlice",
    "Event",
    "FlowSchema",
    "HorizontalPodAutoscaler",
    "Ingress",
    "IngressClass",
    "IPAddress",
    "Job",
    "Lease",
    "LimitRange",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "Namespace",
    "NetworkPolicy",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodDisruptionBudget",
    "PodTemplate",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "ReplicaSet",
    "ReplicationController",
    "ResourceClaim",
    "ResourceClaimTemplate",
    "ResourceQuota",
    "ResourceSlice",
    "Role",
    "RoleBinding",
    "RuntimeClass",
    "Secret",
    "Service",
    "ServiceAccount",
    "ServiceCIDR",
    "StatefulSet",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
    "VolumeAttributesClass",
];

/// Finds the error in a kind's name, and the name that was probably meant.
pub(super) fn wrong(kind: &str) -> Option<(String, String)> {
    if KINDS.contains(&kind) {
        return None;
    }
    let near = KINDS.iter().map(|known| (distance(kind, known), known));
    let (apart, known) = near.min_by_key(|(apart, _)| *apart)?;
    let hint = if apart <= kind.len() / 3 {
        format!("did you mean {known}?")
    } else {
        "write a kind of Kubernetes as manifests have it, such as Pod or ConfigMap".to_owned()
    };
    Some((format!("there is no kind {kind:?} in Kubernetes"), hint))
}

/// The kind of Kubernetes that was meant, if this is a misspelt one. A kind that looks like none of them may be a custom one.
pub(super) fn meant(kind: &str) -> Option<&'static str> {
    if KINDS.contains(&kind) || kind.contains('.') {
        return None;
    }
    let near = KINDS.iter().map(|known| (distance(kind, known), *known)).min()?;
    (near.0 <= 2).then_some(near.1)
}

/// Whether YAML is meant as a manifest: it says that it is an object of a kind of Kubernetes, and is no template.
pub(super) fn is_meant(text: &str) -> bool {
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
    let kind = value("kind:").map(|kind| kind.trim().trim_matches(['"', '\'']));
    value("apiVersion:").is_some() && kind.is_some_and(|kind| KINDS.contains(&kind)) && !text.contains("{{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_kind_is_told_what_was_meant() {
        for (wrote, meant) in
            [("pods", "Pod"), ("Configmap", "ConfigMap"), ("pod", "Pod"), ("Deployments", "Deployment")]
        {
            assert_eq!(wrong(wrote).unwrap().1, format!("did you mean {meant}?"));
        }
        assert!(wrong("Bananas").unwrap().1.starts_with("write a kind") && wrong("Pod").is_none());
    }

    #[test]
    fn a_custom_kind_is_no_misspelt_one() {
        assert_eq!((meant("Deploymnt"), meant("Configmap")), (Some("Deployment"), Some("ConfigMap")));
        assert!(["Widget", "Gateway", "Ingress.networking.k8s.io", "Node"].iter().all(|kind| meant(kind).is_none()));
    }

    #[test]
    fn other_yaml_is_told_from_manifests() {
        assert!(is_meant("apiVersion: v1\nkind: Pod\n"));
        let others =
            ["replicas: 2\n", "apiVersion: v1\nkind: List\nitems: []\n", "kind: Pod\napiVersion: {{ .Values.x }}\n"];
        let more = [
            "apiVersion: v2\nname: chart\n",
            "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\n",
            "- Pod\n",
        ];
        assert!(others.into_iter().chain(more).all(|text| !is_meant(text)));
    }
}
