//! Grades submissions: reads them, runs the graded scenarios of their lab for each, and tells what each earned.

pub mod class;
pub mod live;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    images::submissions,
    loaded,
    progress::Progress,
    project::{Audience, Lab, Project},
    report::{Graded, Report, SubmissionReport},
    run::{
        self, Ended, Options, Run,
        candidate::Candidate,
        interrupt,
        plan::{self, Plan, Planned},
        recorder::{Listener, Recorder},
        setup,
    },
    submission::Submission,
    verdict::{Fault, Outcome},
};

/// The most submissions of a class.
const MOST: usize = 1000;

/// A lab for which learners hand something in, and that nothing is wrong with.
#[derive(Clone, Debug)]
pub struct GradedLab {
    /// The lab.
    pub lab: Lab,
    /// Its graded scenarios, with the lab's own files; none where the file that has them is not here.
    pub scenarios: Vec<Planned>,
}

/// The lab that a name stands for, if learners hand something in for it.
///
/// # Errors
/// Where there is none, where something is wrong with it, or where nothing is handed in.
pub fn lab(project: &Project, name: &str) -> Outcome<GradedLab> {
    let labs = loaded::load(project, &[project.one_named(name)?.into()]);
    plan::check(project, &labs)?;
    let lab = Lab::clone(labs[0].lab.as_ref().map_err(Clone::clone)?);
    let name = &lab.name;
    if lab.file.submission.is_some() {
        return Ok(GradedLab { lab, scenarios: plan::graded(&labs)? });
    }
    Err(Fault::refused(format!("the lab {name} is not graded: its lab.yaml has no `submission`"))
        .hint("docs/grading.md explains how to make a lab gradable"))
}

/// The lab that a name stands for, if it can be graded here.
///
/// # Errors
/// As [`lab`], and where the file with its graded scenarios is not here.
pub fn gradable(project: &Project, name: &str) -> Outcome<GradedLab> {
    let graded = lab(project, name)?;
    let lab = &graded.lab;
    if lab.has_grading() {
        return Ok(graded);
    }
    let file = project.shown(&Audience::Grading.file(&project.file("features"), &lab.name));
    Err(Fault::refused(format!("the lab {} has no graded scenarios: {file} does not exist", lab.name)).hint(
        "graded scenarios carry points, such as @points:2, and belong in that file; ask the author of the lab for it",
    ))
}

/// Reads one submission; what cannot be read is refused, and costs nobody else anything.
#[must_use]
pub fn read(lab: &Lab, folder: &Path) -> Submission {
    let (name, rules) = (name(folder), lab.rules());
    Submission::read(&name, folder, &rules).unwrap_or_else(|error| Submission::unreadable(&name, &error, &rules))
}

/// A learner's name: that of the folder.
fn name(folder: &Path) -> String {
    let name = folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    name.unwrap_or_else(|| "submission".into())
}

/// The folders of a class, one for each learner, in the order of their names.
///
/// # Errors
/// Where the folder cannot be read, or holds no folder.
pub fn folders(class: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(class)
        .map_err(|error| Fault::refused(format!("the class {} cannot be read: {error}", class.display())))?;
    let is_learners = |path: &PathBuf| {
        let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        !hidden && fs::symlink_metadata(path).is_ok_and(|data| data.is_dir())
    };
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_learners).collect();
    folders.sort();
    let mut names = BTreeSet::new();
    if let Some(twice) = folders.iter().map(|folder| name(folder)).find(|name| !names.insert(name.clone())) {
        return Err(Fault::refused(format!("{} contains two folders named {twice}", class.display())));
    }
    match folders.len() {
        0 => Err(Fault::refused(format!("{} contains no folder", class.display()))
            .hint("a class is a folder with one subfolder for each learner")),
        1..=MOST => Ok(folders),
        many => Err(Fault::refused(format!(
            "{} contains {many} folders, but labproof grades at most {MOST}",
            class.display()
        ))),
    }
}

/// Runs the graded scenarios of a lab for these submissions, and gives the report of each. `listener` is made for the
/// submissions as they will be reported.
///
/// # Errors
/// Where the stage cannot be set.
pub async fn run<L: Listener + 'static>(
    project: &Project,
    lab: &GradedLab,
    candidates: Vec<Candidate>,
    options: Options,
    listener: impl FnOnce(Vec<Graded>) -> L,
    progress: &Progress,
) -> Outcome<(Ended, Vec<Report>)> {
    let run = setup::run_name();
    let graded: Vec<Graded> =
        candidates.iter().enumerate().map(|(number, candidate)| graded(candidate, &run, number)).collect();
    let plan = Plan::graded(&lab.scenarios, lab.lab.builder, candidates, &run);
    let recorder = Recorder::begin(run, &plan, Vec::new(), progress.clone()).with_listener(listener(graded.clone()));
    let cancelled = interrupt::watch(progress);
    let run = Run {
        project: project.clone(),
        plan: Arc::new(plan),
        options,
        recorder: Arc::new(recorder),
        cancelled: cancelled.clone(),
        progress: progress.clone(),
    };
    let report = run::run(run).await?;
    let ended = Ended { report, interrupted: cancelled.is_cancelled() };
    let reports = graded.into_iter().map(|graded| ended.report.about(graded)).collect();
    Ok((ended, reports))
}

/// What the submission of this number is reported as.
fn graded(candidate: &Candidate, run: &str, number: usize) -> Graded {
    Graded {
        submission: SubmissionReport::of(&candidate.submission),
        image_prefix: submissions::name_prefix(run, number),
    }
}
