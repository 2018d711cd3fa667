//! Labs as parsed: the lab's description and the scenarios of all its feature files, with each step matched to its
//! sentence.
//!
//! A lab is read once, here. This module checks nothing: `check` finds the errors, and the plan selects what runs.

pub mod expected;

use std::{path::Path, sync::Arc};

use crate::{
    project::{Audience, FeatureFile, Lab, Named, Project},
    settings,
    sheet::{self, SheetProblem},
    verdict::Outcome,
    vocabulary::{Scenario, Sheet, Step},
};

/// A lab as parsed.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Its name.
    pub name: String,
    /// The lab, or the reason why its description cannot be read.
    pub lab: Outcome<Arc<Lab>>,
    /// Its first feature file, with its path relative to the project.
    pub first: String,
    /// The scenarios of all readable feature files, in the order of the files.
    pub scenarios: Vec<Placed>,
    /// The description lines in its feature files.
    pub prose: Vec<Prose>,
    /// The problems that make feature files unreadable.
    pub unreadable: Vec<Unreadable>,
}

/// A line of a description in a feature file.
#[derive(Clone, Debug)]
pub struct Prose {
    /// The feature file, with its path relative to the project.
    pub feature: String,
    /// The line's number.
    pub line: usize,
    /// The line's text.
    pub text: String,
}

/// A scenario and its place.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Its feature file, with its path relative to the project.
    pub feature: String,
    /// The audience of that file.
    pub audience: Audience,
    /// Whether the user named this file, and not the lab as a whole.
    pub is_named: bool,
    /// Its feature, as the parser returned it.
    pub source: Arc<gherkin::Feature>,
    /// The scenario.
    pub scenario: Scenario,
}

/// A problem that makes a feature file unreadable.
#[derive(Clone, Debug)]
pub struct Unreadable {
    /// The feature file, with its path relative to the project.
    pub feature: String,
    /// The problem; its line is 0 if it concerns the whole file.
    pub problem: SheetProblem,
}

/// Reads the named labs. A lab of which one file was named is still read with all its feature files.
#[must_use]
pub fn load(project: &Project, labs: &[Named]) -> Vec<Loaded> {
    labs.iter().map(|named| Loaded::read(project, named)).collect()
}

impl Loaded {
    fn read(project: &Project, named: &Named) -> Self {
        let features = &named.features;
        let mut loaded = Self {
            name: features.lab.clone(),
            lab: project.lab(features).map(Arc::new),
            first: features.files.first().map(|file| project.shown(&file.path)).unwrap_or_default(),
            scenarios: Vec::new(),
            prose: Vec::new(),
            unreadable: Vec::new(),
        };
        let lab_folder = project.folder_of(&features.lab);
        for file in &features.files {
            loaded.add(file, named.files.contains(file), &project.shown(&file.path), &lab_folder);
        }
        loaded
    }

    fn add(&mut self, file: &FeatureFile, is_named: bool, feature: &str, lab_folder: &Path) {
        match read(&file.path, lab_folder) {
            Ok(Sheet { feature: source, scenarios, prose }) => {
                let line = |(line, text)| Prose { feature: feature.to_owned(), line, text };
                self.prose.extend(prose.into_iter().map(line));
                let (source, audience) = (Arc::new(source), file.audience);
                let placed = |scenario| Placed {
                    feature: feature.to_owned(),
                    audience,
                    is_named,
                    source: source.clone(),
                    scenario,
                };
                self.scenarios.extend(scenarios.into_iter().map(placed));
            }
            Err(problems) => {
                let unreadable = |problem| Unreadable { feature: feature.to_owned(), problem };
                self.unreadable.extend(problems.into_iter().map(unreadable));
            }
        }
    }
}

/// Reads a feature file; `lab_folder` is the folder of the lab's own files.
fn read(path: &Path, lab_folder: &Path) -> Result<Sheet, Vec<SheetProblem>> {
    let text = settings::text(path)
        .map_err(|error| vec![SheetProblem { line: 0, message: format!("cannot be read: {error}"), hint: None }])?;
    let mut sheet = sheet::read(&text)?.map_steps(Step::matched);
    sheet.scenarios.iter_mut().for_each(Scenario::settle_kinds);
    expected::put_beneath(&mut sheet.scenarios, lab_folder);
    Ok(sheet)
}
