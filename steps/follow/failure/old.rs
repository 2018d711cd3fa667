//! Failures of what worked with an older version, and since when it does not.

use std::sync::LazyLock;

use regex::Regex;

use crate::{document::review::versions, expression::regex};

/// Commands and messages of what is gone, each with since when.
const GONE: &[(&str, &str, &str)] = &[
    ("", r"exec \[POD\] \[COMMAND\] is not supported", "kubectl requires `--` before the command since 1.31"),
    (
        r"kubectl run\b",
        r"unknown flag: --(generator|replicas|schedule|limits|requests|hostport|serviceaccount|cascade|grace-period|timeout|wait)\b",
        "`kubectl run` makes only Pods, and lost its other options from 1.18 to 1.24",
    ),
    (r"kubectl get\b", r"unknown flag: --show-all|shorthand flag: 'a'", "`get --show-all` is gone since 1.15"),
    (r"kubectl get\b", r"unknown flag: --export", "`get --export` is gone since 1.18"),
    (r"kubectl version\b", r"unknown flag: --short", "`version --short` is gone since 1.28; it is the default"),
    ("", r"unknown flag: --record", "`--record` is deprecated since 1.22, and most commands have lost it"),
    ("", r"unknown flag: --delete-local-data", "the option is called `--delete-emptydir-data` since 1.20"),
    (
        r"kubectl patch\b.*resources",
        "pod updates may not change fields other than",
        "a Pod's resources change with `--subresource resize` since 1.32",
    ),
    (r"kubectl alpha debug\b", "", "`kubectl debug` has left alpha in 1.20"),
    (
        r"kubectl alpha (?:diff|events|auth|kustomize|subresource)\b",
        "",
        "the command has left alpha; leave `alpha` out",
    ),
    ("", r#"unknown command "rolling-update""#, "`rolling-update` is gone since 1.18; use `kubectl rollout`"),
    ("", r#"unknown command "convert""#, "`convert` is a plugin since 1.20"),
    (r"kubectl (?:stop|resize|update|run-container)\b", "unknown command", "kubectl lost the command before 1.5"),
    (r"kubectl (?:expose|autoscale|create)\b", "unknown flag: --generator", "kubectl has no generators since 1.24"),
    (
        "",
        "unknown flag: --(?:experimental-server-side|server-dry-run)",
        "the options are `--server-side` and `--dry-run=server` since 1.18",
    ),
    ("", "unknown flag: --include-uninitialized", "the option is gone since 1.16"),
    (r"kubectl top\b", "unknown flag: --heapster", "`kubectl top` asks the metrics server since 1.21"),
    ("", r"Invalid dry-run value \((?:true|false)\)", "`--dry-run` takes `client` or `server` since 1.23"),
    ("", r#"deployments\.apps "kube-dns" not found"#, "the cluster's DNS is the Deployment coredns since 1.13"),
    ("", r#""heapster" not found"#, "Heapster is gone since 1.13; use the metrics server"),
    ("", r#""tiller-deploy" not found"#, "Helm has no Tiller since version 3"),
    (
        r"node-role\.kubernetes\.io/master",
        r"taint .*not found|no nodes? (?:match|found)|No resources found",
        "the label and the taint are called control-plane since 1.24",
    ),
    (
        "",
        r#"resource type "(?:petsets?|scheduledjobs?|thirdpartyresources?)""#,
        "they are called StatefulSet, CronJob and CustomResourceDefinition since 1.8 at the latest",
    ),
    (
        "",
        r#"resource type "(psp|podsecuritypolic\w+)""#,
        "PodSecurityPolicy is gone since 1.25; use Pod Security admission",
    ),
    (
        "",
        r#"unknown field "spec\.(rules\[\d+\]\.http\.paths\[\d+\]\.backend\.service(Name|Port)|backend)"#,
        "an Ingress names its Service in `backend.service` since networking.k8s.io/v1, in 1.19",
    ),
    (
        "",
        r"paths\[\d+\]\.pathType: Required value",
        "an Ingress requires `pathType` since networking.k8s.io/v1, in 1.19",
    ),
    (
        "",
        r#"unknown field "spec\.(?:targetCPUUtilizationPercentage|metrics\[\d+\]\.\w+\.target(?:Average\w+|Value))""#,
        "an autoscaler names its `target` in `metrics` since autoscaling/v2, in 1.23",
    ),
    (
        "",
        r#"unknown field "spec\.(?:version|validation|additionalPrinterColumns|subresources|JSONPath)""#,
        "a CustomResourceDefinition has it in each of `versions` since apiextensions.k8s.io/v1, in 1.16",
    ),
];

/// Since when a command fails that an older version accepted; `None` if no version that labproof knows did.
pub(in crate::follow) fn since(command: &str, said: &str) -> Option<String> {
    static TABLE: LazyLock<Vec<(Regex, Regex, &str)>> =
        LazyLock::new(|| GONE.iter().map(|(command, said, since)| (regex(command), regex(said), *since)).collect());
    static VERSION: LazyLock<Regex> = LazyLock::new(|| regex(r#"no matches for kind "(\w+)" in version "([^"]+)""#));
    let found = TABLE.iter().find(|(typed, message, _)| typed.is_match(command) && message.is_match(said));
    if let Some((_, _, since)) = found {
        return Some((*since).to_owned());
    }
    let named = VERSION.captures(said)?;
    let (now, since) = versions::gone(&named[1], &named[2])?;
    let instead = if now.is_empty() { "nothing took its place".to_owned() } else { format!("write {now}") };
    Some(format!("{} of {} is gone since {since}; {instead}", &named[2], &named[1]))
}

/// Whether a message is about a manifest that names the new version and has, or lacks, a field as the old one did.
pub(super) fn is_of_new_version(said: &str) -> bool {
    said.contains("unknown field \"spec.") || said.contains(".pathType: Required value")
}

#[cfg(test)]
mod tests {

    #[test]
    fn what_an_older_version_accepted_names_the_version_that_refuses_it() {
        for (command, said, since) in [
            ("kubectl exec web ls", "error: exec [POD] [COMMAND] is not supported anymore.", "1.31"),
            ("kubectl run a --generator=run-pod/v1", "error: unknown flag: --generator", "1.18"),
            ("kubectl get pods -a", "error: unknown shorthand flag: 'a' in -a", "1.15"),
            ("kubectl get pod a --export", "error: unknown flag: --export", "1.18"),
            ("kubectl rolling-update a", "error: unknown command \"rolling-update\" for \"kubectl\"", "1.18"),
            ("kubectl alpha events", "error: unknown command \"events\" for \"kubectl alpha\"", "leave `alpha` out"),
            ("kubectl get deploy kube-dns", "deployments.apps \"kube-dns\" not found", "1.13"),
            ("kubectl taint no a node-role.kubernetes.io/master-", "error: taint \"x\" not found", "1.24"),
            ("kubectl get psp", "error: the server doesn't have a resource type \"psp\"", "1.25"),
            ("x", "no matches for kind \"Deployment\" in version \"extensions/v1beta1\"", "1.16"),
        ] {
            assert!(super::since(command, said).unwrap_or_default().contains(since), "{command}");
        }
        assert_eq!(super::since("kubectl scale a --replica=3", "error: unknown flag: --replica"), None);
        assert_eq!(super::since("x", "no matches for kind \"Deployment\" in version \"apps/v2\""), None);
    }
}
