//! Finds the errors in a lab's manifests.

mod folders;
mod here;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use regex::Regex;

use super::{
    Problem, Wrong, commands, fields, kinds,
    lab::{is_yaml, manifests, read},
    problem,
};
use crate::{
    cluster::manifest,
    document::{bash::Shell, fixed, story::used_files},
    expression::regex,
    image_name::ImageName,
    loaded::Placed,
    machine::content,
    project::{Lab, OURS, Project},
    sheet::spelling::nearest,
    vocabulary::{Fact, ParameterKind, Step},
    yaml::{self, Bounds},
};

/// Finds everything that is wrong with the manifests of a lab.
pub(super) fn check(project: &Project, lab: &Lab, scenarios: &[Placed]) -> Vec<Problem> {
    let steps = || scenarios.iter().flat_map(|placed| &placed.scenario.steps);
    let arguments = steps().filter_map(Step::sentence).map(|(_, arguments)| arguments);
    let named: BTreeSet<PathBuf> = arguments
        .flat_map(|arguments| arguments.of_kind(ParameterKind::Manifest).map(|file| lab.folder.join(file)))
        .collect();
    let json = named.iter().filter(|path| path.is_file() && !is_yaml(path)).cloned();
    let mut problems = Vec::new();
    let declared = declared(lab, scenarios);
    let nested = in_folders(lab).into_iter().filter(|path| is_used_as_it_is(lab, path, steps()));
    for path in manifests(lab).chain(json).chain(nested) {
        let shown = project.shown(&path);
        let text = match read(&path) {
            Ok(text) => text,
            Err(why) => {
                problems.push(problem(shown, 0, why, None));
                continue;
            }
        };
        let wrong = wrong_with_manifest(project, lab, &declared, &text, named.contains(&path)).into_iter();
        problems.extend(wrong.map(|(why, hint)| problem(shown.clone(), 0, why, hint)));
        if is_used_as_it_is(lab, &path, steps()) {
            problems.extend(wrong_fields(&shown, &text));
        }
    }
    problems.extend(scenarios.iter().flat_map(|placed| here::check(project, lab, &declared, placed)));
    problems
}

/// The YAML files in the folders of a lab. Those of a kustomization or a chart may be parts of objects.
fn in_folders(lab: &Lab) -> Vec<PathBuf> {
    let all = content::files(&lab.folder).unwrap_or_default();
    let is_ours = |path: &PathBuf| OURS.iter().any(|ours| path.starts_with(lab.folder.join(ours)));
    all.into_iter().filter(|path| is_yaml(path) && path.parent() != Some(&lab.folder) && !is_ours(path)).collect()
}

/// A manifest must describe objects, and may use only images that the lab declares; whether nodes have others is a
/// matter of chance. YAML that no step names may be something else, such as Helm values or a kustomization.
fn wrong_with_manifest(
    project: &Project,
    lab: &Lab,
    declared: &BTreeSet<ImageName>,
    text: &str,
    is_named: bool,
) -> Vec<Wrong> {
    let objects = manifest::read_each(text);
    if text.trim().is_empty() {
        return vec![("it is empty".into(), None)];
    }
    if objects.is_empty() && is_named {
        return vec![("it describes no object".into(), None)];
    }
    if is_named && is_kustomization(text) {
        let hint = "put the lab's files into the terminal's folder, and write `When I run \"kubectl apply -k .\"`";
        return vec![("it is a kustomization, which only kubectl applies".into(), Some(hint.into()))];
    }
    let is_meant = is_named || kinds::is_meant(text);
    let mut needed = declared.clone();
    let mut wrong = Vec::new();
    for object in objects {
        match object {
            Err(why) if is_meant => wrong.push((why, None)),
            Err(_) => {}
            Ok(object) => {
                let of_kind = kinds::wrong_object(&object.api_version, &object.kind);
                wrong
                    .extend(of_kind.map(|(why, hint)| (format!("{} {}: {why}", object.kind, object.name), Some(hint))));
                // An image is reported once.
                let images = manifest::images(&object).into_iter();
                wrong.extend(
                    images
                        .filter(|image| needed.insert(image.clone()))
                        .map(|image| undeclared(project, lab, declared, &image)),
                );
            }
        }
    }
    wrong
}

fn is_kustomization(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("apiVersion:") && line.contains("kustomize.config.k8s.io"))
        || text.lines().any(|line| line.trim_end() == "resources:")
            && !text.lines().any(|line| line.starts_with("kind:"))
}

/// An image of the lab with nearly the same name, or the same with another tag.
fn image_like(image: &ImageName, declared: &BTreeSet<ImageName>) -> Option<String> {
    let known: Vec<String> = declared.iter().map(ToString::to_string).collect();
    let repository = |name: &str| name.rsplit_once(':').map_or(name, |(repository, _)| repository).to_owned();
    let image = image.to_string();
    let same = known.iter().find(|other| repository(other) == repository(&image)).cloned();
    same.or_else(|| nearest(&image, known.iter().map(String::as_str), 2).map(str::to_owned))
}

fn undeclared(project: &Project, lab: &Lab, declared: &BTreeSet<ImageName>, image: &ImageName) -> Wrong {
    let described = project.shown(&lab.folder.join("lab.yaml"));
    let add = format!("add it to `pulls` in {described}, or to `absent` if no machine should have it");
    let hint = match image_like(image, declared) {
        Some(other) => format!("did you mean {other}? If not, {add}"),
        None => add,
    };
    (format!("`pulls` in lab.yaml does not list {image}"), Some(hint))
}

/// The images that commands give to Pods, and which `pulls` in lab.yaml does not list.
pub(super) fn in_commands(project: &Project, lab: &Lab, scenarios: &[Placed]) -> Vec<Problem> {
    let declared = declared(lab, scenarios);
    let (mut named, mut problems) = (declared.clone(), Vec::new());
    for (feature, step) in
        scenarios.iter().flat_map(|placed| placed.scenario.steps.iter().map(|step| (&placed.feature, step)))
    {
        let images = commands::must_succeed(step).into_iter().flat_map(images_of_command);
        for image in images.filter(|image| named.insert(image.clone())) {
            let (message, hint) = undeclared(project, lab, &declared, &image);
            problems.push(problem(feature.clone(), step.written.position.line, message, hint));
        }
    }
    problems
}

/// The images that the lab says it needs, and those that its commands build or give another name.
fn declared(lab: &Lab, scenarios: &[Placed]) -> BTreeSet<ImageName> {
    let built = lab.file.builds.iter().map(|build| &build.image);
    let steps = scenarios.iter().flat_map(|placed| &placed.scenario.steps);
    let made = steps.flat_map(commands::must_succeed).flat_map(fixed::images).map(ImageName::from);
    lab.file.pulls.iter().chain(&lab.file.absent).chain(built).cloned().chain(made).collect()
}

/// The images in a command of kubectl: `--image=…`, or those of `kubectl set image`.
fn images_of_command(command: &str) -> Vec<ImageName> {
    let read = Shell::default().read(command).unwrap_or_default();
    let mut images = Vec::new();
    for simple in read {
        let words: Vec<&str> = simple.words.iter().map(|word| word.text.as_str()).collect();
        let ["kubectl", rest @ ..] = words.as_slice() else { continue };
        let of_option = |pair: &[&str]| (pair[0] == "--image").then(|| pair[1].to_owned());
        images.extend(rest.windows(2).filter_map(of_option));
        images.extend(rest.iter().filter_map(|word| word.strip_prefix("--image=")).map(str::to_owned));
        if let ["set", "image", _, changes @ ..] = rest {
            let changes = changes.iter().filter(|word| !word.starts_with('-'));
            images.extend(changes.filter_map(|change| Some(change.split_once('=')?.1.to_owned())));
        }
    }
    // What only the shell knows may be any image.
    images.retain(|image| !image.is_empty() && !image.contains(['$', '`', '{', '*']));
    images.into_iter().map(ImageName::from).filter(ImageName::is_valid).collect()
}

/// What the server would refuse in a manifest, at its line.
fn wrong_fields(shown: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for document in yaml::read(text, &Bounds::trusted()) {
        let objects = document.content.as_ref().map(yaml::items).unwrap_or_default();
        for wrong in objects.iter().flat_map(fields::wrong) {
            let line = document.line_of(&wrong.key, &wrong.value);
            problems.push(problem(shown.to_owned(), line, wrong.message, wrong.hint));
        }
    }
    problems
}

/// Whether a step gives a file to the server, which must take it, and no step says otherwise: the lesson may be that the
/// server refuses it, or a step may change it first.
fn is_used_as_it_is<'a>(lab: &Lab, path: &Path, steps: impl Iterator<Item = &'a Step>) -> bool {
    static OTHERWISE: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"\b(sed|tee|patch|yq|perl|vim?|nano|envsubst|edit)\b|[^<]>|--validate|--dry-run=client")
    });
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let mut is_applied = false;
    for step in steps {
        let text = format!("{}\n{}", step.written.value, step.written.docstring.as_deref().unwrap_or_default());
        let is_below = |command: &str| folders::give(&lab.folder, command, path);
        if !text.contains(name) && !is_below(&text) {
            continue;
        }
        let Some((sentence, arguments)) = step.sentence() else { return false };
        let applies = |command: &str| {
            let names = |verb: &str| command.contains(verb);
            let is_given = ["apply", "create", "replace"].into_iter().any(names);
            let is_named = || used_files(command).iter().any(|file| path.ends_with(file.trim_start_matches("./")));
            is_given && (is_named() || is_below(command))
        };
        let is_argument = arguments.of_kind(ParameterKind::Manifest).any(|file| path.ends_with(file));
        let is_otherwise = OTHERWISE.is_match(&text) || commands::handles_failure(&text);
        if is_argument && !sentence.has(Fact::Acts) || sentence.has(Fact::Attempts) || is_otherwise {
            return false;
        }
        is_applied |= is_argument || commands::must_succeed(step).into_iter().any(applies);
    }
    is_applied
}
