//! Finds fields, verbs and resources of steps that the API of Kubernetes does not have.

use super::Wrong;
use crate::{kinds::KINDS, sheet::spelling::distance};

/// The kinds that have a specification and a status, and no other fields of their own.
const WITH_SPEC: [&str; 20] = [
    "CronJob",
    "CustomResourceDefinition",
    "DaemonSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "Ingress",
    "Job",
    "LimitRange",
    "Namespace",
    "NetworkPolicy",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodDisruptionBudget",
    "ReplicaSet",
    "ReplicationController",
    "ResourceQuota",
    "Service",
    "StatefulSet",
];

/// The verbs of requests, and those that only rights know.
const VERBS: [&str; 15] = [
    "approve",
    "attest",
    "bind",
    "create",
    "delete",
    "deletecollection",
    "escalate",
    "get",
    "impersonate",
    "list",
    "patch",
    "sign",
    "update",
    "use",
    "watch",
];

/// Finds the error in the path of a field of an object of this kind.
pub(super) fn wrong_field(kind: &str, path: &str) -> Option<Wrong> {
    let first = path.split(['.', '[']).next().unwrap_or_default();
    let known = ["apiVersion", "kind", "metadata", "spec", "status"];
    let is_known = known.contains(&first) || !WITH_SPEC.contains(&kind);
    (!is_known).then(|| {
        let near = known.into_iter().find(|known| distance(first, known) <= 2);
        let hint = match near {
            Some(near) => format!("did you mean {near}{}?", &path[first.len()..]),
            None => format!("write the whole path, such as spec.{path} or status.{path}"),
        };
        (format!("{} {kind} has no field {first}", article(kind)), Some(hint))
    })
}

/// Finds the error in a verb.
pub(super) fn wrong_verb(verb: &str) -> Option<Wrong> {
    let near = || VERBS.into_iter().min_by_key(|known| distance(verb, known));
    (!VERBS.contains(&verb)).then(|| {
        let hint = near().filter(|known| distance(verb, known) <= 2).map(|known| format!("did you mean {known}?"));
        let hint = hint.unwrap_or_else(|| format!("the verbs are {}", VERBS.join(", ")));
        (format!("the API has no verb {verb}"), Some(hint))
    })
}

/// Finds the error in a resource that looks like one of Kubernetes. One with a group may be a custom one, and is not judged.
pub(super) fn wrong_resource(resource: &str) -> Option<Wrong> {
    if resource.contains('.') {
        return None;
    }
    let name = resource.split('/').next().unwrap_or_default();
    let mut known = KINDS.iter().map(|kind| kind.plural);
    if known.clone().any(|known| known == name) {
        return None;
    }
    let near = known.find(|known| distance(name, known) <= 1)?;
    Some((format!("the API has no resource {name}"), Some(format!("did you mean {near}?"))))
}

fn article(kind: &str) -> &'static str {
    if kind.starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_begins_where_the_object_does() {
        for (kind, path, hint) in [
            ("Deployment", "replicas", "write the whole path, such as spec.replicas or status.replicas"),
            ("CronJob", "suspended", "write the whole path, such as spec.suspended or status.suspended"),
            ("Pod", "spce.nodeName", "did you mean spec.nodeName?"),
        ] {
            assert_eq!(wrong_field(kind, path).unwrap().1.unwrap(), hint);
        }
        for (kind, path) in [
            ("Deployment", "spec.replicas"),
            ("ConfigMap", "data[\"a\"]"),
            ("Lesson", "topic"),
            ("Pod", "metadata.labels[\"a.b/c\"]"),
            ("StorageClass", "provisioner"),
        ] {
            assert_eq!(wrong_field(kind, path), None, "{kind} {path}");
        }
    }

    #[test]
    fn a_misspelt_right_gets_a_suggestion() {
        assert_eq!(wrong_verb("lst").unwrap().1.unwrap(), "did you mean list?");
        assert!(wrong_verb("frobnicate").is_some() && wrong_verb("watch").is_none());
        for (resource, meant) in [
            ("podds", "pods"),
            ("pod", "pods"),
            ("ingress", ""),
            ("networkpolicys", ""),
            ("pods/log", ""),
            ("lessons", ""),
            ("secret.example.org", ""),
        ] {
            let found = wrong_resource(resource).and_then(|(_, hint)| hint);
            let hint = (!meant.is_empty()).then(|| format!("did you mean {meant}?"));
            assert_eq!(found, hint, "{resource}");
        }
        for resource in
            ["ingresses", "networkpolicies", "endpoints", "storageclasses", "configmaps", "deployments.apps"]
        {
            assert_eq!(wrong_resource(resource), None, "{resource}");
        }
    }
}
