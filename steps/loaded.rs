//! Labs as they are read: what describes a lab, and the scenarios of all its feature files, with each step matched.
//!
//! A lab is read once, here. Nothing of it is checked: `check` says what is wrong with it, and the plan takes from it what
//! runs.

pub mod expected;

use std::{fs, path::Path, sync::Arc};

use crate::{
    project::{Audience, FeatureFile, Lab, Named, Project},
    sheet::{self, Problem},
    verdict::Outcome,
    vocabulary::{Scenario, Sheet, Step},
};

/// A lab as it is read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Its name.
    pub name: String,
    /// The lab, or why its description cannot be read.
    pub lab: Outcome<Arc<Lab>>,
    /// Its first feature file, as it is shown.
    pub first: String,
    /// The scenarios of all its feature files that can be read, in the order of the files.
    pub scenarios: Vec<Placed>,
    /// The lines of descriptions in its feature files.
    pub prose: Vec<Prose>,
    /// What keeps its feature files from being read.
    pub unreadable: Vec<Unreadable>,
}

/// A line of a description.
#[derive(Clone, Debug)]
pub struct Prose {
    /// The feature file, as it is shown.
    pub feature: String,
    /// The line in it.
    pub line: usize,
    /// What it says.
    pub text: String,
}

/// A scenario and where it stands.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Its feature file, as it is shown.
    pub feature: String,
    /// Whom that file is for.
    pub audience: Audience,
    /// Whether that file was named, or the lab as a whole.
    pub is_named: bool,
    /// Its feature as the parser gives it.
    pub source: Arc<gherkin::Feature>,
    /// The scenario.
    pub scenario: Scenario,
}

/// What keeps a feature file from being read.
#[derive(Clone, Debug)]
pub struct Unreadable {
    /// The feature file, as it is shown.
    pub feature: String,
    /// What is wrong with it; its line is 0 for the file as a whole.
    pub problem: Problem,
}

/// Reads the labs of which something was named, each with all its feature files.
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
                let place = |scenario| Placed {
                    feature: feature.to_owned(),
                    audience,
                    is_named,
                    source: source.clone(),
                    scenario,
                };
                self.scenarios.extend(scenarios.into_iter().map(place));
            }
            Err(problems) => {
                let unreadable = |problem| Unreadable { feature: feature.to_owned(), problem };
                self.unreadable.extend(problems.into_iter().map(unreadable));
            }
        }
    }
}

/// Reads a feature file of the lab whose own files are in `lab_folder`.
fn read(path: &Path, lab_folder: &Path) -> Result<Sheet, Vec<Problem>> {
    let text = fs::read_to_string(path)
        .map_err(|error| vec![Problem { line: 0, message: format!("cannot be read: {error}"), hint: None }])?;
    let mut sheet = sheet::read(&text)?.map_steps(Step::matched);
    sheet.scenarios.iter_mut().for_each(Scenario::settle_kinds);
    expected::put_beneath(&mut sheet.scenarios, lab_folder);
    Ok(sheet)
}
