//! Tests a lab's grading: grades attempts with known scores, and compares the scores.
//!
//! labproof makes three attempts itself. The lab's own files must earn all points. An empty folder and the learner's
//! starter folder must earn none. The other attempts are folders in `scenarios/<lab>/attempts/`, whose files replace
//! those of the lab.

pub mod mutants;

use std::{collections::BTreeMap, fs, path::Path};

pub use crate::project::ExpectedScore;
use crate::{
    project::Lab,
    report::{Report, ScenarioReport},
    starter,
    submission::{
        Rules, Submission,
        folder::{self, Taken},
    },
    verdict::{Fault, Outcome, Verdict},
};

/// An attempt at a lab, and the score that it must get.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The submission; its name is the attempt's name.
    pub submission: Submission,
    /// The expected result.
    pub expected: ExpectedScore,
}

/// The result of a scenario in an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// It passed, as expected.
    Passed,
    /// It failed, as expected.
    Lost,
    /// It passed but must fail, must pass but failed, or failed for another reason.
    Wrong,
    /// It is broken, so it was not judged.
    Broken,
}

/// All attempts at a lab: those that labproof makes, and those in the lab's folder.
///
/// # Errors
/// If one of them cannot be read.
pub fn attempts(lab: &Lab) -> Outcome<Vec<Attempt>> {
    let (own, rules) = (own(lab)?, lab.rules());
    let lost = |about: &str| ExpectedScore { about: about.into(), loses_everything: true, ..ExpectedScore::default() };
    let right = ExpectedScore { about: "the lab's own files".into(), ..ExpectedScore::default() };
    let mut attempts = vec![
        attempt(&rules, "golden", own.clone(), right),
        attempt(&rules, "empty", BTreeMap::new(), lost("nothing is handed in")),
        attempt(
            &rules,
            "start",
            starter::files(lab),
            lost("the folder that a learner starts from is handed in as it is"),
        ),
    ];
    let folder = lab.folder.join("attempts");
    let mut folders: Vec<_> = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    folders.sort();
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let expected = ExpectedScore::read(folder).map_err(|wrong| {
            Fault::refused(format!("the attempt {name} of the lab {}: {}", lab.name, wrong.of("verdict.yaml")))
        })?;
        let mut files = if expected.alone { BTreeMap::new() } else { own.clone() };
        files.retain(|file, _| !expected.without.contains(file));
        let taken = taken(folder, &rules)?;
        files.extend(taken.files);
        // The folder also has files about the attempt itself, so what the lab does not ask for is not reported.
        let taken = Taken { files, ignored: Vec::new(), ..taken };
        attempts.push(Attempt { submission: Submission::of_folder(&name, taken, &rules), expected });
    }
    Ok(attempts)
}

/// The lab's own versions of the files that a learner hands in.
///
/// # Errors
/// If one cannot be read.
pub fn own(lab: &Lab) -> Outcome<BTreeMap<String, Vec<u8>>> {
    taken(&lab.folder, &lab.rules()).map(|taken| taken.files)
}

fn attempt(rules: &Rules, name: &str, files: BTreeMap<String, Vec<u8>>, expected: ExpectedScore) -> Attempt {
    Attempt { submission: Submission::of(name, files, rules), expected }
}

fn taken(folder: &Path, rules: &Rules) -> Outcome<Taken> {
    let cannot = |error| Fault::broken(format!("cannot read {}: {error}", folder.display()));
    folder::take(folder, &rules.files).map_err(cannot)
}

/// Compares a scenario's result with the attempt's expectation.
#[must_use]
pub fn cell(expected: &ExpectedScore, scenario: &ScenarioReport) -> Cell {
    let reason = scenario.culprit().map(|step| {
        let evidence = step.evidence.iter().filter(|evidence| !evidence.is_context);
        let evidence = evidence.map(|evidence| evidence.text.as_str());
        step.reason.iter().map(String::as_str).chain(evidence).collect::<Vec<_>>().join("\n")
    });
    let is_the_reason = |words: &String| reason.as_ref().is_some_and(|reason| reason.contains(words.as_str()));
    let words = expected.loses.get(&scenario.name);
    match scenario.verdict {
        Verdict::Broken | Verdict::Skipped => Cell::Broken,
        Verdict::Passed if words.is_none() && !expected.loses_everything => Cell::Passed,
        Verdict::Failed | Verdict::Refused if expected.loses_everything => Cell::Lost,
        Verdict::Failed | Verdict::Refused if words.is_some_and(is_the_reason) => Cell::Lost,
        _ => Cell::Wrong,
    }
}

/// Finds the errors in the grading: attempts with another score than expected, expectations for scenarios that do not
/// exist, and scenarios that only the empty attempts lost.
#[must_use]
pub fn problems(attempts: &[Attempt], reports: &[Report]) -> Vec<String> {
    let mut problems = Vec::new();
    for (Attempt { submission, expected }, report) in attempts.iter().zip(reports) {
        let name = &submission.name;
        for scenario in &report.scenarios {
            let reason = || scenario.culprit().and_then(|step| step.reason.clone()).unwrap_or_default();
            match cell(expected, scenario) {
                Cell::Passed | Cell::Lost => {}
                Cell::Broken => {
                    problems.push(format!("{name}: \"{}\" is {}: {}", scenario.name, scenario.verdict, reason()));
                }
                Cell::Wrong if scenario.verdict == Verdict::Passed => {
                    problems.push(format!("{name}: \"{}\" passed, but must fail", scenario.name));
                }
                Cell::Wrong => match expected.loses.get(&scenario.name) {
                    Some(words) => problems.push(format!(
                        "{name}: \"{}\" failed for another reason than \"{words}\": {}",
                        scenario.name,
                        reason()
                    )),
                    None => {
                        problems.push(format!("{name}: \"{}\" failed, but must pass: {}", scenario.name, reason()));
                    }
                },
            }
        }
        let unknown =
            expected.loses.keys().filter(|name| !report.scenarios.iter().any(|scenario| scenario.name == **name));
        problems.extend(wrongly_excused(name, expected, report));
        problems.extend(
            unknown.map(|scenario| format!("{name}: `loses` names \"{scenario}\", which is not a graded scenario")),
        );
    }
    problems.extend(never_lost(attempts, reports));
    problems
}

/// Why the attempts lost what `loses` names without words, so that an author can write some there.
#[must_use]
pub fn reasons(attempts: &[Attempt], reports: &[Report]) -> Vec<String> {
    let lost = attempts.iter().zip(reports).flat_map(|(attempt, report)| {
        let without_words =
            |scenario: &&ScenarioReport| attempt.expected.loses.get(&scenario.name).is_some_and(String::is_empty);
        report.scenarios.iter().filter(without_words).map(move |scenario| (attempt, scenario))
    });
    let lost = lost.filter(|(attempt, scenario)| cell(&attempt.expected, scenario) == Cell::Lost);
    lost.map(|(attempt, scenario)| {
        let reason = scenario.culprit().and_then(|step| step.reason.as_deref()).unwrap_or_default();
        format!("{}: \"{}\" lost its points: {reason}", attempt.submission.name, scenario.name)
    })
    .collect()
}

/// The scenarios whose points do not count, or do, against what is expected.
fn wrongly_excused(name: &str, expected: &ExpectedScore, report: &Report) -> Vec<String> {
    let Some(excused) = &expected.excused else { return Vec::new() };
    let wrong = report.scenarios.iter().filter(|scenario| scenario.excused != excused.contains(&scenario.name));
    let message = wrong.map(|scenario| {
        let (count, names) = if scenario.excused { ("do not count", "does not name") } else { ("count", "names") };
        format!("{name}: the points of \"{}\" {count}, but `excused` {names} it", scenario.name)
    });
    let unknown = excused.iter().filter(|name| !report.scenarios.iter().any(|scenario| scenario.name == **name));
    message
        .chain(
            unknown.map(|scenario| format!("{name}: `excused` names \"{scenario}\", which is not a graded scenario")),
        )
        .collect()
}

fn never_lost(attempts: &[Attempt], reports: &[Report]) -> Vec<String> {
    let Some(first) = reports.first() else { return Vec::new() };
    let telling = || attempts.iter().zip(reports).filter(|(attempt, _)| !attempt.expected.loses_everything);
    let is_lost = |id: &str| {
        telling().any(|(attempt, report)| {
            // A scenario that failed for another reason than expected is reported as a separate problem.
            let is_lost = |scenario: &ScenarioReport| {
                cell(&attempt.expected, scenario) == Cell::Lost
                    || attempt.expected.loses.contains_key(&scenario.name) && scenario.verdict != Verdict::Passed
            };
            report.scenarios.iter().any(|scenario| scenario.id == id && is_lost(scenario))
        })
    };
    let kept = first.scenarios.iter().filter(|scenario| !is_lost(&scenario.id));
    kept.map(|scenario| format!("no attempt loses \"{}\": add one that breaks only this", scenario.name)).collect()
}

/// A table with one row for each scenario and one numbered column for each attempt.
#[must_use]
pub fn matrix(attempts: &[Attempt], reports: &[Report]) -> String {
    let mut text = String::new();
    for (number, Attempt { submission, expected }) in (1..).zip(attempts) {
        text += &format!("{number:>3}  {}: {}\n", submission.name, expected.about);
    }
    let numbers: String = (1..=attempts.len()).map(|number| format!("{number:>3}")).collect();
    text += &format!("\n{numbers}\n");
    let Some(first) = reports.first() else { return text };
    for (row, scenario) in first.scenarios.iter().enumerate() {
        let cells = attempts.iter().zip(reports).map(|(attempt, report)| {
            match cell(&attempt.expected, &report.scenarios[row]) {
                Cell::Passed => "  ✓",
                Cell::Lost => "  ·",
                Cell::Wrong => "  ✗",
                Cell::Broken => "  ?",
            }
        });
        text += &format!("{}  {} ({})\n", cells.collect::<String>(), scenario.name, scenario.points);
    }
    text += "\n✓ passed   · failed as expected   ✗ not as expected   ? broken\n";
    text
}

#[cfg(test)]
mod tests;
