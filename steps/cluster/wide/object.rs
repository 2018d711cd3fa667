//! Decides from the objects alone what a scenario has changed.

use jiff::Timestamp;
use kube::{ResourceExt, api::DynamicObject};
use serde_json::{Value, json};

use crate::cluster::namespace;

/// Writers that change objects without a command of the scenario.
const KUBERNETES: [&str; 6] =
    ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "cloud-controller-manager", "kubeadm"];

/// Labels and annotations of objects that a controller creates and removes by itself.
const OF_CONTROLLERS: [&str; 4] = [
    "kube-aggregator.kubernetes.io/automanaged",
    "ipaddress.kubernetes.io/managed-by",
    "pv.kubernetes.io/provisioned-by",
    "apf.kubernetes.io/autoupdate-spec",
];

/// The beginnings of the keys that Kubernetes itself sets at a node.
const OF_NODES: [&str; 4] =
    ["node.kubernetes.io/", "node.alpha.kubernetes.io/", "volumes.kubernetes.io/", "csi.volume.kubernetes.io/"];

/// Whether an object cannot come from a scenario's command: it belongs to a controller, to another run or to labproof.
pub(super) fn is_foreign(object: &DynamicObject) -> bool {
    let name = object.name_any();
    let requester = object.data.pointer("/spec/username").and_then(Value::as_str).unwrap_or_default();
    let makers = object.managed_fields().iter().filter(|entry| entry.subresource.is_none());
    let mut makers = makers.filter_map(|entry| entry.manager.as_deref()).peekable();
    let is_of_kubernetes = makers.peek().is_some() && makers.all(|maker| KUBERNETES.contains(&maker));
    let is_node = is(object, "Node");
    !is_node
        && (!object.owner_references().is_empty()
            || object.labels().contains_key(namespace::RUN)
            || name == "labproof"
            || name.starts_with("labproof-")
            || OF_CONTROLLERS
                .iter()
                .any(|key| object.labels().contains_key(*key) || object.annotations().contains_key(*key))
            || requester.starts_with("system:")
            || is_of_kubernetes)
}

/// Whether somebody other than Kubernetes has changed an object since this time.
pub(super) fn differs(was: &DynamicObject, now: &DynamicObject, since: Timestamp) -> bool {
    if is(now, "Node") {
        return restored_node(was, now).is_some();
    }
    let since = since.as_second();
    let somebody = now.managed_fields().iter().any(|entry| {
        let is_later = entry.time.as_ref().is_some_and(|time| time.0.as_second() >= since);
        is_later
            && entry.subresource.is_none()
            && !entry.manager.as_deref().is_some_and(|manager| KUBERNETES.contains(&manager))
    });
    // An object that was created again under the same name has another UID.
    was.uid() != now.uid() || (somebody && content(was) != content(now))
}

/// The content of an object, without the fields that the server maintains.
pub(super) fn content(object: &DynamicObject) -> Value {
    let mut value = serde_json::to_value(object).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("status");
    }
    if let Some(metadata) = value.pointer_mut("/metadata").and_then(Value::as_object_mut) {
        for noted in [
            "resourceVersion",
            "generation",
            "managedFields",
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
        ] {
            metadata.remove(noted);
        }
    }
    value
}

/// The patch that restores a node's labels, annotations, taints and readiness for Pods; `None` if they have not
/// changed.
pub(super) fn restored_node(was: &DynamicObject, now: &DynamicObject) -> Option<Value> {
    let mut metadata = json!({});
    for field in ["labels", "annotations"] {
        let at = format!("/metadata/{field}");
        let [was, now] = [was, now].map(|node| serde_json::to_value(node).unwrap_or_default());
        let [was, now] =
            [&was, &now].map(|node| node.pointer(&at).and_then(Value::as_object).cloned().unwrap_or_default());
        for key in was.keys().chain(now.keys()).filter(|key| was.get(*key) != now.get(*key)) {
            // All labels count as set by somebody, but Kubernetes keeps records of its own in annotations.
            if field == "labels" || !OF_NODES.iter().any(|own| key.starts_with(own)) {
                metadata[field][key] = was.get(key).cloned().unwrap_or(Value::Null);
            }
        }
    }
    let mut spec = json!({});
    let taints = |node: &DynamicObject, own: bool| -> Vec<Value> {
        let all = node.data.pointer("/spec/taints").and_then(Value::as_array).cloned().unwrap_or_default();
        let is_own = |taint: &Value| taint["key"].as_str().is_some_and(|key| key.starts_with("node.kubernetes.io/"));
        all.into_iter().filter(|taint| is_own(taint) == own).collect()
    };
    if taints(was, false) != taints(now, false) {
        spec["taints"] = [taints(now, true), taints(was, false)].concat().into();
    }
    let cordoned =
        |node: &DynamicObject| node.data.pointer("/spec/unschedulable").and_then(Value::as_bool).unwrap_or(false);
    if cordoned(was) != cordoned(now) {
        spec["unschedulable"] = if cordoned(was) { true.into() } else { Value::Null };
    }
    let patch = json!({"metadata": metadata, "spec": spec});
    (patch != json!({"metadata": {}, "spec": {}})).then_some(patch)
}

/// Whether an object has this kind and the kind is one of Kubernetes' own.
pub(super) fn is(object: &DynamicObject, kind: &str) -> bool {
    object.types.as_ref().is_some_and(|types| types.kind == kind && types.api_version == "v1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(yaml: &str) -> DynamicObject {
        serde_yaml::from_str(yaml).unwrap()
    }

    fn node(rest: &str) -> DynamicObject {
        object(&format!("{{apiVersion: v1, kind: Node, {rest}}}"))
    }

    #[test]
    fn what_controllers_and_other_runs_make_is_foreign() {
        for foreign in [
            "metadata: {name: a, ownerReferences: [{apiVersion: v1, kind: Node, name: n, uid: u}]}",
            "metadata: {name: shop, labels: {labproof.dev/run: abcdef}}",
            "metadata: {name: labproof-images}",
            "metadata: {name: pvc-1, annotations: {pv.kubernetes.io/provisioned-by: rancher.io/local-path}}",
            "{metadata: {name: csr-x}, spec: {username: 'system:node:demo-worker'}}",
            "metadata: {name: f, managedFields: [{manager: kube-apiserver, operation: Update}]}",
        ] {
            assert!(is_foreign(&object(foreign)), "{foreign}");
        }
        assert!(!is_foreign(&object(
            "metadata: {name: a, managedFields: [{manager: kubectl-create, operation: Update}]}"
        )));
        assert!(!is_foreign(&object("{metadata: {name: anna}, spec: {username: kubernetes-admin}}")));
    }

    #[test]
    fn a_node_gets_back_what_it_had_and_keeps_what_kubernetes_notes() {
        let was = node("metadata: {name: n, labels: {a: '1', b: '2'}}");
        let now = node(
            "metadata: {name: n, labels: {a: x, c: '3'}, annotations: {mine: y, node.alpha.kubernetes.io/ttl: '0'}}, spec: {unschedulable: true, taints: [{key: node.kubernetes.io/unschedulable, effect: NoSchedule}, {key: k, effect: NoExecute}]}",
        );
        let patch = restored_node(&was, &now).unwrap();
        assert_eq!(
            patch["metadata"],
            json!({"labels": {"a": "1", "b": "2", "c": null}, "annotations": {"mine": null}})
        );
        assert_eq!(patch["spec"]["unschedulable"], Value::Null);
        assert_eq!(
            patch["spec"]["taints"],
            json!([{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}])
        );
        let not_ready = node(
            "metadata: {name: n, labels: {a: '1', b: '2'}}, spec: {taints: [{key: node.kubernetes.io/not-ready, effect: NoExecute}]}",
        );
        assert_eq!(restored_node(&was, &not_ready), None);
    }

    #[test]
    fn what_a_controller_changes_is_left_alone() {
        let of = |manager: &str, value: &str| {
            object(&format!(
                "{{metadata: {{name: a, uid: u, managedFields: [{{manager: {manager}, time: '2026-01-01T00:00:10Z'}}]}}, spec: {{a: {value}}}}}"
            ))
        };
        let at = |second: i64| Timestamp::from_second(1_767_225_600 + second).unwrap();
        let was = of("kubectl", "1");
        assert!(differs(&was, &of("kubectl-edit", "2"), at(9)));
        assert!(!differs(&was, &of("kubectl-edit", "2"), at(11)), "it was changed before");
        assert!(!differs(&was, &of("kube-controller-manager", "2"), at(9)));
        assert!(!differs(&was, &of("kubectl-edit", "1"), at(9)));
    }
}
