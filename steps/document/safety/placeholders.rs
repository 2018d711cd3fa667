//! Parts of commands that only the reader can replace, and general forms of commands, which are not meant to be typed.

use std::sync::LazyLock;

use regex::Regex;

use super::WhyNotRun;
use crate::{
    document::blanks,
    expression::{kubectl_regex, regex},
};

/// A part that only the reader can replace: `<token>`, `YOUR_TOKEN`, `...`, `TYPE NAME`, `[-n NAMESPACE]`.
pub(super) fn placeholder(bare: &str) -> Option<WhyNotRun> {
    static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:^|[\s=/:'\x22@-])(<[A-Za-z][A-Za-z0-9 _./|-]*>|\{[a-z]+[-_ ][a-z-_ ]+\}|\[[a-z]+(?:[-_ ]?[a-z]+|(?:[-_ ][a-z]+){2,})\]|\[[A-Z][A-Z_ ]{2,}\]|YOUR[-_]\w+|your-\w[\w-]*|xxx+|XXX+|\*{4,}|\.\.\.)",
        )
    });
    // An attribute of the page that nothing defines, within a word: `shop{name-suffix}`.
    static WITHIN: LazyLock<Regex> = LazyLock::new(|| regex(r"[\w.-](\{[a-z]+(?:[-_][a-z]+)+\})"));
    static COMMENT: LazyLock<Regex> = LazyLock::new(|| regex(r#"(?m)(^|\s)#[^'"\n]*$"#));
    let bare = COMMENT.replace_all(bare, "$1");
    let mut found = PLACEHOLDER.captures_iter(&bare).filter_map(|found| found.get(1));
    let is_of_name = |text: &str| blanks::first(&bare).is_some_and(|blank| blank.text.contains(text));
    let is_filled = |text: &str| blanks::first(text).is_some() || is_of_name(text);
    let is_left = |text: &str, at: usize| !is_filled(text) && !is_element(text) && !is_said(&bare, at);
    let found = found.find(|found| is_left(found.as_str(), found.start())).map(|found| found.as_str().to_owned());
    let within = || WITHIN.captures(&bare).map(|found| found[1].to_owned());
    found.or_else(within).or_else(|| general_form(&bare)).map(WhyNotRun::Placeholder)
}

/// The part of a general form of a command, as kubectl's help has it: `TYPE NAME`, `[-o wide|yaml]`, `(po|svc)`.
fn general_form(command: &str) -> Option<String> {
    static WORD: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r"(?m)^(?:KUBECTL|oc)\s(?:[^\n'\x22|;&$]*?\s)??(?:(?:-\w|--[a-z-]+)[= ])?(TYPE|NAME|FILE|FILENAME|FILE_NAME|MANIFEST|NAMESPACE|RESOURCE|RESOURCE_TYPE|POD|PODNAME|CONTAINER|DEPLOYMENT|SERVICE|NODE|HOWMANY|COUNT|KIND|OBJECT|[A-Z]+_NAME|(?:MY|YOUR|MI|MEU|MINHA|MON|MEIN)_[A-Z_]+)(?:\s|$)",
        )
    });
    static CHOICE: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(r"(?m)^(?:KUBECTL|oc|docker|helm)\s[^\n'\x22|;&$]*?\s(\[--?\w[^\]\n]*\]|\([a-z]+(?:\|[a-z]+)+\))")
    });
    // Words for a name: no object has a name with this sign.
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r"(?m)^(?:KUBECTL|oc)\s+(?:-n\s+\S+\s+)?(?:get|describe|delete|logs|exec|edit|scale|expose|port-forward|rollout\s+\w+)\s(?:[^\n'\x22|;&$]*?\s)??(?:\w+/)?([A-Za-z_]+_name|(?:my|your)_[a-z_]+)(?:\s|$)",
        )
    });
    // Nobody quotes a command of kubectl, or a simple name; one with this sign is no name either.
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r#"(?m)^(?:KUBECTL|oc)\s+(?:[^\n'"|;&$]*?(?:\s|/|--(?:port|name|namespace|replicas)=))?["']([^\W\d_]+(?:_[^\W_]+)+)["'](?:[/:\s]|$)|^(?:KUBECTL|oc)\s+["']([^\W\d_]+)["']\s"#,
        )
    });
    let own = command.split(" -- ").next().unwrap_or_default();
    let quoted = QUOTED.captures(own).and_then(|found| found.get(1).or(found.get(2)));
    let is_label = |quoted: &regex::Match<'_>| {
        let before = own[..quoted.start()].trim_end_matches(['"', '\'']).trim_end();
        ["-l", "--selector", "--labels"].iter().any(|option| before.ends_with(option))
    };
    if let Some(quoted) = quoted.filter(|quoted| !own.contains("--from-literal") && !is_label(quoted)) {
        return Some(quoted.as_str().to_owned());
    }
    let found = CHOICE.captures(own).or_else(|| WORD.captures(own)).or_else(|| NAME.captures(own))?;
    Some(found[1].to_owned())
}

/// Whether the dots, or signs, at a place stand in a text that a command only prints: `echo "Waiting ..."`.
fn is_said(command: &str, at: usize) -> bool {
    static SAYS: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"(?:^|[;&|]|\b(?:do|then|else))\s*(?:echo|printf)\s[^;&|]*["'][^;&|]*$"#));
    let line = command[..at].rsplit('\n').next().unwrap_or_default();
    command[at..].starts_with("...") && SAYS.is_match(line)
}

/// Whether a text is the tag of an element of HTML, which a command looks for in a page: `grep '<title>'`.
fn is_element(text: &str) -> bool {
    const ELEMENTS: [&str; 22] = [
        "a", "b", "body", "br", "center", "div", "em", "h1", "h2", "h3", "head", "hr", "html", "i", "li", "p", "pre",
        "strong", "td", "title", "tr", "ul",
    ];
    let name = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    name.is_some_and(|name| ELEMENTS.contains(&name.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(command: &str) -> Option<String> {
        match placeholder(command)? {
            WhyNotRun::Placeholder(text) => Some(text),
            _ => None,
        }
    }

    #[test]
    fn a_general_form_is_not_typed_as_it_is() {
        for (command, part) in [
            ("kubectl scale TYPE NAME --replicas=3", "TYPE"),
            ("kubectl create -f FILENAME", "FILENAME"),
            ("kubectl apply -f FILE", "FILE"),
            ("kubectl scale deploy/web --replicas=HOWMANY", "HOWMANY"),
            ("kubectl get pods [-n NAMESPACE] [-o wide|yaml]", "[-n NAMESPACE]"),
            ("kubectl logs [-f] web", "[-f]"),
            ("kubectl describe (po|svc) web", "(po|svc)"),
            ("kubectl get pods -l app=redis-*****", "*****"),
            ("kubectl delete rs ReplicaSet_name", "ReplicaSet_name"),
            ("kubectl get pods POD -o yaml", "POD"),
            ("kubectl expose deployment MEU_DEPLOYMENT --port=80", "MEU_DEPLOYMENT"),
            ("kubectl run \"pod_ismi\" --image=\"image_ismi\" --restart=Never", "pod_ismi"),
            ("kubectl port-forward \"тип_объекта\"/\"имя\" 80:80", "тип_объекта"),
            ("kubectl \"komut\" -w", "komut"),
        ] {
            assert_eq!(replaced(command).as_deref(), Some(part), "{command}");
        }
    }

    #[test]
    fn what_is_meant_as_it_stands_is_typed() {
        for command in [
            "for ns in a b; do\n  echo \"Looking at ${ns} ........\"\n  kubectl get pods -n ${ns}\ndone",
            "echo 'Waiting ...'",
            "kubectl exec web -- printenv MYSQL_USER",
            "kubectl exec web printenv MYSQL_USER",
            "kubectl config use-context PROD",
            "kubectl create namespace TEST",
            "kubectl get pods web_1",
            "kubectl create secret generic db --from-literal=user='db_user' --from-literal \"pass_word\"",
            "kubectl exec web -- sh -c \"my_program\"",
            "kubectl get pods -l 'app=web_shop'",
            "kubectl get pods -l \"is_web\"",
            "kubectl create deployment web --image=\"flask_app\"",
            "kubectl patch svc web -p '{\"spec\":{\"type\":\"NodePort\"}}'",
            "kubectl logs web -c init_db",
            "kubectl set env deploy/web LOG_LEVEL=debug",
            "kubectl get pods -o custom-columns=NAME:.metadata.name",
            "kubectl get nodes -o jsonpath='{.items[*].status.addresses[?(@.type==\"InternalIP\")].address}'",
            "kubectl create configmap c --from-literal=APP_COLOR=blue",
            "kubectl get secret s -o go-template='{{ .data.PASSWORD }}'",
        ] {
            assert_eq!(replaced(command), None, "{command}");
        }
    }
}
