//! What a document leaves to its reader and labproof can fill in: the name of an object, such as `<pod-name>`.

use std::sync::LazyLock;

use regex::Regex;

use super::regex;

/// A blank that stands for the name of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blank {
    /// How the document writes it.
    pub text: String,
    /// The kind, as kubectl takes it: `pod`.
    pub kind: String,
}

/// The first such blank of a command: `<pod>`, `<pod-name>`, `<your pod name>`, `<name-of-the-pod>`.
#[must_use]
pub fn first(command: &str) -> Option<Blank> {
    static BLANK: LazyLock<Regex> = LazyLock::new(|| {
        let kinds =
            "pod|node|deployment|replicaset|statefulset|daemonset|service|svc|job|cronjob|configmap|secret|pvc|ingress";
        regex(&format!(
            r"(?i)<(?:(?:your|the|my)[-_ ])?(?:name[-_ ]of[-_ ](?:(?:your|the)[-_ ])?)?({kinds})(?:[-_ ]?name)?>"
        ))
    });
    BLANK.captures(command).map(|found| Blank { text: found[0].to_owned(), kind: found[1].to_lowercase() })
}

/// The kind that a command lists and the first name in the table that it has printed.
#[must_use]
pub fn listed(command: &str, stdout: &str) -> Option<(String, String)> {
    static LISTS: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:kubectl|k)\s(?:.*\s)?get\s+([a-z]+)(?:\s|$)"));
    let kind = &LISTS.captures(command.trim())?[1];
    let kind = match kind {
        "po" => "pod",
        "no" => "node",
        "deploy" => "deployment",
        "services" => "service",
        "cm" => "configmap",
        "ingresses" => "ingress",
        kind => kind.strip_suffix('s').filter(|_| kind != "ingress").unwrap_or(kind),
    };
    let mut lines = stdout.lines();
    let column = lines.next()?.split_whitespace().position(|name| name == "NAME")?;
    Some((kind.to_owned(), lines.next()?.split_whitespace().nth(column)?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_object_can_be_filled_in_and_nothing_else() {
        for text in ["<pod>", "<pod-name>", "<POD_NAME>", "<your-pod-name>", "<name of the pod>", "<your pod>"] {
            assert_eq!(first(&format!("kubectl logs {text}")), Some(Blank { text: text.into(), kind: "pod".into() }));
        }
        for text in ["<token>", "<pod-ip>", "<container-name>", "<image>", "pod"] {
            assert_eq!(first(&format!("kubectl logs {text}")), None, "{text}");
        }
    }

    #[test]
    fn the_first_of_a_listing_is_meant() {
        let named = |kind: &str, name: &str| Some((kind.to_owned(), name.to_owned()));
        assert_eq!(listed("kubectl get pods -l app=a", "NAME  READY\nweb-1 1/1\nweb-2 1/1\n"), named("pod", "web-1"));
        assert_eq!(listed("kubectl get po -A", "NAMESPACE NAME\ndefault web\n"), named("pod", "web"));
        assert_eq!(listed("kubectl get ingress", "NAME\na\n"), named("ingress", "a"));
        assert_eq!(listed("kubectl get pods", "No resources found\n"), None);
        assert_eq!(listed("kubectl get pods -o yaml", "apiVersion: v1\n"), None);
        assert_eq!(listed("kubectl logs web", "NAME\nx\n"), None);
    }
}
