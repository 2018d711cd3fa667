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
    progress::Progress,
    project::{Lab, Project},
    report::{Report, SubmissionReport},
    run::{
        self, Ended, Options, interrupt,
        plan::{self, Plan, Planned},
        recorder::{Listener, Recorder},
        stage,
    },
    submission::Submission,
    verdict::{Fault, Outcome},
};

/// The most submissions of a class.
const MOST: usize = 1000;

/// A lab that is graded, and that nothing is wrong with.
#[derive(Clone, Debug)]
pub struct Graded {
    /// The lab.
    pub lab: Lab,
    /// Its graded scenarios, with the lab's own files.
    pub scenarios: Vec<Planned>,
}

/// The lab of this name, if it is one that is graded.
///
/// # Errors
/// Where there is none, where something is wrong with it, or where nothing of it is graded.
pub fn lab(project: &Project, name: &str) -> Outcome<Graded> {
    let labs = plan::load(project, &[name.to_owned()])?;
    plan::check(project, &labs)?;
    let lab = Lab::clone(labs[0].lab.as_ref().map_err(Clone::clone)?);
    if lab.file.asked.is_some() {
        return Ok(Graded { lab, scenarios: plan::graded(&labs)? });
    }
    Err(Fault::refused(format!("the lab {name} is not graded: its lab.yaml has no `submission`"))
        .hint("docs/grading.md tells how a lab is made gradable"))
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
        return Err(Fault::refused(format!("{} holds two folders that are called {twice}", class.display())));
    }
    match folders.len() {
        0 => Err(Fault::refused(format!("{} holds no folder", class.display()))
            .hint("a class is a folder with one folder for each learner")),
        1..=MOST => Ok(folders),
        many => Err(Fault::refused(format!("{} holds {many} folders: {MOST} at most are graded", class.display()))),
    }
}

/// Runs the graded scenarios of a lab for these submissions, and gives the report of each. `listener` is made for the
/// submissions, each with what the names of its images begin with. Of a submission with a file only the scenarios run that
/// name that file.
///
/// # Errors
/// Where the stage cannot be set.
pub async fn run<L: Listener + 'static>(
    project: &Project,
    graded: &Graded,
    submissions: Vec<(Submission, Option<String>)>,
    options: Options,
    listener: impl FnOnce(Vec<(SubmissionReport, String)>) -> L,
    progress: &Progress,
) -> Outcome<(Ended, Vec<Report>)> {
    let run = stage::run_name();
    let prefix = submissions::prefix(&run);
    let told: Vec<(SubmissionReport, String)> = submissions
        .iter()
        .enumerate()
        .map(|(number, (submission, _))| (SubmissionReport::of(submission), format!("{prefix}{number}/")))
        .collect();
    let plan = Plan::graded(&graded.scenarios, graded.lab.builder, submissions, &run);
    let recorder = Recorder::begin(run, &plan, Vec::new(), progress.clone()).with_listener(listener(told.clone()));
    let cancelled = interrupt::watch(progress);
    let report = run::watched(project, plan, options, &Arc::new(recorder), &cancelled, progress).await?;
    let ended = Ended { report, interrupted: cancelled.is_cancelled() };
    let reports = told.into_iter().map(|(told, prefix)| ended.report.about(told, &prefix)).collect();
    Ok((ended, reports))
}
