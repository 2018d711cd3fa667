//! Grades submissions: reads them, runs the graded scenarios of their lab for each one, and reports the score of each.

pub mod class;
pub mod live;

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    escape,
    images::submissions,
    loaded,
    progress::Progress,
    project::{Audience, Lab, Project},
    report::{Graded, Report, SubmissionReport},
    run::{
        self, Options, Run, RunResult,
        candidate::Candidate,
        interrupt,
        plan::{self, Plan, Planned},
        recorder::{Listener, Recorder},
        setup,
    },
    submission::{Rules, Submission},
    verdict::{Fault, Outcome},
};

/// The maximum number of submissions in a class.
const MOST: usize = 1000;

/// A lab without errors that takes submissions.
#[derive(Clone, Debug)]
pub struct GradedLab {
    /// The lab.
    pub lab: Lab,
    /// Its graded scenarios, with the lab's own files; empty if the grading file does not exist here.
    pub scenarios: Vec<Planned>,
}

/// What is handed in to a lab.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The lab.
    pub lab: GradedLab,
    /// The submissions.
    pub candidates: Vec<Candidate>,
}

/// Finds the lab of this name, which must take submissions.
///
/// # Errors
/// If there is no such lab, if it has errors, or if it takes no submissions.
pub fn lab(project: &Project, name: &str) -> Outcome<GradedLab> {
    let labs = loaded::load(project, &[project.one_named(name)?.into()]);
    plan::check(project, &labs)?;
    let lab = Lab::clone(labs[0].lab.as_ref().map_err(Clone::clone)?);
    let name = &lab.name;
    if lab.file.submission.is_some() {
        return Ok(GradedLab { lab, scenarios: plan::graded(&labs)? });
    }
    Err(Fault::refused(format!("the lab {name} is not graded: its lab.yaml has no `submission`"))
        .hint("`labproof new NAME` writes a graded lab, which shows how"))
}

/// Finds the lab of this name, which must be gradable here.
///
/// # Errors
/// The same as [`lab`], or if the lab's grading file does not exist here.
pub fn gradable(project: &Project, name: &str) -> Outcome<GradedLab> {
    let graded = lab(project, name)?;
    let lab = &graded.lab;
    if lab.has_grading() {
        return Ok(graded);
    }
    let file = project.shown(&lab.feature_for(Audience::Grading));
    Err(Fault::refused(format!("the lab {} has no graded scenarios: {file} does not exist", lab.name)).hint(
        "graded scenarios carry points, such as @points:2, and belong in that file; ask the author of the lab for it",
    ))
}

/// Reads one submission. An unreadable one becomes a refused submission, so that the others are still graded.
#[must_use]
pub fn read(folder: &Path, rules: &Rules) -> Submission {
    let name = name(folder);
    Submission::read(&name, folder, rules).unwrap_or_else(|error| Submission::unreadable(&name, &error, rules))
}

/// The learner's name, which is the name of the folder.
fn name(folder: &Path) -> String {
    let name = folder.canonicalize().ok().and_then(|path| Some(readable(path.file_name()?)));
    name.unwrap_or_else(|| "submission".into())
}

/// A file's name as text. Bytes that are not UTF-8 are written out, so different names stay different.
fn readable(name: &OsStr) -> String {
    let mut text = String::new();
    for part in name.as_encoded_bytes().utf8_chunks() {
        text += part.valid();
        text.extend(part.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    text
}

/// The contents of a class's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Class {
    /// The folders, one for each learner, sorted by name.
    pub folders: Vec<PathBuf>,
    /// Archives, sorted by name; each one is a refused submission.
    pub packed: Vec<PathBuf>,
    /// The names of all other entries, which are not graded; escaped for printing.
    pub others: Vec<String>,
}

/// The folder that macOS adds to an archive, for its own notes about the files.
const OF_MACOS: &str = "__MACOSX";

/// The file name extensions of archives.
const PACKED: [&str; 11] = ["zip", "tar", "tgz", "gz", "bz2", "xz", "txz", "zst", "7z", "rar", "jar"];

/// The refused submission of a learner whose folder is still an archive.
#[must_use]
pub fn packed(file: &Path, rules: &Rules) -> Submission {
    let why = io::Error::other("it is an archive: unpack it into a folder with the learner's name, and grade it again");
    Submission::unreadable(&name(file), &why, rules)
}

/// Reads the folder of a class, which contains one folder for each learner.
///
/// # Errors
/// If the folder cannot be read or contains no folder.
pub fn class(folder: &Path) -> Outcome<Class> {
    let shown = escape::line(&folder.display().to_string());
    let paths = || fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>();
    let mut paths = paths().map_err(|error| Fault::refused(format!("the class {shown} cannot be read: {error}")))?;
    paths.retain(|path| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.')));
    paths.sort();
    let kind = |path: &Path| fs::symlink_metadata(path).ok().map(|data| data.file_type());
    let is_learners = |path: &PathBuf| kind(path).is_some_and(|kind| kind.is_dir()) && !path.ends_with(OF_MACOS);
    let (folders, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(is_learners);
    let is_packed = |path: &Path| {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        PACKED.contains(&ending.as_str()) && kind(path).is_some_and(|kind| kind.is_file())
    };
    let (packed, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|path| is_packed(path));
    let others = others.iter().filter_map(|path| path.file_name()).map(|name| escape::line(&readable(name))).collect();
    let mut names = BTreeSet::new();
    if let Some(twice) = folders.iter().map(|folder| name(folder)).find(|name| !names.insert(name.clone())) {
        return Err(Fault::refused(format!("{shown} contains two folders named {}", escape::line(&twice))));
    }
    match folders.len() {
        0 => Err(Fault::refused(no_folder(&shown, &packed, others))
            .hint("a class is a folder with one subfolder for each learner; unpack archives first")),
        1..=MOST => Ok(Class { folders, packed, others }),
        many => Err(Fault::refused(format!("{shown} contains {many} folders, but labproof grades at most {MOST}"))),
    }
}

/// Why a class without a folder is refused, with the names of what is there.
fn no_folder(shown: &str, packed: &[PathBuf], others: Vec<String>) -> String {
    let packed = packed.iter().map(|file| escape::line(&name(file)));
    let found: Vec<String> = packed.chain(others).take(MOST_NAMED).collect();
    if found.is_empty() {
        return format!("{shown} contains no folder");
    }
    format!("{shown} contains no folder, only {}", found.join(", "))
}

/// The most names that one message has.
const MOST_NAMED: usize = 20;

/// Runs the graded scenarios of each lab for its submissions, all in one run, and returns a report for each submission, in
/// their order. `listener` is called with the submissions as the reports will name them, and returns the listener of the
/// run.
///
/// # Errors
/// If the setup of the run fails.
pub async fn run<L: Listener + 'static>(
    project: &Project,
    batches: Vec<Batch>,
    options: Options,
    listener: impl FnOnce(Vec<Graded>) -> L,
    progress: &Progress,
) -> Outcome<(RunResult, Vec<Report>)> {
    let run = setup::run_name();
    let submissions = batches.iter().flat_map(|batch| batch.candidates.iter().map(|candidate| (&batch.lab, candidate)));
    let graded: Vec<Graded> =
        submissions.enumerate().map(|(number, (lab, candidate))| graded(lab, candidate, &run, number)).collect();
    let plan = Plan::graded(batches.into_iter().flat_map(with_scenarios), &run);
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
    let ended = RunResult { report, interrupted: cancelled.is_cancelled() };
    let reports = graded.into_iter().map(|graded| ended.report.about(graded)).collect();
    Ok((ended, reports))
}

/// Each submission with its lab and the scenarios that judge it.
fn with_scenarios(Batch { lab, candidates }: Batch) -> impl Iterator<Item = (Lab, Vec<Planned>, Submission)> {
    let GradedLab { lab, scenarios } = lab;
    candidates.into_iter().map(move |Candidate { submission, only_with }| {
        let of_this = scenarios.iter().filter(|planned| only_with.as_ref().is_none_or(|file| planned.uses(file)));
        (lab.clone(), of_this.cloned().collect(), submission)
    })
}

/// How the reports describe the submission with this number.
fn graded(lab: &GradedLab, candidate: &Candidate, run: &str, number: usize) -> Graded {
    Graded {
        lab: lab.lab.name.clone(),
        submission: SubmissionReport::of(&candidate.submission),
        image_prefix: submissions::name_prefix(run, number),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::{ffi::OsStrExt, fs::symlink};

    use super::*;

    #[test]
    fn a_class_of_archives_only_is_refused_with_their_names() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["ben.zip", "carla.tgz", "notes.txt"] {
            fs::write(folder.path().join(file), "x").unwrap();
        }
        let refused = class(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("contains no folder, only ben.zip, carla.tgz, notes.txt"), "{refused}");
    }

    #[test]
    fn whatever_is_in_the_folder_of_a_class_is_graded_or_named() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "anna".as_ref(),
            OsStr::from_bytes(b"b\xff"),
            OsStr::from_bytes(b"b\xfe"),
            ".git".as_ref(),
            OF_MACOS.as_ref(),
        ] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        for file in ["ben.zip", "carla.tar.GZ", "notes\n.txt", ".hidden"] {
            fs::write(folder.path().join(file), "x").unwrap();
        }
        symlink(folder.path().join("anna"), folder.path().join("dora")).unwrap();
        let class = class(folder.path()).unwrap();
        let names = |paths: &[PathBuf]| paths.iter().map(|path| name(path)).collect::<Vec<_>>();
        assert_eq!(names(&class.folders), ["anna", "b\\xfe", "b\\xff"]);
        assert_eq!(names(&class.packed), ["ben.zip", "carla.tar.GZ"]);
        assert_eq!(class.others, [OF_MACOS, "dora", "notes\\n.txt"]);
    }
}
