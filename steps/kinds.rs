//! Kubernetes' own kinds of objects.

use Scope::{Cluster, Everybody, Namespace};

/// The names that kustomize gives to its file.
pub const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// One of Kubernetes' own kinds.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name, as manifests have it.
    pub name: &'static str,
    /// Its plural, as kubectl and the API have it.
    pub plural: &'static str,
    /// Its short names for kubectl.
    pub short: &'static [&'static str],
    /// What depends on its objects.
    pub scope: Scope,
    /// The API versions that have it; the first is the one to write.
    pub versions: &'static [&'static str],
}

/// What depends on the objects of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// They are in a namespace.
    Namespace,
    /// They belong to the whole cluster.
    Cluster,
    /// They belong to the whole cluster, and everything in it depends on them: where Pods may run, which class a claim
    /// has, and what must agree before the server accepts a request.
    Everybody,
}

const fn kind(
    name: &'static str,
    plural: &'static str,
    short: &'static [&'static str],
    scope: Scope,
    versions: &'static [&'static str],
) -> Kind {
    Kind { name, plural, short, scope, versions }
}

/// The kinds of Kubernetes 1.34 and newer that have objects with names.
pub const KINDS: [Kind; 59] = [
    kind("APIService", "apiservices", &[], Everybody, &["apiregistration.k8s.io/v1"]),
    kind("CertificateSigningRequest", "certificatesigningrequests", &["csr"], Cluster, &["certificates.k8s.io/v1"]),
    kind("ClusterRole", "clusterroles", &[], Cluster, &["rbac.authorization.k8s.io/v1"]),
    kind("ClusterRoleBinding", "clusterrolebindings", &[], Cluster, &["rbac.authorization.k8s.io/v1"]),
    kind("ClusterTrustBundle", "clustertrustbundles", &[], Cluster, &["certificates.k8s.io/v1beta1"]),
    kind("ConfigMap", "configmaps", &["cm"], Namespace, &["v1"]),
    kind("ControllerRevision", "controllerrevisions", &[], Namespace, &["apps/v1"]),
    kind("CronJob", "cronjobs", &["cj"], Namespace, &["batch/v1"]),
    kind("CSIDriver", "csidrivers", &[], Cluster, &["storage.k8s.io/v1"]),
    kind("CSINode", "csinodes", &[], Cluster, &["storage.k8s.io/v1"]),
    kind("CSIStorageCapacity", "csistoragecapacities", &[], Namespace, &["storage.k8s.io/v1"]),
    kind(
        "CustomResourceDefinition",
        "customresourcedefinitions",
        &["crd", "crds"],
        Cluster,
        &["apiextensions.k8s.io/v1"],
    ),
    kind("DaemonSet", "daemonsets", &["ds"], Namespace, &["apps/v1"]),
    kind("Deployment", "deployments", &["deploy"], Namespace, &["apps/v1"]),
    kind(
        "DeviceClass",
        "deviceclasses",
        &[],
        Cluster,
        &["resource.k8s.io/v1", "resource.k8s.io/v1beta1", "resource.k8s.io/v1beta2"],
    ),
    kind("Endpoints", "endpoints", &["ep"], Namespace, &["v1"]),
    kind("EndpointSlice", "endpointslices", &[], Namespace, &["discovery.k8s.io/v1"]),
    kind("Event", "events", &["ev"], Namespace, &["v1", "events.k8s.io/v1"]),
    kind("FlowSchema", "flowschemas", &[], Everybody, &["flowcontrol.apiserver.k8s.io/v1"]),
    kind(
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
        &["hpa"],
        Namespace,
        &["autoscaling/v2", "autoscaling/v1"],
    ),
    kind("Ingress", "ingresses", &["ing"], Namespace, &["networking.k8s.io/v1"]),
    kind("IngressClass", "ingressclasses", &[], Cluster, &["networking.k8s.io/v1"]),
    kind("IPAddress", "ipaddresses", &["ip"], Cluster, &["networking.k8s.io/v1", "networking.k8s.io/v1beta1"]),
    kind("Job", "jobs", &[], Namespace, &["batch/v1"]),
    kind("Lease", "leases", &[], Namespace, &["coordination.k8s.io/v1"]),
    kind("LimitRange", "limitranges", &["limits"], Namespace, &["v1"]),
    kind(
        "MutatingAdmissionPolicy",
        "mutatingadmissionpolicies",
        &[],
        Everybody,
        &["admissionregistration.k8s.io/v1", "admissionregistration.k8s.io/v1beta1"],
    ),
    kind(
        "MutatingAdmissionPolicyBinding",
        "mutatingadmissionpolicybindings",
        &[],
        Everybody,
        &["admissionregistration.k8s.io/v1", "admissionregistration.k8s.io/v1beta1"],
    ),
    kind(
        "MutatingWebhookConfiguration",
        "mutatingwebhookconfigurations",
        &[],
        Everybody,
        &["admissionregistration.k8s.io/v1"],
    ),
    kind("Namespace", "namespaces", &["ns"], Cluster, &["v1"]),
    kind("NetworkPolicy", "networkpolicies", &["netpol"], Namespace, &["networking.k8s.io/v1"]),
    kind("Node", "nodes", &["no"], Everybody, &["v1"]),
    kind("PersistentVolume", "persistentvolumes", &["pv"], Cluster, &["v1"]),
    kind("PersistentVolumeClaim", "persistentvolumeclaims", &["pvc"], Namespace, &["v1"]),
    kind("Pod", "pods", &["po"], Namespace, &["v1"]),
    kind("PodDisruptionBudget", "poddisruptionbudgets", &["pdb"], Namespace, &["policy/v1"]),
    kind("PodTemplate", "podtemplates", &[], Namespace, &["v1"]),
    kind("PriorityClass", "priorityclasses", &["pc"], Everybody, &["scheduling.k8s.io/v1"]),
    kind(
        "PriorityLevelConfiguration",
        "prioritylevelconfigurations",
        &[],
        Everybody,
        &["flowcontrol.apiserver.k8s.io/v1"],
    ),
    kind("ReplicaSet", "replicasets", &["rs"], Namespace, &["apps/v1"]),
    kind("ReplicationController", "replicationcontrollers", &["rc"], Namespace, &["v1"]),
    kind(
        "ResourceClaim",
        "resourceclaims",
        &[],
        Namespace,
        &["resource.k8s.io/v1", "resource.k8s.io/v1beta1", "resource.k8s.io/v1beta2"],
    ),
    kind(
        "ResourceClaimTemplate",
        "resourceclaimtemplates",
        &[],
        Namespace,
        &["resource.k8s.io/v1", "resource.k8s.io/v1beta1", "resource.k8s.io/v1beta2"],
    ),
    kind("ResourceQuota", "resourcequotas", &["quota"], Namespace, &["v1"]),
    kind(
        "ResourceSlice",
        "resourceslices",
        &[],
        Cluster,
        &["resource.k8s.io/v1", "resource.k8s.io/v1beta1", "resource.k8s.io/v1beta2"],
    ),
    kind("Role", "roles", &[], Namespace, &["rbac.authorization.k8s.io/v1"]),
    kind("RoleBinding", "rolebindings", &[], Namespace, &["rbac.authorization.k8s.io/v1"]),
    kind("RuntimeClass", "runtimeclasses", &[], Cluster, &["node.k8s.io/v1"]),
    kind("Secret", "secrets", &[], Namespace, &["v1"]),
    kind("Service", "services", &["svc"], Namespace, &["v1"]),
    kind("ServiceAccount", "serviceaccounts", &["sa"], Namespace, &["v1"]),
    kind("ServiceCIDR", "servicecidrs", &[], Cluster, &["networking.k8s.io/v1", "networking.k8s.io/v1beta1"]),
    kind("StatefulSet", "statefulsets", &["sts"], Namespace, &["apps/v1"]),
    kind("StorageClass", "storageclasses", &["sc"], Everybody, &["storage.k8s.io/v1"]),
    kind(
        "ValidatingAdmissionPolicy",
        "validatingadmissionpolicies",
        &[],
        Everybody,
        &["admissionregistration.k8s.io/v1"],
    ),
    kind(
        "ValidatingAdmissionPolicyBinding",
        "validatingadmissionpolicybindings",
        &[],
        Everybody,
        &["admissionregistration.k8s.io/v1"],
    ),
    kind(
        "ValidatingWebhookConfiguration",
        "validatingwebhookconfigurations",
        &[],
        Everybody,
        &["admissionregistration.k8s.io/v1"],
    ),
    kind("VolumeAttachment", "volumeattachments", &[], Cluster, &["storage.k8s.io/v1"]),
    kind(
        "VolumeAttributesClass",
        "volumeattributesclasses",
        &["vac"],
        Cluster,
        &["storage.k8s.io/v1", "storage.k8s.io/v1beta1"],
    ),
];

impl Kind {
    /// The names by which kubectl knows it: its plural, its singular, and its short names.
    pub fn words(&self) -> impl Iterator<Item = String> {
        let own = [self.plural.to_owned(), self.name.to_lowercase()];
        own.into_iter().chain(self.short.iter().map(|short| (*short).to_owned()))
    }
}

/// Versions that no kind has any more, whichever a part of a manifest is about: an expression.
pub const WITHOUT_KINDS: &str = r"extensions/v1beta1|apps/v1beta[12]|batch/v(?:1beta1|2alpha1)|policy/v1beta1|networking\.k8s\.io/v1beta1|rbac\.authorization\.k8s\.io/v1(?:alpha|beta)1|autoscaling/v2beta[12]";

/// The kind with this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// The API versions that have a kind; the first is the one to write.
#[must_use]
pub fn versions(kind: &str) -> Option<&'static [&'static str]> {
    named(kind).map(|kind| kind.versions)
}

/// Whether the objects of a kind of Kubernetes belong to the whole cluster.
#[must_use]
pub fn is_of_cluster(kind: &str) -> bool {
    named(kind).is_some_and(|kind| kind.scope >= Cluster)
}
