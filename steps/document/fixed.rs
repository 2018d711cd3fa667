//! Names and ports that the commands and files of a document fix, so that nothing else may use them at the same time.

use std::{collections::BTreeSet, sync::LazyLock};

use crate::expression::{kubectl_regex, regex};
use regex::Regex;

/// The ports of this machine that a text uses.
#[must_use]
pub fn ports(text: &str) -> Vec<u16> {
    static PORT: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"port-forward\s+(?:\S+\s+)*?(\d{2,5})(?::\d+)?(?:\s|$)|docker run\b[^\n]*?\s(?:-p|--publish)[= ](?:[\d.]+:)?(\d{2,5}):",
        )
    });
    PORT.captures_iter(text).filter_map(|found| found.get(1).or(found.get(2))?.as_str().parse().ok()).collect()
}

/// The names that a text gives to containers of the engine.
#[must_use]
pub fn containers(text: &str) -> Vec<String> {
    static CONTAINER: LazyLock<Regex> = LazyLock::new(|| regex(r"docker (?:run|create)\b[^\n]*?--name[= ]([\w.-]+)"));
    CONTAINER.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// Whether a text names the namespace `default`.
#[must_use]
pub fn uses_default(text: &str) -> bool {
    static DEFAULT: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r"(?:KUBECTL|helm)\b[^\n|;&]*?\s(?:-n|--namespace)[= ]?[\x22']?default(?:[\x22'\s]|$)|KUBECTL\s+(?:label|annotate|describe|get|patch)\s+(?:ns|namespaces?)[\s/]+default(?:\s|$)|[{,]\s*namespace:\s*[\x22']?default[\x22']?\s*[,}]|\.default(?:\.svc|[\s:/'\x22]|$)|(?m)^\s*(?:namespace|kubernetes\.io/metadata\.name):\s*[\x22']?default[\x22']?\s*$|system:serviceaccounts?:default\b|serviceaccount[= ]default:",
        )
    });
    DEFAULT.is_match(text)
}

/// The namespaces that these texts create.
#[must_use]
pub fn new_namespaces(texts: &[String]) -> BTreeSet<String> {
    static COMMAND: LazyLock<Regex> =
        LazyLock::new(|| kubectl_regex(r"KUBECTL\s+create\s+(?:namespace|ns)\s+([a-z0-9][a-z0-9-]*)"));
    static MANIFEST: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?m)^\s*kind:\s*Namespace\s*\n(?:.*\n)*?\s*name:\s*([a-z0-9][a-z0-9-]*)"));
    let found =
        |rule: &Regex, text: &str| rule.captures_iter(text).map(|found| found[1].to_owned()).collect::<Vec<_>>();
    texts.iter().flat_map(|text| [found(&COMMAND, text), found(&MANIFEST, text)].concat()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_namespace_default_is_known_wherever_it_is_named() {
        for text in [
            "kubectl -n default get pods",
            "kubectl get pods -n \"default\"",
            "helm install web ./web --namespace default",
            "kubectl label ns default team=web",
            "metadata: {name: web, namespace: default}",
            "  namespace: default",
        ] {
            assert!(uses_default(text), "{text}");
        }
        for text in ["kubectl get pods", "kubectl get storageclass default", "strategy: {type: default}"] {
            assert!(!uses_default(text), "{text}");
        }
    }
}
