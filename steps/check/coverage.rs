//! Coverage: which parts of a document its labs show. `docs/coverage/` has one YAML file for each document.
//!
//! A piece is a command, a manifest, a transcript or a claim of the document, with the scenarios that show it, or the
//! reason why none does. If the document is wrong or outdated there, the piece is also an erratum: it says what really
//! happens and what the document should say.
//!
//! This module cannot find missing pieces, nor check that a scenario really shows its piece.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Problem, problem};
use crate::{
    grading_tags::GradingTags,
    loaded::{Loaded, Placed},
    project::Project,
    settings::{self, SettingsError},
    vocabulary::Scenario,
};

/// The tag of scenarios that show what really happens where a document is wrong.
const ERRATUM: &str = "erratum";

/// The scenarios of labs, by lab name.
pub type Labs<'a> = BTreeMap<&'a str, &'a [Placed]>;

/// The scenarios of the loaded labs, without those of unreadable feature files.
#[must_use]
pub fn by_name(labs: &[Loaded]) -> Labs<'_> {
    labs.iter().map(|lab| (lab.name.as_str(), &lab.scenarios[..])).collect()
}

/// A document and its coverage.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoveredDocument {
    /// The document's title.
    pub title: String,
    /// The document's file.
    pub file: String,
    /// The labs made from it.
    pub labs: Vec<String>,
    /// The digest of each section, by its title, as `labproof draft` writes it: `check` reports sections that have changed.
    #[serde(default)]
    pub digests: BTreeMap<String, String>,
    /// Its pieces, in the order of the document.
    pub pieces: Vec<CoveredPiece>,
}

/// One piece of a document, and the scenarios that show it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoveredPiece {
    /// Its place in the document: a task or a section.
    pub place: String,
    /// The command or claim, as the document contains it, in Markdown.
    pub says: String,
    /// The names of the scenarios that show it, or that show what really happens.
    #[serde(default)]
    pub shown_by: Vec<String>,
    /// The reason why no scenario shows it.
    #[serde(default)]
    pub not_shown: Option<String>,
    /// The erratum, if the document is wrong here.
    #[serde(default)]
    pub erratum: Option<Erratum>,
}

/// A place where a document is wrong or outdated.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Erratum {
    /// What really happens.
    pub happens: String,
    /// What the document should say.
    pub correction: String,
}

/// Finds errors in the coverage files by comparing them with the scenarios of these labs. The scenarios of a document
/// are checked only if all its labs are among them.
#[must_use]
pub fn check(project: &Project, labs: &Labs<'_>) -> Vec<Problem> {
    let (mut documents, mut problems) = (Vec::new(), Vec::new());
    for path in files(project) {
        match read(&path) {
            Ok(document) => documents.push((project.shown(&path), document)),
            Err(SettingsError { line, message }) => {
                problems.push(problem(project.shown(&path), line.unwrap_or(0), message, None));
            }
        }
    }
    for (shown, document) in &documents {
        if document.labs.iter().all(|lab| labs.contains_key(lab.as_str())) {
            let wrong = document.pieces.iter().flat_map(|piece| wrong_with(piece, document, labs));
            problems.extend(wrong.map(|message| problem(shown.clone(), 0, message, None)));
        }
    }
    let documents: Vec<&CoveredDocument> = documents.iter().map(|(_, document)| document).collect();
    problems.extend(unlisted(&documents, labs).map(|(_, Placed { feature, scenario, .. })| {
        let message = format!(
            "the scenario \"{}\" is tagged @{ERRATUM}, but no entry with `erratum` in the lab's coverage names it",
            scenario.name
        );
        let hint = "add it to the document's file in docs/coverage, or take the tag @erratum away";
        problem(feature.clone(), scenario.line, message, Some(hint.into()))
    }));
    problems.extend(labs.iter().flat_map(|(lab, scenarios)| no_such_tasks(lab, scenarios, &documents)));
    problems
}

/// Finds scenarios that are tagged with a task that does not exist: the lab's documents have numbered tasks, and end
/// before that number.
fn no_such_tasks(lab: &str, scenarios: &[Placed], documents: &[&CoveredDocument]) -> Vec<Problem> {
    let pieces = documents.iter().filter(|document| document.labs.iter().any(|name| name == lab));
    let places = pieces.flat_map(|document| &document.pieces).map(|piece| piece.place.to_lowercase());
    let numbers =
        places.filter_map(|place| place.strip_prefix("task ")?.split_whitespace().next()?.parse::<u32>().ok());
    let Some(last) = numbers.max() else { return Vec::new() };
    let wrong = |placed: &Placed| {
        let number = GradingTags::of(&placed.scenario).task?.parse::<u32>().ok().filter(|number| *number > last)?;
        let message =
            format!("there is no task {number}, as @task:{number} says: the last one in docs/coverage is {last}");
        Some(problem(placed.feature.clone(), placed.scenario.line, message, None))
    };
    scenarios.iter().filter_map(wrong).collect()
}

fn wrong_with(piece: &CoveredPiece, document: &CoveredDocument, labs: &Labs<'_>) -> Vec<String> {
    let CoveredPiece { place, says, shown_by, not_shown, erratum } = piece;
    let mut wrong = Vec::new();
    for name in shown_by {
        match named(name, document, labs)[..] {
            [_] => {}
            [] => wrong.push(format!("no scenario is called \"{name}\", which should show `{says}` ({place})")),
            _ => wrong.push(format!("several labs have a scenario \"{name}\", which should show `{says}` ({place})")),
        }
    }
    if shown_by.is_empty() == not_shown.is_none() {
        wrong.push(format!("`{says}` ({place}) needs `shown_by` or `not_shown`, and not both"));
    }
    let pinned = shown_by.iter().flat_map(|name| named(name, document, labs)).any(|(_, scenario)| is_erratum(scenario));
    if wrong.is_empty() && erratum.is_some() && !shown_by.is_empty() && !pinned {
        wrong.push(format!("`{says}` ({place}) is an erratum, but no scenario that shows it has the tag @{ERRATUM}"));
    }
    wrong
}

/// The scenarios of this name in the labs of a document, each with its lab.
pub(super) fn named<'a>(name: &str, document: &'a CoveredDocument, labs: &'a Labs<'_>) -> Vec<(&'a str, &'a Scenario)> {
    let scenarios = document.labs.iter().filter_map(|lab| Some((lab.as_str(), *labs.get(lab.as_str())?)));
    let mut named: Vec<(&str, &Scenario)> = scenarios
        .flat_map(|(lab, scenarios)| scenarios.iter().map(move |placed| (lab, &placed.scenario)))
        .filter(|(_, scenario)| scenario.name == name)
        .collect();
    // All rows of an outline count as one scenario here.
    named.dedup_by_key(|(lab, _)| *lab);
    named
}

/// The scenarios tagged as errata that no document lists.
fn unlisted<'a>(documents: &[&'a CoveredDocument], labs: &'a Labs<'_>) -> impl Iterator<Item = (&'a str, &'a Placed)> {
    let listed: Vec<(&str, &String)> = documents
        .iter()
        .flat_map(|document| document.labs.iter().map(move |lab| (lab.as_str(), document)))
        .flat_map(|(lab, document)| document.pieces.iter().map(move |piece| (lab, piece)))
        .filter(|(_, piece)| piece.erratum.is_some())
        .flat_map(|(lab, piece)| piece.shown_by.iter().map(move |name| (lab, name)))
        .collect();
    let scenarios = labs.iter().flat_map(|(lab, scenarios)| scenarios.iter().map(move |placed| (*lab, placed)));
    scenarios
        .filter(move |(lab, Placed { scenario, .. })| is_erratum(scenario) && !listed.contains(&(*lab, &scenario.name)))
}

/// Whether a scenario is tagged as an erratum.
#[must_use]
pub fn is_erratum(scenario: &Scenario) -> bool {
    scenario.tags.iter().any(|tag| tag == ERRATUM)
}

/// The coverage files, sorted by name; none if the folder does not exist.
pub(super) fn files(project: &Project) -> Vec<PathBuf> {
    let entries = fs::read_dir(project.file("docs/coverage")).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    files
}

pub(super) fn read(path: &Path) -> Result<CoveredDocument, SettingsError> {
    let text = settings::text(path).map_err(|error| error.to_string())?;
    settings::read(&text)
}

/// The scenarios of a sheet, for tests.
#[cfg(test)]
pub(super) fn placed(sheet: &str) -> Vec<Placed> {
    use crate::{project::Audience, sheet, vocabulary::Step};
    let sheet = sheet::read(sheet).unwrap().map_steps(Step::matched);
    let source = std::sync::Arc::new(sheet.feature);
    let place = |scenario| Placed {
        feature: "f".into(),
        audience: Audience::All,
        is_named: true,
        source: source.clone(),
        scenario,
    };
    sheet.scenarios.into_iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    const SHEET: &str =
        "Feature: f\n  Scenario: One is shown\n    Then a\n  @erratum\n  Scenario: Two is wrong\n    Then b\n";

    fn wrong_in(labs_of_document: &[&str], pieces: &str) -> Vec<String> {
        let (one, other) = (placed(SHEET), placed(&SHEET.replace("One is", "Another is")));
        let mut labs = Labs::from([("one", &one[..]), ("other", &other)]);
        labs.retain(|lab, _| labs_of_document.contains(lab));
        let pieces = serde_yaml::from_str(pieces).unwrap();
        let names = labs.keys().map(ToString::to_string).collect();
        let document =
            CoveredDocument { title: "t".into(), file: "f".into(), labs: names, digests: BTreeMap::new(), pieces };
        let documents = [&document];
        let unlisted = unlisted(&documents, &labs).map(|(lab, placed)| format!("{lab}: {}", placed.scenario.name));
        document.pieces.iter().flat_map(|piece| wrong_with(piece, &document, &labs)).chain(unlisted).collect()
    }

    fn wrong(pieces: &str) -> Vec<String> {
        wrong_in(&["one"], pieces)
    }

    const TWO: &str = "- {place: p, says: b, shown_by: [Two is wrong], erratum: {happens: h, correction: c}}\n";

    #[test]
    fn a_piece_is_shown_by_a_scenario_or_has_a_reason() {
        assert!(wrong(&format!("{TWO}- {{place: p, says: a, shown_by: [One is shown]}}")).is_empty());
        assert!(wrong(&format!("{TWO}- {{place: p, says: a, not_shown: prose}}")).is_empty());
        assert!(wrong(&format!("{TWO}- {{place: p, says: a}}"))[0].contains("needs `shown_by` or"));
        assert!(wrong(&format!("{TWO}- {{place: p, says: a, shown_by: [Three]}}"))[0].contains("\"Three\""));
    }

    #[test]
    fn an_erratum_is_pinned_by_a_scenario_that_says_so() {
        let untagged =
            format!("{TWO}- {{place: p, says: a, shown_by: [One is shown], erratum: {{happens: h, correction: c}}}}");
        assert!(wrong(&untagged)[0].contains("has the tag @erratum"));
    }

    #[test]
    fn an_erratum_that_is_on_no_page_is_found() {
        assert!(wrong("- {place: p, says: a, shown_by: [One is shown, Two is wrong]}")[0].contains("Two is wrong"));
    }

    #[test]
    fn a_name_that_two_labs_of_a_document_share_does_not_tell_which_is_meant() {
        assert!(wrong_in(&["one", "other"], TWO)[0].contains("several labs"));
        assert!(wrong_in(&["one", "other"], "- {place: p, says: a, shown_by: [Another is shown]}").len() == 2);
    }
}
