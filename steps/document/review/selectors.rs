//! What Services select: Pods of the document, and ports that these have.

use serde_json::Value;

use super::{
    Doubt,
    objects::{self, Labels, Object},
};
use crate::document::story::Story;

/// The Services that select nothing of the document, or another port than that of what they select.
pub(super) fn doubts(all: &[Object], story: &Story) -> Vec<Doubt> {
    if objects::may_make_others(story) || objects::commands(story).iter().any(|command| command.contains(" label ")) {
        return Vec::new();
    }
    let by_command = objects::labels_by_command(story);
    let has_namespaces = objects::commands(story)
        .iter()
        .any(|command| [" -n ", " --namespace", "set-context", "kubens"].iter().any(|words| command.contains(words)));
    let services = all.iter().filter(|object| object.kind == "Service");
    services.filter_map(|service| doubt(service, all, &by_command, has_namespaces)).collect()
}

fn doubt(service: &Object, all: &[Object], by_command: &[Labels], has_namespaces: bool) -> Option<Doubt> {
    let selector = objects::labels(service.value.pointer("/spec/selector")?);
    let pods: Vec<(&Object, Labels)> = all.iter().filter_map(|object| Some((object, object.pod_labels()?))).collect();
    if selector.is_empty() || (pods.is_empty() && by_command.is_empty()) {
        return None;
    }
    let fits = |labels: &Labels| selector.iter().all(|(key, value)| labels.get(key) == Some(value));
    if by_command.iter().any(fits) {
        return None;
    }
    let selected: Vec<&Object> = pods.iter().filter(|(_, labels)| fits(labels)).map(|(object, _)| *object).collect();
    let (key, value) = selector.iter().next()?;
    if selected.is_empty() {
        let all_labels = pods.iter().map(|(_, labels)| labels).chain(by_command).filter(|labels| !labels.is_empty());
        let shown: Vec<String> = all_labels.map(shown).collect();
        let has = if shown.is_empty() {
            "its Pods have no labels".into()
        } else {
            format!("its Pods have {}", shown.join("; "))
        };
        let text = format!(
            "{} selects {}, and no Pod of the document has these labels: {has}",
            service.shown(),
            self::shown(&selector)
        );
        let doubt = Doubt::mistake(service.line_of(&[key, value]), text);
        let only = pods.iter().find_map(|(_, labels)| labels.get(key));
        return Some(match only.filter(|_| selector.len() == 1) {
            Some(real) => doubt.instead(value, real),
            None => doubt,
        });
    }
    if !has_namespaces && selected.iter().all(|object| object.namespace != service.namespace) {
        let place = |namespace: &Option<String>| {
            namespace.as_ref().map_or_else(|| "no namespace".to_owned(), |name| format!("the namespace {name}"))
        };
        let other = selected.first()?;
        let text = format!(
            "{} names {}, and {} names {}: a Service selects only Pods of its own namespace",
            service.shown(),
            place(&service.namespace),
            other.shown(),
            place(&other.namespace)
        );
        return Some(Doubt::mistake(service.line_of(&["metadata:"]), text));
    }
    wrong_port(service, &selected)
}

/// A port of a Service that the Pods do not have, if they name their ports.
fn wrong_port(service: &Object, pods: &[&Object]) -> Option<Doubt> {
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
    let wrong = ports.iter().find_map(|port| {
        let target = port.get("targetPort").or(port.get("port"))?;
        let is_there = declared.iter().any(|port| match target {
            Value::String(name) => port.get("name").and_then(Value::as_str) == Some(name),
            number => port.get("containerPort") == Some(number),
        });
        (!is_there).then_some(target)
    })?;
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

/// Labels as kubectl shows them.
fn shown(labels: &Labels) -> String {
    labels.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",")
}
