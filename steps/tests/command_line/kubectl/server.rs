//! Compares what the server makes of manifests that kubectl sends and of those that labproof reads. It needs the cluster
//! `demo`, in which it creates nothing: `just compare`.
//!
//! What labproof reads is sent by kubectl as well, as JSON, so only the reading differs. labproof refuses one thing that
//! kubectl takes, and no text here has it: an object without a name.

use std::{fs, path::Path, process::Command, thread};

use labproof::internal::{cluster::manifest, machine::folders};
use serde_json::Value;

use super::{Objects, kubectl, name, shown, texts};

/// Places for a scalar: texts, numbers, truth values, quantities, ports, and names of fields.
const PLACES: [&str; 13] = [
    "METAPod\nmetadata: {name: NAME, labels: {a: VALUE}}\nspec: SPEC\n",
    "METAPod\nmetadata: {name: NAME, labels: {VALUE: a}}\nspec: SPEC\n",
    "METAPod\nmetadata:\n  name: NAME\n  annotations:\n    a: VALUE\nspec: SPEC\n",
    "METAPod\nmetadata: {name: NAME}\nspec:\n  terminationGracePeriodSeconds: VALUE\n  REST",
    "METAPod\nmetadata: {name: NAME}\nspec:\n  hostNetwork: VALUE\n  REST",
    "METAPod\nmetadata: {name: NAME}\nspec:\n  securityContext:\n    runAsUser: VALUE\n  REST",
    "METAPod\nmetadata: {name: NAME}\nspec:\n  REST    args:\n    - VALUE\n",
    "METAPod\nmetadata: {name: NAME}\nspec:\n  REST    env:\n    - name: A\n      value: VALUE\n",
    "METAPod\nmetadata: {name: NAME}\nspec:\n  REST    ports:\n    - containerPort: VALUE\n",
    "METAPod\nmetadata: {name: NAME}\nspec:\n  REST    resources:\n      limits:\n        memory: VALUE\n",
    "METAPod\nmetadata: {name: NAME}\nspec:\n  REST    readinessProbe:\n      httpGet:\n        port: VALUE\n",
    "METAConfigMap\nmetadata: {name: NAME}\ndata:\n  a: VALUE\n",
    "METAConfigMap\nmetadata: {name: NAME}\ndata:\n  VALUE: a\n",
];

/// Objects that a server may take or refuse.
const OBJECTS: [&str; 20] = [
    "METAPod\nmetadata: {name: NAME}\nspec: SPEC\n",
    "METAPod\nmetadata: {name: NAME}\nspec: SPEC\nspec: SPEC\n",
    "METAPod\nmetadata: {name: NAME}\nspec: {}\n",
    "METAPod\nmetadata: {name: NAME, nmae: x}\nspec: SPEC\n",
    "METAPod\nmetadata: {name: NAME, Labels: {a: b}}\nspec: SPEC\n",
    "METAPod\nmetadata: {name: NAME}\nspec: SPEC\nstatus: {phase: Failed}\n",
    "METAPod\nmetadata: {name: NAME}\nspec: SPEC\nkind: ConfigMap\n",
    "METAPod\nmetadata: {name: NAME, namespace: default}\nspec: SPEC\n",
    "METAPod\nmetadata: {name: NAME, creationTimestamp: 2001-01-01, resourceVersion: 1}\nspec: SPEC\n",
    "METAPod\nmetadata: {name: NAME, creationTimestamp: 2001-01-01T00:00:00Z, uid: x}\nspec: SPEC\n",
    "METAPod\nmetadata: {name: NAME, labels: ~, annotations: {}}\nspec: SPEC\n",
    "METAPod\nmetadata: {name: NAME}\nspec:\n  REST    env:\n    - {name: A, value: a}\n    - {name: A, value: b}\n",
    "METAPod\nmetadata: {name: NAME}\nspec:\n  REST    env: {name: A, value: a}\n",
    "METAPod\nmetadata: {name: NAME}\nspec:\n  REST    ports: [{containerPort: 80}, {containerPort: 80}]\n",
    "METAPod\nmetadata: {name: NAME}\nspec: SPEC\n---\nMETAConfigMap\nmetadata: {name: NAME}\ndata: {a: no}\n",
    "METAList\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: NAME}, spec: SPEC}\n",
    "METAPodList\nitems:\n- {metadata: {name: NAME}, spec: SPEC}\n",
    "METAPodd\nmetadata: {name: NAME}\nspec: SPEC\n",
    "METApod\nmetadata: {name: NAME}\nspec: SPEC\n",
    "METAConfigMap\nmetadata: {name: NAME}\nbinaryData: {a: !!binary aGk=}\nimmutable: yes\n",
];

/// How many kubectl run at a time: each one limits itself to 50 requests in a second.
const AT_A_TIME: usize = 4;

#[test]
#[ignore = "it needs a cluster: run `just compare`"]
fn the_server_makes_the_same_of_a_manifest_whether_kubectl_or_labproof_has_read_it() {
    let texts: Vec<String> = all().enumerate().map(|(number, text)| text.replace("NAME", &name(number))).collect();
    let folder = tempfile::tempdir().unwrap();
    for (number, text) in texts.iter().enumerate() {
        let part = folder.path().join((number % AT_A_TIME).to_string());
        let (theirs, ours) = (part.join("kubectl"), part.join("labproof"));
        for folder in [&theirs, &ours] {
            fs::create_dir_all(folder).unwrap();
        }
        fs::write(theirs.join(format!("{}.yaml", name(number))), text).unwrap();
        for (place, object) in manifest::read_each(text).into_iter().map_while(Result::ok).enumerate() {
            fs::write(ours.join(format!("{}-{place}.json", name(number))), object.value.to_string()).unwrap();
        }
    }
    let (ours, theirs) = (accepted(folder.path(), "labproof"), accepted(folder.path(), "kubectl"));
    assert!(theirs.len() > texts.len() / 4 && theirs.len() < texts.len(), "{} of {}", theirs.len(), texts.len());
    let none = Vec::new();
    let of = |objects: &Objects, number: usize| shown(objects.get(&name(number)).unwrap_or(&none));
    let different = texts.iter().enumerate().filter(|(number, _)| of(&ours, *number) != of(&theirs, *number));
    let different: Vec<String> = different
        .map(|(number, text)| format!("{text}\nlabproof: {}\nkubectl: {}\n", of(&ours, number), of(&theirs, number)))
        .collect();
    assert!(different.is_empty(), "{} of {} differ:\n{}", different.len(), texts.len(), different.join("\n"));
}

/// Each place has every fourth scalar, beginning with another one, because a request takes 20 ms.
fn all() -> impl Iterator<Item = String> {
    let of = |(number, place): (usize, &'static str)| {
        texts::scalars().skip(number % 4).step_by(4).map(move |scalar| written_out(place).replace("VALUE", scalar))
    };
    let placed = PLACES.into_iter().enumerate().flat_map(of);
    placed.chain(OBJECTS.map(written_out))
}

/// A text with the parts that several have.
fn written_out(text: &str) -> String {
    text.replace("META", "apiVersion: v1\nkind: ")
        .replace("SPEC", "{automountServiceAccountToken: false, containers: [{name: a, image: b}]}")
        .replace("REST", "automountServiceAccountToken: false\n  containers:\n  - name: a\n    image: b\n")
}

/// The objects that the server would create of the files in these folders.
fn accepted(folder: &Path, reader: &str) -> Objects {
    let parts = (0..AT_A_TIME).map(|part| folder.join(part.to_string()).join(reader));
    let answers: Vec<_> = parts.map(|part| thread::spawn(move || created(&part))).collect();
    answers.into_iter().flat_map(|answer| answer.join().unwrap()).collect()
}

fn created(folder: &Path) -> Objects {
    let kubeconfig = folders::state("clusters").unwrap().join("demo/kubeconfig");
    let mut command = Command::new(kubectl().expect("a kubectl"));
    command.env("KUBECONFIG", kubeconfig).args(["create", "--dry-run=server", "-o", "json", "-n", "default", "-f"]);
    let answer = command.arg(folder).output().unwrap();
    let mut objects = Objects::new();
    for object in serde_json::Deserializer::from_slice(&answer.stdout).into_iter::<Value>() {
        let mut object = object.unwrap();
        let metadata = object["metadata"].as_object_mut().unwrap();
        // What the server adds to each.
        for added in ["uid", "creationTimestamp", "managedFields", "resourceVersion"] {
            metadata.remove(added);
        }
        objects.entry(metadata["name"].as_str().unwrap().to_owned()).or_default().push(object);
    }
    objects
}
