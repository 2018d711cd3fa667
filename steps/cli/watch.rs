//! `labproof verify --watch`: runs the labs, then runs again what a change of their files concerns.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use clap::Parser;
use tokio_util::sync::CancellationToken;

use super::{Arguments, Command, exit::Status, read, shown, verify::Verify};
use crate::{
    check, escape, loaded,
    progress::Progress,
    project::Project,
    run::{
        changes::{self, LabFiles},
        interrupt,
        plan::Plan,
        watch::Watch,
    },
    verdict::{Fault, Outcome, Verdict},
};

/// How many changed files are named.
const NAMED: usize = 3;

/// Runs all selected scenarios, and after each change those that it concerns.
///
/// # Errors
/// If the files cannot be watched, a lab of the command line does not exist, or the first run has no cluster.
pub(super) async fn run(verify: Verify, progress: &Progress) -> Outcome<Status> {
    verify.log.begin()?;
    let project = Project::find_with(&verify.labs)?;
    project.named(&verify.labs)?;
    Watching::new(project, progress).run(verify).await
}

/// Runs labs until it is interrupted.
struct Watching {
    project: Project,
    progress: Progress,
    cancelled: CancellationToken,
    /// Whether scenarios run now.
    runs: Arc<AtomicBool>,
    /// The files and the plan of the last run. Files that changed since then have not been run.
    last: Option<(LabFiles, Plan)>,
}

impl Watching {
    fn new(project: Project, progress: &Progress) -> Self {
        let runs = Arc::new(AtomicBool::new(false));
        let cancelled = interrupt::watch_while(progress, runs.clone());
        Self { project, progress: progress.clone(), cancelled, runs, last: None }
    }

    async fn run(mut self, mut verify: Verify) -> Outcome<Status> {
        let mut watch = Watch::begin(&self.project)?;
        let mut files = LabFiles::read(&self.project);
        loop {
            if let Err(fault) = self.run_due(&verify, &files).await {
                if self.is_first_run(&fault) {
                    return Err(fault);
                }
                self.progress.line(&shown(&fault));
            }
            match self.next(&mut watch, files).await {
                Some(next) => (files, verify) = next,
                None => return Ok(Status::Interrupted),
            }
        }
    }

    /// Waits for a change after which the options can be read; `None` if it is interrupted.
    async fn next(&self, watch: &mut Watch, mut files: LabFiles) -> Option<(LabFiles, Verify)> {
        loop {
            files = tokio::select! {
                biased;
                () = self.cancelled.cancelled() => return None,
                changed = self.wait(watch, &files) => changed,
            };
            match again() {
                Ok(verify) => return Some((files, verify)),
                Err(fault) => self.progress.line(&shown(&fault)),
            }
        }
    }

    /// A run without an engine or a cluster is not worth waiting; a mistake in a lab is.
    fn is_first_run(&self, fault: &Fault) -> bool {
        self.last.is_none() && fault.verdict == Verdict::Broken
    }

    async fn wait(&self, watch: &mut Watch, known: &LabFiles) -> LabFiles {
        self.progress.phase("waiting for changes in features/, scenarios/ and labproof.toml; Ctrl-C ends", None);
        let files = watch.changed(known).await;
        self.progress.done();
        let changed: Vec<String> =
            files.changed_since(known).iter().map(|path| escape::line(&path.display().to_string())).collect();
        let more = if changed.len() > NAMED { format!(" and {} more", changed.len() - NAMED) } else { String::new() };
        self.progress.line(&format!("changed: {}{more}", changed[..changed.len().min(NAMED)].join(", ")));
        files
    }

    /// Checks the labs, and runs what differs from the last run.
    async fn run_due(&mut self, verify: &Verify, files: &LabFiles) -> Outcome {
        let labs = loaded::load(&self.project, &self.project.named(&verify.labs)?);
        let problems = check::can_run(&self.project, &labs)?.problems;
        if !problems.is_empty() {
            let problems = problems.iter().map(|problem| escape::text(&problem.to_string()) + "\n");
            self.progress.print(&problems.collect::<String>());
            return Ok(());
        }
        let plan = verify.select(&labs)?;
        let due = match &self.last {
            Some((before, last)) => changes::concerned(&plan, last, &files.changed_since(before)),
            None => plan.clone(),
        };
        self.progress.line(&format!("{} of {} selected scenarios to run", due.scenarios.len(), plan.scenarios.len()));
        if !due.scenarios.is_empty() {
            self.runs.store(true, Ordering::Relaxed);
            let report = verify.each_version(&self.project, &due, &self.cancelled, &self.progress).await;
            self.runs.store(false, Ordering::Relaxed);
            report?;
        }
        self.last = Some((files.clone(), plan));
        Ok(())
    }
}

/// The options of this command with `labproof.toml` as it is now.
fn again() -> Outcome<Verify> {
    match Arguments::try_parse_from(read()?).map(|arguments| arguments.command) {
        Ok(Command::Verify(verify)) => Ok(verify),
        Ok(_) => Err(Fault::broken("labproof.toml has changed, and this command is no longer `verify --watch`")
            .hint("start it again")),
        Err(error) => Err(Fault::refused(error.to_string())),
    }
}
