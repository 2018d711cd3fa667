//! Finds errors in the `verdict.yaml` files of attempts; each attempt is a folder in `scenarios/<lab>/attempts/`.

use std::{fs, path::PathBuf};

use super::{Problem, problem};
use crate::{
    grading_tags::GradingTags,
    loaded::Loaded,
    project::{Expected, Lab, Project, SubmissionSpec},
    settings::Wrong,
    sheet::spelling::distance,
};

/// Finds the errors in the `verdict.yaml` files of a lab's attempts.
pub(super) fn check(project: &Project, lab: &Lab, loaded: &Loaded, problems: &mut Vec<Problem>) {
    let folder = lab.folder.join("attempts");
    let mut attempts: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    attempts.retain(|path| path.is_dir());
    attempts.sort();
    // A file that is missing or unreadable may contain any scenario.
    let all_here = loaded.unreadable.is_empty() && lab.has_grading();
    let graded = loaded.scenarios.iter().map(|placed| &placed.scenario);
    let graded = graded.filter(|scenario| GradingTags::of(scenario).is_graded());
    let graded: Vec<&str> = graded.map(|scenario| scenario.name.as_str()).collect();
    for attempt in attempts {
        let file = project.shown(&attempt.join("verdict.yaml"));
        let mut at = |line, message, hint| problems.push(problem(file.clone(), line, message, hint));
        let mut wrong = |message, hint| at(0, message, hint);
        match (Expected::read(&attempt), &lab.file.submission) {
            (Err(Wrong { line, message }), _) => at(line.unwrap_or(0), message, None),
            (Ok(_), None) => wrong("lab.yaml does not say under `submission` what a learner hands in".into(), None),
            (Ok(expected), Some(spec)) => {
                let lost = all_here.then(|| not_graded(&expected, &graded)).into_iter().flatten();
                lost.chain(not_asked_for(&expected, spec)).for_each(|(message, hint)| wrong(message, hint));
            }
        }
    }
}

/// Names under `loses` that are not those of graded scenarios.
fn not_graded(expected: &Expected, graded: &[&str]) -> Vec<(String, Option<String>)> {
    let unknown = expected.loses.keys().filter(|name| !graded.contains(&name.as_str()));
    unknown.map(|name| (format!("there is no graded scenario \"{name}\" to be lost"), nearest(name, graded))).collect()
}

/// Files that the attempt leaves out although the lab does not ask for them.
fn not_asked_for(expected: &Expected, spec: &SubmissionSpec) -> Vec<(String, Option<String>)> {
    let unknown = expected.without.iter().filter(|file| !spec.holds(file));
    let files: Vec<String> = spec.paths().collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    unknown
        .map(|file| (format!("the lab does not ask for {file}, which it leaves out"), nearest(file, &files)))
        .collect()
}

fn nearest(word: &str, known: &[&str]) -> Option<String> {
    let near = known.iter().map(|known| (distance(word, known), known));
    let (apart, known) = near.min_by_key(|(apart, _)| *apart)?;
    (apart <= word.len() / 3).then(|| format!("did you mean \"{known}\"?"))
}
