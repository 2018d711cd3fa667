//! Everything that can be wrong with labs without a cluster: sheets, steps, files, manifests, `lab.yaml`, coverage.

pub mod coverage;
mod files;
mod graded;
mod lab;
pub mod pages;
mod steps;

use self::coverage::Labs;
use crate::{
    images::catalogue::Catalogue,
    loaded::{Loaded, Unreadable},
    project::{LabFeatures, Project},
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

/// Checks these labs, with all that belongs to them and with what is said of the documents.
///
/// # Errors
/// Where the catalogue of images cannot be read.
pub fn check(project: &Project, labs: &[LabFeatures]) -> Outcome<Checked> {
    let (mut checked, labs) = check_labs(project, labs)?;
    checked.problems.extend(coverage::check(project, &labs));
    Ok(checked)
}

/// Checks what keeps these labs from being run.
///
/// # Errors
/// Where the catalogue of images cannot be read.
pub fn can_run(project: &Project, labs: &[LabFeatures]) -> Outcome<Checked> {
    check_labs(project, labs).map(|(checked, _)| checked)
}

fn check_labs(project: &Project, features: &[LabFeatures]) -> Outcome<(Checked, Labs)> {
    let catalogue = Catalogue::read(project)?;
    let (mut checked, mut labs) = (Checked::default(), Labs::new());
    for features in features {
        let loaded = Loaded::read(project, features);
        checked.scenarios += loaded.scenarios.len();
        wrong_with_features(&loaded, &mut checked.problems);
        match &loaded.lab {
            Ok(lab) => {
                lab::check(project, lab, &loaded.scenarios, &catalogue, &mut checked.problems);
                graded::check(project, lab, &loaded.scenarios, &mut checked.problems);
                files::check(project, lab, &loaded, &mut checked.problems);
            }
            Err(fault) => {
                checked.problems.push(problem(loaded.first.clone(), 0, fault.reason.clone(), fault.hint.clone()));
            }
        }
        labs.insert(loaded.name, loaded.scenarios);
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

/// What is wrong with the feature files themselves, and with the steps of their scenarios.
fn wrong_with_features(loaded: &Loaded, problems: &mut Vec<Problem>) {
    problems.extend(loaded.unreadable.iter().map(Problem::from));
    for placed in &loaded.scenarios {
        let wrong = steps::check(&placed.scenario).into_iter();
        problems.extend(wrong.map(|wrong| problem(placed.feature.clone(), wrong.line, wrong.message, wrong.hint)));
    }
}

impl From<&Unreadable> for Problem {
    fn from(Unreadable { feature, problem }: &Unreadable) -> Self {
        self::problem(feature.clone(), problem.line, problem.message.clone(), problem.hint.clone())
    }
}

fn problem(file: String, line: usize, message: String, hint: Option<String>) -> Problem {
    Problem { file, line, message, hint }
}
