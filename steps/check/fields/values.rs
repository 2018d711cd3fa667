//! Values of the right type that no server takes: words that a field does not know, ports, amounts and names.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::{path::Path, schedule};
use crate::{conditions::quantity::amount, expression::regex, sheet::spelling::distance};

/// Fields that know only certain words; where the name is not enough, with the fields around them.
const WORDS: &[(&str, &[&str])] = &[
    ("accessModes", &["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]),
    ("behavior.scaleDown.selectPolicy", &["Max", "Min", "Disabled"]),
    ("behavior.scaleUp.selectPolicy", &["Max", "Min", "Disabled"]),
    ("completionMode", &["NonIndexed", "Indexed"]),
    ("concurrencyPolicy", &["Allow", "Forbid", "Replace"]),
    ("dnsPolicy", &["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
    ("effect", &["NoSchedule", "PreferNoSchedule", "NoExecute"]),
    ("externalTrafficPolicy", &["Cluster", "Local"]),
    ("imagePullPolicy", &["Always", "IfNotPresent", "Never"]),
    ("matchExpressions.operator", &["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]),
    ("pathType", &["Exact", "Prefix", "ImplementationSpecific"]),
    ("persistentVolumeReclaimPolicy", &["Retain", "Delete", "Recycle"]),
    ("podManagementPolicy", &["OrderedReady", "Parallel"]),
    ("policyTypes", &["Ingress", "Egress"]),
    ("protocol", &["TCP", "UDP", "SCTP"]),
    ("reclaimPolicy", &["Retain", "Delete", "Recycle"]),
    ("resizePolicy.restartPolicy", &["NotRequired", "RestartContainer"]),
    ("restartPolicy", &["Always", "OnFailure", "Never"]),
    ("sessionAffinity", &["None", "ClientIP"]),
    ("strategy.type", &["RollingUpdate", "Recreate"]),
    // Lt and Gt are newer than 1.34.
    ("tolerations.operator", &["Exists", "Equal", "Lt", "Gt"]),
    ("updateStrategy.type", &["RollingUpdate", "OnDelete"]),
    ("volumeBindingMode", &["Immediate", "WaitForFirstConsumer"]),
    ("whenUnsatisfiable", &["DoNotSchedule", "ScheduleAnyway"]),
];

/// Fields of one kind that know only certain words.
const WORDS_OF_KIND: &[(&str, &str, &[&str])] = &[
    ("LimitRange", "limits.type", &["Container", "Pod", "PersistentVolumeClaim"]),
    ("Service", "spec.type", &["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]),
];

/// The ports that a Service may take on each node, unless the API server has another range.
const NODE_PORTS: std::ops::RangeInclusive<i64> = 30_000..=32_767;

/// Fields that are numbers of ports.
const PORTS: [&str; 7] = ["containerPort", "hostPort", "nodePort", "port", "targetPort", "endPort", "number"];

/// Kinds whose names may have capital letters and colons.
const FREELY_NAMED: [&str; 4] = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];

/// What is wrong with a value, and what to write.
pub(super) fn wrong(kind: &str, path: &Path, value: &Value) -> Option<(String, Option<String>)> {
    if path.is_label(kind) {
        return wrong_label(path, value.as_str()?);
    }
    if path.is_free() {
        return None;
    }
    match value {
        Value::String(text) if path.is_amount() => wrong_amount(path, text),
        Value::String(text) if path.name() == "name" => wrong_name(kind, path, text),
        Value::String(text) if kind == "CronJob" && path.to_string() == "spec.schedule" => schedule::wrong(text),
        Value::String(text) => wrong_word(kind, path, text),
        Value::Number(number) if PORTS.contains(&path.name()) => wrong_port(path, number.as_i64().unwrap_or(-1)),
        _ => None,
    }
}

fn wrong_port(path: &Path, port: i64) -> Option<(String, Option<String>)> {
    // 0 lets the cluster choose a port of the node.
    if port == 0 && ["nodePort", "hostPort"].contains(&path.name()) {
        return None;
    }
    if !(1..=65_535).contains(&port) {
        return Some((format!("{path} is {port}, and a port is a number from 1 to 65535"), None));
    }
    let is_outside = path.name() == "nodePort" && !NODE_PORTS.contains(&port);
    let hint = "choose one of these, or leave nodePort out";
    is_outside.then(|| (format!("{path} is {port}, and must be from 30000 to 32767"), Some(hint.to_owned())))
}

/// Rules: <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set>.
fn wrong_label(path: &Path, text: &str) -> Option<(String, Option<String>)> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| regex("^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$"));
    let hint = "it has at most 63 letters, digits, hyphens, dots and underscores, and begins and ends with a letter or a digit";
    let is_wrong = !LABEL.is_match(text);
    is_wrong.then(|| (format!("{path}: {text:?} cannot be the value of a label"), Some(hint.to_owned())))
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
    let of_kind = WORDS_OF_KIND.iter().find(|(known, field, _)| *known == kind && path.ends_with(field));
    let of_field = || WORDS.iter().find(|(field, _)| path.ends_with(field)).map(|(_, words)| *words);
    let words = of_kind.map(|(_, _, words)| *words).or_else(of_field)?;
    // A name with a prefix belongs to somebody else than Kubernetes.
    if text.is_empty() || words.contains(&text) || text.contains('/') {
        return None;
    }
    let near = words.iter().find(|word| distance(word, text) <= 2 || word.eq_ignore_ascii_case(text));
    let hint = near.map_or_else(|| format!("write {}", words.join(", ")), |word| format!("did you mean {word}?"));
    Some((format!("{path} cannot be {text}"), Some(hint)))
}
