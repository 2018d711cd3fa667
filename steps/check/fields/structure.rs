//! What does not fit together in an object, or is missing in it.

use serde_json::{Map, Value};

mod containers;
mod objects;

use super::WrongField;

/// Finds everything that does not fit together.
pub(super) fn wrong(kind: &str, object: &Value) -> Vec<WrongField> {
    let mut found = objects::wrong(kind, object);
    found.extend(wrong_selector(kind, object));
    let Some((path, pod)) = pod(kind, object) else { return found };
    found.extend(wrong_restarts(kind, &path, pod));
    let containers = list(pod, "containers");
    if containers.is_empty() {
        found.push(missing("spec", format!("{path} has no containers")));
    }
    for (place, container) in containers.iter().enumerate() {
        let place = format!("{path}.containers[{place}]");
        for field in ["name", "image"] {
            if container.get(field).and_then(Value::as_str).is_none_or(str::is_empty) {
                found.push(missing("containers", format!("{place} has no {field}")));
            }
        }
        found.extend(wrong_mount(kind, object, pod, container, &place));
    }
    found.extend(containers::wrong(&path, pod));
    found
}

/// The specification of the Pods that an object makes, and its place.
fn pod<'a>(kind: &str, object: &'a Value) -> Option<(String, &'a Value)> {
    let path: &[&str] = match kind {
        "Pod" => &["spec"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        "DaemonSet" | "Deployment" | "Job" | "ReplicaSet" | "StatefulSet" => &["spec", "template", "spec"],
        _ => return None,
    };
    Some((path.join("."), path.iter().try_fold(object, |value, key| value.get(key))?))
}

/// A controller's selector must select the Pods that its template makes.
fn wrong_selector(kind: &str, object: &Value) -> Option<WrongField> {
    if !["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"].contains(&kind) {
        return None;
    }
    let Some(selector) = object.pointer("/spec/selector") else {
        return Some(missing("spec", "spec has no selector, which says which Pods belong to it".to_owned()));
    };
    let none = Map::new();
    let labels = object.pointer("/spec/template/metadata/labels").and_then(Value::as_object).unwrap_or(&none);
    let mut asked = selector.get("matchLabels").and_then(Value::as_object).into_iter().flatten();
    let (key, value) = asked.find(|(key, value)| labels.get(*key) != Some(value))?;
    let value = value.as_str().unwrap_or_default().to_owned();
    let has = labels.get(key).and_then(Value::as_str);
    let has = has.map_or_else(|| format!("no label {key}"), |has| format!("the label {key}: {has}"));
    let message = format!("spec.selector asks for the label {key}: {value}, and the template's Pods have {has}");
    Some(WrongField { key: key.clone(), value, message, hint: Some("write the same label in both places".to_owned()) })
}

/// Jobs end, and all other controllers keep their Pods running.
fn wrong_restarts(kind: &str, path: &str, pod: &Value) -> Option<WrongField> {
    let policy = pod.get("restartPolicy").and_then(Value::as_str);
    let (fits, write) = match kind {
        "Pod" => return None,
        "CronJob" | "Job" => (matches!(policy, Some("OnFailure" | "Never")), "OnFailure or Never"),
        _ => (matches!(policy, None | Some("Always")), "Always"),
    };
    let message = policy.map_or_else(
        || format!("{path} has no restartPolicy"),
        |policy| format!("{path}.restartPolicy cannot be {policy}"),
    );
    (!fits).then(|| WrongField {
        key: if policy.is_some() { "restartPolicy" } else { "template" }.to_owned(),
        value: policy.unwrap_or_default().to_owned(),
        message,
        hint: Some(format!("a {kind} needs restartPolicy: {write}")),
    })
}

/// A container can mount only volumes that its Pod has.
fn wrong_mount(kind: &str, object: &Value, pod: &Value, container: &Value, place: &str) -> Option<WrongField> {
    let mut volumes: Vec<&str> =
        list(pod, "volumes").iter().filter_map(|volume| volume.get("name")?.as_str()).collect();
    if kind == "StatefulSet" {
        let claims = object.pointer("/spec/volumeClaimTemplates").and_then(Value::as_array).into_iter().flatten();
        volumes.extend(claims.filter_map(|claim| claim.pointer("/metadata/name")?.as_str()));
    }
    let mounts = list(container, "volumeMounts").iter().filter_map(|mount| mount.get("name")?.as_str());
    let name = mounts.into_iter().find(|name| !volumes.contains(name))?;
    let hint =
        if volumes.is_empty() { "the Pod has none".to_owned() } else { format!("the Pod has {}", volumes.join(", ")) };
    let message = format!("{place} mounts the volume {name}, which the Pod does not have");
    Some(WrongField { key: "name".to_owned(), value: name.to_owned(), message, hint: Some(hint) })
}

fn missing(key: &str, message: String) -> WrongField {
    WrongField { key: key.to_owned(), value: String::new(), message, hint: None }
}

/// Something wrong at this field and value, and what to write.
fn wrong_field(key: &str, value: &str, message: String, hint: &str) -> WrongField {
    WrongField { key: key.to_owned(), value: value.to_owned(), message, hint: Some(hint.to_owned()) }
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
