//! API versions that are gone, with those that took their places.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    document::{
        defect::Defect,
        doubt::Doubt,
        safety::WhyNotRun,
        story::{Deed, Story},
    },
    expression::regex,
    kinds,
};

/// Kinds, the versions that no server knows any more, today's version, and since when the old ones are gone.
const GONE: &[(&str, &str, &str, &str)] = &[
    ("Deployment DaemonSet ReplicaSet StatefulSet", "extensions/v1beta1 apps/v1beta1 apps/v1beta2", "apps/v1", "1.16"),
    ("NetworkPolicy", "extensions/v1beta1", "networking.k8s.io/v1", "1.16"),
    ("Ingress", "extensions/v1beta1 networking.k8s.io/v1beta1", "networking.k8s.io/v1", "1.22"),
    ("IngressClass", "networking.k8s.io/v1beta1", "networking.k8s.io/v1", "1.22"),
    (
        "Role RoleBinding ClusterRole ClusterRoleBinding",
        "rbac.authorization.k8s.io/v1alpha1 rbac.authorization.k8s.io/v1beta1",
        "rbac.authorization.k8s.io/v1",
        "1.22",
    ),
    ("CustomResourceDefinition", "apiextensions.k8s.io/v1beta1", "apiextensions.k8s.io/v1", "1.22"),
    ("StorageClass CSIDriver CSINode", "storage.k8s.io/v1beta1", "storage.k8s.io/v1", "1.22"),
    ("PriorityClass", "scheduling.k8s.io/v1beta1 scheduling.k8s.io/v1alpha1", "scheduling.k8s.io/v1", "1.22"),
    ("CronJob", "batch/v1beta1 batch/v2alpha1", "batch/v1", "1.25"),
    ("PodDisruptionBudget", "policy/v1beta1", "policy/v1", "1.25"),
    ("EndpointSlice", "discovery.k8s.io/v1beta1", "discovery.k8s.io/v1", "1.25"),
    ("PodSecurityPolicy", "policy/v1beta1 extensions/v1beta1", "", "1.25"),
    ("HorizontalPodAutoscaler", "autoscaling/v2beta1 autoscaling/v2beta2", "autoscaling/v2", "1.26"),
    (
        "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
        "admissionregistration.k8s.io/v1beta1",
        "admissionregistration.k8s.io/v1",
        "1.22",
    ),
    ("CertificateSigningRequest", "certificates.k8s.io/v1beta1", "certificates.k8s.io/v1", "1.22"),
    ("Lease", "coordination.k8s.io/v1beta1", "coordination.k8s.io/v1", "1.22"),
    ("APIService", "apiregistration.k8s.io/v1beta1", "apiregistration.k8s.io/v1", "1.22"),
    (
        "SubjectAccessReview SelfSubjectAccessReview LocalSubjectAccessReview",
        "authorization.k8s.io/v1beta1",
        "authorization.k8s.io/v1",
        "1.22",
    ),
    ("TokenReview", "authentication.k8s.io/v1beta1", "authentication.k8s.io/v1", "1.22"),
    ("VolumeAttachment", "storage.k8s.io/v1beta1", "storage.k8s.io/v1", "1.22"),
    ("RuntimeClass", "node.k8s.io/v1alpha1 node.k8s.io/v1beta1", "node.k8s.io/v1", "1.25"),
    ("Event", "events.k8s.io/v1beta1", "events.k8s.io/v1", "1.25"),
    ("CSIStorageCapacity", "storage.k8s.io/v1beta1", "storage.k8s.io/v1", "1.27"),
    (
        "FlowSchema PriorityLevelConfiguration",
        "flowcontrol.apiserver.k8s.io/v1beta1 flowcontrol.apiserver.k8s.io/v1beta2 flowcontrol.apiserver.k8s.io/v1beta3",
        "flowcontrol.apiserver.k8s.io/v1",
        "1.32",
    ),
];

/// What took the place of a version of a kind, and since when; `None` if the version was never one of the kind.
#[must_use]
pub fn gone(kind: &str, version: &str) -> Option<(&'static str, &'static str)> {
    let is_one = |list: &str, word: &str| list.split(' ').any(|other| other == word);
    let row = GONE.iter().find(|(kinds, old, _, _)| is_one(kinds, kind) && is_one(old, version))?;
    Some((row.2, row.3))
}

/// The name of the control plane's label and taint before 1.24, which no node has any more.
const OLD_ROLE: &str = "node-role.kubernetes.io/master";

/// Where manifests name the control plane only as it was called once.
#[must_use]
pub fn old_roles(story: &Story) -> Vec<Doubt> {
    let texts = story.acts.iter().filter_map(|act| match &act.deed {
        Deed::Write(source) | Deed::Offer(source) => Some((act.line, source.text.as_str())),
        Deed::Type(typed) if typed.command.contains("<<") => Some((act.line, typed.command.as_str())),
        _ => None,
    });
    let texts = texts.filter(|(_, text)| !text.contains("node-role.kubernetes.io/control-plane"));
    let places = texts.flat_map(|(line, text)| {
        text.lines().enumerate().filter(|(_, written)| written.contains(OLD_ROLE)).map(move |(index, _)| line + index)
    });
    let text = format!("no node has {OLD_ROLE} since 1.25; write node-role.kubernetes.io/control-plane");
    places.map(|line| Doubt { kind: Defect::Drift, ..Doubt::mistake(line, text.clone()) }).collect()
}

/// Where parts of manifests that labproof does not use name a version that no kind has any more.
#[must_use]
pub fn in_parts(story: &Story) -> Vec<Doubt> {
    static VERSION: LazyLock<Regex> =
        LazyLock::new(|| regex(&format!(r#"^\s*(?:- )?apiVersion:\s*["']?({})["']?\s*$"#, kinds::WITHOUT_KINDS)));
    let parts = story.acts.iter().filter_map(|act| match &act.deed {
        Deed::Leave(text, WhyNotRun::Shown(_) | WhyNotRun::Edit(_) | WhyNotRun::NotUnderstood(_)) => {
            Some((act.line, text))
        }
        _ => None,
    });
    let doubt = |line: usize, written: &str| {
        let text = format!("no kind has the version {} any more", &VERSION.captures(written)?[1]);
        Some(Doubt { kind: Defect::Drift, ..Doubt::mistake(line, text) })
    };
    let lines =
        parts.flat_map(|(first, text)| text.lines().enumerate().map(move |(index, line)| (first + index, line)));
    lines.filter_map(|(line, written)| doubt(line, written)).collect()
}

/// A manifest with today's versions. A workload that has no selector gets that of its template's labels.
#[must_use]
pub fn current(text: &str) -> String {
    static KIND: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)^kind:\s*(\w+)\s*$"));
    static VERSION: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)^apiVersion:\s*(\S+)\s*$"));
    let documents = text.split("\n---");
    let documents = documents.map(|document| {
        let (Some(kind), Some(version)) = (KIND.captures(document), VERSION.captures(document)) else {
            return document.to_owned();
        };
        match kinds::versions(&kind[1]) {
            Some(versions) if !versions.contains(&&version[1]) => {
                let document = document.replacen(
                    &format!("apiVersion: {}", &version[1]),
                    &format!("apiVersion: {}", versions[0]),
                    1,
                );
                if versions[0] == "apps/v1" { with_selector(&document) } else { document }
            }
            _ => document.to_owned(),
        }
    });
    documents.collect::<Vec<_>>().join("\n---")
}

/// A workload with a selector: apps/v1 requires one.
fn with_selector(document: &str) -> String {
    static LABELS: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?m)^( *)template:\s*\n(?: +.*\n)*?( +)labels:\s*\n( +)(\S+): *(\S+) *$"));
    if document.contains("selector:") {
        return document.to_owned();
    }
    let Some(found) = LABELS.captures(document) else { return document.to_owned() };
    let (blanks, key, value) = (&found[1], &found[4], &found[5]);
    let selector = format!("{blanks}selector:\n{blanks}  matchLabels:\n{blanks}    {key}: {value}\n{blanks}template:");
    document.replacen(&format!("{blanks}template:"), &selector, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Markup, read};

    #[test]
    fn a_version_that_is_gone_has_one_in_its_place() {
        assert_eq!(gone("Deployment", "extensions/v1beta1"), Some(("apps/v1", "1.16")));
        assert_eq!(gone("PodSecurityPolicy", "policy/v1beta1"), Some(("", "1.25")));
        assert_eq!(gone("Deployment", "apps/v2"), None);
    }

    #[test]
    fn a_part_of_a_manifest_may_name_a_version_that_is_gone() {
        let of = |text: &str| {
            let story = Story::of(&read(Markup::Markdown, &format!("```\n{text}\n```\n")));
            in_parts(&story).into_iter().map(|doubt| doubt.line).collect::<Vec<_>>()
        };
        let part = "apiVersion: apps/v1beta1\nmetadata:\n  name: web\nspec:\n  replicas: 3";
        assert_eq!(of(part), [2]);
        assert_eq!(of(&part.replace("v1beta1", "v1")), [0; 0]);
    }

    #[test]
    fn an_old_workload_becomes_one_of_today() {
        let old = "apiVersion: extensions/v1beta1\nkind: Deployment\nspec:\n  template:\n    metadata:\n      labels:\n        app: web\n";
        let new = "apiVersion: apps/v1\nkind: Deployment\nspec:\n  selector:\n    matchLabels:\n      app: web\n  template:\n    metadata:\n      labels:\n        app: web\n";
        assert_eq!(current(old), new);
        assert_eq!(current(new), new);
        assert_eq!(current("apiVersion: apps/v1\nkind: Service\n"), "apiVersion: v1\nkind: Service\n");
    }
}
