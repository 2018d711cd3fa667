//! What a reader makes in an editor: the content of a file after `vi pod.yaml`, an object after `kubectl edit`; and manifests
//! that only show what an object looks like.

use std::sync::LazyLock;

use regex::Regex;
use serde_yaml::Value;

use crate::{
    document::{names, shell},
    expression::{kubectl_regex, regex},
};

/// Fields of the metadata that only the server sets.
const OF_THE_SERVER: [&str; 7] =
    ["creationTimestamp", "generation", "managedFields", "namespace", "resourceVersion", "selfLink", "uid"];

/// The file that a command opens in an editor, or makes empty.
pub(super) fn file(command: &str) -> Option<String> {
    static EDITOR: LazyLock<Regex> =
        LazyLock::new(|| regex(&format!(r"^(?:sudo )?(?:{}|touch) (?:-\S+ )*([\w./-]+)$", names::EDITORS)));
    let name = &EDITOR.captures(shell::without_comment(command.trim()))?[1];
    (!name.ends_with(['.', '/'])).then(|| name.to_owned())
}

/// Whether a file is one of YAML, by its name.
pub(super) fn is_yaml(name: &str) -> bool {
    [".yaml", ".yml"].iter().any(|extension| name.ends_with(extension))
}

/// Whether a command opens an object in an editor.
pub(super) fn opens_object(command: &str) -> bool {
    static EDIT: LazyLock<Regex> = LazyLock::new(|| kubectl_regex(r"^(?:KUBECTL|oc)\s(?:-\S+\s)*edit\s"));
    EDIT.is_match(command.trim())
}

/// Whether a manifest is a form: its kind is left to the reader.
pub(super) fn is_form(text: &str) -> bool {
    static EMPTY: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)^kind:[ \t]*(?:#.*)?$"));
    EMPTY.is_match(text)
}

/// The manifest of an object as the server shows it, without what the server sets; [`None`] if it is another manifest.
pub(super) fn without_server_fields(text: &str) -> Option<String> {
    let mut object: Value = serde_yaml::from_str(text).ok()?;
    let metadata = object.get_mut("metadata")?.as_mapping_mut()?;
    if !["resourceVersion", "selfLink", "uid"].iter().any(|field| metadata.contains_key(*field)) {
        return None;
    }
    for field in OF_THE_SERVER {
        metadata.remove(field);
    }
    if let Some(spec) = object.get_mut("spec").and_then(Value::as_mapping_mut) {
        // The addresses of another cluster.
        for field in ["clusterIP", "clusterIPs"] {
            spec.remove(field);
        }
    }
    object.as_mapping_mut()?.remove("status");
    serde_yaml::to_string(&object).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_editor_names_the_file() {
        for (command, name) in [
            ("vi pod.yaml", Some("pod.yaml")),
            ("sudo nano -w app/Dockerfile # write it", Some("app/Dockerfile")),
            ("touch web.yaml", Some("web.yaml")),
            ("code .", None),
            ("vi", None),
            ("cat pod.yaml", None),
            ("vi a.yaml b.yaml", None),
        ] {
            assert_eq!(file(command).as_deref(), name, "{command}");
        }
    }

    #[test]
    fn what_the_server_sets_is_left_out() {
        let shown = "kind: Service\nmetadata:\n  name: web\n  uid: 191e3dac\n  namespace: default\nspec:\n  clusterIP: \
                     10.97.242.220\n  type: NodePort\nstatus:\n  loadBalancer: {}\n";
        let written = "kind: Service\nmetadata:\n  name: web\nspec:\n  type: NodePort\n";
        assert_eq!(without_server_fields(shown).as_deref(), Some(written));
        assert_eq!(without_server_fields(written), None);
        assert_eq!(without_server_fields("kind: Pod\nmetadata:\n  creationTimestamp: null\n"), None);
    }

    #[test]
    fn a_form_has_no_kind() {
        assert!(is_form("apiVersion: # v1\nkind:  # Service\nmetadata:\n"));
        assert!(!is_form("apiVersion: v1\nkind: Pod\n"));
    }
}
