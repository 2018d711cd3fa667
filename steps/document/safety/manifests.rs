//! Manifests that a command gives to the cluster, or takes from it: what in them harms the cluster or its nodes.

use std::{collections::HashMap, path::Path};

use serde::Deserialize;
use serde_yaml::Value;

use super::sources::name;
use crate::document::{
    bash::{Input, Simple},
    kubectl::is_of_the_cluster,
};

/// Kinds that decide about the requests of all others.
const DECIDE: [&str; 3] = ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService"];

/// Folders of a node that it needs; `/` stands for all.
const OF_A_NODE: [&str; 10] =
    ["/etc", "/usr", "/bin", "/sbin", "/lib", "/boot", "/root", "/proc", "/var/lib/kubelet", "/var/lib/etcd"];

/// Why the manifests of a command are not given to the cluster, if they are not.
pub(super) fn harm(command: &Simple, written: &HashMap<String, Option<String>>) -> Option<&'static str> {
    let texts: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
    let changes = |word: &&str| matches!(*word, "apply" | "create" | "replace" | "delete" | "patch");
    if texts.first() != Some(&"kubectl") || !texts.iter().any(changes) {
        return None;
    }
    let is_option = |word: &str| matches!(word, "-f" | "--filename" | "-k" | "--kustomize");
    let named = texts.windows(2).filter(|pair| is_option(pair[0])).map(|pair| pair[1]);
    let glued = texts.iter().filter_map(|word| {
        let short = |letter| word.strip_prefix(letter).filter(|rest| !rest.is_empty());
        word.strip_prefix("--filename=").or_else(|| word.strip_prefix("--kustomize=")).or(short("-f")).or(short("-k"))
    });
    let mut files = named.chain(glued).flat_map(|names| names.split(','));
    files.find_map(|file| match (file, &command.input) {
        ("-" | "/dev/stdin", Input::Text(text)) => in_text(text),
        ("-" | "/dev/stdin", _) => None,
        (file, _) => match written.get(name(file)) {
            Some(content) => content.as_deref().and_then(in_text),
            // A folder, or a pattern: any file may be in it.
            None if file.contains('*') || Path::new(file).extension().is_none() => {
                written.values().flatten().find_map(|content| in_text(content))
            }
            None => None,
        },
    })
}

/// Why manifests are not given to the cluster, if they are not.
pub(in crate::document) fn in_text(text: &str) -> Option<&'static str> {
    let documents = serde_yaml::Deserializer::from_str(text);
    documents.map_while(|document| Value::deserialize(document).ok()).find_map(|object| of_object(&object))
}

fn of_object(object: &Value) -> Option<&'static str> {
    if let Some(items) = object.get("items").and_then(Value::as_sequence) {
        return items.iter().find_map(of_object);
    }
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let metadata = object.get("metadata");
    let (kind, name) = (text(object.get("kind")), text(metadata.and_then(|metadata| metadata.get("name"))));
    let namespace = text(metadata.and_then(|metadata| metadata.get("namespace")));
    let is_needed = match kind.as_str() {
        "Namespace" => is_of_the_cluster(&name) || name == "default",
        "ClusterRole" | "ClusterRoleBinding" => {
            matches!(name.as_str(), "cluster-admin" | "admin" | "edit" | "view") || name.starts_with("system:")
        }
        "Node" => true,
        "ValidatingAdmissionPolicy"
        | "ValidatingAdmissionPolicyBinding"
        | "MutatingAdmissionPolicy"
        | "MutatingAdmissionPolicyBinding" => name.starts_with("labproof"),
        kind => DECIDE.contains(&kind),
    };
    if is_needed || is_of_the_cluster(&namespace) {
        return Some("it changes what the cluster needs");
    }
    reaches_its_node(object).then_some("its Pod may change its node")
}

/// Whether a Pod, or one of a template, writes in folders that its node needs.
fn reaches_its_node(object: &Value) -> bool {
    let Some(spec) = object.get("spec") else { return false };
    if spec.get("containers").is_none() {
        let inner = spec.get("template").or_else(|| spec.get("jobTemplate"));
        return inner.is_some_and(reaches_its_node);
    }
    let list = |value: &Value, key: &str| value.get(key).and_then(Value::as_sequence).cloned().unwrap_or_default();
    let is_needed = |volume: &Value| {
        let path = volume.get("hostPath").and_then(|host| host.get("path")).and_then(Value::as_str);
        path.is_some_and(|path| {
            let path = path.trim_end_matches('/');
            path.is_empty() || OF_A_NODE.iter().any(|folder| path == *folder || path.starts_with(&format!("{folder}/")))
        })
    };
    let volumes = list(spec, "volumes");
    let needed: Vec<&Value> =
        volumes.iter().filter(|volume| is_needed(volume)).filter_map(|volume| volume.get("name")).collect();
    let mut containers = list(spec, "containers").into_iter().chain(list(spec, "initContainers"));
    containers.any(|container| {
        let writes = |mount: &Value| mount.get("readOnly").and_then(Value::as_bool) != Some(true);
        list(&container, "volumeMounts")
            .iter()
            .any(|mount| mount.get("name").is_some_and(|name| needed.contains(&name)) && writes(mount))
    })
}
