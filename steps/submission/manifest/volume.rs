//! The rules for volumes and the claims on them: no volume may use the node's disk or belong to another namespace.

use serde_json::Value;

use super::findings::{Findings, given, items};
use crate::submission::rule::Rule;

/// The allowed sources of a volume.
const SOURCES: [&str; 6] = ["emptyDir", "configMap", "secret", "projected", "downwardAPI", "persistentVolumeClaim"];

/// The allowed sources of a projected volume.
const PROJECTED: [&str; 5] = ["configMap", "secret", "downwardAPI", "serviceAccountToken", "clusterTrustBundle"];

/// Judges one of a Pod's volumes.
pub(super) fn judge(findings: &mut Findings<'_>, volume: &Value) {
    let sources = sources(volume);
    for key in sources.iter().filter(|key| !SOURCES.contains(&key.as_str())) {
        let instead = format!("use one of {}", SOURCES.join(", "));
        findings.refuse(Rule::Volume, key, None, &instead);
    }
    if let [_, second, ..] = sources.as_slice() {
        findings.refuse(Rule::Volume, second, None, "a volume has one source: make a volume of each");
    }
    for source in volume.get("projected").map(|projected| items(projected, "sources")).unwrap_or_default() {
        for key in self::sources(source).into_iter().filter(|key| !PROJECTED.contains(&key.as_str())) {
            findings.refuse(Rule::Volume, key, None, &format!("use one of {}", PROJECTED.join(", ")));
        }
        if let Some(token) = source.get("serviceAccountToken") {
            let instead = "leave it out: a token for another service could be used there";
            findings.refuse_given(Rule::ServiceAccount, token, &["audience"], instead);
        }
    }
}

/// The names of the sources of a volume: all its fields except its name and those that are null.
fn sources(volume: &Value) -> Vec<&String> {
    let fields = volume.as_object().into_iter().flatten();
    fields.filter(|(key, value)| *key != "name" && !value.is_null()).map(|(key, _)| key).collect()
}

/// Judges the specification of a `PersistentVolumeClaim`.
pub(super) fn judge_claim(findings: &mut Findings<'_>, claim: &Value) {
    let Some(spec) = claim.get("spec") else { return };
    let instead = "leave it out: the cluster creates a volume for the claim";
    findings.refuse_given(Rule::Volume, spec, &["volumeName", "selector", "dataSource", "dataSourceRef"], instead);
    // An empty class is also a choice: it binds to a volume that somebody created by hand.
    let class = spec.get("storageClassName").filter(|class| !class.is_null());
    if let Some(class) = class {
        findings.refuse(Rule::Volume, "storageClassName", Some(class), instead);
    }
    if let Some(mode) = given(spec, "volumeMode").filter(|mode| *mode != "Filesystem") {
        findings.refuse(Rule::Volume, "volumeMode", Some(mode), "write Filesystem, or leave it out");
    }
}
