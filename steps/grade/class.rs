//! Grades a class in one run, with one folder per learner, into a folder of grades that survives interruptions.
//!
//! A learner's report is written as soon as the learner's last scenario has ended. An existing report is reused if it
//! is for the same files, lab, version of labproof and version of Kubernetes, and contains nothing broken. So no submission is graded twice.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{
    escape,
    machine::folders,
    progress::Progress,
    report::{Graded, Report, ScenarioReport, SubmissionReport, csv, json, page, points},
    run::recorder::Listener,
    submission::Submission,
    verdict::{Fault, Outcome},
};

/// The folder with a class's grades.
#[derive(Clone, Debug)]
pub struct Grades {
    folder: PathBuf,
    /// The folder, locked until the process ends.
    _held: Arc<File>,
}

impl Grades {
    /// Uses a folder, and creates it if it does not exist.
    ///
    /// # Errors
    /// If it cannot be created, or if another process uses it.
    pub fn at(folder: &Path) -> Outcome<Self> {
        let made = fs::create_dir_all(folder.join("learners")).and_then(|()| File::open(folder));
        let held = made.map_err(|error| Fault::refused(format!("cannot make {}: {error}", folder.display())))?;
        match held.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Fault::refused(format!("another labproof run is writing grades to {}", folder.display()))
                    .hint("wait until it ends, or choose another folder with --out"));
            }
            Err(TryLockError::Error(error)) => {
                return Err(Fault::refused(format!("cannot lock {}: {error}", folder.display()))
                    .hint("choose a folder on this machine with --out"));
            }
        }
        Ok(Self { folder: folder.to_owned(), _held: Arc::new(held) })
    }

    /// An existing report of a learner that is still valid, and for a version of Kubernetes that is wanted.
    #[must_use]
    pub fn kept(&self, submission: &Submission, is_wanted: impl Fn(&str) -> bool) -> Option<Report> {
        let text = fs::read_to_string(self.learner(&submission.name, "json")).ok()?;
        let report: Report = serde_json::from_str(&text).ok()?;
        let is_same = report.submission.as_ref() == Some(&SubmissionReport::of(submission));
        // Without a digest, the lab may have changed.
        let is_same = is_same && !submission.lab.is_empty();
        let is_ours = report.version == env!("CARGO_PKG_VERSION");
        let is_wanted = report.cluster.as_ref().is_some_and(|cluster| is_wanted(&cluster.kubernetes));
        (is_same && is_ours && is_wanted && report.finished && report.summary.earned.is_some()).then_some(report)
    }

    /// Writes the report of a learner.
    ///
    /// # Errors
    /// If the report cannot be written.
    pub fn write(&self, report: &Report) -> Outcome {
        let name = report.submission.as_ref().map(|submission| submission.name.as_str()).unwrap_or_default();
        put(&self.learner(name, "json"), &json::render(report))?;
        put(&self.learner(name, "html"), &page::learner(report))
    }

    /// Writes the files about the whole class.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write_class(&self, reports: &[Report]) -> Outcome {
        put(&self.folder.join("gradebook.csv"), &csv::gradebook(reports))?;
        put(&self.folder.join("gradebook.json"), &json::gradebook(reports))?;
        put(&self.page(), &page::trainer(reports))
    }

    /// The trainer's page.
    #[must_use]
    pub fn page(&self) -> PathBuf {
        self.folder.join("index.html")
    }

    /// The path of a learner's file.
    fn learner(&self, name: &str, ending: &str) -> PathBuf {
        self.folder.join("learners").join(page::file_name(name, ending))
    }
}

fn put(path: &Path, text: &str) -> Outcome {
    folders::replace(path, text.as_bytes())
        .map_err(|error| Fault::broken(format!("cannot write {}: {error}", path.display())))
}

/// Writes a learner's report after the learner's last scenario, and prints a line about it.
#[derive(Debug)]
pub struct Writer {
    grades: Grades,
    waiting: Vec<Graded>,
    done: AtomicUsize,
    progress: Progress,
}

impl Writer {
    /// A writer for these submissions.
    #[must_use]
    pub fn new(grades: Grades, waiting: Vec<Graded>, progress: Progress) -> Self {
        Self { grades, waiting, done: AtomicUsize::new(0), progress }
    }
}

impl Listener for Writer {
    fn ended(&self, scenario: &ScenarioReport, report: &Report) {
        let is_meant = |graded: &&Graded| scenario.submission.as_ref() == Some(&graded.submission.name);
        let Some(graded) = self.waiting.iter().find(is_meant) else { return };
        let is_theirs = |other: &&ScenarioReport| other.submission == scenario.submission;
        if report.scenarios.iter().filter(is_theirs).any(|other| other.started.is_none()) {
            return;
        }
        let report = report.about(graded.clone());
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let total = points::total(&report);
        let name = escape::line(&graded.submission.name);
        self.progress.line(&format!("{name} ({done} of {} graded): {total}", self.waiting.len()));
        if let Err(fault) = self.grades.write(&report) {
            self.progress.line(&format!("warning: {}", escape::text(&fault.to_string())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        project::Project,
        report::{ClusterReport, SCHEMA, Summary},
    };

    fn submission() -> Submission {
        let folder = tempfile::tempdir().unwrap();
        let rules = crate::grade::gradable(&Project::at(Path::new(env!("CARGO_MANIFEST_DIR"))), "hello-pod");
        let mut read = crate::grade::read(folder.path(), &rules.unwrap().lab.rules());
        read.lab = "sha256:aa".into();
        read
    }

    #[test]
    fn a_grade_of_another_version_of_kubernetes_is_not_reused() {
        let (folder, submission) = (tempfile::tempdir().unwrap(), submission());
        let grades = Grades::at(folder.path()).unwrap();
        let cluster =
            ClusterReport { name: "demo".into(), kubernetes: "v1.34.11".into(), nodes: 3, engine: "28.0.0".into() };
        let report = Report {
            schema: SCHEMA.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            finished: true,
            cluster: Some(cluster),
            summary: Summary { earned: Some(1), points: 1, ..Summary::default() },
            submission: Some(SubmissionReport::of(&submission)),
            ..Report::default()
        };
        grades.write(&report).unwrap();
        assert!(grades.kept(&submission, |version| version == "v1.34.11").is_some());
        assert!(grades.kept(&submission, |version| version == "v1.35.8").is_none());
    }

    #[test]
    fn one_grades_into_a_folder_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let held = Grades::at(folder.path()).unwrap();
        assert_eq!(Grades::at(folder.path()).unwrap_err().verdict, crate::verdict::Verdict::Refused);
        drop(held);
        assert!(Grades::at(folder.path()).is_ok());
    }
}
