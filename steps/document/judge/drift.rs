//! What newer versions of Kubernetes and its tools print differently.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{
    changes,
    values::{World, same},
};
use crate::{
    document::{defect::Defect, doubt::Doubt, story::ShownOutput},
    expression::{kubectl_regex, regex},
    kinds,
};

/// What an old line became: expressions for the old and the new one, and since when.
type Change = (Regex, Regex, &'static str);

/// Since when an output differs, if it is known. `says` or `seen` is empty if one of them lacks the line.
pub(super) fn of(says: &str, seen: &str) -> Option<&'static str> {
    Old::of(says).became(seen)
}

/// What an old line may have become, to be asked of many new ones.
pub(super) struct Old<'a> {
    says: &'a str,
    changes: Vec<&'static Change>,
}

impl<'a> Old<'a> {
    pub(super) fn of(says: &'a str) -> Self {
        let says = says.trim();
        Self { says, changes: all_changes().iter().filter(|(old, _, _)| old.is_match(says)).collect() }
    }

    /// Since when the old line is this one.
    pub(super) fn became(&self, seen: &str) -> Option<&'static str> {
        let seen = seen.trim();
        let is_so = |(old, new, _): &&&Change| match (old.captures(self.says), new.captures(seen)) {
            (Some(said), Some(printed)) => same_captures(old, &said, &printed),
            _ => false,
        };
        self.changes.iter().find(is_so).map(|(_, _, since)| *since)
    }
}

fn all_changes() -> &'static [Change] {
    static TABLE: LazyLock<Vec<Change>> = LazyLock::new(|| {
        let tables = [changes::MESSAGES, changes::EVENTS, changes::DESCRIPTIONS, changes::FIELDS, changes::OTHERS];
        let pattern = |text: &str| regex(&text.replace("{done}", changes::DONE));
        tables.into_iter().flatten().map(|(old, new, since)| (pattern(old), pattern(new), *since)).collect()
    });
    &TABLE
}

/// Since when `kubectl run` makes something else; `None` for other commands and differences.
pub(super) fn of_run(command: &str, says: &str, seen: &str) -> Option<&'static str> {
    static RUN: LazyLock<Regex> = LazyLock::new(|| kubectl_regex(r"^KUBECTL\s(?:.*\s)?run\s"));
    static MADE: LazyLock<Regex> = LazyLock::new(|| {
        regex(r#"^(?<kind>deployment|job|cronjob|pod)(?:\.[\w.]+)?(?:/| ")(?<name>[\w.-]+)"? created$"#)
    });
    let (says, seen) = (MADE.captures(says.trim())?, MADE.captures(seen.trim())?);
    let is_other = &says["kind"] != "pod" && &seen["kind"] == "pod" && says["name"] == seen["name"];
    (is_other && RUN.is_match(command.trim())).then_some("`kubectl run` makes a Pod since 1.18")
}

/// Whether the groups that both lines have hold the same.
fn same_captures(pattern: &Regex, said: &Captures<'_>, printed: &Captures<'_>) -> bool {
    pattern.capture_names().flatten().all(|name| match (said.name(name), printed.name(name)) {
        (Some(said), Some(printed)) => same(said.as_str(), printed.as_str(), &World::default()).is_some(),
        _ => true,
    })
}

/// Lines that every supported version prints differently, whatever a command does, each with since when.
const OUTDATED: &[(&str, &str)] = &[
    (
        r#"^(?:po|pod|service|deployment|replicaset|statefulset|daemonset|job|cronjob|configmap|secret|serviceaccount|ingress|persistentvolumeclaim|networkpolicy)s?(?:\.[a-z0-9.]+)? "[\w.-]+" (?:force )?deleted$"#,
        "kubectl names the namespace since 1.34",
    ),
    (r"^\S+-token-[a-z0-9]{5}\s+kubernetes\.io/service-account-token\s", "no Secret with a token is made since 1.24"),
    (r"^\s*creationTimestamp: null$", "kubectl leaves the empty field out since 1.34"),
    (r"^\s*ConfigMapOptional:", "kubectl calls the field Optional today"),
    (
        r#"^(?:deployment|service|pod|replicaset|job|configmap|secret)s? "[\w.-]+" (?:created|configured|exposed|scaled)$"#,
        "kubectl prints kind/name since 1.11",
    ),
    (r"^(?:deployment|replicaset|daemonset)\.extensions[/ ]", "the kind moved to the group apps in 1.16"),
    (
        r#"^(?:deployment|replicaset|statefulset|daemonset)s?(?:\.[\w.]+)? "[\w.-]+" (?:image updated|rolled back|(?:re)?scaled|paused|resumed|autoscaled|edited|patched|labeled|annotated)$"#,
        "kubectl prints kind/name since 1.11",
    ),
    (r"^Waiting for rollout to finish: ", "kubectl names the Deployment since 1.12"),
    (r#"^(?:deployment|statefulset|daemonset)s? "[\w.-]+"$"#, "`kubectl rollout history` prints kind/name since 1.11"),
    (r"^\s*(?:- )?apiVersion: (?:{gone})$", "this version of the API is gone"),
    (
        r"^NAME +DESIRED +CURRENT +UP-TO-DATE +AVAILABLE +AGE$",
        "kubectl prints READY in place of DESIRED and CURRENT since 1.15",
    ),
    (r"^NAME +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE", "kubectl prints the column TYPE since 1.8"),
    (r"^NAME +(?:DESIRED +SUCCESSFUL|COMPLETIONS +DURATION) +AGE", "kubectl prints the column STATUS since 1.31"),
    (r"^NAME +SCHEDULE +SUSPEND +ACTIVE ", "kubectl prints the column TIMEZONE since 1.30"),
    (
        r"^NAME +(?:STATUS +VOLUME +)?CAPACITY +ACCESS MODES +(?:RECLAIM POLICY +STATUS +CLAIM +)?STORAGECLASS +(?:REASON +)?AGE",
        "kubectl prints the column VOLUMEATTRIBUTESCLASS since 1.29",
    ),
    (r"^NAME +HOSTS +ADDRESS +PORTS +AGE", "kubectl prints the column CLASS since 1.19"),
    (r"^NAME +PROVISIONER +AGE", "kubectl prints RECLAIMPOLICY and other columns since 1.17"),
    (r"^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE$", "kubectl prints NOMINATED NODE and READINESS GATES since 1.12"),
    (r"^NAME +SHORTNAMES +APIGROUP +", "kubectl prints APIVERSION in place of APIGROUP since 1.20"),
    (r"^LAST ?SEEN +FIRST ?SEEN +COUNT ", "`kubectl get events` has other columns since 1.15"),
];

/// Two lines that follow one another in a description only as long as newer fields do not stand between them, and since
/// when these do.
const TOGETHER: &[(&str, &str, &str)] = &[
    (
        r"^Type: +(?:ClusterIP|NodePort|LoadBalancer)$",
        r"^IP: ",
        "kubectl prints IP Family Policy and IP Families since 1.20",
    ),
    (r"^Priority: ", r"^(?:PriorityClassName|Node): ", "kubectl prints the ServiceAccount since 1.22"),
];

/// What is wrong with an output that no supported version prints, even if its command cannot be run.
#[must_use]
pub fn outdated(expected: &ShownOutput) -> Option<Doubt> {
    static TABLE: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        let row = |(old, since): &(&str, &'static str)| (regex(&old.replace("{gone}", kinds::WITHOUT_KINDS)), *since);
        OUTDATED.iter().map(row).collect()
    });
    let known = |line: &str| TABLE.iter().find(|(old, _)| old.is_match(line.trim_end())).map(|(_, since)| *since);
    let mut lines = expected.text.lines().enumerate();
    let alone = lines.find_map(|(index, line)| Some((index, line.trim(), known(line)?)));
    let (index, line, since) = alone.or_else(|| together(&expected.text))?;
    let text = format!("no supported version prints `{line}`{}: {since}", if alone.is_none() { " there" } else { "" });
    Some(Doubt { line: expected.line + index, kind: Defect::Drift, text, instead: None })
}

/// The first line that newer versions do not print directly below the one before it: its index and text, and since when.
fn together(text: &str) -> Option<(usize, &str, &'static str)> {
    static TABLE: LazyLock<Vec<Change>> =
        LazyLock::new(|| TOGETHER.iter().map(|(one, next, since)| (regex(one), regex(next), *since)).collect());
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let follow = |pair: &[&str]| TABLE.iter().find(|(one, next, _)| one.is_match(pair[0]) && next.is_match(pair[1]));
    lines.windows(2).enumerate().find_map(|(index, pair)| Some((index + 1, pair[1], follow(pair)?.2)))
}

/// Columns that newer versions print, or printed once, by the table's other columns.
pub(super) fn of_column(name: &str, is_new: bool) -> Option<&'static str> {
    match (name, is_new) {
        ("STATUS" | "DURATION", true) => Some("`kubectl get jobs` has STATUS since 1.31 and DURATION since 1.12"),
        ("DESIRED" | "SUCCESSFUL", false) => Some("kubectl prints other columns since 1.12"),
        ("CURRENT" | "UP-TO-DATE", _) => Some("`kubectl get deployments` prints READY since 1.15"),
        ("TIMEZONE", true) => Some("`kubectl get cronjobs` has TIMEZONE since 1.30"),
        ("NOMINATED" | "NOMINATED NODE" | "READINESS GATES", true) => Some("`-o wide` has these columns since 1.12"),
        ("VOLUMEATTRIBUTESCLASS", true) => Some("the column exists since 1.29"),
        ("CLUSTER-IP" | "EXTERNAL-IP", _) => Some("kubectl writes the column with a hyphen since 1.3"),
        ("RECLAIMPOLICY" | "VOLUMEBINDINGMODE" | "ALLOWVOLUMEEXPANSION", true) => {
            Some("`kubectl get storageclasses` has these columns since 1.17")
        }
        ("CLASS", true) => Some("`kubectl get ingresses` has CLASS since 1.19"),
        ("CREATED AT", true) => Some("kubectl prints the time instead of the age of a role since 1.18"),
        ("ROLE", true) => Some("`kubectl get rolebindings` has ROLE since 1.19"),
        ("APIVERSION", true) | ("APIGROUP", false) => Some("`kubectl api-resources` has APIVERSION since 1.20"),
        ("ROLES", true) => Some("`kubectl get nodes` has ROLES since 1.8"),
        ("SUBOBJECT" | "SOURCE" | "FIRST SEEN" | "FIRSTSEEN" | "LASTSEEN", false) | ("OBJECT", true) => {
            Some("`kubectl get events` has other columns since 1.15")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_known_by_what_was_printed_and_what_is() {
        for (says, seen) in [
            (r#"pod "web-6d4b75cb6d-hshb4" deleted"#, r#"pod "web-64c966cf88-6zbx7" deleted from default namespace"#),
            (r#"deployments "web" resumed"#, "deployment.apps/web resumed"),
            (r#"node "demo-worker" cordoned"#, "node/demo-worker cordoned"),
            ("Scaled up replica set web-6d4b75cb6d to 2 from 1", "Scaled up replica set web-64c966cf88 from 1 to 2"),
            (
                "0/1 nodes are available: 1 Insufficient cpu.",
                "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. preemption: 0/3 nodes",
            ),
            (
                "1 node(s) had untolerated taint {key: value}, 2 node(s)",
                "1 node(s) had untolerated taint(s), 2 node(s)",
            ),
            ("1 node(s) had taint {key: value}, that the pod didn't tolerate.", "1 node(s) had untolerated taint(s)"),
            (
                r#"error validating data: ValidationError(Pod.spec): unknown field "foo" in io.k8s.api.core.v1.PodSpec"#,
                r#"strict decoding error: unknown field "spec.containers[0].bar", unknown field "spec.foo""#,
            ),
            (
                r#"Error from server (AlreadyExists): deployments.apps "web" already exists"#,
                r#"error: failed to create deployment: deployments.apps "web" already exists"#,
            ),
            (
                "Pods Statuses:  0 Running / 1 Succeeded / 0 Failed",
                "Pods Statuses:    0 Active (0 Ready) / 1 Succeeded / 0 Failed",
            ),
            ("OldReplicaSets:  <none>", "OldReplicaSets:  web-5c45b85bd6 (0/0 replicas created)"),
            (
                r#"User "nobody" cannot list pods in the namespace "shop""#,
                r#"pods is forbidden: User "nobody" cannot list resource "pods" in API group "" in the namespace "shop""#,
            ),
            ("", "IP Family Policy:         SingleStack"),
        ] {
            assert!(of(says, seen).is_some(), "{says}");
        }
        for (says, seen) in [
            (r#"pod "web-0" deleted"#, r#"pod "web-1" deleted from default namespace"#),
            ("Scaled up replica set web-6d4b75cb6d to 3", "Scaled up replica set web-64c966cf88 from 1 to 2"),
            (
                "0/1 nodes are available: 1 Insufficient memory.",
                "0/3 nodes are available: 2 Insufficient cpu. preemption",
            ),
            (
                "Pods Statuses: 0 Running / 2 Succeeded / 0 Failed",
                "Pods Statuses: 0 Active (0 Ready) / 1 Succeeded / 0 Failed",
            ),
            ("", "Session Affinity: None"),
        ] {
            assert_eq!(of(says, seen), None, "{says}");
        }
    }

    #[test]
    fn kubectl_run_made_a_deployment_once() {
        let run = "kubectl run web --image=nginx";
        assert!(of_run(run, r#"deployment "web" created"#, "pod/web created").is_some());
        assert!(of_run(run, "deployment.apps/web created", "pod/other created").is_none());
        assert!(of_run("kubectl apply -f a.yaml", "deployment.apps/web created", "pod/web created").is_none());
    }

    #[test]
    fn an_output_of_an_old_version_shows_without_its_command() {
        let of = |text: &str| {
            outdated(&ShownOutput { line: 7, text: text.into(), ..ShownOutput::default() })
                .map(|doubt| (doubt.line, doubt.text))
        };
        let (line, text) = of("service/web unchanged\npod \"web\" deleted\n").unwrap();
        assert!(line == 8 && text.ends_with("`pod \"web\" deleted`: kubectl names the namespace since 1.34"), "{text}");
        for text in [
            "NAME   CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS      CLAIM   STORAGECLASS   REASON   AGE\n",
            "NAME   STATUS   VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE\n",
            "Name:   web\nType:   NodePort\nIP:     10.0.0.1\n",
            "Name:   web\nPriority:   0\nNode:   a/10.0.0.1\n",
        ] {
            assert!(of(text).is_some(), "{text}");
        }
        for text in [
            "Type:   NodePort\nIP Family Policy:   SingleStack\nIP:     10.0.0.1\n",
            "NAME   STATUS   VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE\n",
            "pod \"web\" deleted from shop namespace",
            "namespace \"shop\" deleted",
            "pod/web created",
            "",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
