//! Finds files and folders of a course that labproof does not read because of their names.

use std::{fs, path::Path, sync::LazyLock};

use regex::Regex;

use super::{Problem, problem};
use crate::{
    conditions::wildcard,
    project::{Project, is_feature},
    sheet::spelling::distance,
    verdict::Outcome,
};

/// Finds the folders in `scenarios/` that belong to no lab, and files that have nearly the name of one that is read.
///
/// # Errors
/// `broken` if `features/` cannot be read.
pub(super) fn check(project: &Project) -> Outcome<Vec<Problem>> {
    let labs: Vec<String> = project.labs()?.into_iter().map(|features| features.lab).collect();
    let folders = fs::read_dir(project.file("scenarios")).into_iter().flatten().flatten();
    let names = folders.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().display().to_string());
    let stray = names.filter(|name| !name.starts_with('.') && !labs.contains(name)).map(|name| {
        let hint = format!("rename it to that of a lab: {}", labs.join(", "));
        problem(
            format!("scenarios/{name}"),
            0,
            "no lab has the name of this folder, so nothing uses it".into(),
            Some(hint),
        )
    });
    let folders = labs.iter().flat_map(|lab| misnamed_folders(project, lab));
    let misnamed = misnamed(project, &project.file("features"), 8).into_iter();
    Ok(stray.chain(folders).chain(misnamed).chain(misnamed_settings(project)).collect())
}

/// Files in a folder of features that look like features, and whose names have another ending.
fn misnamed(project: &Project, folder: &Path, depth: usize) -> Vec<Problem> {
    static LIKE: LazyLock<Regex> =
        LazyLock::new(|| wildcard::pattern(r"(?i)^([^.].*)\.(features?|feautre|gherkin)(\.txt)?$"));
    let mut found = Vec::new();
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && depth > 0 {
            found.extend(misnamed(project, &path, depth - 1));
        } else if let Some(like) = LIKE.captures(name).filter(|_| path.is_file() && !is_feature(&path)) {
            found.push(unread(project.shown(&path), &format!("{}.feature", &like[1])));
        }
    }
    found
}

/// Folders of a lab that have nearly the name of that of its attempts.
fn misnamed_folders(project: &Project, lab: &str) -> Vec<Problem> {
    let folder = project.file("scenarios").join(lab);
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let folders = entries.filter(|path| path.is_dir());
    let named = |path: &Path| path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    let like = |name: &str| name != "attempts" && distance(name, "attempts") <= 2;
    folders
        .filter(|path| named(path).is_some_and(|name| like(&name)))
        .map(|path| unread(project.shown(&path), "attempts"))
        .collect()
}

/// Settings of the course whose names have the other ending of YAML files.
fn misnamed_settings(project: &Project) -> impl Iterator<Item = Problem> {
    let names = ["images", "demo", "nodes"].into_iter();
    let pairs = names.map(|name| (project.file(format!("kind-config/{name}.yml")), format!("{name}.yaml")));
    pairs.filter(|(path, _)| path.is_file()).map(|(path, wanted)| unread(project.shown(&path), &wanted))
}

fn unread(file: String, wanted: &str) -> Problem {
    problem(file, 0, "labproof reads nothing of this name".into(), Some(format!("rename it to {wanted}")))
}
