//! Long expected outputs: files in `scenarios/<lab>/expected/`. A step names the file instead of containing the text.
//!
//! Reading a feature puts each text below its step. From then on, it is an expected text like any other.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::{
    machine::content,
    project::EXPECTED,
    settings,
    vocabulary::{ParameterKind, Scenario, Step},
};

/// Puts the text of each file below the step that names it. A step that has a text already keeps it, and a missing file
/// adds none; `check` reports both as errors.
pub fn put_beneath(scenarios: &mut [Scenario], lab_folder: &Path) {
    for step in scenarios.iter_mut().flat_map(|scenario| &mut scenario.steps) {
        let name = named_by(step).filter(|_| step.written.docstring.is_none());
        if let Some(text) = name.and_then(|name| read(lab_folder, name).ok()) {
            step.put_beneath(text);
        }
    }
}

/// The text of a lab's file, without its last line end.
///
/// # Errors
/// If the file cannot be read.
pub fn read(lab_folder: &Path, name: &str) -> io::Result<String> {
    settings::text(&lab_folder.join(EXPECTED).join(name)).map(|text| text.trim_end().to_owned())
}

/// The files of a lab's folder `expected` that no step names.
#[must_use]
pub fn unnamed<'a>(lab_folder: &Path, scenarios: impl Iterator<Item = &'a Scenario>) -> Vec<PathBuf> {
    let folder = lab_folder.join(EXPECTED);
    let mut files = content::files(&folder).unwrap_or_default();
    if !files.is_empty() {
        let named: Vec<PathBuf> =
            scenarios.flat_map(|scenario| &scenario.steps).filter_map(named_by).map(|name| folder.join(name)).collect();
        files.retain(|file| !named.contains(file));
    }
    files
}

/// The file that a step names.
#[must_use]
pub fn named_by(step: &Step) -> Option<&str> {
    step.sentence()?.1.of_kind(ParameterKind::Expected).next()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::sheet;

    const SHEET: &str = "Feature: f\n  Scenario: s\n    When I run \"date\"\n    Then it prints the file \"date.txt\"\n    And it prints the file \"none.txt\"\n";

    fn lab() -> (tempfile::TempDir, Vec<Scenario>) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(EXPECTED)).unwrap();
        fs::write(folder.path().join("expected/date.txt"), "[TIME]\n[from 1.35: new]\n\n").unwrap();
        fs::write(folder.path().join("expected/other.txt"), "a\n").unwrap();
        let mut scenarios = sheet::read(SHEET).unwrap().map_steps(Step::matched).scenarios;
        put_beneath(&mut scenarios, folder.path());
        (folder, scenarios)
    }

    #[test]
    fn the_text_of_a_file_stands_beneath_the_step_that_names_it() {
        let (_folder, scenarios) = lab();
        let [ran, date, none] = &scenarios[0].steps[..] else { panic!("three steps") };
        let beneath = |step: &Step| step.written.docstring.clone();
        assert_eq!(beneath(date).as_deref(), Some("[TIME]\n[from 1.35: new]"));
        assert_eq!((beneath(ran), beneath(none)), (None, None));
    }

    #[test]
    fn a_file_that_no_step_names_is_found() {
        let (folder, scenarios) = lab();
        assert_eq!(unnamed(folder.path(), scenarios.iter()), [folder.path().join("expected/other.txt")]);
        assert!(unnamed(&folder.path().join("no-lab"), scenarios.iter()).is_empty());
    }
}
