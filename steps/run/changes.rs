//! The files that labs consist of, and which scenarios a change of them concerns.
//!
//! Scenarios are compared by their text, so moving a scenario or editing a comment concerns none. It does not wait for
//! changes: see `watch`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::plan::{Plan, Planned};
use crate::{
    machine::content,
    project::{EXPECTED, Lab, OPTIONS, Project},
    vocabulary::{ParameterKind, Step},
};

/// How deep folders are searched.
const DEEPEST: usize = 16;

/// The files of all labs, relative to the project, each with a digest of its content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabFiles(BTreeMap<PathBuf, String>);

impl LabFiles {
    /// Reads all files. A file that is removed meanwhile is left out.
    #[must_use]
    pub fn read(project: &Project) -> Self {
        let mut found = vec![project.file(OPTIONS)];
        for folder in ["features", "scenarios"] {
            find(&project.file(folder), DEEPEST, &mut found);
        }
        let read = found.into_iter().filter_map(|path| {
            let digest = content::digest_of(&[&path]).ok()?;
            Some((PathBuf::from(project.shown(&path)), digest))
        });
        Self(read.collect())
    }

    /// The files that were added, changed or removed.
    #[must_use]
    pub fn changed_since(&self, before: &Self) -> BTreeSet<PathBuf> {
        let names = self.0.keys().chain(before.0.keys());
        names.filter(|name| self.0.get(*name) != before.0.get(*name)).cloned().collect()
    }
}

fn find(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        match path.is_dir() {
            true if depth > 0 => find(&path, depth - 1, found),
            true => {}
            false if is_of_an_editor(&path) => {}
            false => found.push(path),
        }
    }
}

/// Whether an editor makes a file of this name for itself while a person edits: vim, Emacs, GNOME's editors, `JetBrains`'.
fn is_of_an_editor(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    let is_swap = name.starts_with('.') && ending.len() == 3 && ending.starts_with("sw");
    let begins = [".#", "#", ".goutputstream-"].iter().any(|start| name.starts_with(start));
    is_swap || begins || name.ends_with('~') || name.ends_with("___jb_tmp___") || name == "4913"
}

/// The scenarios of a plan that differ from those of an earlier plan, or that use a changed file.
#[must_use]
pub fn concerned(plan: &Plan, before: &Plan, changed: &BTreeSet<PathBuf>) -> Plan {
    if changed.contains(Path::new(OPTIONS)) {
        return plan.clone();
    }
    let earlier: BTreeMap<&str, &Planned> =
        before.scenarios.iter().map(|planned| (planned.id.as_str(), planned)).collect();
    let is_new =
        |planned: &Planned| !earlier.get(planned.id.as_str()).is_some_and(|earlier| says_the_same(earlier, planned));
    let mut concerned = plan.clone();
    concerned.scenarios.retain(|planned| is_new(planned) || changed.iter().any(|file| uses(plan, planned, file)));
    concerned
}

fn says_the_same(one: &Planned, other: &Planned) -> bool {
    let (one, other) = (&one.scenario, &other.scenario);
    let words = |step: &Step| {
        let written = &step.written;
        let rows = written.table.as_ref().map(|table| table.rows.clone());
        (written.ty, written.value.clone(), written.docstring.clone(), rows)
    };
    one.name == other.name && one.tags == other.tags && one.steps.iter().map(words).eq(other.steps.iter().map(words))
}

/// Whether a scenario uses a lab's file. If no scenario of its lab names the file, all of them may use it.
fn uses(plan: &Plan, planned: &Planned, file: &Path) -> bool {
    let lab = &planned.lab;
    let Ok(file) = file.strip_prefix(Path::new("scenarios").join(&lab.name)) else { return false };
    // An expected text is part of the step that names it, and no run of the lab's own files uses an attempt.
    if file.starts_with(EXPECTED) || file.starts_with("attempts") {
        return false;
    }
    let mut of_lab = plan.scenarios.iter().filter(|other| other.lab.name == lab.name);
    is_for_all(lab, file) || names(planned, file) || !of_lab.any(|other| names(other, file))
}

fn is_for_all(lab: &Lab, file: &Path) -> bool {
    let name = file.to_string_lossy();
    file == Path::new("lab.yaml") || lab.file.builds.iter().any(|build| build.takes(&name))
}

/// Whether a step names the file, or copies all files of the lab.
fn names(planned: &Planned, file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let task = file.strip_prefix("tasks").ok().and_then(|task| task.to_str()?.strip_suffix(".sh"));
    planned.scenario.steps.iter().filter_map(Step::sentence).any(|(_, arguments)| {
        let mut texts = arguments.of_other_kinds(&[]).chain(arguments.block());
        let copies_all = arguments.of_kind(ParameterKind::Folder).next().is_some();
        let is_task = arguments.of_kind(ParameterKind::Task).any(|other| Some(other) == task);
        copies_all || is_task || texts.any(|text| text.contains(&*name))
    })
}

#[cfg(test)]
mod tests;
