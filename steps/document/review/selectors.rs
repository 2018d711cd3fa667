//! What Services select: Pods of the document, and ports that these have. What commands select: labels of the document.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::{
    Doubt,
    objects::{self, Labels, ReviewedObject},
};
use crate::{
    document::{
        names,
        story::{Deed, Story, Typed},
    },
    expression::kubectl_regex,
};

/// The Services that select nothing of the document, or another port than that of what they select.
pub(super) fn doubts(all: &[ReviewedObject], story: &Story) -> Vec<Doubt> {
    if objects::may_make_others(story) || objects::commands(story).iter().any(|command| command.contains(" label ")) {
        return Vec::new();
    }
    let by_command = objects::labels_by_command(story);
    let has_namespaces = objects::commands(story)
        .iter()
        .any(|command| [" -n ", " --namespace", "set-context", "kubens"].iter().any(|words| command.contains(words)));
    let services = all.iter().filter(|object| object.kind == "Service");
    services.flat_map(|service| of_service(service, all, &by_command, has_namespaces)).collect()
}

fn of_service(
    service: &ReviewedObject,
    all: &[ReviewedObject],
    by_command: &[Labels],
    has_namespaces: bool,
) -> Vec<Doubt> {
    let selector = service.value.pointer("/spec/selector").map(objects::labels).unwrap_or_default();
    let pods: Vec<(&ReviewedObject, Labels)> =
        all.iter().filter_map(|object| Some((object, object.pod_labels()?))).collect();
    if selector.is_empty() || (pods.is_empty() && by_command.is_empty()) {
        return Vec::new();
    }
    let fits = |labels: &Labels| selector.iter().all(|(key, value)| labels.get(key) == Some(value));
    if by_command.iter().any(fits) {
        return Vec::new();
    }
    let selected: Vec<&ReviewedObject> =
        pods.iter().filter(|(_, labels)| fits(labels)).map(|(object, _)| *object).collect();
    if !selected.is_empty() {
        let elsewhere = if has_namespaces { None } else { other_namespace(service, &selected) };
        return elsewhere.or_else(|| wrong_port(service, &selected)).into_iter().collect();
    }
    // The only Pod that may be meant has ports as well.
    let meant = pods.first().filter(|_| pods.len() == 1 && by_command.is_empty());
    let port = meant.and_then(|(object, _)| wrong_port(service, &[object]));
    let labels: Vec<&Labels> = pods.iter().map(|(_, labels)| labels).chain(by_command).collect();
    selects_nothing(service, &selector, &labels).into_iter().chain(port).collect()
}

fn selects_nothing(service: &ReviewedObject, selector: &Labels, all: &[&Labels]) -> Option<Doubt> {
    // The label that no Pod has, if the others fit.
    let is_foreign = |(key, value): &(&String, &String)| !all.iter().any(|labels| labels.get(*key) == Some(*value));
    let (key, value) = selector.iter().find(is_foreign).or_else(|| selector.iter().next())?;
    let has: Vec<String> = all.iter().filter(|labels| !labels.is_empty()).map(|labels| shown(labels)).collect();
    let has =
        if has.is_empty() { "its Pods have no labels".to_owned() } else { format!("its Pods have {}", has.join("; ")) };
    let text =
        format!("{} selects {}, and no Pod of the document has these labels: {has}", service.shown(), shown(selector));
    let doubt = Doubt::mistake(service.line_of(&[key, value]), text);
    let others_fit =
        |labels: &&&Labels| selector.iter().all(|(other, wanted)| other == key || labels.get(other) == Some(wanted));
    let real = all.iter().filter(others_fit).find_map(|labels| labels.get(key));
    Some(match real {
        Some(real) => doubt.instead(value, real),
        None => doubt,
    })
}

/// A Service in another namespace than the Pods that it selects.
fn other_namespace(service: &ReviewedObject, selected: &[&ReviewedObject]) -> Option<Doubt> {
    let other = selected.first().filter(|_| selected.iter().all(|object| object.namespace != service.namespace))?;
    let place = |namespace: &Option<String>| {
        namespace.as_ref().map_or_else(|| "no namespace".to_owned(), |name| format!("the namespace {name}"))
    };
    let text = format!(
        "{} names {}, and {} names {}: a Service selects only Pods of its own namespace",
        service.shown(),
        place(&service.namespace),
        other.shown(),
        place(&other.namespace)
    );
    Some(Doubt::mistake(service.line_of(&["metadata:"]), text))
}

/// A port of a Service that the Pods do not have, if they name their ports.
fn wrong_port(service: &ReviewedObject, pods: &[&ReviewedObject]) -> Option<Doubt> {
    let declared: Vec<&Value> = pods
        .iter()
        .flat_map(|pod| pod.containers())
        .filter_map(|container| container.get("ports")?.as_array())
        .flatten()
        .collect();
    if declared.is_empty() {
        return None;
    }
    let ports = service.value.pointer("/spec/ports")?.as_array()?;
    let targets: Vec<&Value> = ports.iter().filter_map(|port| port.get("targetPort").or(port.get("port"))).collect();
    let is_there = |target: &Value| {
        declared.iter().any(|port| match target {
            Value::String(name) => port.get("name").and_then(Value::as_str) == Some(name),
            number => port.get("containerPort") == Some(number),
        })
    };
    // A container may listen on a port that it does not declare, beside one that it does.
    let is_known =
        |target: &&Value| is_there(target) || target.is_number() && targets.iter().any(|other| is_there(other));
    let wrong = targets.iter().copied().find(|target| !is_known(target))?;
    let shown: Vec<String> = declared.iter().filter_map(|port| Some(port.get("containerPort")?.to_string())).collect();
    let target = wrong.as_str().map_or_else(|| wrong.to_string(), str::to_owned);
    let text = format!(
        "{} sends to the port {target}, which its Pods do not have: they have {}",
        service.shown(),
        shown.join(" and ")
    );
    let field = if service.text.contains("targetPort") { "targetPort" } else { "port" };
    Some(Doubt::mistake(service.line_of(&[field, &target]), text))
}

/// Whether Kubernetes itself sets this label, so that objects which the document does not show may have it.
fn is_set_by_controllers(key: &str) -> bool {
    let owner = key.split_once('/').map_or("", |(owner, _)| owner);
    let is_kubernetes_own = owner.ends_with("kubernetes.io") || owner.ends_with("k8s.io");
    (is_kubernetes_own && owner != "app.kubernetes.io")
        || ["controller-revision-hash", "controller-uid", "job-name", "pod-template-hash"].contains(&key)
}

/// The commands that select a value of a label which nothing in the document has, if something has another value of it.
pub(super) fn in_commands(all: &[ReviewedObject], story: &Story) -> Vec<Doubt> {
    static SELECTS: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(r"KUBECTL\s(?:[^\n|;&]*\s)?(?:-l|--selector)[= ]?[\x22']?([\w./-]+)==?([\w.-]+)[\x22']?(?:\s|$)")
    });
    static ELSEWHERE: LazyLock<Regex> =
        LazyLock::new(|| kubectl_regex(r"\s(?:-n|--namespace|-A|--all-namespaces)\b|KUBECTL label"));
    let commands = objects::commands(story);
    if objects::may_make_others(story) || commands.iter().any(|command| ELSEWHERE.is_match(command)) {
        return Vec::new();
    }
    let mut has: Vec<Labels> = objects::labels_by_command(story);
    has.extend(all.iter().flat_map(|object| [Some(object.labels()), object.pod_labels()]).flatten());
    let typed = story.acts.iter().filter_map(|act| match &act.deed {
        Deed::Type(typed) if !typed.may_fail && !shows_nothing(typed) => Some((act.line, typed)),
        _ => None,
    });
    let wrong = typed.filter_map(|(line, typed)| {
        let found = SELECTS.captures(&typed.command)?;
        let (key, value) = (&found[1], &found[2]);
        if is_set_by_controllers(key) {
            return None;
        }
        let values: Vec<&str> = has.iter().filter_map(|labels| labels.get(key)).map(String::as_str).collect();
        let nearest = names::nearest(value, values.iter().copied(), 0.0).filter(|_| !values.contains(&value))?;
        let text =
            format!("it selects {key}={value}, and nothing in the document has this label; it has {key}={nearest}");
        Some(Doubt::mistake(line, text))
    });
    wrong.collect()
}

/// Whether the document shows that a command finds nothing.
fn shows_nothing(typed: &Typed) -> bool {
    typed
        .expected
        .as_ref()
        .is_some_and(|expected| expected.text.trim().is_empty() || expected.text.contains("No resources"))
}

/// Labels as kubectl shows them.
fn shown(labels: &Labels) -> String {
    labels.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",")
}
