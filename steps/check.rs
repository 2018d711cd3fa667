//! Finds the errors in labs that need no cluster to be found: in sheets, steps, files, manifests, `lab.yaml` and
//! coverage files.

mod api;
mod attempts;
mod changed;
mod clusters;
mod commands;
pub mod coverage;
mod fields;
mod files;
mod graded;
mod hints;
mod images;
mod kinds;
mod lab;
mod made;
mod manifests;
pub mod pages;
mod stand_ins;
mod steps;
mod strays;
mod testimony;
mod typed;
mod typos;

use crate::{
    images::catalogue::Catalogue,
    loaded::{Loaded, Unreadable},
    project::Project,
    settings,
    verdict::{Fault, Outcome},
    vocabulary,
};

/// What is wrong, and what to do.
type Wrong = (String, Option<String>);

/// An error in a lab, and its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, with its path relative to the project.
    pub file: String,
    /// The line in the file; 0 if the problem concerns the whole file.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

/// The result of a check.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The number of scenarios.
    pub scenarios: usize,
    /// The problems, sorted by place.
    pub problems: Vec<Problem>,
}

/// Whether a lab can have this name: namespaces begin with it.
#[must_use]
pub fn is_lab_name(name: &str) -> bool {
    lab::is_namespace_prefix(name)
}

/// Whether YAML is meant as a manifest of Kubernetes' own kinds, even if it cannot be read.
#[must_use]
pub fn is_manifest(text: &str) -> bool {
    kinds::is_meant(text)
}

/// Checks these labs completely, including the coverage files of their documents.
///
/// # Errors
/// If the catalogue of images or the project's folders cannot be read.
pub fn check(project: &Project, labs: &[Loaded]) -> Outcome<Checked> {
    let mut checked = can_run(project, labs)?;
    checked.problems.extend(coverage::check(project, &coverage::by_name(labs)));
    checked.problems.extend(changed::check(project, &coverage::by_name(labs)));
    checked.problems.extend(strays::check(project)?);
    checked.problems.sort();
    checked.problems.dedup();
    Ok(checked)
}

/// Checks only for errors that prevent a run of these labs.
///
/// # Errors
/// If the catalogue of images cannot be read.
pub fn can_run(project: &Project, labs: &[Loaded]) -> Outcome<Checked> {
    Catalogue::read(project)?;
    let mut checked = Checked::default();
    checked.problems.extend(stand_ins::check(project)?);
    let strays = strays::Folders::of(project)?;
    let has_others = project.has_own_program() && !vocabulary::has_own();
    for loaded in labs {
        checked.scenarios += loaded.scenarios.len();
        checked.problems.extend(wrong_with_features(loaded, has_others));
        match &loaded.lab {
            Ok(lab) if let Some(renamed) = strays.meant_for(lab) => checked.problems.push(renamed),
            Ok(lab) => {
                lab::check(project, lab, &loaded.scenarios, &mut checked.problems);
                checked.problems.extend(manifests::check(project, lab, &loaded.scenarios));
                checked.problems.extend(manifests::in_commands(project, lab, &loaded.scenarios));
                graded::check(project, lab, &loaded.scenarios, &mut checked.problems);
                files::check(project, lab, loaded, &mut checked.problems);
                checked.problems.extend(images::check(project, lab));
                checked.problems.extend(made::check(lab, &loaded.scenarios));
                attempts::check(project, lab, loaded, &mut checked.problems);
            }
            Err(fault) => {
                checked.problems.push(wrong_lab(project, loaded, fault));
            }
        }
    }
    checked.problems.extend(clusters::check(project, labs)?);
    checked.problems.sort();
    checked.problems.dedup();
    Ok(checked)
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.message)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "\n  hint: {hint}"))
    }
}

/// The error that makes a lab unreadable, at its description, or at its first feature file, with whose name the text begins.
fn wrong_lab(project: &Project, loaded: &Loaded, fault: &Fault) -> Problem {
    if let Err(settings::SettingsError { line, message }) = project.description(&loaded.name) {
        let description = project.shown(&project.folder_of(&loaded.name).join("lab.yaml"));
        return problem(description, line.unwrap_or(0), message, None);
    }
    let named = fault.reason.strip_prefix(&format!("{} ", loaded.first));
    let message = named.map_or_else(|| fault.reason.clone(), |rest| format!("it {rest}"));
    problem(loaded.first.clone(), 0, message, fault.hint.clone())
}

/// Finds the errors in the feature files themselves and in the steps of their scenarios.
fn wrong_with_features(loaded: &Loaded, has_others: bool) -> impl Iterator<Item = Problem> {
    let scenarios = loaded.scenarios.iter();
    let of_steps = scenarios.flat_map(move |placed| steps::check(&placed.feature, &placed.scenario, has_others));
    let of_prose = loaded.prose.iter().filter_map(steps::in_prose);
    loaded.unreadable.iter().map(Problem::from).chain(of_steps).chain(of_prose)
}

impl From<&Unreadable> for Problem {
    fn from(Unreadable { feature, problem }: &Unreadable) -> Self {
        self::problem(feature.clone(), problem.line, problem.message.clone(), problem.hint.clone())
    }
}

fn problem(file: String, line: usize, message: String, hint: Option<String>) -> Problem {
    Problem { file, line, message, hint }
}
