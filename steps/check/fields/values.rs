//! Values of the right type that no server takes: words that a field does not know, ports, amounts and names.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::path::Path;
use crate::{conditions::quantity::amount, expression::regex, sheet::spelling::distance};

/// Fields that know only certain words.
const WORDS: &[(&str, &[&str])] = &[
    ("accessModes", &["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]),
    ("completionMode", &["NonIndexed", "Indexed"]),
    ("concurrencyPolicy", &["Allow", "Forbid", "Replace"]),
    ("dnsPolicy", &["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
    ("externalTrafficPolicy", &["Cluster", "Local"]),
    ("imagePullPolicy", &["Always", "IfNotPresent", "Never"]),
    ("pathType", &["Exact", "Prefix", "ImplementationSpecific"]),
    ("persistentVolumeReclaimPolicy", &["Retain", "Delete", "Recycle"]),
    ("podManagementPolicy", &["OrderedReady", "Parallel"]),
    ("policyTypes", &["Ingress", "Egress"]),
    ("protocol", &["TCP", "UDP", "SCTP"]),
    ("reclaimPolicy", &["Retain", "Delete", "Recycle"]),
    ("restartPolicy", &["Always", "OnFailure", "Never"]),
    ("sessionAffinity", &["None", "ClientIP"]),
    ("volumeBindingMode", &["Immediate", "WaitForFirstConsumer"]),
    ("whenUnsatisfiable", &["DoNotSchedule", "ScheduleAnyway"]),
];

/// The types of Services.
const SERVICES: [&str; 4] = ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"];

/// Fields that are numbers of ports.
const PORTS: [&str; 7] = ["containerPort", "hostPort", "nodePort", "port", "targetPort", "endPort", "number"];

/// Kinds whose names may have capital letters and colons.
const FREELY_NAMED: [&str; 4] = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];

/// What is wrong with a value, and what to write.
pub(super) fn wrong(kind: &str, path: &Path, value: &Value) -> Option<(String, Option<String>)> {
    if path.is_free() {
        return None;
    }
    match value {
        Value::String(text) if path.is_amount() => wrong_amount(path, text),
        Value::String(text) if path.name() == "name" => wrong_name(kind, path, text),
        Value::String(text) => wrong_word(kind, path, text),
        Value::Number(number) if PORTS.contains(&path.name()) => {
            // 0 lets the cluster choose a port of the node.
            let is_chosen = *number == 0.into() && ["nodePort", "hostPort"].contains(&path.name());
            let is_port = is_chosen || number.as_i64().is_some_and(|port| (1..=65_535).contains(&port));
            (!is_port).then(|| (format!("{path} is {number}, and a port is a number from 1 to 65535"), None))
        }
        _ => None,
    }
}

fn wrong_amount(path: &Path, text: &str) -> Option<(String, Option<String>)> {
    if amount(text).is_some() {
        return None;
    }
    let shorter = text.strip_suffix(['B', 'b', 'i']).filter(|rest| amount(rest).is_some());
    let hint = shorter.map_or_else(
        || "write a number with a unit of Kubernetes: 500m, 128Mi, 1Gi".to_owned(),
        |rest| format!("did you mean {rest}?"),
    );
    Some((format!("{path}: {text} is not a quantity"), Some(hint)))
}

fn wrong_name(kind: &str, path: &Path, text: &str) -> Option<(String, Option<String>)> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"));
    let is_own = path.to_string() == "metadata.name" && !FREELY_NAMED.contains(&kind);
    let parent = path.parent();
    let is_part = ["containers", "initContainers", "volumes"].contains(&parent.name());
    let fits = NAME.is_match(text) && !(is_part && text.contains('.'));
    ((is_own || is_part) && !text.is_empty() && !fits).then(|| {
        let hint = "a name has lower-case letters, digits and hyphens, and begins and ends with a letter or a digit";
        (format!("{path}: {text} cannot be a name"), Some(hint.to_owned()))
    })
}

fn wrong_word(kind: &str, path: &Path, text: &str) -> Option<(String, Option<String>)> {
    let is_service = kind == "Service" && path.to_string() == "spec.type";
    let of_field = WORDS.iter().find(|(field, _)| *field == path.name()).map(|(_, words)| *words);
    let words = of_field.or(is_service.then_some(&SERVICES))?;
    if words.contains(&text) {
        return None;
    }
    let near = words.iter().find(|word| distance(word, text) <= 2);
    let hint = near.map_or_else(|| format!("write {}", words.join(", ")), |word| format!("did you mean {word}?"));
    Some((format!("{path} cannot be {text}"), Some(hint)))
}
