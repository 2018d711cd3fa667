//! The rules for the metadata of an object, and of the Pods and claims that it creates.

use serde_json::Value;

use super::findings::{Findings, fields};
use crate::submission::rule::Rule;

/// Annotations and labels with reserved names that are harmless notes.
const HARMLESS: [&str; 2] = ["kubernetes.io/change-cause", "kubernetes.io/description"];

/// Judges the field `metadata` of a value.
pub(super) fn judge(findings: &mut Findings<'_>, value: &Value) {
    let Some(metadata) = value.get("metadata") else { return };
    // For the server, an empty namespace is none.
    let instead = "leave it out: the lab has its own namespace";
    findings.refuse_given(Rule::Namespace, metadata, &["namespace"], instead);
    let instead = "write metadata.name: the lab must know the object's name";
    findings.refuse_given(Rule::Name, metadata, &["generateName"], instead);
    let instead = "leave it out: the lab's objects must be deleted with their namespace";
    findings.refuse_given(Rule::Metadata, metadata, &["finalizers", "ownerReferences"], instead);
    for (key, _) in fields(metadata, "annotations").filter(|(key, _)| is_reserved_annotation(key)) {
        findings.refuse(
            Rule::Metadata,
            key,
            None,
            "leave this annotation out, or use a name without the cluster's prefix",
        );
    }
    for (key, _) in fields(metadata, "labels").filter(|(key, _)| is_reserved_label(key)) {
        findings.refuse(Rule::Metadata, key, None, "leave this label out, or use a name without the cluster's prefix");
    }
}

/// Whether programs of the cluster read this annotation; some of these annotations turn off a container's confinement.
fn is_reserved_annotation(key: &str) -> bool {
    let Some((prefix, _)) = key.split_once('/') else { return false };
    let is_of = |domain: &str| is_or_is_below(prefix, domain);
    let is_cluster = is_of("kubernetes.io") || is_of("k8s.io") || is_of("labproof.dev");
    let is_note = ["kubectl.kubernetes.io", "app.kubernetes.io"].contains(&prefix) || HARMLESS.contains(&key);
    is_cluster && !is_note
}

fn is_reserved_label(key: &str) -> bool {
    let Some((prefix, _)) = key.split_once('/') else { return false };
    prefix == "pod-security.kubernetes.io" || is_or_is_below(prefix, "labproof.dev")
}

fn is_or_is_below(prefix: &str, domain: &str) -> bool {
    prefix.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
