//! What is missing, or does not fit together, in objects that make no Pods.

use serde_json::Value;

use super::{WrongField, list, missing, wrong_field};
/// Finds what is wrong with an object of a kind.
type Judge = fn(&Value) -> Vec<WrongField>;

/// The kinds that are judged here.
const JUDGES: [(&str, Judge); 4] = [
    ("ClusterRole", wrong_rules),
    ("PersistentVolumeClaim", wrong_claim),
    ("Role", wrong_rules),
    ("Service", wrong_ports),
];

/// Finds everything that is wrong with an object.
pub(super) fn wrong(kind: &str, object: &Value) -> Vec<WrongField> {
    JUDGES.iter().filter(|(known, _)| *known == kind).flat_map(|(_, judge)| judge(object)).collect()
}

/// A Service has ports, except a headless one and a name of something outside; several ports have names.
fn wrong_ports(service: &Value) -> Vec<WrongField> {
    let Some(spec) = service.get("spec") else { return vec![missing("kind", "the Service has no spec".to_owned())] };
    let text = |field: &str| spec.get(field).and_then(Value::as_str);
    let ports = list(spec, "ports");
    if ports.is_empty() && text("clusterIP") != Some("None") && text("type") != Some("ExternalName") {
        let hint = "write ports: [{port: 80}], or clusterIP: None for a headless Service";
        return vec![wrong_field("spec", "", "spec has no ports".to_owned(), hint)];
    }
    let nameless = ports.iter().position(|port| port.get("name").is_none()).filter(|_| ports.len() > 1);
    let hint = "a Service with several ports needs a name for each";
    nameless
        .map(|index| wrong_field("ports", "", format!("spec.ports[{index}] has no name"), hint))
        .into_iter()
        .collect()
}

/// A claim says how large the volume must be, and how it is mounted.
fn wrong_claim(claim: &Value) -> Vec<WrongField> {
    let spec = claim.get("spec").unwrap_or(&Value::Null);
    let lacks_size = spec.pointer("/resources/requests/storage").is_none();
    let lacks_modes = list(spec, "accessModes").is_empty();
    let size = "write resources: {requests: {storage: 1Gi}}";
    let wrong = [
        lacks_size.then(|| wrong_field("spec", "", "spec.resources.requests has no storage".to_owned(), size)),
        lacks_modes.then(|| {
            wrong_field("spec", "", "spec has no accessModes".to_owned(), "write accessModes: [ReadWriteOnce]")
        }),
    ];
    wrong.into_iter().flatten().collect()
}

/// A rule names groups, resources and verbs. The server takes any: a wrong one may be what a lab is about.
fn wrong_rules(role: &Value) -> Vec<WrongField> {
    let rules = list(role, "rules").iter().enumerate();
    rules
        .filter(|(_, rule)| rule.get("nonResourceURLs").is_none())
        .filter_map(|(index, rule)| wrong_rule(index, rule))
        .collect()
}

fn wrong_rule(index: usize, rule: &Value) -> Option<WrongField> {
    let lacks = |field: &str| list(rule, field).is_empty();
    let needed = [
        ("apiGroups", "write apiGroups: [\"\"] for Pods and Services, and [\"apps\"] for Deployments"),
        ("resources", "write the plurals of kinds, such as resources: [pods]"),
        ("verbs", "write what is allowed, such as verbs: [get, list, watch]"),
    ];
    let (field, hint) = needed.into_iter().find(|(field, _)| lacks(field))?;
    Some(wrong_field("rules", "", format!("rules[{index}] has no {field}"), hint))
}
