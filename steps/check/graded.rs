//! Finds errors in scenarios with points: they must be safe for untrusted files, and the points must require the
//! learner's work.

use super::{Problem, kinds, lab::file_like, problem, testimony};
use crate::{
    grading_tags::{self, GradingTags},
    images::build,
    kinds::is_of_cluster,
    loaded::Placed,
    project::{Lab, Project, SubmissionSpec},
    sheet::spelling::distance,
    submission::{Refusal, Submission, dockerfile::Builder, is_manifest, pattern::Pattern},
    vocabulary::{Arguments, Fact, ParameterKind, Scenario, Sentence, Step},
};

/// Finds the errors in a lab's graded scenarios, and in what the lab asks learners to hand in.
pub(super) fn check(project: &Project, lab: &Lab, scenarios: &[Placed], problems: &mut Vec<Problem>) {
    for Placed { feature, scenario, .. } in scenarios {
        let mut wrong = grading_tags::wrong(scenario);
        if GradingTags::of(scenario).is_graded() {
            wrong.extend(wrong_with(lab, scenario));
        }
        problems.extend(wrong.into_iter().map(|why| problem(feature.clone(), scenario.line, why, None)));
    }
    problems.extend(wrong_with_submission(project, lab, scenarios));
}

fn wrong_with(lab: &Lab, scenario: &Scenario) -> Vec<String> {
    let Some(spec) = &lab.file.submission else {
        return vec![
            "the scenario has points, but lab.yaml does not list under `submission` what a learner hands in".into(),
        ];
    };
    let mut wrong = Vec::new();
    let mut takes_part = false;
    for (sentence, arguments) in scenario.steps.iter().filter_map(Step::sentence) {
        takes_part |= is_of_submission(lab, spec, arguments);
        wrong.extend(unfit(sentence));
        let unjudged = arguments.of_kind(ParameterKind::Manifest).filter(|file| spec.holds(file) && !is_manifest(file));
        wrong.extend(unjudged.map(|file| {
            format!("{file} is used as a manifest, but only files that end with .yaml, .yml or .json are checked as manifests: ask for a .yaml file; a .json file is accepted in its place")
        }));
        let unknown = arguments.of_kind(ParameterKind::Task).find(|task| !spec.tasks.contains_key(*task));
        wrong.extend(unknown.map(|task| format!("there is no task {task} under `submission` in lab.yaml")));
    }
    wrong.extend(testimony::wrong(spec, scenario));
    let mut sentences = scenario.steps.iter().filter_map(Step::sentence);
    if GradingTags::of(scenario).live && !sentences.any(|(sentence, _)| sentence.has(Fact::Reads)) {
        wrong.push("@live has no effect: no step of the scenario only reads the cluster".into());
    }
    let lacks_file = lacking(lab, spec).next().is_some();
    if !takes_part && !lacks_file {
        wrong.push(
            "the scenario has points, but uses nothing that a learner hands in: no manifest, no image and no task"
                .into(),
        );
    }
    if let Some(task) = GradingTags::of(scenario).task {
        wrong.extend(wrong_task(&task, spec.tasks.keys()));
    }
    wrong
}

/// Finds the error in the task of a tag: it names none, or is a misspelt one of those that a learner hands in.
fn wrong_task<'a>(task: &str, mut known: impl Iterator<Item = &'a String> + Clone) -> Option<String> {
    if task.trim().is_empty() {
        return Some(format!("@task:{task} names no task"));
    }
    let is_known = known.clone().any(|known| known == task);
    let near = known.find(|known| distance(task, known) <= task.len() / 3).filter(|_| !is_known)?;
    Some(format!("@task:{task} names no task of the lab: did you mean @task:{near}?"))
}

fn unfit(sentence: &Sentence) -> Option<String> {
    let what = sentence.unfit_for_points()?;
    Some(format!("a scenario with points cannot use `{}`, because it {what}", sentence.expression))
}

/// Whether a step's arguments name something that the learner wrote: a manifest, an image built from their files, or a
/// task.
fn is_of_submission(lab: &Lab, spec: &SubmissionSpec, arguments: &Arguments) -> bool {
    let manifest = arguments.of_kind(ParameterKind::Manifest).any(|file| spec.holds(file));
    let built = arguments.of_kind(ParameterKind::Image).filter_map(|image| build::find(lab, &image.into()));
    let image = built.into_iter().any(|build| spec.of_image(build).next().is_some());
    manifest || image || arguments.of_kind(ParameterKind::Task).next().is_some()
}

/// The lab must have its own version of each file that learners hand in: `verify` uses it, and it is the solution that
/// earns all points.
fn wrong_with_submission(project: &Project, lab: &Lab, scenarios: &[Placed]) -> Vec<Problem> {
    let Some(spec) = &lab.file.submission else { return Vec::new() };
    let described = project.shown(&lab.folder.join("lab.yaml"));
    let mut wrong = Vec::new();
    for file in lacking(lab, spec) {
        let hint = file_like(lab, &file).map_or_else(
            || "write the lab's own solution: `prove` grades it as correct".to_owned(),
            |known| format!("did you mean {known}?"),
        );
        let message = format!("a learner hands in {file}, but the lab itself has none");
        wrong.push(problem(described.clone(), 0, message, Some(hint)));
    }
    wrong.extend(refused(project, lab));
    for task in spec.tasks.keys().filter(|task| task.is_empty() || task.contains(['/', '.'])) {
        wrong.push(problem(described.clone(), 0, format!("a task cannot be called {task:?}"), None));
    }
    let kinds = spec.kinds.iter().filter_map(|kind| wrong_kind(kind));
    wrong.extend(kinds.map(|(message, hint)| problem(described.clone(), 0, message, Some(hint))));
    for build in lab.file.builds.iter().filter(|build| build.prepare.is_some()) {
        if let Some(file) = spec.of_image(build).next() {
            let image = &build.image;
            let message =
                format!("`prepare` of the image {image} runs on this machine, and would run with a learner's {file}");
            let hint = "prepare it in the Dockerfile, in a stage of its own";
            wrong.push(problem(described.clone(), 0, message, Some(hint.into())));
        }
    }
    let has_right_tags = scenarios.iter().all(|placed| grading_tags::wrong(&placed.scenario).is_empty());
    if lab.has_grading() && has_right_tags {
        wrong.extend(not_graded(spec, &described, scenarios));
    }
    wrong
}

/// The lab's own solution, judged as a learner's: what is refused to a learner must not be the solution.
fn refused(project: &Project, lab: &Lab) -> Vec<Problem> {
    let rules = Lab { builder: Builder::BuildKit, ..lab.clone() }.rules();
    let own = lab.learners_files().unwrap_or_default();
    let refusals = Submission::of("golden", own, &rules).refusals.into_iter();
    // What is missing or unreadable is reported for its file.
    let refusals = refusals.filter(|refusal| refusal.line > 0);
    refusals
        .map(|Refusal { file, line, rule, message }| {
            let why = "the lab's own solution breaks a rule for submissions";
            let hint = format!("{why}: see the rule {rule} in docs/grading.md");
            let file = project.shown(&lab.folder.join(file));
            problem(file, line, format!("a submission with this is refused: {message}"), Some(hint))
        })
        .collect()
}

/// The files that a learner hands in and of which the lab has no version of its own.
fn lacking(lab: &Lab, spec: &SubmissionSpec) -> impl Iterator<Item = String> {
    spec.paths().filter(|file| Pattern::of(file).is_none() && !lab.folder.join(file).is_file())
}

fn wrong_kind(kind: &str) -> Option<(String, String)> {
    if is_of_cluster(kind) {
        let message = format!("a learner cannot hand in a {kind}, which belongs to the whole cluster");
        return Some((message, "leave it out of `kinds`: the submissions of a class share the cluster".into()));
    }
    kinds::wrong(kind)
}

/// Files that learners hand in although no scenario uses them.
fn not_graded(spec: &SubmissionSpec, described: &str, scenarios: &[Placed]) -> Vec<Problem> {
    let mut wrong = Vec::new();
    if !scenarios.iter().any(|placed| GradingTags::of(&placed.scenario).is_graded()) {
        let message = "it says what a learner hands in, but no scenario carries points";
        wrong.push(problem(described.to_owned(), 0, message.into(), Some("tag scenarios with @points:1".into())));
    }
    let steps = scenarios.iter().flat_map(|placed| &placed.scenario.steps).filter_map(Step::sentence);
    let done: Vec<&str> = steps.flat_map(|(_, arguments)| arguments.of_kind(ParameterKind::Task)).collect();
    for task in spec.tasks.keys().filter(|task| !done.contains(&task.as_str())) {
        let message = format!("a learner hands in the task {task}, but no scenario does it");
        wrong.push(problem(described.to_owned(), 0, message, Some(format!("use `When the task \"{task}\" is done`"))));
    }
    wrong
}
