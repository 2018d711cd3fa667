//! Finds errors in the kind configurations of a course: that of its cluster, and those of the clusters that scenarios have
//! for themselves.

use std::{io::ErrorKind, path::Path};

use serde_json::{Map, Value};

use super::{Problem, Wrong, problem};
use crate::{
    loaded::Loaded,
    project::Project,
    settings,
    sheet::spelling::nearest,
    verdict::Outcome,
    vocabulary::{Fact, ParameterKind, Step},
};

/// The only API version of kind's configuration that kind reads today, and its fields: <https://kind.sigs.k8s.io>.
const API_VERSION: &str = "kind.x-k8s.io/v1alpha4";
const OF_CLUSTER: [&str; 11] = [
    "apiVersion",
    "containerdConfigPatches",
    "containerdConfigPatchesJSON6902",
    "featureGates",
    "kind",
    "kubeadmConfigPatches",
    "kubeadmConfigPatchesJSON6902",
    "name",
    "networking",
    "nodes",
    "runtimeConfig",
];
const OF_NODE: [&str; 7] = [
    "extraMounts",
    "extraPortMappings",
    "image",
    "kubeadmConfigPatches",
    "kubeadmConfigPatchesJSON6902",
    "labels",
    "role",
];
const OF_NETWORKING: [&str; 8] = [
    "apiServerAddress",
    "apiServerPort",
    "disableDefaultCNI",
    "dnsSearch",
    "ipFamily",
    "kubeProxyMode",
    "podSubnet",
    "serviceSubnet",
];
const ROLES: [&str; 2] = ["control-plane", "worker"];

/// The files of `kind-config/` that are no configurations of kind.
const OTHER_FILES: [&str; 2] = ["images", "nodes"];

/// Finds the errors in the configurations, and the clusters of scenarios that have none.
///
/// # Errors
/// `broken` if labproof's own configurations cannot be read.
pub(super) fn check(project: &Project, labs: &[Loaded]) -> Outcome<Vec<Problem>> {
    let mut problems = in_file(project, &project.file("kind-config/demo.yaml"));
    for placed in labs.iter().flat_map(|loaded| &loaded.scenarios) {
        for (line, name) in placed.scenario.steps.iter().filter_map(own_cluster) {
            let path = format!("kind-config/{name}.yaml");
            if OTHER_FILES.contains(&name) {
                let message = format!("a cluster cannot be called {name}, because {path} is another kind of file");
                problems.push(problem(placed.feature.clone(), line, message, Some("give it another name".into())));
                continue;
            }
            if !project.resource(&path)?.is_file() {
                let hint = format!("write the kind configuration of the cluster to {path}");
                let message = format!("there is no {path} for the cluster {name}");
                problems.push(problem(placed.feature.clone(), line, message, Some(hint)));
            }
            problems.extend(in_file(project, &project.file(path)));
        }
    }
    problems.sort();
    problems.dedup();
    Ok(problems)
}

/// The line of a step, and the name of the cluster that it makes.
fn own_cluster(step: &Step) -> Option<(usize, &str)> {
    let (sentence, arguments) = step.sentence()?;
    let name = arguments.of_kind(ParameterKind::Cluster).next().filter(|_| sentence.has(Fact::MakesCluster))?;
    Some((step.written.position.line, name))
}

/// The errors in a configuration of the course; none if there is no such file.
fn in_file(project: &Project, path: &Path) -> Vec<Problem> {
    let shown = project.shown(path);
    let text = match settings::text(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Vec::new(),
        Err(error) => return vec![problem(shown, 0, format!("it cannot be read: {error}"), None)],
    };
    match settings::read::<Map<String, Value>>(&text) {
        Err(settings::SettingsError { line, message }) => vec![problem(shown, line.unwrap_or(0), message, None)],
        Ok(cluster) => {
            let line = |word: &str| 1 + text.lines().position(|line| line.contains(word)).unwrap_or_default();
            let found = wrong(&cluster).into_iter();
            found.map(|(word, (message, hint))| problem(shown.clone(), line(&word), message, hint)).collect()
        }
    }
}

/// The errors in a configuration, each with a word of its line.
fn wrong(cluster: &Map<String, Value>) -> Vec<(String, Wrong)> {
    let mut found = Vec::new();
    for (field, wanted) in [("kind", "Cluster"), ("apiVersion", API_VERSION)] {
        let is_right = cluster.get(field).and_then(Value::as_str) == Some(wanted);
        if !is_right {
            let message = format!("a kind configuration has `{field}: {wanted}`");
            found.push((field.to_owned(), (message, Some("write it at the beginning of the file".into()))));
        }
    }
    found.extend(unknown(cluster, "", &OF_CLUSTER));
    let networking = cluster.get("networking").and_then(Value::as_object);
    found.extend(networking.into_iter().flat_map(|networking| unknown(networking, "networking.", &OF_NETWORKING)));
    let nodes = cluster.get("nodes").and_then(Value::as_array).into_iter().flatten();
    for (number, node) in nodes.filter_map(Value::as_object).enumerate() {
        found.extend(unknown(node, &format!("nodes[{number}]."), &OF_NODE));
        let role = node.get("role").and_then(Value::as_str).unwrap_or("control-plane");
        if !ROLES.contains(&role) {
            let message = format!("nodes[{number}].role is {role}: a node of kind is a control-plane or a worker");
            found.push((role.to_owned(), (message, Some("write `role: control-plane` or `role: worker`".into()))));
        }
    }
    found
}

/// The fields that kind does not know; it refuses them.
fn unknown(value: &Map<String, Value>, place: &str, known: &[&str]) -> Vec<(String, Wrong)> {
    let unknown = value.keys().filter(|field| !known.contains(&field.as_str()));
    unknown
        .map(|field| {
            let hint = nearest(field, known.iter().copied(), 2)
                .map_or_else(|| format!("choose from: {}", known.join(", ")), |known| format!("did you mean {known}?"));
            (field.clone(), (format!("kind has no field {place}{field}"), Some(hint)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let cluster = settings::read(text).unwrap();
        wrong(&cluster).into_iter().map(|(_, (message, hint))| format!("{message}; {}", hint.unwrap())).collect()
    }

    #[test]
    fn labproofs_own_configurations_are_right() {
        for text in [include_str!("../../kind-config/demo.yaml"), include_str!("../../kind-config/phases.yaml")] {
            assert_eq!(found(text), [""; 0]);
        }
    }

    #[test]
    fn fields_that_kind_refuses_are_found() {
        let head = "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n";
        for (rest, said) in [
            ("nods: []\n", "kind has no field nods; did you mean nodes?"),
            ("nodes:\n- roles: worker\n", "kind has no field nodes[0].roles; did you mean role?"),
            ("nodes:\n- role: master\n", "nodes[0].role is master"),
            ("networking: {cni: none}\n", "kind has no field networking.cni; choose from: apiServerAddress"),
        ] {
            let found = found(&format!("{head}{rest}"));
            assert!(found.len() == 1 && found[0].starts_with(said), "{found:?}");
        }
        assert_eq!(found("nodes: []\n").len(), 2, "neither its kind nor its version");
    }
}
