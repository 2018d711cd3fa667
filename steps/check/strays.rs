//! Finds files and folders of a course that labproof does not read because of their names.

use std::{fs, path::Path, sync::LazyLock};

use regex::Regex;

use super::{Problem, problem};
use crate::{
    expression::regex,
    project::{Lab, Project, is_feature},
    sheet::spelling::{distance, nearest},
    verdict::Outcome,
};

/// The labs of a course, and the folders in `scenarios/` that have the name of none.
pub(super) struct Folders {
    labs: Vec<String>,
    stray: Vec<String>,
}

impl Folders {
    /// # Errors
    /// `broken` if `features/` cannot be read.
    pub(super) fn of(project: &Project) -> Outcome<Self> {
        let labs: Vec<String> = project.labs()?.into_iter().map(|features| features.lab).collect();
        let entries = fs::read_dir(project.file("scenarios")).into_iter().flatten().flatten();
        let folders =
            entries.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().display().to_string());
        let stray = folders.filter(|name| !name.starts_with('.') && !labs.contains(name)).collect();
        Ok(Self { labs, stray })
    }

    /// The error of a lab that has no folder of its own, although one has nearly its name; all others would only follow
    /// from it.
    pub(super) fn meant_for(&self, lab: &Lab) -> Option<Problem> {
        let is_meant = |folder: &&String| meant(folder, &self.labs) == Some(lab.name.as_str());
        let folder = self.stray.iter().find(is_meant).filter(|_| !lab.folder.is_dir())?;
        Some(of_folder(folder, &self.labs))
    }
}

/// Finds the folders in `scenarios/` that belong to no lab, and files that have nearly the name of one that is read.
///
/// # Errors
/// `broken` if `features/` cannot be read.
pub(super) fn check(project: &Project) -> Outcome<Vec<Problem>> {
    let Folders { labs, stray } = Folders::of(project)?;
    let stray = stray.iter().map(|name| of_folder(name, &labs));
    let folders = labs.iter().flat_map(|lab| misnamed_folders(project, lab));
    let misnamed = misnamed(project, &project.file("features"), 8).into_iter();
    Ok(stray.chain(folders).chain(misnamed).chain(misnamed_settings(project)).collect())
}

/// The lab that has nearly this name.
fn meant<'a>(folder: &str, labs: &'a [String]) -> Option<&'a str> {
    nearest(folder, labs.iter().map(String::as_str), 2.min(folder.len() / 3))
}

fn of_folder(folder: &str, labs: &[String]) -> Problem {
    let none = || format!("write the lab: features/{folder}.feature, with `Feature:` in its first line");
    let any = || format!("rename it to that of a lab: {}", labs.join(", "));
    let hint = meant(folder, labs)
        .map_or_else(|| if labs.is_empty() { none() } else { any() }, |lab| format!("rename it to {lab}"));
    let message = "no lab has the name of this folder, so nothing uses it".into();
    problem(format!("scenarios/{folder}"), 0, message, Some(hint))
}

/// Files in a folder of features that look like features, and whose names have another ending.
fn misnamed(project: &Project, folder: &Path, depth: usize) -> Vec<Problem> {
    static LIKE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)^([^.].*)\.(features?|feautre|gherkin)(\.txt)?$"));
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
    problem(file, 0, "labproof ignores it because of its name".into(), Some(format!("rename it to {wanted}")))
}
