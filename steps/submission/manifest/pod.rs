//! The rules for a Pod's specification. The rules for the safety of nodes follow the profile "baseline" of Kubernetes'
//! Pod Security Standards. The others keep a Pod small, in its namespace, and on the nodes where it belongs.

use serde_json::Value;

use super::{
    container,
    findings::{Findings, LONGEST_GRACE, given, items},
    volume,
};
use crate::submission::rule::Rule;

/// The maximum number of containers in a Pod.
const MOST_CONTAINERS: usize = 10;

/// Fields that share the node's own namespaces with a Pod.
const OF_THE_NODE: [(&str, Rule); 4] = [
    ("hostNetwork", Rule::NoHostNetwork),
    ("hostPID", Rule::NoHostPid),
    ("hostIPC", Rule::NoHostIpc),
    ("hostUsers", Rule::NoHostUsers),
];

/// Fields that override the scheduler's choice of a node.
const SCHEDULING: [&str; 4] = ["nodeName", "priorityClassName", "runtimeClassName", "resourceClaims"];

/// What is left out for the scheduler to choose.
const CHOOSES: &str = "leave it out: the scheduler chooses the node";

/// Whether a toleration is one of those that the server gives to each Pod: a Pod that `kubectl get -o yaml` printed has them.
fn is_of_each_pod(toleration: &Value) -> bool {
    let key = toleration.get("key").and_then(Value::as_str);
    key.is_some_and(|key| key.starts_with("node.kubernetes.io/"))
}

/// Judges a Pod's specification, in a Pod or in a template.
pub(super) fn judge(findings: &mut Findings<'_>, spec: &Value) {
    findings.refuse_true(spec, &OF_THE_NODE, "leave it out: a Pod of the lab shares nothing with its node");
    findings.refuse_given(Rule::Scheduling, spec, &SCHEDULING, CHOOSES);
    if let Some(priority) = given(spec, "priority").filter(|priority| priority.as_f64() != Some(0.0)) {
        findings.refuse(Rule::Scheduling, "priority", Some(priority), CHOOSES);
    }
    if !items(spec, "tolerations").iter().all(|toleration| is_of_each_pod(toleration)) {
        findings.refuse(Rule::Scheduling, "tolerations", None, CHOOSES);
    }
    if let Some(name) = given(spec, "schedulerName").filter(|name| *name != "default-scheduler") {
        findings.refuse(Rule::Scheduling, "schedulerName", Some(name), "leave it out: the cluster has one scheduler");
    }
    for key in ["serviceAccountName", "serviceAccount"] {
        if let Some(name) = given(spec, key).filter(|name| *name != "default") {
            findings.refuse(Rule::ServiceAccount, key, Some(name), "leave it out: a Pod of the lab runs as default");
        }
    }
    findings.refuse_given(
        Rule::Secret,
        spec,
        &["imagePullSecrets"],
        "leave it out: the nodes can pull the lab's images",
    );
    let instead = "leave it out: only kubectl debug adds containers to a running Pod";
    findings.refuse_given(Rule::Security, spec, &["ephemeralContainers"], instead);
    findings.refuse_above(Rule::GracePeriod, spec, &["terminationGracePeriodSeconds"], LONGEST_GRACE);
    container::judge_security(findings, spec);
    for source in items(spec, "volumes") {
        volume::judge(findings, source);
    }
    let containers = ["initContainers", "containers", "ephemeralContainers"].map(|key| items(spec, key)).concat();
    if containers.len() > MOST_CONTAINERS {
        let number = Value::from(containers.len());
        let instead = format!("a Pod may have at most {MOST_CONTAINERS}");
        findings.refuse(Rule::ObjectCount, "containers", Some(&number), &instead);
    }
    for container in containers {
        container::judge(findings, container);
    }
}
