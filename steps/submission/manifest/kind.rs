//! The rules for each kind of object; calls the rules for parts of objects.

use serde_json::Value;

use super::{
    findings::{Findings, given, items},
    metadata, pod, volume,
};
use crate::{kinds::is_of_cluster, submission::rule::Rule};

/// The maximum number of Pods that one object may create.
const MOST_PODS: u32 = 10;

/// The fields that make a Service reachable from outside the cluster, or lead out of it.
const OUTSIDE: [&str; 5] =
    ["externalIPs", "externalName", "loadBalancerIP", "loadBalancerClass", "loadBalancerSourceRanges"];

/// The types of Secrets that give an identity.
const SECRETS: [&str; 2] = ["kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token"];

/// Judges an object by its kind.
pub(super) fn judge(findings: &mut Findings<'_>, object: &Value) {
    let kind = object.get("kind").filter(|kind| !kind.is_null());
    let name = kind.and_then(Value::as_str).unwrap_or_default();
    if let Some(kind) = kind.filter(|_| name.ends_with("List") || !findings.rules.kinds.contains(name)) {
        let kinds = findings.rules.kinds.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let accepts = if kinds.is_empty() { "no objects".to_owned() } else { kinds };
        findings.refuse(Rule::Kind, "kind", Some(kind), &format!("the lab accepts {accepts}"));
    }
    // The submissions of a class share the cluster, and a volume may be a folder of a node.
    if let Some(kind) = kind.filter(|_| is_of_cluster(name) && findings.rules.kinds.contains(name)) {
        findings.refuse(Rule::Kind, "kind", Some(kind), "the lab accepts objects of its own namespace only");
    }
    metadata::judge(findings, object);
    match name {
        "Pod" => judge_field(findings, object, "spec", pod::judge),
        "Service" => judge_field(findings, object, "spec", judge_service),
        "Secret" => judge_secret(findings, object),
        "PersistentVolumeClaim" => volume::judge_claim(findings, object),
        _ => {}
    }
    judge_template(findings, object);
    judge_field(findings, object, "spec", judge_spec);
}

fn judge_field(findings: &mut Findings<'_>, value: &Value, key: &str, judge: fn(&mut Findings<'_>, &Value)) {
    if let Some(field) = value.get(key) {
        judge(findings, field);
    }
}

/// Judges the specification of an object that creates Pods; the Pod template is in the same place for every kind.
fn judge_spec(findings: &mut Findings<'_>, spec: &Value) {
    findings.refuse_above(
        Rule::ObjectCount,
        spec,
        &["replicas", "parallelism", "completions", "maxReplicas"],
        MOST_PODS,
    );
    judge_template(findings, spec);
    for claim in items(spec, "volumeClaimTemplates") {
        metadata::judge(findings, claim);
        volume::judge_claim(findings, claim);
    }
    // A CronJob creates Jobs, which create Pods.
    if let Some(job) = spec.get("jobTemplate") {
        metadata::judge(findings, job);
        judge_field(findings, job, "spec", judge_job);
    }
}

fn judge_job(findings: &mut Findings<'_>, spec: &Value) {
    findings.refuse_above(Rule::ObjectCount, spec, &["parallelism", "completions"], MOST_PODS);
    judge_template(findings, spec);
}

fn judge_template(findings: &mut Findings<'_>, value: &Value) {
    if let Some(template) = value.get("template") {
        metadata::judge(findings, template);
        judge_field(findings, template, "spec", pod::judge);
    }
}

/// Judges a Service: it may be reachable only from inside the cluster, at an address that the cluster chooses.
fn judge_service(findings: &mut Findings<'_>, spec: &Value) {
    if let Some(kind) = given(spec, "type").filter(|kind| *kind != "ClusterIP") {
        findings.refuse(Rule::Service, "type", Some(kind), "write ClusterIP, or leave it out");
    }
    findings.refuse_given(Rule::Service, spec, &OUTSIDE, "leave it out: the Service is reached in the cluster only");
    for key in ["clusterIP", "clusterIPs"] {
        for address in items(spec, key).into_iter().filter(|address| *address != "None" && *address != "") {
            findings.refuse(Rule::Service, key, Some(address), "write None, or leave it out: the cluster chooses it");
        }
    }
    for port in items(spec, "ports") {
        findings.refuse_given(Rule::Service, port, &["nodePort"], "leave it out: port and targetPort are enough");
    }
}

fn judge_secret(findings: &mut Findings<'_>, secret: &Value) {
    if let Some(kind) = given(secret, "type").filter(|kind| kind.as_str().is_none_or(|kind| SECRETS.contains(&kind))) {
        findings.refuse(Rule::Secret, "type", Some(kind), "write Opaque, or leave it out");
    }
}
