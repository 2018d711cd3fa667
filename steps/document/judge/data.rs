//! YAML and JSON as data: each field that the document shows must be there with its value; fields of one run may have
//! another.

use serde_json::Value;

use super::{
    Finding, Judged, Seen,
    values::{World, are_other_quantities, same},
};
use crate::{
    document::{defect::Defect, story::ShownOutput},
    yaml::{self, Bounds},
};

/// Fields whose value is that of one run.
const OF_ONE_RUN: &[&str] = &[
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "selfLink",
    "generation",
    "observedGeneration",
    "lastTransitionTime",
    "lastProbeTime",
    "lastUpdateTime",
    "startTime",
    "startedAt",
    "finishedAt",
    "completionTime",
    "nodeName",
    "hostIP",
    "hostIPs",
    "podIP",
    "podIPs",
    "ip",
    "containerID",
    "imageID",
    "clusterIP",
    "clusterIPs",
    "nodePort",
    "pod-template-hash",
    "controller-uid",
    "kubectl.kubernetes.io/last-applied-configuration",
    "time",
    "managedFields",
    "serverAddress",
    "gitVersion",
    "buildDate",
    "gitCommit",
    "batch.kubernetes.io/controller-uid",
    "expirationSeconds",
    "usage",
    "token",
    "lastScheduleTime",
    "lastSuccessfulTime",
];

/// Fields of a `CronJob` that has begun, which is a matter of the clock.
const OF_THE_CLOCK: &[&str] = &["lastScheduleTime", "lastSuccessfulTime", "active"];

/// How many fields of one kind are reported.
const MOST: usize = 12;

/// Judges data; `None` if one of the two is none.
pub(super) fn judge(expected: &ShownOutput, seen: &Seen, world: &World) -> Option<Judged> {
    let (wanted, printed) = (read(&expected.text)?, read(&seen.stdout)?);
    // A part of an object stands anywhere in it.
    let part = part_like(&wanted, &printed);
    if part.is_none() && wanted.as_object().is_none_or(|map| map.len() < 2) {
        return None;
    }
    let mut comparison = Comparison { expected, world, judged: Judged::default(), new: Vec::new() };
    comparison.compare("", &wanted, part.unwrap_or(&printed));
    let Comparison { mut judged, new, .. } = comparison;
    let is_partial = part.is_some()
        || expected
            .text
            .lines()
            .any(|line| matches!(line.trim().trim_start_matches('#').trim(), "..." | "…" | "[...]"));
    if !is_partial {
        let mut new: Vec<Finding> =
            new.iter().map(|path| Finding { may_change: false, ..Finding::of(expected.line, "", path) }).collect();
        // The same change in each element of a list is one.
        new.dedup_by_key(|finding| (finding.kind, finding.advice.clone(), leaf(&finding.seen).to_owned()));
        judged.findings.extend(joined(new));
    }
    Some(judged)
}

/// The part of an object that has all fields of a shown one, if the object itself does not have them.
fn part_like<'a>(wanted: &Value, printed: &'a Value) -> Option<&'a Value> {
    let keys: Vec<&String> = wanted.as_object()?.keys().collect();
    let is_it = |value: &Value| value.as_object().is_some_and(|map| keys.iter().all(|key| map.contains_key(*key)));
    let is_object = printed.get("kind").is_some() && wanted.get("kind").is_none();
    if is_it(printed) || !is_object {
        return None;
    }
    let mut open = vec![printed];
    while let Some(value) = open.pop() {
        if is_it(value) {
            return Some(value);
        }
        match value {
            Value::Object(map) => open.extend(map.values().rev()),
            Value::Array(list) => open.extend(list.iter().rev()),
            _ => {}
        }
    }
    None
}

/// A map of a text of several lines.
fn read(text: &str) -> Option<Value> {
    let mut documents = yaml::read(text, &Bounds::trusted()).into_iter();
    let content = documents.next()?.content.ok()?;
    (documents.next().is_none() && content.is_object()).then_some(content)
}

struct Comparison<'a> {
    expected: &'a ShownOutput,
    world: &'a World,
    judged: Judged,
    new: Vec<String>,
}

impl Comparison<'_> {
    fn compare(&mut self, path: &str, wanted: &Value, printed: &Value) {
        match (wanted, printed) {
            (Value::Object(wanted), Value::Object(printed)) => {
                for (key, value) in wanted {
                    let path = below(path, key);
                    match printed.get(key) {
                        Some(other) if OF_ONE_RUN.contains(&key.as_str()) && !value.is_null() => {
                            self.bind(value, other);
                        }
                        Some(other) => self.compare(&path, value, other),
                        None => self.differ(&path, key, value, None),
                    }
                }
                let is_new = |key: &&String| !wanted.contains_key(*key) && !OF_THE_CLOCK.contains(&key.as_str());
                let new = printed.keys().filter(is_new);
                self.new.extend(new.map(|key| below(path, key)));
            }
            (Value::Array(wanted), Value::Array(printed)) => self.compare_lists(path, wanted, printed),
            (wanted, printed) => {
                if wanted == printed {
                    return;
                }
                let (one, other) = (plain(wanted), plain(printed));
                let is_set_otherwise = are_other_quantities(&one, &other);
                match same(&one, &other, self.world).filter(|_| !is_set_otherwise) {
                    Some(bound) => self.judged.bound.extend(bound),
                    None => self.differ(path, leaf(path), wanted, Some(printed)),
                }
            }
        }
    }

    /// Elements with a name or a type are compared with those of the same; others by their places.
    fn compare_lists(&mut self, path: &str, wanted: &[Value], printed: &[Value]) {
        let key = |value: &Value| {
            ["name", "type", "key", "containerPort", "mountPath"].iter().find_map(|key| value.get(key).map(plain))
        };
        let mut taken = vec![false; printed.len()];
        for (index, value) in wanted.iter().enumerate() {
            let like = |other: &Value| match (key(value), key(other)) {
                (Some(one), Some(other)) => same(&one, &other, self.world).is_some(),
                _ => false,
            };
            let named = (0..printed.len()).find(|at| !taken[*at] && like(&printed[*at]));
            let at = named.or_else(|| (key(value).is_none() && index < printed.len()).then_some(index));
            let path = format!("{path}[{index}]");
            match at {
                Some(at) => {
                    taken[at] = true;
                    self.compare(&path, value, &printed[at]);
                }
                None => self.differ(&path, &key(value).unwrap_or_default(), value, None),
            }
        }
        for (at, other) in printed.iter().enumerate().filter(|(at, _)| !taken[*at]) {
            let name = key(other).unwrap_or_else(|| at.to_string());
            self.new.push(format!("{path}[{name}]"));
        }
    }

    fn bind(&mut self, value: &Value, other: &Value) {
        if let (Some(one), Some(other)) = (value.as_str(), other.as_str())
            && let Some(bound) = same(one, other, self.world)
        {
            self.judged.bound.extend(bound);
        }
    }

    fn differ(&mut self, path: &str, key: &str, value: &Value, printed: Option<&Value>) {
        let line = self.line(key, value);
        let (says, seen) =
            (format!("{path}: {}", plain(value)), printed.map(|other| format!("{path}: {}", plain(other))));
        let finding = Finding::of(line, &says, &seen.unwrap_or_default());
        let may_change = finding.may_change && path.starts_with("status");
        self.judged.findings.push(Finding { may_change, ..finding });
    }

    /// The line of the document with this field.
    fn line(&self, key: &str, value: &Value) -> usize {
        let lines = || self.expected.text.lines().enumerate().filter(|(_, line)| line.contains(key));
        let exact = lines().find(|(_, line)| line.contains(&plain(value)));
        exact.or_else(|| lines().next()).map_or(self.expected.line, |(at, _)| self.expected.line + at)
    }
}

/// Joins the findings that the document leaves fields out, by their cause.
fn joined(new: Vec<Finding>) -> Vec<Finding> {
    let mut joined: Vec<Finding> = Vec::new();
    for finding in new {
        match joined.iter_mut().find(|other| other.kind == finding.kind && other.advice == finding.advice) {
            Some(other) if other.seen.lines().count() < MOST => other.seen += &format!("\n{}", finding.seen),
            Some(_) => {}
            None => joined.push(finding),
        }
    }
    // Fields that nothing is known about are those of a newer server.
    for finding in joined.iter_mut().filter(|finding| finding.kind == Defect::Mistake) {
        finding.kind = Defect::Drift;
        finding.advice = Some("the object has further fields today".into());
    }
    joined
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn leaf(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
