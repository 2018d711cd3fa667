//! What a document leaves to its reader and labproof can fill in: the name or the address of an object, such as
//! `<pod-name>` and `NODE_IP`.

use std::sync::LazyLock;

use regex::Regex;

use super::names::{self, singular};
use crate::expression::{kubectl_regex, regex};

/// A blank that stands for a value of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blank {
    /// How the document writes it.
    pub text: String,
    /// The kind of the object, as kubectl takes it: `pod`; empty if the document does not say it.
    pub kind: String,
    /// The field with the value, as a path of kubectl's templates: `.metadata.name`.
    pub field: &'static str,
    /// How the name of the object begins; empty if the document does not say it.
    pub stem: String,
}

/// The first such blank of a command: `web-<id>`, `<pod>`, `<name-of-the-pod>`, `<node-ip>`, `<NodePort>`, and `POD_IP`
/// where a program takes the name of a host.
#[must_use]
pub fn first(command: &str) -> Option<Blank> {
    with_open_end(command).or_else(|| in_place_of_a_value(command))
}

/// The first blank in place of a whole value.
fn in_place_of_a_value(command: &str) -> Option<Blank> {
    static IN_BRACKETS: LazyLock<Regex> = LazyLock::new(|| regex(r"<([\p{L}][\p{L} _'’-]*)>"));
    static HOST: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?:^|[\s|;&(])(?:curl|wget|ping|nc|telnet)\s(?:[^|;&]*[\s/])?((?:[A-Z]+_)*IP)(?:[:/\s]|$)")
    });
    let bracketed = IN_BRACKETS.captures_iter(command).map(|found| (found[0].to_owned(), found[1].to_owned()));
    let capitals = HOST.captures(command).map(|found| (found[1].to_owned(), found[1].to_owned()));
    let mut blanks = bracketed.chain(capitals);
    blanks.find_map(|(text, words)| {
        let words = words.to_lowercase();
        let (kind, field) = value_of(&words).or_else(|| Some((named(&words)?, ".metadata.name")))?;
        Some(Blank { text, kind: kind.to_owned(), field, stem: String::new() })
    })
}

/// The first name of an existing object whose end the reader must replace: `web-<id>`, `web-[hash]`, `web-xxxxx-xxxxx`,
/// `web-*****`, `web-...`.
fn with_open_end(command: &str) -> Option<Blank> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        const END: &str = r"(?:<[\p{L}][^<>\s]*>|\[[\p{L}][^\[\]\s]*\]|\{[\p{L}][^{}\s]*\}|[xX]{3,}|\*{3,}|\.{3}|…)";
        let verb = r"(?:logs|exec|attach|debug|port-forward|cp|(?:get|describe|delete|edit|scale|label|annotate)\s+(?:(?:-n|--namespace)[ =]\S+\s+)?([a-z]+)[\s/])";
        kubectl_regex(&format!(
            r"(?:^|[|;&]\s*)KUBECTL\s(?:[^|;&'\x22]*?\s)??{verb}(?:[^|;&'\x22]*?\s)??(?:([a-z]+)/)?(([a-z0-9][a-z0-9.-]*?-){END}(?:-{END})*)"
        ))
    });
    let found = NAME.captures(command.split(" -- ").next().unwrap_or_default())?;
    let kind = found.get(2).or(found.get(1)).map_or("pod", |kind| kind.as_str());
    let (text, stem) = (found[3].to_owned(), found[4].to_owned());
    Some(Blank { text, kind: names::singular(kind), field: ".metadata.name", stem })
}

/// The kind of the object whose name these words describe, in any language: `pod-name`, `nombre-del-pod`, `имя-пода`.
fn named(words: &str) -> Option<&'static str> {
    const KINDS: &[(&str, &str)] = &[
        ("pod", "pod|пода|под|ポッド|파드"),
        ("node", "node|nodo|knoten|nœud|noeud|узла|узел|ноды|ノード|노드|节点"),
        ("deployment", "deployment"),
        ("replicaset", "replicaset"),
        ("statefulset", "statefulset"),
        ("daemonset", "daemonset"),
        ("service", "service|svc|сервиса|サービス|서비스"),
        ("cronjob", "cronjob"),
        ("job", "job"),
        ("configmap", "configmap"),
        ("secret", "secret"),
        ("pvc", "pvc"),
        ("ingress", "ingress"),
    ];
    // What is asked for besides a name is something else: the image of a Pod, the port of a Service.
    const OTHER: &str = "image port container contenedor conteneur token label selector file yaml manifest spec path \
        folder url host ip address user password key value tag namespace account type class uid id hash template size \
        count number replicas version status command";
    let mut all = words.split([' ', '-', '_', '\'', '’']);
    if all.clone().any(|word| OTHER.split(' ').any(|other| other == word)) {
        return None;
    }
    let is_kind = |word: &str, names: &str| {
        names.split('|').any(|name| word == name || word.strip_prefix(name).is_some_and(|rest| !rest.is_ascii()))
    };
    let joined = |word: &str| word.strip_suffix("name").filter(|rest| !rest.is_empty()).unwrap_or(word).to_owned();
    all.find_map(|word| KINDS.iter().find(|(_, names)| is_kind(&joined(word), names))).map(|(kind, _)| *kind)
}

/// The kind and the field of an address or a port that these words describe: `pod-ip`, `NODE_IP`, `NodePort`.
fn value_of(words: &str) -> Option<(&'static str, &'static str)> {
    const FILLERS: &[&str] = &["", "the", "your", "my", "a", "of", "address", "addr", "s", "ip"];
    if ["nodeport", "node-port", "node_port", "node port"].contains(&words) {
        return Some(("service", ".spec.ports[0].nodePort"));
    }
    // `podip` is two words.
    let words = words.replace("ip", " ip ");
    let words: Vec<&str> = words.split([' ', '-', '_', '\'']).collect();
    let mut kinds = words.iter().filter(|word| !FILLERS.contains(word)).map(|word| match *word {
        "pod" => Some(("pod", ".status.podIP")),
        "node" | "worker" | "internal" => Some(("node", ".status.addresses[0].address")),
        "service" | "svc" | "cluster" => Some(("service", ".spec.clusterIP")),
        _ => None,
    });
    let kind = kinds.next().unwrap_or(Some(("", "")));
    let is_one = kinds.all(|other| other == kind);
    kind.filter(|_| is_one && words.contains(&"ip"))
}

/// The field of an address of this kind of object.
#[must_use]
pub fn address_of(kind: &str) -> &'static str {
    value_of(&format!("{kind}-ip")).map_or(".metadata.name", |(_, field)| field)
}

/// The namespace that a command of kubectl names by an option.
#[must_use]
pub fn namespace_of(command: &str) -> Option<String> {
    static NAMESPACE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"\s(?:-n[ =]?|--namespace[ =])[\x22']?([a-z0-9][a-z0-9-]*)"));
    let mut parts = command.split(['|', ';', '&', '\n']).map(str::trim_start);
    let own = parts.find(|part| part.split_whitespace().next().is_some_and(names::is_kubectl))?;
    // What stands behind it is for a program in a container.
    let own = own.split(" -- ").next().unwrap_or_default();
    NAMESPACE.captures(own).map(|found| found[1].to_owned())
}

/// The kinds that a command lists, each with the first name in the table that it has printed.
#[must_use]
pub fn listed(command: &str, stdout: &str) -> Vec<(String, String)> {
    static LISTS: LazyLock<Regex> = LazyLock::new(|| kubectl_regex(r"^KUBECTL\s(?:.*\s)?get\s+([a-z]+)(,?)"));
    let Some(found) = LISTS.captures(command.trim()) else { return Vec::new() };
    if &found[1] == "all" || !found[2].is_empty() {
        return of_several_kinds(stdout);
    }
    let kind = singular(&found[1]);
    let mut lines = stdout.lines();
    let header = lines.next().unwrap_or_default();
    let Some(column) = header.split_whitespace().position(|name| name == "NAME") else { return Vec::new() };
    // Neither what the cluster itself needs nor the Service of the API server is ever meant.
    let is_of_cluster =
        |line: &&str| header.starts_with("NAMESPACE") && (line.starts_with("kube-") || line.starts_with("local-path-"));
    let mut names = lines.filter(|line| !is_of_cluster(line)).filter_map(|line| line.split_whitespace().nth(column));
    let name = names.find(|name| kind != "service" || *name != "kubernetes");
    name.map(|name| (kind, name.to_owned())).into_iter().collect()
}

/// The first name of each kind in tables whose names have their kind before them: `pod/web`.
fn of_several_kinds(stdout: &str) -> Vec<(String, String)> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)^([a-z]+)(?:\.[a-z0-9.]+)?/([\w.-]+)\s"));
    let mut all: Vec<(String, String)> = Vec::new();
    for found in NAME.captures_iter(stdout) {
        if !all.iter().any(|(kind, _)| *kind == found[1]) && &found[2] != "kubernetes" {
            all.push((found[1].to_owned(), found[2].to_owned()));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_kubectl_names_a_namespace() {
        for (command, name) in [
            ("kubectl get pods -n shop", Some("shop")),
            ("cd x && kubectl logs web --namespace=shop", Some("shop")),
            ("kubectl logs <pod-name> | tail -n 5", None),
            ("kubectl exec web -- find . -name x", None),
            ("echo -n x", None),
        ] {
            assert_eq!(namespace_of(command).as_deref(), name, "{command}");
        }
    }

    #[test]
    fn the_name_of_an_object_can_be_filled_in() {
        for text in ["<pod>", "<pod-name>", "<POD_NAME>", "<your-pod-name>", "<name of the pod>", "<your pod>"] {
            let blank = Blank { text: text.into(), kind: "pod".into(), field: ".metadata.name", stem: String::new() };
            assert_eq!(first(&format!("kubectl logs {text}")), Some(blank));
        }
        for text in ["<nombre-del-pod>", "<nom du pod>", "<имя-пода>", "<pod名>", "<podname>"] {
            assert_eq!(
                first(&format!("kubectl logs {text}")).map(|blank| blank.kind).as_deref(),
                Some("pod"),
                "{text}"
            );
        }
        for text in [
            "<image-of-the-pod>",
            "<pvc-size>",
            "<service-account>",
            "<pod external ip>",
            "<token>",
            "<container-name>",
            "<image>",
            "pod",
            "<my-app>",
        ] {
            assert_eq!(first(&format!("kubectl logs {text}")), None, "{text}");
        }
    }

    #[test]
    fn the_end_of_a_name_can_be_filled_in() {
        for (command, text, kind, stem) in [
            ("kubectl logs web-<pod-id>", "web-<pod-id>", "pod", "web-"),
            ("kubectl logs -f web-<hash>-<id> -c main", "web-<hash>-<id>", "pod", "web-"),
            ("kubectl port-forward pod/web-[id] 8080:80 --address=0.0.0.0", "web-[id]", "pod", "web-"),
            ("kubectl scale rs/web-[id] --replicas=2", "web-[id]", "replicaset", "web-"),
            ("kubectl -n shop exec -it web-xxxxx-xxxxx -- sh", "web-xxxxx-xxxxx", "pod", "web-"),
            ("kubectl describe pod redis-*****-*****", "redis-*****-*****", "pod", "redis-"),
            ("kubectl get rs -n shop web-...", "web-...", "replicaset", "web-"),
            ("kubectl delete pod -n shop my-app-{id}", "my-app-{id}", "pod", "my-app-"),
        ] {
            let blank = first(command).map(|blank| (blank.text, blank.kind, blank.stem));
            assert_eq!(blank, Some((text.to_owned(), kind.to_owned(), stem.to_owned())), "{command}");
        }
        for command in [
            "kubectl create deployment web-<your-name> --image=nginx",
            "kubectl exec web -- echo web-<id>",
            "kubectl get pods -l app=web-xxx",
            "kubectl run web-<id> --image=nginx",
            "kubectl get pods -o wide | grep web-<id>",
        ] {
            assert_eq!(first(command), None, "{command}");
        }
    }

    #[test]
    fn an_address_can_be_filled_in() {
        for (command, text, kind) in [
            ("curl <pod-ip>:80", "<pod-ip>", "pod"),
            ("curl http://<PodIP>", "<PodIP>", "pod"),
            ("curl <IP of the service>", "<IP of the service>", "service"),
            ("wget -qO- <CLUSTER-IP>", "<CLUSTER-IP>", "service"),
            ("wget -O- SERVICE_CLUSTER_IP:6262 # as well", "SERVICE_CLUSTER_IP", "service"),
            ("curl http://NODE_IP:31931/", "NODE_IP", "node"),
            ("wget -O- IP:80", "IP", ""),
            ("curl localhost:<NodePort>", "<NodePort>", "service"),
        ] {
            let blank = first(command).map(|blank| (blank.text, blank.kind));
            assert_eq!(blank, Some((text.to_owned(), kind.to_owned())), "{command}");
        }
        for command in [
            "IP=$(kubectl get svc)",
            "curl $IP:80",
            "kubectl run a --env=\"IP=$IP\"",
            "curl <external-ip>",
            "echo IP",
            "curl ZIP",
        ] {
            assert_eq!(first(command), None, "{command}");
        }
    }

    #[test]
    fn the_first_of_a_listing_is_meant() {
        let named = |kind: &str, name: &str| vec![(kind.to_owned(), name.to_owned())];
        assert_eq!(listed("kubectl get pods -l app=a", "NAME  READY\nweb-1 1/1\nweb-2 1/1\n"), named("pod", "web-1"));
        assert_eq!(listed("kubectl get po -A", "NAMESPACE NAME\ndefault web\n"), named("pod", "web"));
        assert_eq!(listed("kubectl get svc", "NAME TYPE\nkubernetes a\nweb b\n"), named("service", "web"));
        assert_eq!(listed("kubectl get ingress", "NAME\na\n"), named("ingress", "a"));
        let tables = "NAME  READY\ndeployment.apps/web  1/1\n\nNAME  READY\npod/web-1  1/1\npod/web-2  1/1\n";
        let both = [named("deployment", "web"), named("pod", "web-1")].concat();
        assert_eq!(listed("kubectl get deploy,pods", tables), both);
        assert_eq!(listed("kubectl get all", tables), both);
        assert_eq!(listed("kubectl get pods", "No resources found\n"), []);
        assert_eq!(listed("kubectl get pods -o yaml", "apiVersion: v1\n"), []);
        assert_eq!(listed("kubectl logs web", "NAME\nx\n"), []);
    }
}
