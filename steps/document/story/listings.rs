//! Listings that a page shows below a command that prints none: those of the command by which the reader looks at the result.

use std::sync::LazyLock;

use regex::Regex;

use crate::expression::{kubectl_regex, regex};

/// The columns of listings, each with the command that prints them.
const LISTINGS: [(&str, &str); 9] = [
    ("NAME READY STATUS RESTARTS AGE", "kubectl get pods"),
    ("NAME READY UP-TO-DATE AVAILABLE AGE", "kubectl get deployments"),
    ("NAME DESIRED CURRENT READY AGE", "kubectl get replicasets"),
    ("NAME READY AGE", "kubectl get statefulsets"),
    ("NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE", "kubectl get services"),
    ("NAME DATA AGE", "kubectl get configmaps"),
    ("NAME TYPE DATA AGE", "kubectl get secrets"),
    ("NAME STATUS VOLUME CAPACITY ACCESS MODES STORAGECLASS VOLUMEATTRIBUTESCLASS AGE", "kubectl get pvc"),
    ("NAME STATUS VOLUME CAPACITY ACCESS MODES STORAGECLASS AGE", "kubectl get pvc"),
];

/// The command whose listing a page shows below one that changes something.
pub(super) fn listing_after(command: &str, output: &str) -> Option<String> {
    static CHANGES: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r"^KUBECTL\s+(?:-n\s+\S+\s+)?(?:apply|create|delete|run|expose|scale|set|patch|replace|label|annotate|autoscale|rollout\s+(?:undo|restart|pause|resume))\s",
        )
    });
    static NAMESPACE: LazyLock<Regex> = LazyLock::new(|| regex(r"\s(-n|--namespace)[ =](\S+)"));
    let header = output.trim_start().lines().next()?.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, lists) = LISTINGS.iter().find(|(columns, _)| *columns == header)?;
    if !CHANGES.is_match(command.trim()) || command.contains("--dry-run") || command.contains("-o ") {
        return None;
    }
    let namespace = NAMESPACE.captures(command).map(|found| format!(" -n {}", &found[2])).unwrap_or_default();
    Some(format!("{lists}{namespace}"))
}

#[cfg(test)]
mod tests {
    use super::listing_after;

    #[test]
    fn a_table_is_no_output_of_a_change() {
        let pods = "NAME   READY   STATUS    RESTARTS   AGE\nweb    1/1     Running   0          1s\n";
        for (command, lists) in [
            ("kubectl apply -f web.yaml", Some("kubectl get pods")),
            ("kubectl delete pod web -n shop", Some("kubectl get pods -n shop")),
            ("kubectl get pods", None),
            ("kubectl apply -f web.yaml --dry-run=client", None),
        ] {
            assert_eq!(listing_after(command, pods).as_deref(), lists, "{command}");
        }
        assert_eq!(listing_after("kubectl apply -f web.yaml", "pod/web created\n"), None);
    }
}
