//! Kubernetes' own kinds of objects, to find misspelt ones.
//!
//! It knows kinds of custom resources only where a text defines them or has an object of theirs.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use crate::{
    expression::regex,
    kinds::{KINDS, versions},
    sheet::spelling::distance,
};

/// Finds the error in a kind's name, and the name that was probably meant.
pub(super) fn wrong(kind: &str) -> Option<(String, String)> {
    if versions(kind).is_some() {
        return None;
    }
    let near = KINDS.iter().map(|known| (distance(kind, known.name), known.name));
    let (apart, known) = near.min_by_key(|(apart, _)| *apart)?;
    let hint = if apart <= kind.len() / 3 {
        format!("did you mean {known}?")
    } else {
        "write a kind of Kubernetes as manifests have it, such as Pod or ConfigMap".to_owned()
    };
    Some((format!("there is no kind {kind:?} in Kubernetes"), hint))
}

/// The kind that was meant, of Kubernetes or of these custom ones, if this is a misspelt one. A kind that looks like none
/// of them may be another custom one.
pub(super) fn meant<'a>(kind: &str, custom: &'a BTreeSet<String>) -> Option<&'a str> {
    if versions(kind).is_some() || custom.contains(kind) || kind.contains('.') {
        return None;
    }
    let known = KINDS.iter().map(|known| known.name).chain(custom.iter().map(String::as_str));
    let near = known.map(|known| (distance(kind, known), known)).min()?;
    (near.0 <= 2).then_some(near.1)
}

/// The custom kinds that a text defines, or whose objects it has: the text of a manifest, in YAML or JSON, or of commands
/// that contain some.
pub(super) fn custom(text: &str) -> BTreeSet<String> {
    text.split("\n---").flat_map(custom_in_one).collect()
}

/// The same for one document of YAML. Its kinds are custom if it is in a group that Kubernetes does not have, or defines one.
fn custom_in_one(document: &str) -> BTreeSet<String> {
    static FIELD: LazyLock<Regex> = LazyLock::new(|| regex(r#"\b(kind|apiVersion)["']?:\s*["']?([\w./-]+)"#));
    let (kinds, versions_of): (Vec<_>, Vec<_>) =
        FIELD.captures_iter(document).map(|found| found.extract().1).partition(|[field, _]| *field == "kind");
    let is_custom = versions_of.iter().any(|[_, version]| version.contains('/') && !is_kubernetes_own(version));
    let defines = kinds.iter().any(|[_, kind]| *kind == "CustomResourceDefinition");
    let unknown = kinds.into_iter().map(|[_, kind]| kind).filter(|kind| versions(kind).is_none());
    unknown.filter(|_| is_custom || defines).map(str::to_owned).collect()
}

/// What is wrong with the kind and the API version of an object, and what to write. What a custom resource brings has a
/// group of its own, and is not known here.
pub(super) fn wrong_object(api_version: &str, kind: &str) -> Option<(String, String)> {
    let Some(versions) = versions(kind) else {
        return if is_kubernetes_own(api_version) { wrong(kind) } else { None };
    };
    let is_ours = is_kubernetes_own(api_version) && !versions.contains(&api_version);
    let first = versions.first().filter(|_| is_ours)?;
    let message = format!("apiVersion: {api_version} has no {kind} in Kubernetes 1.34 or newer");
    Some((message, format!("write apiVersion: {first}")))
}

/// Whether the group of an API version is one of Kubernetes itself, today or in former versions.
fn is_kubernetes_own(api_version: &str) -> bool {
    let group = |version: &str| version.rsplit_once('/').map_or("", |(group, _)| group).to_owned();
    let wanted = group(api_version);
    let has_version = api_version.rsplit('/').next().is_some_and(|version| version.starts_with('v'));
    let mut known = KINDS.iter().flat_map(|kind| kind.versions);
    has_version && (wanted == "extensions" || known.any(|version| group(version) == wanted))
}

/// Whether YAML is meant as a manifest: it says that it is an object of a kind of Kubernetes, and is no template.
pub(super) fn is_meant(text: &str) -> bool {
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
    let kind = value("kind:").map(|kind| kind.trim().trim_matches(['"', '\'']));
    value("apiVersion:").is_some() && kind.is_some_and(|kind| versions(kind).is_some()) && !text.contains("{{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_kind_gets_a_suggestion() {
        for (wrote, meant) in
            [("pods", "Pod"), ("Configmap", "ConfigMap"), ("pod", "Pod"), ("Deployments", "Deployment")]
        {
            assert_eq!(wrong(wrote).unwrap().1, format!("did you mean {meant}?"));
        }
        assert!(wrong("Bananas").unwrap().1.starts_with("write a kind") && wrong("Pod").is_none());
    }

    #[test]
    fn a_custom_kind_is_no_misspelt_one() {
        let none = BTreeSet::new();
        assert_eq!((meant("Deploymnt", &none), meant("Configmap", &none)), (Some("Deployment"), Some("ConfigMap")));
        assert!(
            ["Widget", "Gateway", "Ingress.networking.k8s.io", "Node"].iter().all(|kind| meant(kind, &none).is_none())
        );
        let custom = BTreeSet::from(["Widget".to_owned(), "Pot".to_owned()]);
        assert_eq!(
            (meant("Widgit", &custom), meant("Widget", &custom), meant("Pot", &custom)),
            (Some("Widget"), None, None)
        );
    }

    #[test]
    fn a_text_defines_kinds_by_definitions_and_by_objects_in_other_groups() {
        let defines = |text: &str| custom(text).contains("CronTab");
        assert!(defines("kind: CustomResourceDefinition\nspec:\n  names: {plural: crontabs, kind: CronTab}\n"));
        assert!(defines(r#"{"apiVersion": "stable.example.com/v1", "kind": "CronTab"}"#));
        assert!(defines("cat <<EOF | kubectl apply -f -\napiVersion: stable.example.com/v1\nkind: CronTab\nEOF\n"));
        let misspelt = "apiVersion: batch/v1\nkind: CronTab\n";
        assert!(!defines(misspelt), "a misspelt CronJob");
        let other = "apiVersion: stable.example.com/v1\nkind: Other\n";
        assert!(!defines(&format!("{other}---\n{misspelt}")) && custom(other).contains("Other"));
    }

    #[test]
    fn an_api_version_without_the_kind_names_the_one_that_has_it() {
        for (version, kind, hint) in [
            ("apps/v1beta1", "Deployment", "write apiVersion: apps/v1"),
            ("extensions/v1beta1", "Ingress", "write apiVersion: networking.k8s.io/v1"),
            ("v1", "Deployment", "write apiVersion: apps/v1"),
            ("batch/v1beta1", "CronJob", "write apiVersion: batch/v1"),
            ("apps/v1", "Pod", "write apiVersion: v1"),
            ("apps/v1", "Deploymnet", "did you mean Deployment?"),
        ] {
            assert_eq!(wrong_object(version, kind).map(|(_, hint)| hint).as_deref(), Some(hint), "{version} {kind}");
        }
        for (version, kind) in [
            ("v1", "Pod"),
            ("autoscaling/v1", "HorizontalPodAutoscaler"),
            ("serving.knative.dev/v1", "Service"),
            ("kustomize.config.k8s.io/v1beta1", "Kustomization"),
            ("example.com/v1", "Deploymnet"),
        ] {
            assert_eq!(wrong_object(version, kind), None, "{version} {kind}");
        }
    }

    #[test]
    fn other_yaml_is_no_manifest() {
        assert!(is_meant("apiVersion: v1\nkind: Pod\n"));
        let others =
            ["replicas: 2\n", "apiVersion: v1\nkind: List\nitems: []\n", "kind: Pod\napiVersion: {{ .Values.x }}\n"];
        let more = [
            "apiVersion: v2\nname: chart\n",
            "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\n",
            "- Pod\n",
        ];
        assert!(others.into_iter().chain(more).all(|text| !is_meant(text)));
    }
}
