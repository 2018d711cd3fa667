//! What does not fit together in the containers of a Pod.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{WrongField, list, wrong_field};
use crate::conditions::quantity::amount;

/// The probes of a container.
const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];

/// What a probe may do.
const HANDLERS: [&str; 4] = ["exec", "grpc", "httpGet", "tcpSocket"];

/// Finds everything that does not fit together in the containers of a Pod whose specification is at this path.
pub(super) fn wrong(path: &str, pod: &Value) -> Vec<WrongField> {
    let mut found = Vec::new();
    let mut names = BTreeSet::new();
    for field in ["initContainers", "containers"] {
        for (place, container) in list(pod, field).iter().enumerate() {
            let place = format!("{path}.{field}[{place}]");
            let name = container.get("name").and_then(Value::as_str).unwrap_or_default();
            if !name.is_empty() && !names.insert(name) {
                let message = format!("{place} is called {name}, and another container of the Pod as well");
                found.push(wrong_field("name", name, message, "give each container of a Pod a name of its own"));
            }
            found.extend(PROBES.into_iter().filter_map(|probe| wrong_probe(container, probe, &place)));
            found.extend(wrong_limits(container, &place));
        }
    }
    found
}

/// A probe does exactly one thing.
fn wrong_probe(container: &Value, probe: &str, place: &str) -> Option<WrongField> {
    let fields = container.get(probe)?.as_object()?;
    let count = HANDLERS.iter().filter(|handler| fields.contains_key(**handler)).count();
    let says = if count == 0 { "does not say what it does" } else { "does more than one thing" };
    (count != 1).then(|| {
        wrong_field(probe, "", format!("{place}.{probe} {says}"), "write one of exec, grpc, httpGet, tcpSocket")
    })
}

/// A container may not request more than its limit.
fn wrong_limits(container: &Value, place: &str) -> Option<WrongField> {
    let of = |field: &str| container.pointer(&format!("/resources/{field}")).and_then(Value::as_object);
    let (requests, limits) = (of("requests")?, of("limits")?);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let above = requests.iter().find_map(|(resource, request)| {
        let (request, limit) = (text(request), text(limits.get(resource)?));
        // The same amount, written in two units, may differ in its last digit.
        (amount(&request)? > amount(&limit)? * (1.0 + 1e-9)).then_some((resource, request, limit))
    });
    let (resource, request, limit) = above?;
    let message = format!("{place} requests {resource}: {request}, and its limit is {limit}");
    Some(wrong_field(resource, &request, message, "request at most the limit"))
}
