//! What the containers of a manifest run and ask for: probes, arguments, environment, images.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;
use serde_json::Value;

use super::{
    Doubt,
    objects::{self, ReviewedObject},
};
use crate::{
    document::{defect::Defect, names, story::Story},
    expression::regex,
};

/// Fields that are deprecated, with since when and what to write instead.
const DEPRECATED: &[(&str, &str, &str)] = &[
    ("Service", "loadBalancerIP:", "`loadBalancerIP` is deprecated since 1.24; use the provider's annotation"),
    (
        "Ingress",
        "kubernetes.io/ingress.class:",
        "the annotation is deprecated since 1.18; write `spec.ingressClassName`",
    ),
    ("", "beta.kubernetes.io/os:", "the label is deprecated since 1.14; write `kubernetes.io/os`"),
    ("", "beta.kubernetes.io/arch:", "the label is deprecated since 1.14; write `kubernetes.io/arch`"),
    (
        "",
        "volume.beta.kubernetes.io/storage-class:",
        "the annotation is deprecated since 1.6; write `storageClassName`",
    ),
    ("", "seccomp.security.alpha.kubernetes.io/", "the annotation is gone since 1.27; write `seccompProfile`"),
];

/// What is wrong in the containers of the objects.
pub(super) fn doubts(all: &[ReviewedObject], story: &Story) -> Vec<Doubt> {
    let commands = objects::commands(story).join("\n");
    let mut doubts = Vec::new();
    for object in all {
        doubts.extend(deprecated(object));
        for container in object.containers() {
            doubts.extend(probe_of_no_file(object, container, &commands));
            doubts.extend(probe_of_no_port(object, container));
            doubts.extend(redirection_to_a_folder(object, container));
            doubts.extend(line_as_a_program(object, container));
            doubts.extend(undefined_variable(object, container));
            doubts.extend(mount_of_no_volume(object, container));
        }
        doubts.extend(placeholder_image(object));
    }
    doubts
}

fn deprecated(object: &ReviewedObject) -> Vec<Doubt> {
    let rows = DEPRECATED.iter().filter(|(kind, field, _)| {
        (kind.is_empty() || *kind == object.kind)
            && object.text.lines().any(|line| line.trim_start().trim_start_matches(['"', '\'']).starts_with(field))
    });
    rows.map(|(_, field, since)| Doubt {
        line: object.line_of(&[field]),
        kind: Defect::Drift,
        text: format!("{}: {since}", object.shown()),
        instead: None,
    })
    .collect()
}

/// The words of a list of a container, such as its `args`.
fn words(value: &Value, key: &str) -> Vec<String> {
    let list = value.get(key).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];

/// A probe that reads a file which neither the container nor the document makes.
fn probe_of_no_file(object: &ReviewedObject, container: &Value, commands: &str) -> Option<Doubt> {
    let runs = [words(container, "command"), words(container, "args")].concat().join(" ");
    let hooks = container.get("lifecycle").map(ToString::to_string).unwrap_or_default();
    if runs.is_empty() {
        return None;
    }
    for probe in PROBES {
        let Some(asked) = container.get(probe).and_then(|probe| probe.get("exec")) else { continue };
        let asked = words(asked, "command");
        let [program, .., file] = asked.as_slice() else { continue };
        let is_reading = matches!(program.as_str(), "cat" | "ls" | "test" | "stat");
        let is_own = !file.starts_with('/') || file.starts_with("/tmp/");
        let is_mounted = mounts(container).iter().any(|path| file.starts_with(path.as_str()));
        let is_file = !file.starts_with('-') && file.len() > 1;
        let made = runs.contains(file.as_str()) || hooks.contains(file.as_str()) || commands.contains(file.as_str());
        if is_reading && is_own && is_file && !is_mounted && !made {
            let text = format!(
                "the {probe} of {} reads the file {file}, which nothing in the document makes: it fails from the beginning",
                object.shown()
            );
            return Some(Doubt::mistake(object.line_of(&[file]), text));
        }
    }
    None
}

/// A whole line in place of the program: no program has a name with blanks.
fn line_as_a_program(object: &ReviewedObject, container: &Value) -> Option<Doubt> {
    let command = words(container, "command");
    let program = command.first().filter(|program| program.trim().contains([' ', ';']) && !program.contains('\n'))?;
    let text = format!(
        "{} runs a program called {program:?}, which does not exist: write each word as an element, or give the line to a shell, as in `[sh, -c, LINE]`",
        object.shown()
    );
    Some(Doubt::mistake(object.line_of(&[program.trim()]), text))
}

/// A mount of a volume that the Pod does not have.
fn mount_of_no_volume(object: &ReviewedObject, container: &Value) -> Option<Doubt> {
    let volumes = object.volume_names();
    let mounts = container.get("volumeMounts").and_then(Value::as_array).into_iter().flatten();
    let mut mounted = mounts.filter_map(|mount| mount.get("name")?.as_str());
    let missing = mounted.find(|name| !volumes.contains(name))?;
    let nearest = names::nearest(missing, volumes.iter().copied(), 0.0);
    let has = nearest.map_or_else(|| "it has none".to_owned(), |nearest| format!("it has {nearest}"));
    let text = format!("{} mounts the volume {missing}, which it does not have: {has}", object.shown());
    let doubt = Doubt::mistake(object.line_of(&["name:", missing]), text);
    Some(nearest.map(|nearest| doubt.clone().instead(missing, nearest)).unwrap_or(doubt))
}

/// The paths at which a container mounts volumes.
pub(super) fn mounts(container: &Value) -> Vec<String> {
    let mounts = container.get("volumeMounts").and_then(Value::as_array).into_iter().flatten();
    mounts.filter_map(|mount| Some(mount.get("mountPath")?.as_str()?.to_owned())).collect()
}

/// A probe that names a port which the container does not have.
fn probe_of_no_port(object: &ReviewedObject, container: &Value) -> Option<Doubt> {
    let ports = container.get("ports").and_then(Value::as_array).into_iter().flatten();
    let names: BTreeSet<&str> = ports.filter_map(|port| port.get("name")?.as_str()).collect();
    for probe in PROBES {
        let asked = container.get(probe);
        let port = ["httpGet", "tcpSocket"].iter().find_map(|way| asked?.get(*way)?.get("port")?.as_str());
        let Some(port) = port.filter(|port| !names.contains(port)) else { continue };
        let text =
            format!("the {probe} of {} asks the port {port}, and the container names no such port", object.shown());
        let doubt = Doubt::mistake(object.line_of(&["port:", port]), text);
        return Some(match names.first().filter(|_| names.len() == 1) {
            Some(only) => doubt.instead(port, only),
            None => doubt,
        });
    }
    None
}

/// A redirection in a shell command whose target is a folder: a blank or a line break stands before the file's name.
fn redirection_to_a_folder(object: &ReviewedObject, container: &Value) -> Option<Doubt> {
    static TARGET: LazyLock<Regex> = LazyLock::new(|| regex(r">{1,2}\s*(/[\w./-]*/)(?:\s|;|$)"));
    let runs = [words(container, "command"), words(container, "args")].concat();
    let folder = runs.iter().find_map(|word| Some(TARGET.captures(word)?[1].to_owned()))?;
    let text =
        format!("{} writes to {folder}, which is a folder: the file's name must follow it directly", object.shown());
    Some(Doubt::mistake(object.line_of(&[&folder]), text))
}

/// A variable `$(NAME)` in the arguments that the container does not have. Kubernetes leaves it as it is.
fn undefined_variable(object: &ReviewedObject, container: &Value) -> Option<Doubt> {
    static USED: LazyLock<Regex> = LazyLock::new(|| regex(r"\$\(([A-Z][A-Z0-9_]+)\)"));
    if container.get("envFrom").is_some() {
        return None;
    }
    let env = container.get("env").and_then(Value::as_array).into_iter().flatten();
    let has: BTreeSet<&str> = env.filter_map(|variable| variable.get("name")?.as_str()).collect();
    let runs = [words(container, "command"), words(container, "args")].concat().join(" ");
    let mut used = USED.captures_iter(&runs).map(|found| found[1].to_owned());
    let missing =
        used.find(|name| !has.contains(name.as_str()) && !name.contains("_SERVICE_") && !name.contains("_PORT"))?;
    let text = format!("{} uses the variable {missing}, which its container does not have", object.shown());
    Some(Doubt::mistake(object.line_of(&[&format!("$({missing})")]), text))
}

/// An image whose name only stands for one, such as `example.com/path/to/image`.
fn placeholder_image(object: &ReviewedObject) -> Option<Doubt> {
    let images = object.containers().into_iter().filter_map(|container| container.get("image")?.as_str());
    let image = images.into_iter().find(|image| image.contains("/path/to/"))?;
    let text = format!("nobody can pull the image {image}: say that the reader must replace it");
    Some(Doubt::mistake(object.line_of(&[image]), text))
}
