//! Compares how labproof and kubectl read manifests. Thousands of texts, one per file, are given to kubectl in a single
//! call that needs no cluster. Without a kubectl of Kubernetes 1.34 or newer, nothing is compared.

mod server;
mod texts;

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use labproof::internal::{
    machine::folders,
    yaml::{self, Bounds},
};
use serde_json::Value;

/// The objects of each text, by its number, which is also their name.
type Objects = BTreeMap<String, Vec<Value>>;

#[test]
fn kubectl_and_labproof_read_the_same_in_a_manifest() {
    let Some(kubectl) = kubectl() else { return };
    let texts: Vec<String> =
        texts::all().enumerate().map(|(number, text)| text.replace("NAME", &name(number))).collect();
    let theirs = read_by_kubectl(&kubectl, &texts);
    let mut different: Vec<String> = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let (ours, theirs) = (read_by_labproof(text), theirs.get(&name(number)).cloned().unwrap_or_default());
        if ours != theirs {
            different.push(format!("{text}\nlabproof: {}\nkubectl: {}\n", shown(&ours), shown(&theirs)));
        }
    }
    let (number, all) = (different.len(), texts.len());
    different.truncate(60);
    assert!(number == 0, "{number} of {all} texts are read differently:\n{}", different.join("\n"));
}

fn name(number: usize) -> String {
    format!("n{number}")
}

fn shown(objects: &[Value]) -> String {
    objects.iter().map(Value::to_string).collect::<Vec<_>>().join(" ")
}

/// The newest kubectl, on the PATH or of a cluster that labproof made.
fn kubectl() -> Option<PathBuf> {
    let clusters = folders::state("clusters").ok().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten();
    let of_clusters = clusters.filter_map(|entry| Some(entry.ok()?.path().join("bin/kubectl")));
    let on_path = env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join("kubectl")).collect::<Vec<_>>();
    of_clusters.chain(on_path).filter(|path| path.is_file()).find(|path| minor(path) >= Some(34))
}

fn minor(kubectl: &Path) -> Option<u32> {
    let answer = Command::new(kubectl).args(["version", "--client", "-o", "json"]).output().ok()?;
    let version: Value = serde_json::from_slice(&answer.stdout).ok()?;
    version["clientVersion"]["minor"].as_str()?.trim_end_matches('+').parse().ok()
}

/// The objects that kubectl reads from each file, up to the first error. The command `label` prints objects of any kind
/// unchanged.
fn read_by_kubectl(kubectl: &Path, texts: &[String]) -> Objects {
    let folder = tempfile::tempdir().unwrap();
    for (number, text) in texts.iter().enumerate() {
        fs::write(folder.path().join(format!("{}.yaml", name(number))), text).unwrap();
    }
    let mut command = Command::new(kubectl);
    command.env("KUBECONFIG", "/dev/null").args(["label", "--local", "-o", "json", "added=label", "-f"]);
    let answer = command.arg(folder.path()).output().unwrap();
    let mut objects = Objects::new();
    for object in serde_json::Deserializer::from_slice(&answer.stdout).into_iter::<Value>() {
        let mut object = integers(object.unwrap());
        object["metadata"].as_object_mut().unwrap().remove("labels");
        objects.entry(object["metadata"]["name"].as_str().unwrap().to_owned()).or_default().push(object);
    }
    objects
}

/// kubectl reads integers that do not fit into a signed 64-bit number as floats, and writes them without an exponent.
fn integers(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(integers).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, value)| (key, integers(value))).collect(),
        Value::Number(number) if number.as_f64() == Some(0.0) => 0.into(),
        Value::Number(number) if !number.is_i64() => number.as_f64().into(),
        other => other,
    }
}

fn read_by_labproof(text: &str) -> Vec<Value> {
    let documents = yaml::read(text, &Bounds::trusted()).into_iter().map(|document| document.content);
    let objects = documents.map_while(Result::ok).flat_map(|value| yaml::items(&value));
    let has = |value: &Value, field: &str| value[field].as_str().is_some_and(|text| !text.is_empty());
    objects.filter(|value| has(value, "kind") && has(value, "apiVersion")).collect()
}
