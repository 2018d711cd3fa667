//! Finds errors in a lab apart from its sheet's steps: in its name and its `lab.yaml`, and in the files and images that
//! the sheet names.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use super::{
    Problem, api,
    commands::{self, Lacking},
    fields, kinds, problem,
};
use crate::{
    cluster::manifest,
    images::build,
    loaded::{Placed, expected},
    project::{EXPECTED, Lab, Project},
    sheet::spelling::nearest,
    vocabulary::{Arguments, Fact, ParameterKind, Sentence, Step},
    yaml,
};

/// Finds everything that is wrong with a lab.
pub(super) fn check(project: &Project, lab: &Lab, scenarios: &[Placed], problems: &mut Vec<Problem>) {
    problems.extend(wrong_with_description(project, lab));
    let defined = custom_kinds(lab, scenarios);
    let steps = scenarios.iter().flat_map(|placed| placed.scenario.steps.iter().map(|step| (&placed.feature, step)));
    for (feature, step) in steps {
        let Some((sentence, arguments)) = step.sentence() else { continue };
        let wrong = wrong_with_file(project, lab, sentence, arguments)
            .or_else(|| wrong_with_image(project, lab, sentence, arguments))
            .or_else(|| wrong_with_expected(project, lab, step, arguments))
            .or_else(|| wrong_with_kind(arguments, &defined))
            .or_else(|| wrong_with_api(arguments))
            .or_else(|| commands::typo(step));
        if let Some((message, hint)) = wrong {
            problems.push(problem(feature.clone(), step.written.position.line, message, hint));
        }
    }
    for Placed { feature, scenario, .. } in scenarios {
        problems.extend(commands::lacking(lab, scenario).into_iter().map(|Lacking { line, file, is_elsewhere }| {
            let (message, hint) = if is_elsewhere {
                let hint = format!("put `Given the lab's files are in the folder \"{}\"` before it", lab.name);
                (format!("the terminal's folder has no {file}: it is empty at first"), hint)
            } else {
                let hint = where_it_belongs(project, lab, &file);
                (format!("the lab has no file {file}, and no step before makes it"), hint)
            };
            problem(feature.clone(), line, message, Some(hint))
        }));
    }
}

fn wrong_with_description(project: &Project, lab: &Lab) -> Vec<Problem> {
    let described = project.shown(&lab.folder.join("lab.yaml"));
    let mut wrong = Vec::new();
    if !is_namespace_prefix(&lab.name) {
        let hint = "the names of its namespaces begin with the lab's name: use lower-case letters, digits and hyphens, 40 at most";
        let message = format!("the lab cannot be called {}", lab.name);
        let feature = lab.features.first().map(|file| project.shown(&file.path)).unwrap_or_default();
        wrong.push(problem(feature, 0, message, Some(hint.into())));
    }
    for build in &lab.file.builds {
        let dockerfile = build.folder.join(&build.dockerfile);
        if !lab.folder.join(&dockerfile).is_file() {
            let message = format!("the lab builds {}, but has no {}", build.image, dockerfile.display());
            wrong.push(problem(described.clone(), 0, message, None));
        }
    }
    wrong
}

/// A manifest that a step names must exist and must create the Pod that the step waits for.
fn wrong_with_file(
    project: &Project,
    lab: &Lab,
    sentence: &Sentence,
    arguments: &Arguments,
) -> Option<(String, Option<String>)> {
    let file = arguments.of_kind(ParameterKind::Manifest).next()?;
    let path = lab.folder.join(file);
    if path.is_dir() {
        let hint = format!("name a manifest in it, or type `kubectl apply -f {file}`, or -k for a kustomization");
        return Some((format!("{file} is a folder"), Some(hint)));
    }
    if !path.is_file() {
        return Some((format!("the lab has no file {file}"), Some(where_it_belongs(project, lab, file))));
    }
    // Where it cannot be read, that is reported for its file, too.
    let text = read(&path).ok()?;
    let pod = arguments.of_kind(ParameterKind::Pod).next().filter(|_| sentence.has(Fact::MakesPod))?;
    // Errors in the manifest itself are reported for its file.
    let objects = manifest::read(&text).ok()?;
    if objects.iter().any(|object| kinds::wrong_object(&object.api_version, &object.kind).is_some()) {
        return None;
    }
    let pods: Vec<String> =
        objects.into_iter().filter(|object| object.kind == "Pod").map(|object| object.name).collect();
    (!pods.iter().any(|name| name == pod)).then(|| (manifest::makes_another(file, &pods, pod), None))
}

/// What to do about a file that a step names and the lab does not have.
fn where_it_belongs(project: &Project, lab: &Lab, file: &str) -> String {
    let folder = project.shown(&lab.folder);
    if file.contains(&folder) || file.contains("://") {
        return format!("name a file by its path from {folder}");
    }
    file_like(lab, file).map_or_else(|| format!("put it into {folder}"), |known| format!("did you mean {known}?"))
}

/// The lab's file that has nearly this name.
pub(super) fn file_like(lab: &Lab, file: &str) -> Option<String> {
    let all: Vec<String> = files(lab).filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect();
    nearest(file, all.iter().map(String::as_str), 2).map(str::to_owned)
}

/// An image that a step calls the lab's own must be one that the lab builds.
fn wrong_with_image(
    project: &Project,
    lab: &Lab,
    sentence: &Sentence,
    arguments: &Arguments,
) -> Option<(String, Option<String>)> {
    let image = arguments.of_kind(ParameterKind::Image).next().filter(|_| sentence.has(Fact::NamesBuild))?;
    build::find(lab, &image.into()).is_none().then(|| {
        let hint = format!("add it to `builds` in {}", project.shown(&lab.folder.join("lab.yaml")));
        (format!("`builds` in lab.yaml does not list {image}"), Some(hint))
    })
}

/// A kind that a step names must not be a misspelt one, neither of Kubernetes nor of those that the lab itself defines.
fn wrong_with_kind(arguments: &Arguments, defined: &BTreeSet<String>) -> Option<(String, Option<String>)> {
    let kind = arguments.of_kind(ParameterKind::ObjectKind).next()?;
    let meant = kinds::meant(kind, defined)?;
    let none = if defined.is_empty() { "Kubernetes has no kind" } else { "neither Kubernetes nor the lab has a kind" };
    Some((format!("{none} {kind}"), Some(format!("did you mean {meant}?"))))
}

/// The path of a field, a verb or a resource must be one that the API has.
fn wrong_with_api(arguments: &Arguments) -> Option<(String, Option<String>)> {
    let first = |kind| arguments.of_kind(kind).next();
    let kind = first(ParameterKind::ObjectKind).unwrap_or("Pod");
    first(ParameterKind::Field)
        .and_then(|path| api::wrong_field(kind, path).or_else(|| fields::wrong_path(kind, path)))
        .or_else(|| first(ParameterKind::Verb).and_then(api::wrong_verb))
        .or_else(|| first(ParameterKind::Resource).and_then(api::wrong_resource))
}

/// The kinds of objects that the lab defines or creates in a group of its own, in its manifests and in what it types.
fn custom_kinds(lab: &Lab, scenarios: &[Placed]) -> BTreeSet<String> {
    let typed = scenarios
        .iter()
        .flat_map(|placed| &placed.scenario.steps)
        .map(|step| format!("{}\n{}", step.written.value, step.written.docstring.as_deref().unwrap_or_default()));
    let texts = manifests(lab).filter_map(|path| read(&path).ok()).chain(typed);
    texts.flat_map(|text| kinds::custom(&text)).collect()
}

/// A file of expected text that a step names must exist, and stand in place of a text beneath the step.
fn wrong_with_expected(
    project: &Project,
    lab: &Lab,
    step: &Step,
    arguments: &Arguments,
) -> Option<(String, Option<String>)> {
    let name = arguments.of_kind(ParameterKind::Expected).next()?;
    let text = match expected::read(&lab.folder, name) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let hint = format!("put it into {}", project.shown(&lab.folder.join(EXPECTED)));
            return Some((format!("the lab has no file {EXPECTED}/{name}"), Some(hint)));
        }
        Err(error) => return Some((format!("the file {EXPECTED}/{name} cannot be read: {error}"), None)),
    };
    (step.written.docstring.as_ref() != Some(&text)).then(|| {
        let hint = "remove the text beneath the step, or use `it prints:` with it";
        ("the step names a file and shows a text as well".into(), Some(hint.into()))
    })
}

/// The text of a manifest, as kubectl decodes it.
pub(super) fn read(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let text = yaml::text(&bytes).map(Cow::into_owned);
    text.map_err(|error| {
        let line = yaml::line_of_fault(&bytes, error);
        format!("line {line} is not in UTF-8: save the file as UTF-8")
    })
}

/// Whether a namespace can be named with this lab name, a hyphen and a unique suffix.
pub(super) fn is_namespace_prefix(name: &str) -> bool {
    let plain = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
    name.len() <= 40 && name.starts_with(plain) && name.chars().all(|character| plain(character) || character == '-')
}

/// The lab's own files, without those in its folders.
fn files(lab: &Lab) -> impl Iterator<Item = PathBuf> {
    let files = fs::read_dir(&lab.folder).into_iter().flatten().flatten().map(|entry| entry.path());
    files.filter(|path| path.is_file())
}

pub(super) fn manifests(lab: &Lab) -> impl Iterator<Item = PathBuf> {
    files(lab).filter(|path| is_yaml(path) && path.file_name().is_none_or(|name| name != "lab.yaml"))
}

pub(super) fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}
