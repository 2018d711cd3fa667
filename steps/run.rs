//! Runs labs: selects scenarios, prepares the cluster once, runs scenarios in parallel, cleans up, and reports.

pub mod candidate;
pub mod changes;
pub mod claims;
pub mod interrupt;
pub mod perform;
pub mod plan;
pub mod reach;
pub mod recorder;
pub mod schedule;
pub mod setup;
pub mod slots;
pub mod sweep;
pub mod teardown;
pub mod watch;
pub mod wide;

use std::{collections::BTreeSet, future::Future, sync::Arc};

use tokio_util::sync::CancellationToken;

use crate::{
    cluster::kind_cli::Wanted,
    images::submissions,
    machine::{limits, scratch},
    progress::Progress,
    project::Project,
    report::Report,
    scene::context::{Limits, RunContext},
    verdict::{Fault, Outcome},
};
use plan::Plan;
use recorder::Recorder;
use teardown::Janitor;

/// The settings of a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The number of scenarios that run at the same time.
    pub jobs: usize,
    /// The time limits.
    pub limits: Limits,
    /// Whether to keep the objects of a scenario that did not pass, and print where they are.
    pub keep_failed: bool,
    /// Whether to start no further scenario after one that did not pass.
    pub fail_fast: bool,
    /// Whether a scenario goes on after a step that only saw another text than the expected one.
    pub goes_on: bool,
    /// The cluster's kind configuration, relative to the project.
    pub configuration: String,
    /// Whether to create the cluster or to use an existing one, and how.
    pub wanted: Wanted,
}

/// A run and everything that it needs.
#[derive(Debug)]
pub struct Run {
    /// The folder that contains the labs.
    pub project: Project,
    /// The scenarios.
    pub plan: Arc<Plan>,
    /// The settings.
    pub options: Options,
    /// Writes the report, and replaces it after each scenario.
    pub recorder: Arc<Recorder>,
    /// Cancelled if the run must end early.
    pub cancelled: CancellationToken,
    /// Where the run shows its progress.
    pub progress: Progress,
}

/// The result of a run.
#[derive(Clone, Debug)]
pub struct RunResult {
    /// The report.
    pub report: Report,
    /// Whether a signal ended the run early.
    pub interrupted: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            jobs: 8,
            limits: Limits::default(),
            keep_failed: false,
            fail_fast: false,
            goes_on: false,
            configuration: "kind-config/demo.yaml".into(),
            wanted: Wanted::default(),
        }
    }
}

/// Runs `work` on a new asynchronous runtime. A task that hangs does not prevent the program from ending afterwards.
///
/// # Errors
/// If the operating system does not allow a runtime to start.
pub fn block_on<T>(work: impl Future<Output = T>) -> Outcome<T> {
    limits::raise_open_files();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Fault::broken(format!("cannot start: {error}")))?;
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    scratch::end();
    Ok(done)
}

/// Runs the planned scenarios until they end or the run is cancelled, and returns the report. The recorder also updates
/// the report after each scenario.
///
/// # Errors
/// If the setup fails: no engine, no cluster, or a cluster that labproof did not make. In the recorder's report, every
/// scenario is then broken.
pub async fn run(run: Run) -> Outcome<Report> {
    carry_out(&run, async |context| schedule::schedule(&context, &run).await).await
}

/// Sets up the cluster, does the run's work, cleans up, and returns the report.
///
/// # Errors
/// The same as [`run`].
pub async fn carry_out(run: &Run, work: impl AsyncFnOnce(Arc<RunContext>) -> Arc<Janitor>) -> Outcome<Report> {
    match setup::set_up(run).await.inspect_err(|fault| run.recorder.never_began(fault))? {
        Some(context) => Ok(to_its_end(context, run, work).await),
        None => Ok(run.recorder.finish(false)),
    }
}

async fn to_its_end(
    context: Arc<RunContext>,
    run: &Run,
    work: impl AsyncFnOnce(Arc<RunContext>) -> Arc<Janitor>,
) -> Report {
    let Run { plan, recorder, progress, .. } = run;
    let cut_short = context.cancelled.clone();
    let alive = setup::keep_alive(&context, plan);
    let janitor = work(context.clone()).await;
    progress.phase("cleaning up", None);
    let mut leftovers: BTreeSet<String> = janitor.finish(&context).await;
    if plan.has_submissions() {
        leftovers.extend(forget_submissions(&context).await.err().map(|fault| fault.reason));
    }
    alive.abort();
    recorder.left(leftovers.clone());
    recorder.images(context.images_used());
    setup::tear_down(context, leftovers.is_empty() && !run.options.keep_failed).await;
    progress.done();
    recorder.finish(!cut_short.is_cancelled())
}

async fn forget_submissions(context: &RunContext) -> Outcome {
    submissions::forget(&context.run, context.cluster.own()?.nodes()).await
}

#[cfg(test)]
mod tests;
