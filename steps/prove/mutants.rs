//! Mutants: copies of the lab's own manifests with one changed value, each of which must lose a scenario.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    image_name::ImageName,
    project::Lab,
    report::Report,
    submission::{Submission, is_manifest},
    verdict::Verdict,
};

/// Fields that are not changed: those that identify an object, and those that make no difference to a lab.
const KEPT: [&str; 4] = ["apiVersion", "kind", "status", "dnsPolicy"];

/// Fields that allow only some words. Each word is changed into the next one, because the server would reject any other
/// word, which shows nothing about the grading.
const WORDS: [(&str, &[&str]); 5] = [
    ("restartPolicy", &["Always", "Never", "OnFailure", "Always"]),
    ("imagePullPolicy", &["Always", "Never", "Always"]),
    ("protocol", &["TCP", "UDP", "TCP"]),
    ("clusterIP", &["None"]),
    ("type", &["ClusterIP"]),
];

/// The lab's own files with one changed value.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The manifest that was changed.
    pub file: String,
    /// The place of the value: the kind and the path, as in `Pod spec.containers[0].image`.
    pub place: String,
    /// The resulting submission; its name contains the old and the new value.
    pub submission: Submission,
}

/// All mutants of a lab's own files.
#[must_use]
pub fn of(lab: &Lab, own: &BTreeMap<String, Vec<u8>>) -> Vec<Mutant> {
    let rules = lab.rules();
    let mut mutants = Vec::new();
    let golden = Submission::of("golden", own.clone(), &rules);
    for file in own.keys().filter(|file| is_manifest(file)) {
        let Ok(objects) = golden.objects(file) else { continue };
        let objects: Vec<Value> = objects.iter().map(|object| object.value().clone()).collect();
        for (number, object) in objects.iter().enumerate() {
            for pointer in leaves(object) {
                let Some((old, new)) = object
                    .pointer(&pointer)
                    .and_then(|old| Some((old, changed(&pointer, old, &rules.manifests.images)?)))
                else {
                    continue;
                };
                let mut objects = objects.clone();
                if let Some(value) = objects[number].pointer_mut(&pointer) {
                    *value = new.clone();
                }
                let kind = object["kind"].as_str().unwrap_or_default();
                let place = format!("{kind} {}", path(&pointer));
                // Two objects of a file may have the same value in the same place.
                let of = object["metadata"]["name"].as_str().unwrap_or_default();
                let name = format!("{file}: {kind} {of}: {}: {} → {}", path(&pointer), brief(old), brief(&new));
                let texts: Vec<String> = objects.iter().map(ToString::to_string).collect();
                let mut files = own.clone();
                files.insert(file.clone(), texts.join("\n---\n").into_bytes());
                let submission = Submission::of(&name, files, &rules);
                mutants.push(Mutant { file: file.clone(), place, submission });
            }
        }
    }
    mutants
}

/// The mutants that lost no scenario, those that a scenario could not judge, and those that the lab explains although they lose one.
#[must_use]
pub fn problems(mutants: &[Mutant], reports: &[Report], explained: &BTreeMap<String, String>) -> Vec<String> {
    let mut problems = Vec::new();
    let mut survivors = BTreeSet::new();
    for (mutant, report) in mutants.iter().zip(reports) {
        let key = format!("{}: {}", mutant.file, mutant.place);
        let name = &mutant.submission.name;
        match () {
            () if report.scenarios.is_empty() => problems.push(format!("{name}: no scenario uses that file")),
            () if let Some(unjudged) = report.scenarios.iter().find(|scenario| is_unjudged(scenario.verdict)) => {
                let reason = unjudged.culprit().and_then(|step| step.reason.clone()).unwrap_or_default();
                problems.push(format!("{name}: \"{}\" is {}: {reason}", unjudged.name, unjudged.verdict));
            }
            () if report.scenarios.iter().all(|scenario| scenario.verdict == Verdict::Passed) => {
                if !explained.contains_key(&key) {
                    problems.push(format!("{name}: every graded scenario still passes with this change: add a check, or explain it under `survivors` in lab.yaml"));
                }
                survivors.insert(key);
            }
            () => {}
        }
    }
    let dead = explained.keys().filter(|key| !survivors.contains(*key));
    problems.extend(dead.map(|key| {
        format!(
            "{key}: lab.yaml explains under `survivors` why no scenario fails with it, but one does: remove the entry"
        )
    }));
    problems
}

/// Whether a scenario says nothing about the change.
fn is_unjudged(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Broken | Verdict::Skipped)
}

/// JSON pointers to all values that contain no others.
fn leaves(value: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(key, _)| !KEPT.contains(&key.as_str()));
            fields.map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(place, item)| (place.to_string(), item)).collect(),
        Value::Null => return Vec::new(),
        _ => return vec![String::new()],
    };
    inner.iter().flat_map(|(key, value)| leaves(value).into_iter().map(move |rest| format!("/{key}{rest}"))).collect()
}

/// A plausible different value; `None` if there is none.
fn changed(pointer: &str, value: &Value, images: &BTreeSet<ImageName>) -> Option<Value> {
    let text = match value {
        Value::Bool(value) => return Some((!value).into()),
        Value::Number(number) => return Some((number.as_i64()? + 1).into()),
        Value::String(text) => text,
        _ => return None,
    };
    // Options of one letter are left alone, because a change may have no effect: `sh -cx` does the same as `sh -c`.
    if text.len() == 2 && text.starts_with('-') {
        return None;
    }
    let field = pointer.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or_default();
    if let Some((_, words)) = WORDS.iter().find(|(known, _)| *known == field) {
        return words.iter().skip_while(|word| *word != text).nth(1).map(|word| (*word).into());
    }
    if field == "image" {
        let written = ImageName::from(text.as_str());
        return images.iter().find(|image| **image != written).map(|image| image.full().into());
    }
    if let Ok(number) = text.parse::<u32>() {
        return Some((number + 1).to_string().into());
    }
    Some(format!("{text}x").into())
}

/// A JSON pointer in the form in which people write a path.
fn path(pointer: &str) -> String {
    let parts = pointer.trim_start_matches('/').split('/').map(|part| part.replace("~1", "/").replace("~0", "~"));
    parts.fold(String::new(), |path, part| match part.parse::<usize>() {
        Ok(place) => format!("{path}[{place}]"),
        Err(_) if path.is_empty() => part,
        Err(_) => format!("{path}.{part}"),
    })
}

/// A value in one short line.
fn brief(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 40 {
        text
    } else {
        format!("…{}", text.chars().rev().take(30).collect::<Vec<_>>().into_iter().rev().collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{project::Work, submission::dockerfile::Builder};

    fn change(pointer: &str, value: impl Into<Value>) -> Value {
        let images = BTreeSet::from(["busybox:latest", "course:latest"].map(ImageName::from));
        changed(pointer, &value.into(), &images).unwrap()
    }

    #[test]
    fn each_value_has_another() {
        assert_eq!(change("/spec/hostPort", 80), Value::from(81));
        assert_eq!(change("/a", true), Value::from(false));
        assert_eq!(change("/spec/args/0", "3001"), Value::from("3002"));
        assert_eq!(change("/metadata/name", "hello"), Value::from("hellox"));
        assert_eq!(change("/spec/restartPolicy", "Never"), Value::from("OnFailure"));
        assert_eq!(change("/spec/containers/0/imagePullPolicy", "Never"), Value::from("Always"));
        assert_eq!(changed("/spec/type", &"ClusterIP".into(), &BTreeSet::new()), None);
        assert_eq!(changed("/spec/args/0", &"-c".into(), &BTreeSet::new()), None);
        assert_eq!(change("/spec/containers/0/image", "busybox"), Value::from("course:latest"));
    }

    #[test]
    fn mutants_of_equal_objects_have_different_names() {
        let file =
            serde_yaml::from_str("{submission: {files: {pods.yaml: x}, kinds: [Pod]}, pulls: [busybox]}").unwrap();
        let (folder, builder) = (Path::new("/nowhere").to_owned(), Builder::default());
        let lab = Lab { name: "lab".into(), features: Vec::new(), folder, file, work: Work::Own, builder };
        let pod = |name: &str| {
            format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec: {{containers: [{{name: a, image: busybox, args: [sleep]}}]}}\n"
            )
        };
        let text = pod("one") + "---\n" + &pod("two");
        let mutants = of(&lab, &BTreeMap::from([("pods.yaml".to_owned(), text.into_bytes())]));
        let names: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.submission.name.as_str()).collect();
        assert!(mutants.len() >= 4 && names.len() == mutants.len(), "{names:?}");
    }

    #[test]
    fn all_values_but_what_an_object_is_are_changed() {
        let pod = serde_json::json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"a/b": "c"}}, "spec": {"args": ["x", 1]}, "status": {"x": 1}});
        assert_eq!(leaves(&pod), ["/metadata/labels/a~1b", "/spec/args/0", "/spec/args/1"]);
        assert_eq!(path("/metadata/labels/a~1b"), "metadata.labels.a/b");
        assert_eq!(path("/spec/containers/0/args/1"), "spec.containers[0].args[1]");
    }
}
