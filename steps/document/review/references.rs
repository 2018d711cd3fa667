//! Names by which one object refers to another: each must be that of an object of the document, if the document makes
//! objects of that kind.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Doubt,
    objects::{self, ReviewedObject},
};
use crate::document::{names, story::Story};

/// A reference of an object.
#[derive(Debug)]
struct Reference {
    kind: &'static str,
    field: &'static str,
    name: String,
    key: Option<String>,
}

/// The references to what the document does not make.
pub(super) fn doubts(all: &[ReviewedObject], story: &Story) -> Vec<Doubt> {
    if objects::may_make_others(story) {
        return Vec::new();
    }
    let mut doubts = Vec::new();
    for object in all {
        for reference in references(object) {
            doubts.extend(missing(object, &reference, all, story));
        }
    }
    doubts
}

fn missing(object: &ReviewedObject, reference: &Reference, all: &[ReviewedObject], story: &Story) -> Option<Doubt> {
    let Reference { kind, field, name, key } = reference;
    let by_command = objects::made_by_command(story, kind);
    let of_kind = || all.iter().filter(|other| other.kind == *kind);
    let made: BTreeSet<&str> =
        of_kind().map(|other| other.name.as_str()).chain(by_command.iter().map(String::as_str)).collect();
    let line = object.line_of(&[field, name]);
    if !made.contains(name.as_str()) {
        let nearest = names::nearest(name, made.iter().copied(), 0.0)?;
        let text =
            format!("{} uses the {kind} {name}, which the document does not make; it makes {nearest}", object.shown());
        return Some(Doubt::mistake(line, text).instead(name, nearest));
    }
    let key = key.as_ref().filter(|_| !by_command.contains(name.as_str()))?;
    let keys: BTreeSet<String> =
        of_kind().filter(|other| other.name == *name).flat_map(|other| keys(&other.value)).collect();
    if keys.contains(key) {
        return None;
    }
    let nearest = names::nearest(key, keys.iter().map(String::as_str), 0.0)?;
    let line = object.line_of(&["key", key]);
    let text =
        format!("{} uses the key {key} of the {kind} {name}, which has no such key; it has {nearest}", object.shown());
    Some(Doubt::mistake(line, text).instead(key, nearest))
}

fn keys(value: &Value) -> Vec<String> {
    let maps = ["data", "stringData", "binaryData"].iter().filter_map(|map| value.get(*map)?.as_object());
    maps.flat_map(|map| map.keys().cloned()).collect()
}

/// All references of an object.
fn references(object: &ReviewedObject) -> Vec<Reference> {
    let mut found = Vec::new();
    if let Some(pod) = object.pod() {
        in_pod(pod, &mut found);
    }
    let at = |path: &str| object.value.pointer(path).and_then(Value::as_str).map(str::to_owned);
    if object.kind == "HorizontalPodAutoscaler"
        && at("/spec/scaleTargetRef/kind").as_deref() == Some("Deployment")
        && let Some(name) = at("/spec/scaleTargetRef/name")
    {
        found.push(Reference { kind: "Deployment", field: "name:", name, key: None });
    }
    if object.kind == "StatefulSet"
        && let Some(name) = at("/spec/serviceName")
    {
        found.push(Reference { kind: "Service", field: "serviceName", name, key: None });
    }
    if matches!(object.kind.as_str(), "RoleBinding" | "ClusterRoleBinding") {
        found.extend(in_binding(&object.value));
    }
    if object.kind == "Ingress" {
        let backends = values_of(&object.value, "service");
        let names = backends.iter().filter_map(|service| Some(service.get("name")?.as_str()?.to_owned()));
        found.extend(names.map(|name| Reference { kind: "Service", field: "name:", name, key: None }));
    }
    found
}

/// The role and the accounts of a binding. Names with a colon, and some others, are those of roles that each cluster has.
fn in_binding(binding: &Value) -> Vec<Reference> {
    const OF_EACH_CLUSTER: [&str; 4] = ["admin", "cluster-admin", "edit", "view"];
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let role = binding.get("roleRef").and_then(|role| {
        let kind = if text(role, "kind")? == "Role" { "Role" } else { "ClusterRole" };
        let name =
            text(role, "name").filter(|name| !name.contains(':') && !OF_EACH_CLUSTER.contains(&name.as_str()))?;
        Some(Reference { kind, field: "name:", name, key: None })
    });
    let subjects = binding.get("subjects").and_then(Value::as_array).into_iter().flatten();
    let accounts = subjects.filter(|subject| text(subject, "kind").as_deref() == Some("ServiceAccount"));
    let accounts = accounts.filter_map(|subject| text(subject, "name")).filter(|name| name != "default");
    let accounts = accounts.map(|name| Reference { kind: "ServiceAccount", field: "name:", name, key: None });
    role.into_iter().chain(accounts).collect()
}

fn in_pod(pod: &Value, found: &mut Vec<Reference>) {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let is_optional = |value: &Value| value.get("optional").and_then(Value::as_bool) == Some(true);
    for volume in pod.get("volumes").and_then(Value::as_array).into_iter().flatten() {
        let sources = [
            ("secret", "secretName", "Secret"),
            ("configMap", "name", "ConfigMap"),
            ("persistentVolumeClaim", "claimName", "PersistentVolumeClaim"),
        ];
        for (source, field, kind) in sources {
            let Some(value) = volume.get(source).filter(|value| !is_optional(value)) else { continue };
            found.extend(text(value, field).map(|name| Reference { kind, field, name, key: None }));
        }
    }
    let sources = [
        ("secretKeyRef", "Secret"),
        ("configMapKeyRef", "ConfigMap"),
        ("secretRef", "Secret"),
        ("configMapRef", "ConfigMap"),
    ];
    for (source, kind) in sources {
        for value in values_of(pod, source).into_iter().filter(|value| !is_optional(value)) {
            let key = text(value, "key");
            found.extend(text(value, "name").map(|name| Reference { kind, field: "name:", name, key }));
        }
    }
    let class = text(pod, "priorityClassName").filter(|name| !name.starts_with("system-"));
    found.extend(class.map(|name| Reference { kind: "PriorityClass", field: "priorityClassName", name, key: None }));
    let account = text(pod, "serviceAccountName").filter(|name| name != "default");
    let field = "serviceAccountName";
    found.extend(account.map(|name| Reference { kind: "ServiceAccount", field, name, key: None }));
}

/// All values of this key, at any depth.
fn values_of<'a>(value: &'a Value, key: &str) -> Vec<&'a Value> {
    match value {
        Value::Object(map) => {
            map.iter().flat_map(|(name, value)| if name == key { vec![value] } else { values_of(value, key) }).collect()
        }
        Value::Array(list) => list.iter().flat_map(|value| values_of(value, key)).collect(),
        _ => Vec::new(),
    }
}
