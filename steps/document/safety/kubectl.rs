//! What a kubectl command changes that others use: nodes, the cluster's own namespaces, all namespaces, all of a kind.

/// Verbs that change what exists.
const CHANGES: &[&str] =
    &["annotate", "delete", "edit", "label", "patch", "replace", "rollout", "scale", "set", "autoscale"];

/// Verbs that make something, or act in a container.
const MAKES: &[&str] = &["apply", "create", "run", "expose", "exec", "cp", "debug"];

/// Of `rollout`, what only reads.
const READS: &[&str] = &["status", "history"];

/// Options whose value is a word of its own.
const WITH_VALUES: &[&str] = &[
    "-l",
    "--selector",
    "-f",
    "--filename",
    "-k",
    "--kustomize",
    "-o",
    "--output",
    "-p",
    "--patch",
    "-c",
    "--container",
    "--type",
    "--field-selector",
    "--context",
    "--kubeconfig",
    "--cluster",
    "--user",
    "--as",
    "--replicas",
    "--timeout",
    "--grace-period",
    "--cascade",
    "--image",
    "-v",
    "--v",
    "-s",
    "--server",
    "--token",
    "--as-group",
    "--request-timeout",
    "--cache-dir",
    "--certificate-authority",
    "--client-key",
    "--client-certificate",
    "--tls-server-name",
    "--username",
    "--password",
];

/// Kinds of objects that belong to the whole cluster, as a command may call them.
const OF_THE_CLUSTER: &[&str] = &[
    "crd",
    "customresourcedefinition",
    "pv",
    "persistentvolume",
    "sc",
    "storageclass",
    "clusterrole",
    "clusterrolebinding",
    "apiservice",
    "namespace",
    "ns",
    "priorityclass",
    "pc",
    "ingressclass",
    "csinode",
    "validatingadmissionpolicy",
    "validatingadmissionpolicybinding",
    "mutatingwebhookconfiguration",
    "validatingwebhookconfiguration",
];

/// A kubectl command, as far as its harm depends on it.
#[derive(Debug, Default)]
struct Command<'a> {
    /// The verb, and what it is about.
    words: Vec<&'a str>,
    namespace: Option<&'a str>,
    in_all_namespaces: bool,
    all_of_a_kind: bool,
}

impl<'a> Command<'a> {
    fn of(command: &'a str) -> Option<Self> {
        let mut read = Self::default();
        let mut words = command.strip_prefix("kubectl ")?.split(' ').map(|word| word.trim_matches(['"', '\'']));
        while let Some(word) = words.next() {
            match word {
                "-n" | "--namespace" => read.namespace = words.next(),
                "-A" | "--all-namespaces" | "--all-namespaces=true" => read.in_all_namespaces = true,
                "--all" | "--all=true" => read.all_of_a_kind = true,
                _ if WITH_VALUES.contains(&word) => _ = words.next(),
                _ => match word.strip_prefix("--namespace=").or_else(|| word.strip_prefix("-n")) {
                    Some(name) => read.namespace = Some(name.trim_start_matches('=')),
                    None if word.starts_with('-') => {}
                    None => read.words.push(word),
                },
            }
        }
        Some(read)
    }

    fn changes(&self) -> bool {
        let is_reading = self.words.get(1).is_some_and(|word| READS.contains(word));
        self.words.first().is_some_and(|verb| CHANGES.contains(verb) && !(*verb == "rollout" && is_reading))
    }

    /// The kinds that the command names, in one form.
    fn kinds(&self) -> Vec<String> {
        let named = self.words.iter().skip(1).take(1).flat_map(|word| word.split(','));
        let with_slash = self.words.iter().skip(2).filter(|word| word.contains('/'));
        let kind = |word: &str| {
            let kind = word.split(['/', '.']).next().unwrap_or_default().to_ascii_lowercase();
            kind.strip_suffix("sses").map_or_else(
                || kind.strip_suffix('s').filter(|kind| kind.len() > 1 && *kind != "n").unwrap_or(&kind).to_owned(),
                |stem| format!("{stem}ss"),
            )
        };
        named.chain(with_slash.copied()).map(kind).collect()
    }

    /// The names of objects that the command names.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.words.iter().skip(1).flat_map(|word| word.split('/'))
    }
}

/// Whether a namespace holds what the cluster needs.
fn is_of_the_cluster(namespace: &str) -> bool {
    namespace.starts_with("kube-") || namespace == "local-path-storage"
}

/// What a kubectl command does, such as `delete`; `None` for another program.
pub(super) fn verb(command: &str) -> Option<&str> {
    Command::of(command)?.words.first().copied()
}

/// Why a kubectl command is not typed: it changes what the cluster or others need.
pub(super) fn harm(command: &str) -> Option<&'static str> {
    let read = Command::of(command)?;
    let makes = read.words.first().is_some_and(|verb| MAKES.contains(verb));
    if read.namespace.is_some_and(is_of_the_cluster) && (makes || read.changes()) {
        return Some("it changes what the cluster needs");
    }
    if !read.changes() {
        return None;
    }
    if read.in_all_namespaces {
        return Some("it changes all namespaces");
    }
    if read.words.first() != Some(&"delete") {
        return None;
    }
    let kinds = read.kinds();
    let is = |names: &[&str]| kinds.iter().any(|kind| names.contains(&kind.as_str()));
    if is(&["node", "no"]) {
        return Some("it removes a node of the cluster");
    }
    if is(&["namespace", "ns"]) && read.names().any(|name| is_of_the_cluster(name) || name == "default") {
        return Some("it removes what the cluster needs");
    }
    (read.all_of_a_kind && is(OF_THE_CLUSTER)).then_some("it removes all of a kind from the cluster")
}

#[cfg(test)]
mod tests {
    use super::harm;

    #[test]
    fn what_others_need_is_known_wherever_the_options_stand() {
        for command in [
            "kubectl -n kube-system delete deploy coredns",
            "kubectl delete deploy coredns -n kube-system",
            "kubectl --namespace=kube-system scale deploy/coredns --replicas=0",
            "kubectl scale deploy coredns -n kube-system --replicas=0",
            "kubectl patch ds kube-proxy -nkube-system -p '{}'",
            "kubectl rollout restart ds/kube-proxy -n kube-system",
            "kubectl -A delete pods --all",
            "kubectl delete pods --all --all-namespaces",
            "kubectl delete --all nodes",
            "kubectl delete node demo-worker",
            "kubectl delete no/demo-worker",
            "kubectl delete ns kube-system",
            "kubectl delete pod/a namespace/default",
            "kubectl delete namespaces --all",
            "kubectl delete storageclasses --all",
            "kubectl delete --all pv",
            "kubectl -v 6 delete --all pv",
            "kubectl -n kube-system apply -f coredns.yaml",
            "kubectl exec -n kube-system etcd-demo-control-plane",
            "kubectl delete clusterroles --all",
        ] {
            assert!(harm(command).is_some(), "{command}");
        }
        for command in [
            "kubectl get pods -A",
            "kubectl get all -n kube-system",
            "kubectl -n kube-system rollout status deploy coredns",
            "kubectl logs -n kube-system -l k8s-app=kube-dns",
            "kubectl delete pod web",
            "kubectl delete pods --all",
            "kubectl delete ns shop",
            "kubectl delete pod default",
            "kubectl scale deploy web --replicas=0",
            "kubectl label node demo-worker disk=ssd",
            "kubectl delete pv data-1",
            "kubectl delete -f node.yaml",
        ] {
            assert_eq!(harm(command), None, "{command}");
        }
    }
}
