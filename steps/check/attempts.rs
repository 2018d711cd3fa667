//! Finds errors in the `verdict.yaml` files of attempts; each attempt is a folder in `scenarios/<lab>/attempts/`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Problem, problem};
use crate::{
    grading_tags::{self, GradingTags},
    loaded::Loaded,
    project::{ExpectedScore, Lab, Project, SubmissionSpec},
    settings::SettingsError,
    sheet::spelling::distance,
    submission::folder,
};

/// Finds the errors in the `verdict.yaml` files of a lab's attempts.
pub(super) fn check(project: &Project, lab: &Lab, loaded: &Loaded, problems: &mut Vec<Problem>) {
    let folder = lab.folder.join("attempts");
    let mut attempts: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    attempts.sort();
    let (attempts, files): (Vec<_>, Vec<_>) = attempts.into_iter().partition(|path| path.is_dir());
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let files = files.into_iter().filter(|file| !name(file).starts_with('.') && !name(file).starts_with("README"));
    problems.extend(files.map(|file| {
        let hint = "move it into the folder of an attempt, or remove it".to_owned();
        problem(project.shown(&file), 0, "no attempt uses it: each attempt is a folder".into(), Some(hint))
    }));
    // A file that is missing or unreadable may contain any scenario, and one with a wrong tag may be graded.
    let has_right_tags = loaded.scenarios.iter().all(|placed| grading_tags::wrong(&placed.scenario).is_empty());
    let all_here = loaded.unreadable.is_empty() && lab.has_grading() && has_right_tags;
    let graded = loaded.scenarios.iter().map(|placed| &placed.scenario);
    let graded = graded.filter(|scenario| GradingTags::of(scenario).is_graded());
    let graded: Vec<&str> = graded.map(|scenario| scenario.name.as_str()).collect();
    for attempt in attempts {
        let file = project.shown(&attempt.join("verdict.yaml"));
        let mut at = |line, message, hint| problems.push(problem(file.clone(), line, message, hint));
        let mut wrong = |message, hint| at(0, message, hint);
        match (ExpectedScore::read(&attempt), &lab.file.submission) {
            (Err(SettingsError { line, message }), _) => at(line.unwrap_or(0), message, None),
            (Ok(_), None) => wrong("lab.yaml does not say under `submission` what a learner hands in".into(), None),
            (Ok(expected), Some(spec)) => {
                let lost = all_here.then(|| not_graded(&expected, &graded)).into_iter().flatten();
                let own = contradictions(&expected).into_iter().chain(misnamed(lab, spec, &attempt));
                lost.chain(not_asked_for(&expected, spec)).chain(own).for_each(|(message, hint)| wrong(message, hint));
            }
        }
    }
}

/// Names under `loses` that are not those of graded scenarios.
fn not_graded(expected: &ExpectedScore, graded: &[&str]) -> Vec<(String, Option<String>)> {
    let unknown = expected.loses.keys().filter(|name| !graded.contains(&name.as_str()));
    unknown
        .map(|name| {
            (format!("`loses` names \"{name}\", which is not a graded scenario of the lab"), nearest(name, graded))
        })
        .collect()
}

/// Files of an attempt that the lab does not ask for, and whose names resemble one that it does.
fn misnamed(lab: &Lab, spec: &SubmissionSpec, attempt: &Path) -> Vec<(String, Option<String>)> {
    let Ok(taken) = folder::take(attempt, &lab.rules().files) else { return Vec::new() };
    let asked: Vec<String> = spec.paths().filter(|path| !taken.files.contains_key(path)).collect();
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let is_near = |file: &String| asked.iter().any(|path| distance(file, path) <= 2);
    let ignored = taken.ignored.iter().filter(|file| is_near(file));
    ignored
        .map(|file| (format!("the attempt has {file}, which the lab does not ask for"), nearest(file, &asked)))
        .collect()
}

/// Entries that contradict each other, so one of them would have no effect.
fn contradictions(expected: &ExpectedScore) -> Vec<(String, Option<String>)> {
    let mut wrong = Vec::new();
    if expected.about.trim().is_empty() {
        wrong.push(("`about` is empty: say what is wrong with the attempt, or what it does otherwise".into(), None));
    }
    if expected.loses_everything && !expected.loses.is_empty() {
        let hint = "remove `loses`, or `loses-everything`".to_owned();
        wrong.push(("`loses-everything` and `loses` exclude each other".to_owned(), Some(hint)));
    }
    let excused = expected.excused.iter().flatten();
    let unknown = excused.filter(|name| !expected.loses_everything && !expected.loses.contains_key(*name));
    let lost: Vec<&str> = expected.loses.keys().map(String::as_str).collect();
    wrong
        .extend(unknown.map(|name| {
            (format!("`excused` names \"{name}\", which the attempt does not lose"), nearest(name, &lost))
        }));
    wrong
}

/// Files that the attempt leaves out although the lab does not ask for them.
fn not_asked_for(expected: &ExpectedScore, spec: &SubmissionSpec) -> Vec<(String, Option<String>)> {
    let unknown = expected.without.iter().filter(|file| !spec.holds(file));
    let files: Vec<String> = spec.paths().collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    unknown
        .map(|file| (format!("`without` names {file}, which the lab does not ask for"), nearest(file, &files)))
        .collect()
}

fn nearest(word: &str, known: &[&str]) -> Option<String> {
    let near = known.iter().map(|known| (distance(word, known), known));
    let (apart, known) = near.min_by_key(|(apart, _)| *apart)?;
    (apart <= word.len() / 3).then(|| format!("did you mean \"{known}\"?"))
}
