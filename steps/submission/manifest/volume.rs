//! The rules for volumes and for the claims on them: nothing of the node's disk, nothing of another namespace's.

use serde_json::Value;

use super::findings::{Findings, given, items};
use crate::submission::rule::Rule;

/// What a volume may be made of.
const SOURCES: [&str; 6] = ["emptyDir", "configMap", "secret", "projected", "downwardAPI", "persistentVolumeClaim"];

/// What a projected volume may be made of.
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

/// The fields of a volume that say what it is made of: all but its name, those that are null left out.
fn sources(volume: &Value) -> Vec<&String> {
    let fields = volume.as_object().into_iter().flatten();
    fields.filter(|(key, value)| *key != "name" && !value.is_null()).map(|(key, _)| key).collect()
}

/// Judges the specification of a `PersistentVolumeClaim`.
pub(super) fn judge_claim(findings: &mut Findings<'_>, claim: &Value) {
    let Some(spec) = claim.get("spec") else { return };
    let instead = "leave it out: the cluster creates a volume for the claim";
    findings.refuse_given(Rule::Volume, spec, &["volumeName", "selector", "dataSource", "dataSourceRef"], instead);
    // An empty class is a choice as well: it binds to a volume that somebody made by hand.
    let class = spec.get("storageClassName").filter(|class| !class.is_null());
    if let Some(class) = class {
        findings.refuse(Rule::Volume, "storageClassName", Some(class), instead);
    }
    if let Some(mode) = given(spec, "volumeMode").filter(|mode| *mode != "Filesystem") {
        findings.refuse(Rule::Volume, "volumeMode", Some(mode), "write Filesystem, or leave it out");
    }
}
