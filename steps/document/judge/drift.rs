//! What newer versions of Kubernetes and its tools print differently.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{
    doubt::{self, Doubt},
    regex,
    story::Expected,
};

/// Each change: what an old document shows, what is printed today (nothing means: no such line), and since when.
const CHANGES: &[(&str, &str, &str)] = &[
    (r#"^\S+ "\S+" (force )?deleted$"#, r"deleted from \S+ namespace", "kubectl names the namespace since 1.34"),
    (r"creationTimestamp: null", "^$", "kubectl leaves the empty field out since 1.34"),
    ("^$", r"(^|\.)(observedGeneration|generation)$", "Kubernetes 1.34 counts generations in a Pod"),
    ("^$", r"status\.(hostIPs|podIPs)$", "newer versions list all addresses"),
    (
        "^$",
        r"containerStatuses\[\d+\]\.(resources|volumeMounts|allocatedResources|user|started)$",
        "newer versions report it for each container",
    ),
    (
        r"#success=\d+ #failure=\d+",
        r"successThreshold=\d+ failureThreshold=\d+",
        "kubectl writes out the fields of a probe since 1.37",
    ),
    ("^$", r"PodReadyToStartContainers", "the condition exists since 1.29"),
    (r"ConfigMapOptional:", r"^\s*Optional:", "kubectl calls the field Optional today"),
    (
        r"Created container \S+$",
        r"Created container: \S+|Container created",
        "the kubelet's words changed in 1.32 and in 1.35",
    ),
    (r"Killing container with id", r"Container \S+ failed liveness probe", "the kubelet's words changed in 1.14"),
    (r"^Defaulting container name to", "", "kubectl says `Defaulted container … out of: …` since 1.21"),
    (r"Created container: \S+$", r"Container created", "the kubelet's words changed in 1.35"),
    (r"Started container \S+$", r"Container started", "the kubelet's words changed in 1.35"),
    (r"^No resources found\.?$", r"^No resources found in \S+ namespace\.$", "kubectl names the namespace since 1.17"),
    (
        r#"^(deployment|service|pod|replicaset|job|cronjob|daemonset|statefulset|configmap|secret|namespace)s?(\.\w+)? "[\w.-]+" (created|configured|exposed|scaled|edited|labeled|annotated|patched|paused|resumed|restarted|autoscaled|rolled back|image updated|env updated)"#,
        r"^\S+/\S+ (created|configured|exposed|scaled|edited|labeled|annotated|patched|paused|resumed|restarted|autoscaled|rolled back|image updated|env updated)",
        "kubectl prints kind/name since 1.11, some commands since 1.16",
    ),
    (
        r"^(Name:.*default-token-|.*default-token-\w+)",
        "",
        "there are no token Secrets since 1.24; a Pod mounts kube-api-access-…",
    ),
    (
        r"^(deployment|replicaset|daemonset)\.extensions/",
        r"^(deployment|replicaset|daemonset)\.apps/",
        "the kind moved to the group apps in 1.16",
    ),
    (r"--generator|--replicas|unknown flag: --record", "", "the option was removed in 1.18"),
    (
        r"^> @ start |^> \S+@\S+ start /",
        r"^> ?\S*@?\S* ?start",
        "npm prints the package instead of its folder since version 7",
    ),
    (r#"^> node .*""#, r"^> node ", "npm does not quote arguments since version 7"),
    (
        r"^Sending build context|^Step \d+/\d+|^ ---> |^Removing intermediate|^Successfully (built|tagged)",
        r"^#\d+ ",
        "Docker builds with BuildKit since version 23",
    ),
    (r"^\S+/\S+ labeled$", r"^\S+/\S+ unlabeled$", "kubectl says unlabeled where a label goes since 1.22"),
    (r"^map\[", r"^[{\[]", "kubectl prints such a value as JSON since 1.17"),
    (
        r"node-role\.kubernetes\.io/master",
        r"node-role\.kubernetes\.io/control-plane",
        "the label and the taint are called control-plane since 1.24",
    ),
    (r"^ROLES of \S+: master$", "control-plane", "the role is called control-plane since 1.20"),
    (r"^TARGETS of \S+: (<unknown>|\d+%)/", r"^TARGETS: \w+: (<unknown>|\d+%)/", "kubectl names the metric since 1.30"),
    (
        r"failed quota: .*: must specify [\w.,-]+$",
        r"failed quota: .*: must specify \S+ for: ",
        "the message names the containers since 1.24",
    ),
    (r"^WARNING: This version information is deprecated", "", "kubectl version prints the short form only since 1.28"),
    (r"^Flag --\S+ has been deprecated", "", "the option was removed"),
];

/// Since when an output differs, if it is known. `says` or `seen` is empty if one of them lacks the line.
pub(super) fn of(says: &str, seen: &str) -> Option<&'static str> {
    static TABLE: LazyLock<Vec<(Regex, Regex, &str)>> =
        LazyLock::new(|| CHANGES.iter().map(|(old, new, since)| (regex(old), regex(new), *since)).collect());
    let (says, seen) = (says.trim(), seen.trim());
    let found = TABLE.iter().find(|(old, new, _)| old.is_match(says) && new.is_match(seen))?;
    (seen.is_empty() || names_the_same(says, seen)).then_some(found.2)
}

/// Whether a message about an object in quotes, or after a slash, is about the same object today.
fn names_the_same(says: &str, seen: &str) -> bool {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"^[a-z.]+(?: "|/)([\w.-]+)"? (?:force )?(?:created|configured|exposed|scaled|edited|(?:un)?labeled|annotated|patched|paused|resumed|restarted|autoscaled|rolled back|image updated|env updated|deleted)"#,
        )
    });
    let name = |text| NAME.captures(text).map(|found| found[1].to_owned());
    name(says).is_none_or(|says| name(seen).is_none_or(|seen| seen == says))
}

/// Lines that every supported version prints differently, whatever a command does, each with since when.
const OUTDATED: &[(&str, &str)] = &[
    (
        r#"^(?:po|pod|service|deployment|replicaset|statefulset|daemonset|job|cronjob|configmap|secret|serviceaccount|ingress|persistentvolumeclaim|networkpolicy)s?(?:\.[a-z0-9.]+)? "[\w.-]+" (?:force )?deleted$"#,
        "kubectl names the namespace since 1.34",
    ),
    (r"^\s*creationTimestamp: null$", "kubectl leaves the empty field out since 1.34"),
    (r"^\s*ConfigMapOptional:", "kubectl calls the field Optional today"),
    (
        r#"^(?:deployment|service|pod|replicaset|job|configmap|secret)s? "[\w.-]+" (?:created|configured|exposed|scaled)$"#,
        "kubectl prints kind/name since 1.11",
    ),
    (r"^(?:deployment|replicaset|daemonset)\.extensions/", "the kind moved to the group apps in 1.16"),
];

/// What is wrong with an output that no supported version prints, even if its command cannot be run.
#[must_use]
pub fn outdated(expected: &Expected) -> Option<Doubt> {
    static TABLE: LazyLock<Vec<(Regex, &str)>> =
        LazyLock::new(|| OUTDATED.iter().map(|(old, since)| (regex(old), *since)).collect());
    let known = |line: &str| TABLE.iter().find(|(old, _)| old.is_match(line.trim_end())).map(|(_, since)| *since);
    let found = expected.text.lines().enumerate().find_map(|(place, line)| Some((place, line.trim(), known(line)?)));
    let (place, line, since) = found?;
    let text = format!("it was not run, but no supported version prints `{line}`: {since}");
    Some(Doubt { line: expected.line + place, kind: doubt::Kind::Drift, text, instead: None })
}

/// Columns that newer versions print, or printed once, by the table's other columns.
pub(super) fn of_column(name: &str, is_new: bool) -> Option<&'static str> {
    match (name, is_new) {
        ("STATUS" | "DURATION", true) => Some("`kubectl get jobs` has STATUS since 1.31 and DURATION since 1.12"),
        ("DESIRED" | "SUCCESSFUL", false) => Some("kubectl prints other columns since 1.12"),
        ("CURRENT" | "UP-TO-DATE", _) => Some("`kubectl get deployments` prints READY since 1.15"),
        ("TIMEZONE", true) => Some("`kubectl get cronjobs` has TIMEZONE since 1.27"),
        ("NOMINATED" | "NOMINATED NODE" | "READINESS GATES", true) => Some("`-o wide` has these columns since 1.12"),
        ("VOLUMEATTRIBUTESCLASS", true) => Some("the column exists since 1.29"),
        ("CLUSTER-IP" | "EXTERNAL-IP", _) => Some("kubectl writes the column with a hyphen since 1.3"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_of_an_old_version_shows_without_its_command() {
        let of = |text: &str| {
            outdated(&Expected { line: 7, text: text.into(), ..Expected::default() })
                .map(|doubt| (doubt.line, doubt.text))
        };
        let (line, text) = of("service/web unchanged\npod \"web\" deleted\n").unwrap();
        assert!(line == 8 && text.ends_with("`pod \"web\" deleted`: kubectl names the namespace since 1.34"), "{text}");
        for text in ["pod \"web\" deleted from shop namespace", "namespace \"shop\" deleted", "pod/web created", ""] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
