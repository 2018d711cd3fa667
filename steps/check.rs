//! Everything that can be wrong with labs without a cluster: sheets, steps, files, manifests, `lab.yaml`, coverage.

pub mod coverage;
mod graded;
mod lab;
pub mod pages;
mod steps;

use std::path::{Path, PathBuf};

use self::coverage::Labs;
use crate::{
    images::catalogue::Catalogue,
    project::{Project, lab_name},
    reading,
    sheet::Scenario,
    verdict::Outcome,
};

/// Something that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as it is shown.
    pub file: String,
    /// The line in it; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

/// What was looked at, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// How many scenarios there are.
    pub scenarios: usize,
    /// What is wrong, by place.
    pub problems: Vec<Problem>,
}

/// Checks these feature files, with all that belongs to their labs and with what is said of the documents.
///
/// # Errors
/// Where the catalogue of images cannot be read.
pub fn check(project: &Project, features: &[PathBuf]) -> Outcome<Checked> {
    let (mut checked, labs) = check_labs(project, features)?;
    for (name, scenarios) in &labs {
        checked.problems.extend(lab::unnamed(project, name, scenarios));
    }
    checked.problems.extend(coverage::check(project, &labs));
    Ok(checked)
}

/// Checks what keeps these labs from being run.
///
/// # Errors
/// Where the catalogue of images cannot be read.
pub fn can_run(project: &Project, features: &[PathBuf]) -> Outcome<Checked> {
    check_labs(project, features).map(|(checked, _)| checked)
}

fn check_labs(project: &Project, features: &[PathBuf]) -> Outcome<(Checked, Labs)> {
    let catalogue = Catalogue::read(project)?;
    let (mut checked, mut labs) = (Checked::default(), Labs::new());
    for feature in features {
        let scenarios = check_feature(project, feature, &mut checked.problems);
        checked.scenarios += scenarios.len();
        match project.lab(feature) {
            Ok(lab) => {
                lab::check(project, &lab, &scenarios, &catalogue, &mut checked.problems);
                graded::check(project, &lab, &scenarios, &mut checked.problems);
            }
            Err(fault) => checked.problems.push(problem(project.shown(feature), 0, fault.reason, fault.hint)),
        }
        labs.insert(lab_name(feature), scenarios);
    }
    checked.problems.sort();
    checked.problems.dedup();
    Ok((checked, labs))
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

fn check_feature(project: &Project, feature: &Path, problems: &mut Vec<Problem>) -> Vec<Scenario> {
    let shown = project.shown(feature);
    match reading::feature(feature, &project.file("scenarios").join(lab_name(feature))) {
        Ok(sheet) => {
            for scenario in &sheet.scenarios {
                let wrong = steps::check(scenario);
                problems.extend(
                    wrong.into_iter().map(|wrong| problem(shown.clone(), wrong.line, wrong.message, wrong.hint)),
                );
            }
            sheet.scenarios
        }
        Err(wrong) => {
            problems
                .extend(wrong.into_iter().map(|wrong| problem(shown.clone(), wrong.line, wrong.message, wrong.hint)));
            Vec::new()
        }
    }
}

fn problem(file: String, line: usize, message: String, hint: Option<String>) -> Problem {
    Problem { file, line, message, hint }
}
