//! Manifests that a command gives to the cluster, or takes from it: what in them harms the cluster or its nodes.

use std::{collections::HashMap, path::Path, sync::LazyLock};

use regex::Regex;
use serde_json::Value;

use super::sources::name;
use crate::{
    document::{
        bash::{Input, Simple},
        kubectl::is_of_the_cluster,
    },
    expression::regex,
    yaml::{self, Bounds, Unreadable},
};

/// Kinds that decide about the requests of all others.
const DECIDE: [&str; 3] = ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService"];

/// Folders of a node that it needs. The cluster's own policy has the same rule.
const OF_A_NODE: &str = r"^[/.]*($|(etc|usr|s?bin|lib\w*|boot|root|home|proc|sys|dev|run|kind|labproof)([/.]|$)|var[/.]*($|run|lib[/.]*($|kubelet|etcd|containerd)))";

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
    let documents = yaml::read(text, &Bounds::trusted());
    if documents.iter().any(|document| document.content == Err(Unreadable::Bomb)) {
        return Some("it has more objects than labproof can judge");
    }
    // A document that nothing can read hides no other.
    let objects = documents.into_iter().filter_map(|document| document.content.ok());
    objects.flat_map(|content| yaml::items(&content)).find_map(|object| of_object(&object))
}

fn of_object(object: &Value) -> Option<&'static str> {
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
        return Some("it changes objects that the cluster itself needs");
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
    let list = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let is_needed = |volume: &Value| {
        static NEEDED: LazyLock<Regex> = LazyLock::new(|| regex(OF_A_NODE));
        let path = volume.get("hostPath").and_then(|host| host.get("path")).and_then(Value::as_str);
        path.is_some_and(|path| NEEDED.is_match(path))
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

#[cfg(test)]
mod tests {
    use super::{OF_A_NODE, in_text};

    #[test]
    fn the_clusters_policy_has_the_same_rule_for_folders_of_a_node() {
        let policy = include_str!("../../cluster/fence/policy.yaml");
        assert!(policy.contains(&OF_A_NODE.replace('\\', "\\\\")), "{OF_A_NODE}");
    }

    #[test]
    fn a_document_that_cannot_be_read_hides_no_other() {
        let harmful = "kind: Namespace\nmetadata:\n  name: kube-system\n";
        for before in ["", "a: [1\n---\n", "a: 1\na: 2\n---\n", "\tb: 1\n---\n", "kind: Pod\n---\n"] {
            assert!(in_text(&format!("{before}{harmful}")).is_some(), "{before}");
        }
        assert!(in_text(&format!("{}---\n{harmful}", "- 1\n".repeat(1_000_001))).is_some(), "it is too much");
    }
}
