//! Finds out what a scenario needs exclusively, apart from its namespace, from its commands and the lab's files that
//! they name. An unnecessary claim costs a little time, but a missing claim leads to a wrong verdict. Therefore,
//! everything in doubt is claimed.

pub mod images;

use std::{
    borrow::Cow,
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use regex::Regex;

use crate::{
    expression::regex,
    kinds::{KINDS, Kind, Scope},
    machine::{claim::Claim, content},
    project::{Lab, LabFile, OURS},
    vocabulary::{Scenario, Step},
    yaml,
};

/// The size in bytes up to which a file is read: that of the largest manifests of operators, several times.
const LARGEST: u64 = 16 * 1024 * 1024;

/// A part of a command that names objects without a namespace, by a kind's plural, singular or short name, with or without
/// its group.
static KIND: LazyLock<Regex> = LazyLock::new(|| {
    let words = words(Scope::Cluster);
    regex(&format!(r"(?i)(^|[\s,/'=])({words}|gatewayclass(es)?)($|[\s,./'=])"))
});

/// Verbs that change objects.
static CHANGES: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(^|\s)(create|delete|apply|replace|patch|edit|label|annotate|set|run|certificate|approve|reconcile|debug)($|\s)",
    )
});

/// Commands that change such objects or may do so: verbs about nodes, installers, manifests from elsewhere.
static ALWAYS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(^|\s)(taint|cordon|uncordon|drain|helm|helmfile|istioctl|cilium|linkerd|operator-sdk|kustomize)($|\s)|(^|\s)(-f|-k|--filename|--kustomize)[\s=]*['\x22]?(https?://|\$)|\|\s*(sh|bash)($|\s)",
    )
});

/// An object without a namespace in a manifest. Custom kinds whose names say so count as well.
static MANIFEST: LazyLock<Regex> = LazyLock::new(|| {
    let kinds: Vec<&str> = of_scope(Scope::Cluster).map(|kind| kind.name).collect();
    let kinds = kinds.join("|");
    regex(&format!(r#"["']?kind["']?:\s*["']?({kinds}|Cluster\w+|\w+Class)["']?\s*($|[,}}#\n])"#))
});

/// The kinds, in commands and in manifests, of objects that everything in the cluster depends on.
static SHARED: LazyLock<Regex> = LazyLock::new(|| {
    let words = words(Scope::Everybody);
    regex(&format!(r#"(?i)(^|[\s,/'":])({words})($|[\s,./'=}}#"])"#))
});

/// The kinds with this scope or a wider one.
fn of_scope(least: Scope) -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().filter(move |kind| kind.scope >= least)
}

/// The names of these kinds for kubectl, as alternatives of an expression.
fn words(least: Scope) -> String {
    of_scope(least).flat_map(Kind::words).collect::<Vec<_>>().join("|")
}

/// A port of the nodes in a manifest or a command.
static NODE_PORT: LazyLock<Regex> = LazyLock::new(|| regex(r#"nodePort["']?:\s*["']?(\d+)|--node-port[=\s](\d+)"#));

/// All claims of a scenario: those of its sentences, and those on the shared cluster.
#[must_use]
pub fn claims(scenario: &Scenario, lab: &Lab, cluster: &str) -> BTreeSet<Claim> {
    let mut claims = scenario.claims();
    // Changes to a throwaway cluster disappear with that cluster.
    if !claims.iter().any(|claim| matches!(claim, Claim::Cluster(_))) {
        let steps = scenario.steps.iter().map(text);
        let (texts, unread) = with_files(steps.collect(), &lab.folder);
        claims.extend(of(&texts, cluster));
        if unread {
            claims.extend([Claim::ClusterObjects(cluster.to_owned()), Claim::Whole(cluster.to_owned())]);
        }
    }
    if !claims.contains(&Claim::Whole(cluster.to_owned())) {
        claims.insert(Claim::Use(cluster.to_owned()));
    }
    claims.extend(of_images(scenario, lab));
    claims
}

/// The claims of a scenario on images of the engine. A submission's images have names of their own.
#[must_use]
pub fn of_images(scenario: &Scenario, lab: &Lab) -> BTreeSet<Claim> {
    if lab.work.is_submitted() {
        return BTreeSet::new();
    }
    let steps: Vec<String> = scenario.steps.iter().map(text).collect();
    let (own, matched) = (steps.len(), scenario.steps.iter().filter_map(Step::sentence));
    let typed = matched.flat_map(|(_, arguments)| arguments.of_other_kinds(&[]).chain(arguments.block()));
    let typed: Vec<String> = typed.map(str::to_owned).collect();
    let files = with_files(steps, &lab.folder).0.into_iter().skip(own);
    let LabFile { pulls, bases, builds, .. } = &lab.file;
    let known = pulls.iter().chain(bases).chain(builds.iter().map(|build| &build.image)).cloned().collect();
    images::of(&typed.into_iter().chain(files).collect::<Vec<_>>(), &known)
}

/// The claims that these texts need.
#[must_use]
pub fn of(texts: &[String], cluster: &str) -> BTreeSet<Claim> {
    let ports = texts.iter().flat_map(|text| NODE_PORT.captures_iter(text));
    let ports = ports.filter_map(|found| found.get(1).or(found.get(2))?.as_str().parse().ok());
    let mut claims: BTreeSet<Claim> = ports.map(Claim::NodePort).collect();
    let reached = texts.iter().map(|text| reached(text)).max().unwrap_or(Scope::Namespace);
    if reached >= Scope::Cluster {
        claims.insert(Claim::ClusterObjects(cluster.to_owned()));
    }
    if reached >= Scope::Everybody {
        claims.insert(Claim::Whole(cluster.to_owned()));
    }
    claims
}

/// How far a text reaches.
fn reached(text: &str) -> Scope {
    let text = text.replace("\\\n", " ");
    let commands = text.split(['\n', ';', '&', '|', '`', '(', ')', '{', '}', '"']);
    let changes = commands.filter(|command| CHANGES.is_match(command) && KIND.is_match(command));
    let objects = MANIFEST.find_iter(&text).map(|found| found.as_str());
    let far = |part: &str| if SHARED.is_match(part) { Scope::Everybody } else { Scope::Cluster };
    let always = text.lines().any(|line| ALWAYS.is_match(line)).then_some(Scope::Everybody);
    changes.chain(objects).map(far).chain(always).max().unwrap_or(Scope::Namespace)
}

fn text(step: &Step) -> String {
    format!("{}\n{}", step.written.value, step.written.docstring.as_deref().unwrap_or_default())
}

/// These texts, and the lab's files that they name, directly or by a folder, and the files that those name in turn. A
/// command that names its own folder or contains an asterisk counts as naming all files. The boolean is true if a named
/// manifest could not be read.
fn with_files(mut texts: Vec<String>, folder: &Path) -> (Vec<String>, bool) {
    let mut files: Vec<PathBuf> = content::files(folder).unwrap_or_default();
    // No command of a scenario uses these.
    files.retain(|file| !OURS.iter().any(|ours| file.starts_with(folder.join(ours))));
    let (mut next, mut unread) = (0, false);
    while let Some(text) = texts.get(next).cloned() {
        next += 1;
        let (named, others) =
            files.into_iter().partition(|file| names(&text, file.strip_prefix(folder).unwrap_or(file)));
        files = others;
        unread |= named.iter().any(|file| is_too_large(file));
        texts.extend(named.iter().filter_map(|file: &PathBuf| read(file)));
    }
    (texts, unread)
}

fn names(text: &str, file: &Path) -> bool {
    static HERE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(-f|-k|--filename|--kustomize|-R)[\s=]+\.?/?($|\s)|(^|[\s/\w.-])[*]"));
    let names_all = text.contains("kubectl") && HERE.is_match(text);
    names_all || file.iter().any(|part| stands_in(text, &part.to_string_lossy()))
}

/// Whether a text contains this part of a path as a whole, not as part of a longer name.
fn stands_in(text: &str, part: &str) -> bool {
    let ends = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric() && !"-_.".contains(letter));
    text.match_indices(part)
        .any(|(at, _)| ends(text[..at].chars().next_back()) && ends(text[at + part.len()..].chars().next()))
}

/// Whether a manifest is too large to be read here.
fn is_too_large(file: &Path) -> bool {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["yaml", "yml", "json"].contains(&ending) && !is_small(file)
}

fn is_small(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|data| data.len() <= LARGEST)
}

fn read(file: &Path) -> Option<String> {
    let bytes = is_small(file).then(|| fs::read(file).ok()).flatten()?;
    yaml::text(&bytes).ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims_of(text: &str) -> Vec<String> {
        of(&[text.to_owned()], "demo").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_changes_objects_without_a_namespace_is_claimed() {
        for text in [
            "I run \"kubectl create clusterrole reader --verb=get --resource=pods\"",
            "kubectl label node/demo-worker disk=ssd",
            "kubectl  label \\\n  nodes demo-worker disk-",
            "kubectl taint nodes demo-worker a=b:NoSchedule",
            "n=$(kubectl get no -o name | head -1); kubectl cordon $n",
            "kubectl drain demo-worker --ignore-daemonsets",
            "kubectl create ns shop",
            "kubectl -n x delete clusterrolebindings.rbac.authorization.k8s.io,role a",
            "kubectl patch storageclass standard -p '{}'",
            "helm install cert jetstack/cert-manager",
            "kubectl apply -f https://example.com/all.yaml",
            "kubectl apply -f - <<EOF\napiVersion: v1\nkind: PersistentVolume\nEOF",
            "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {}}",
            "kind: ValidatingWebhookConfiguration",
            "kind: CustomResourceDefinition # ours",
        ] {
            assert!(claims_of(text).contains(&"cluster-objects-demo".into()), "{text}");
        }
    }

    #[test]
    fn what_every_scenario_depends_on_is_changed_by_one_that_runs_alone() {
        for text in [
            "kubectl taint nodes demo-worker a=b:NoSchedule",
            "kubectl get nodes -o name | xargs kubectl cordon",
            "kubectl label no --all disk=ssd",
            "kubectl patch storageclass standard -p '{}'",
            "kubectl delete sc/standard",
            "kind: ValidatingWebhookConfiguration",
            "{\"kind\": \"MutatingAdmissionPolicyBinding\"}",
            "kubectl apply -f https://example.com/all.yaml",
        ] {
            assert_eq!(claims_of(text), ["cluster-in-use-demo", "cluster-objects-demo"], "{text}");
        }
        for text in [
            "kubectl create clusterrole reader --verb=get --resource=nodes",
            "kubectl create ns shop",
            "kind: PersistentVolume",
            "kind: CustomResourceDefinition",
        ] {
            assert_eq!(claims_of(text), ["cluster-objects-demo"], "{text}");
        }
    }

    #[test]
    fn what_only_looks_or_stays_in_its_namespace_is_not_claimed() {
        for text in [
            "kubectl get nodes -o wide",
            "kubectl describe pv",
            "kubectl create deployment web --image nginx",
            "kubectl label pod hello no-way=1",
            "kubectl delete pods --all",
            "kubectl get pods | grep node; kubectl create -f pod.yaml",
            "kind: PersistentVolumeClaim",
            "kind: Role",
            "kind: ConfigMap",
        ] {
            assert_eq!(claims_of(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_fixed_node_port_is_claimed() {
        assert_eq!(claims_of("ports: [{port: 80, nodePort: 30080}]"), ["node-port-30080"]);
        assert_eq!(claims_of("kubectl create service nodeport web --tcp=80 --node-port=30081"), ["node-port-30081"]);
    }

    #[test]
    fn the_labs_files_that_are_named_count_and_so_do_those_that_they_name() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("rbac")).unwrap();
        fs::write(folder.path().join("setup.sh"), "kubectl apply -f rbac/").unwrap();
        fs::write(folder.path().join("rbac/all.yaml"), "kind: ClusterRole\n").unwrap();
        let claims = |text: &str| of(&with_files(vec![text.to_owned()], folder.path()).0, "demo").len();
        for names in
            ["bash lab/setup.sh", "kubectl apply -f .", "cat *.yaml | kubectl apply -f -", "kubectl apply -f rbac/*"]
        {
            assert_eq!(claims(names), 1, "{names}");
        }
        for other in ["kubectl get pods", "kubectl get pods -o jsonpath='{.items[*].metadata.name}'"] {
            assert_eq!(claims(other), 0, "{other}");
        }
    }
}
