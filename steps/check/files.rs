//! Finds errors in how a lab is divided into files: scenarios in the file for another audience, duplicate titles, and
//! expected texts that no step names.

use std::collections::BTreeMap;

use super::{Problem, coverage, problem};
use crate::{
    grading_tags::{self, GradingTags},
    loaded::{Loaded, Placed, expected},
    project::{Audience, Lab, Project},
    vocabulary::Scenario,
};

/// Finds the errors in how a lab is divided into files.
pub(super) fn check(project: &Project, lab: &Lab, loaded: &Loaded, problems: &mut Vec<Problem>) {
    problems.extend(loaded.scenarios.iter().filter_map(|placed| for_others(project, lab, placed)));
    problems.extend(titles_again(&loaded.scenarios));
    // A file that is missing or unreadable may name any of them.
    let all_here = loaded.unreadable.is_empty() && (lab.file.submission.is_none() || lab.has_grading());
    if all_here {
        problems.extend(unnamed(project, lab, &loaded.scenarios));
    }
}

/// A scenario must be in the file for its audience, if the lab has one file per audience.
fn for_others(project: &Project, lab: &Lab, placed: &Placed) -> Option<Problem> {
    let Placed { feature, audience, scenario, .. } = placed;
    // A scenario with a wrong tag may be meant for any of the files.
    if !grading_tags::wrong(scenario).is_empty() {
        return None;
    }
    let (meant, why) = meant_for(scenario);
    if *audience == Audience::All || *audience == meant {
        return None;
    }
    let belongs = project.shown(&lab.feature_for(meant));
    let hint = "learners read the sheet; do not give them the grading file";
    Some(problem(feature.clone(), scenario.line, format!("it {why}: move it to {belongs}"), Some(hint.into())))
}

fn meant_for(scenario: &Scenario) -> (Audience, &'static str) {
    match () {
        () if GradingTags::of(scenario).is_graded() => (Audience::Grading, "carries points"),
        () if coverage::is_erratum(scenario) => (Audience::Errata, "is tagged @erratum"),
        () => (Audience::Sheet, "carries no points and is not tagged @erratum"),
    }
}

/// A title must be unique in a lab, across its files.
fn titles_again(scenarios: &[Placed]) -> Vec<Problem> {
    let mut first: BTreeMap<&str, &Placed> = BTreeMap::new();
    let mut wrong = Vec::new();
    for placed in scenarios {
        let other = *first.entry(&placed.scenario.name).or_insert(placed);
        if other.feature != placed.feature {
            let (name, line) = (&placed.scenario.name, placed.scenario.line);
            let message = format!("the title \"{name}\" is that of {}:{} as well", other.feature, other.scenario.line);
            wrong.push(problem(placed.feature.clone(), line, message, Some("give it another title".into())));
        }
    }
    wrong
}

/// The files of expected text that no step names.
fn unnamed(project: &Project, lab: &Lab, scenarios: &[Placed]) -> Vec<Problem> {
    let hint = "name it with `it prints the file \"…\"`, or remove it";
    let unnamed = expected::unnamed(&lab.folder, scenarios.iter().map(|placed| &placed.scenario));
    let unnamed = unnamed.iter().map(|path| project.shown(path));
    unnamed.map(|file| problem(file, 0, "no step names this file".into(), Some(hint.into()))).collect()
}
