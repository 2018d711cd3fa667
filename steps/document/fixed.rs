//! Names and ports that the commands and files of a document fix, so that nothing else may use them at the same time.

use std::{collections::BTreeSet, sync::LazyLock};

use crate::expression::{kubectl_regex, regex};
use regex::Regex;

/// The ports of this machine that a text uses.
#[must_use]
pub fn ports(text: &str) -> Vec<u16> {
    static FORWARDS: LazyLock<Regex> = LazyLock::new(|| regex(r"\bport-forward\s([^\n|;&]*)"));
    static FORWARDED: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:^|\s)(\d{2,5})(?::\d+)?(?:\s|$)"));
    static PUBLISHED: LazyLock<Regex> =
        LazyLock::new(|| regex(r"\s(?:-p|--publish)[= ]?[\x22']?(?:[\d.]+:)?(\d{2,5}):"));
    let forwards = options_of(&FORWARDS, text, &FORWARDED);
    let published = options_of(&RUNS, text, &PUBLISHED);
    forwards.into_iter().chain(published).filter_map(|port| port.parse().ok()).collect()
}

/// The names that a text gives to containers of the engine.
#[must_use]
pub fn containers(text: &str) -> Vec<String> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| regex(r"\s--name[= ][\x22']?([\w.-]+)"));
    options_of(&RUNS, text, &NAME)
}

/// The names that a text gives to images: those that it builds, and those of another image or a container.
#[must_use]
pub fn images(text: &str) -> Vec<String> {
    static BUILDS: LazyLock<Regex> =
        LazyLock::new(|| regex(r"\b(?:docker|podman|nerdctl) (?:buildx |image )?build\b([^\n|;&]*)"));
    static TAG: LazyLock<Regex> = LazyLock::new(|| regex(r"\s(?:-\w*t|--tag)[= ]?[\x22']?([\w][\w./:@-]*)"));
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"\b(?:docker|podman|nerdctl) (?:image |container )?(?:tag|commit)\s+(?:-\S+\s+)*[\w][\w./:@-]*\s+[\x22']?([\w][\w./:@-]*)",
        )
    });
    let joined = text.replace("\\\n", " ");
    let named = NAMED.captures_iter(&joined).map(|found| found[1].to_owned());
    options_of(&BUILDS, text, &TAG).into_iter().chain(named).collect()
}

/// Commands that make containers of the engine.
static RUNS: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\b(?:docker|podman|nerdctl) (?:container )?(?:run|create)\b([^\n|;&]*)"));

/// The values of an option in all such commands of a text. A command may continue on the next line.
fn options_of(commands: &Regex, text: &str, option: &Regex) -> Vec<String> {
    let text = text.replace("\\\n", " ");
    let values = |found: regex::Captures<'_>| {
        let mut values = Vec::new();
        let (line, mut index) = (found[1].to_owned(), 0);
        // A blank may end one value and begin the next.
        while let Some(value) = option.captures_at(&line, index).and_then(|found| found.get(1)) {
            values.push(value.as_str().to_owned());
            index = value.end();
        }
        values
    };
    commands.captures_iter(&text).flat_map(values).collect()
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
    fn what_commands_fix_is_found_in_all_their_options_and_lines() {
        let run = "docker run -d \\\n  --name web \\\n  -p 8080:80 -p127.0.0.1:8443:443 nginx\ndocker container create --name=db -p 5432 x";
        assert_eq!((containers(run), ports(run)), (vec!["web".into(), "db".into()], vec![8080, 8443]));
        assert_eq!(ports("kubectl -n x port-forward svc/web \\\n 8080:80 9090 & sleep 10"), [8080, 9090]);
        let build =
            "docker build \\\n  -t shop:1 --tag=shop:latest . && docker buildx build -f x -t base .\ndocker tag a b";
        assert_eq!(images(build), ["shop:1", "shop:latest", "base", "b"]);
        assert_eq!(images("docker build -qt web:2 ."), ["web:2"]);
        assert_eq!(images("docker commit web \\\n  shop:2 && docker image tag shop:2 shop:3"), ["shop:2", "shop:3"]);
    }

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
