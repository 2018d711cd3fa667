//! The sheet of a lab that begins with manifests: it applies them, and checks what they promise.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{cluster::manifest::Described, kinds};

/// A manifest of the folder.
pub(super) struct Manifest {
    /// Its path in the folder.
    pub(super) file: String,
    /// Its objects, in their order.
    pub(super) objects: Vec<Described>,
}

/// What a cluster must have for objects of a kind.
const NEEDS: [(&str, &str); 3] = [
    ("PersistentVolumeClaim", "the cluster provides volumes"),
    ("NetworkPolicy", "the cluster enforces NetworkPolicies"),
    ("Ingress", "the cluster serves Ingresses"),
];

/// The namespaces that every cluster has.
const OF_KUBERNETES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// The sheet of a chart.
pub(super) fn of_chart(lab: &str) -> String {
    let then = [check_of("it prints \"STATUS: deployed\""), comment("Add what the chart promises.")];
    sheet(lab, &[], &[(vec![format!("helm install {lab} .")], then.into())])
}

/// The sheet of kustomizations in these folders, of which it applies the first.
pub(super) fn of_kustomization(lab: &str, folders: &[String]) -> String {
    let (first, others) = folders.split_first().map_or((".", folders), |(first, others)| (first.as_str(), others));
    let mut then = vec![check_of("it prints \" created\""), comment("Add what the kustomization promises.")];
    then.extend(others.iter().map(|other| comment(&format!("`kubectl apply -k {other}` is another variant."))));
    sheet(lab, &[], &[(vec![format!("kubectl apply -k {}", shell_words::quote(first))], then)])
}

/// The sheet of plain manifests. Namespaces and definitions of kinds come first, whatever the names of their files.
pub(super) fn of_manifests(lab: &str, mut manifests: Vec<Manifest>) -> String {
    manifests.sort_by_key(|manifest| manifest.objects.iter().map(rank).min());
    let objects: Vec<&Described> = manifests.iter().flat_map(|manifest| &manifest.objects).collect();
    let place = Place::of(&objects);
    let (first, rest): (Vec<&Manifest>, Vec<&Manifest>) =
        manifests.iter().partition(|manifest| manifest.objects.iter().any(|object| rank(object) < 2));
    let needs_two = first.iter().any(|manifest| manifest.objects.iter().any(is_definition)) && !rest.is_empty();
    let groups = if needs_two { vec![first, rest] } else { vec![manifests.iter().collect()] };
    let mut acts: Vec<(Vec<String>, Vec<String>)> = groups
        .iter()
        .map(|group| {
            let checks = group.iter().flat_map(|manifest| checks_of(manifest, &place)).collect();
            (group.iter().map(|manifest| command(manifest)).collect(), checks)
        })
        .collect();
    acts[0].0.splice(0..0, place.missing(&objects).map(|name| format!("kubectl create namespace {name}")));
    sheet(lab, &place.givens(&objects), &acts)
}

/// The namespaces of a lab's objects.
struct Place<'a> {
    /// The one in which the scenario works, if its objects name one.
    main: Option<&'a str>,
    /// All that they name.
    named: BTreeSet<&'a str>,
}

impl<'a> Place<'a> {
    /// The scenario works in the namespace of most objects.
    fn of(objects: &[&'a Described]) -> Self {
        let in_one =
            |object: &&'a Described| object.namespace.as_deref().filter(|_| !kinds::is_of_cluster(&object.kind));
        let all: Vec<&str> = objects.iter().filter_map(in_one).collect();
        let named: BTreeSet<&str> = all.iter().copied().collect();
        let count = |name: &&&str| all.iter().filter(|other| *other == *name).count();
        let can_be_main = |name: &&&str| **name == "default" || !OF_KUBERNETES.contains(*name);
        let main = named.iter().rev().filter(can_be_main).max_by_key(count).copied();
        Self { main, named }
    }

    /// The steps that reserve the namespaces, and that name what the cluster must have.
    fn givens(&self, objects: &[&'a Described]) -> Vec<String> {
        let made = objects.iter().filter(|object| object.kind == "Namespace").map(|object| object.name.as_str());
        let others: BTreeSet<&str> = self.named.iter().copied().chain(made).collect();
        let others = others.into_iter().filter(|name| Some(*name) != self.main && !OF_KUBERNETES.contains(name));
        let main = self.main.map(|name| {
            let state = if name == "default" { "empty" } else { "new" };
            format!("I work in the {state} namespace \"{name}\"")
        });
        let needs = NEEDS.iter().filter(|(kind, _)| objects.iter().any(|object| needs(object, kind)));
        let needs = needs.map(|(_, need)| (*need).to_owned());
        main.into_iter().chain(others.map(|name| format!("no namespace is called \"{name}\""))).chain(needs).collect()
    }

    /// The namespaces that nothing makes.
    fn missing(&self, objects: &[&'a Described]) -> impl Iterator<Item = &'a str> {
        let is_made = |name: &str| objects.iter().any(|object| object.kind == "Namespace" && object.name == name);
        let names = self.named.iter().copied().filter(|name| Some(*name) != self.main && !OF_KUBERNETES.contains(name));
        names.filter(|name| !is_made(name)).collect::<Vec<_>>().into_iter()
    }

    /// The namespace of an object, if it is not the one in which the scenario works.
    fn other(&self, object: &'a Described) -> Option<&'a str> {
        object.namespace.as_deref().filter(|name| !kinds::is_of_cluster(&object.kind) && Some(*name) != self.main)
    }
}

/// What comes first when it is applied: namespaces, then definitions of kinds, then all others.
fn rank(object: &Described) -> u8 {
    match object.kind.as_str() {
        "Namespace" => 0,
        _ if is_definition(object) => 1,
        _ => 2,
    }
}

fn is_definition(object: &Described) -> bool {
    object.kind == "CustomResourceDefinition"
}

/// Whether an object is of this kind, or makes objects of it.
fn needs(object: &Described, kind: &str) -> bool {
    let makes_claims = object.value.pointer("/spec/volumeClaimTemplates").is_some();
    object.kind == kind || kind == "PersistentVolumeClaim" && makes_claims
}

/// `kubectl apply` does not take objects whose names the server makes up.
fn command(manifest: &Manifest) -> String {
    let verb = if manifest.objects.iter().any(|object| object.name.is_empty()) { "create" } else { "apply" };
    format!("kubectl {verb} -f {}", shell_words::quote(&manifest.file))
}

/// The steps and comments about the objects of a manifest.
fn checks_of(manifest: &Manifest, place: &Place) -> Vec<String> {
    let definitions = manifest.objects.iter().filter(|object| is_definition(object));
    let mut defined = definitions.filter_map(|object| object.value.pointer("/spec/names/kind")?.as_str());
    let has_both = defined.any(|kind| manifest.objects.iter().any(|object| object.kind == kind));
    let why =
        "defines a kind and has objects of it, which kubectl refuses at first: put these into a file of their own.";
    let both = has_both.then(|| comment(&format!("{} {why}", manifest.file)));
    manifest.objects.iter().map(|object| line_of(object, place)).chain(both).collect()
}

/// The step that checks an object, or a comment that says why there is none.
fn line_of(object: &Described, place: &Place) -> String {
    let Described { kind, name, .. } = object;
    if name.is_empty() {
        let made = object.value.pointer("/metadata/generateName").and_then(Value::as_str).unwrap_or_default();
        return comment(&format!("The server makes up a name for the {kind} {made}: check what it does by a label."));
    }
    if let Some(namespace) = place.other(object) {
        let command = format!("kubectl --namespace {namespace} get {} {name}", kind.to_lowercase());
        return check_of(&format!("within 10 seconds \"{command}\" succeeds"));
    }
    check_of(&promise(object))
}

/// What an object in the scenario's own namespace promises.
fn promise(object: &Described) -> String {
    let Described { kind, name, value, .. } = object;
    let field = |path: &str| value.pointer(path);
    let ends = field("/spec/restartPolicy").and_then(Value::as_str).is_some_and(|policy| policy != "Always");
    let is_suspended = field("/spec/suspend") == Some(&Value::Bool(true));
    let wants_none = field("/spec/replicas").and_then(Value::as_u64) == Some(0);
    match kind.as_str() {
        "Pod" if ends => format!("within 60 seconds the Pod \"{name}\" is in the phase Succeeded"),
        "Pod" => format!("within 60 seconds the Pod \"{name}\" is ready"),
        "Deployment" | "StatefulSet" | "ReplicaSet" if wants_none => {
            format!("within 10 seconds the {kind} \"{name}\" has spec.replicas 0")
        }
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" => {
            format!("within 60 seconds the {kind} \"{name}\" is rolled out")
        }
        "Job" if is_suspended => format!("within 10 seconds the Job \"{name}\" has spec.suspend true"),
        "Job" => format!("within 60 seconds the Job \"{name}\" is complete"),
        "CustomResourceDefinition" => {
            format!("within 60 seconds the {kind} \"{name}\" has the condition \"Established\"")
        }
        _ => format!("within 10 seconds the {kind} \"{name}\" exists"),
    }
}

fn check_of(step: &str) -> String {
    format!("    And {step}\n")
}

fn comment(text: &str) -> String {
    format!("    # {text}\n")
}

/// A sheet with these conditions, and with commands, each followed by its checks and comments.
fn sheet(lab: &str, givens: &[String], acts: &[(Vec<String>, Vec<String>)]) -> String {
    let mut text = format!(
        "Feature: {lab}\n  What a learner does, in order, and the expected results. `labproof steps` lists all sentences.\n\n\
         \x20 Scenario: The manifests do what they promise\n    Given the lab's files are in the folder \"{lab}\"\n"
    );
    text.extend(givens.iter().map(|given| check_of(given)));
    for (commands, checks) in acts {
        let commands: String = commands.iter().map(|command| format!("      {command}\n")).collect();
        text += &format!("    When I run:\n      \"\"\"\n{commands}      \"\"\"\n");
        let mut checks = checks.concat();
        if !checks.contains("    And ") {
            checks.insert_str(0, &check_of("it prints \" created\""));
        }
        text += &checks.replacen("    And ", "    Then ", 1);
    }
    text
}
