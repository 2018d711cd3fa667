//! Labs as they are read: what describes a lab, and its sheet with each step matched.
//!
//! A lab is read once, here. Nothing of it is checked: `check` says what is wrong with it, and the plan takes from it what
//! runs.

use std::{fs, path::PathBuf, sync::Arc};

use crate::{
    project::{Lab, Project, lab_name},
    sheet::{self, Problem},
    verdict::Outcome,
    vocabulary::{Scenario, Sheet, Step},
};

/// A lab as it is read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The feature file.
    pub feature: PathBuf,
    /// The feature file, as it is shown.
    pub shown: String,
    /// The lab, or why its description cannot be read.
    pub lab: Outcome<Arc<Lab>>,
    /// The sheet, or why it cannot be read.
    pub sheet: Result<Sheet, Vec<Problem>>,
}

/// Reads the labs of these feature files.
#[must_use]
pub fn load(project: &Project, features: &[PathBuf]) -> Vec<Loaded> {
    features.iter().map(|feature| Loaded::read(project, feature.clone())).collect()
}

impl Loaded {
    fn read(project: &Project, feature: PathBuf) -> Self {
        let text = fs::read_to_string(&feature).map_err(|error| {
            let message = format!("cannot be read: {error}");
            vec![Problem { line: 0, message, hint: None }]
        });
        let sheet = text.and_then(|text| sheet::read(&text)).map(|sheet| sheet.map_steps(Step::matched));
        Self { shown: project.shown(&feature), lab: project.lab(&feature).map(Arc::new), sheet, feature }
    }

    /// The lab's name.
    #[must_use]
    pub fn name(&self) -> String {
        lab_name(&self.feature)
    }

    /// The scenarios of its sheet; none where that cannot be read.
    #[must_use]
    pub fn scenarios(&self) -> &[Scenario] {
        self.sheet.as_ref().map_or(&[], |sheet| &sheet.scenarios)
    }
}
