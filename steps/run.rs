//! Runs labs: selects scenarios, sets the stage once, runs them side by side, clears up, and reports.

pub mod candidate;
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
pub mod wide;

use std::{collections::BTreeSet, future::Future, sync::Arc};

use tokio_util::sync::CancellationToken;

use crate::{
    cluster::kind_cli::Wanted,
    images::submissions,
    machine::scratch,
    progress::Progress,
    project::Project,
    report::Report,
    scene::context::{Limits, RunContext},
    verdict::{Fault, Outcome},
};
use plan::Plan;
use recorder::Recorder;

/// How a run is to be done.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many scenarios run side by side.
    pub jobs: usize,
    /// How long things may take.
    pub limits: Limits,
    /// Leave what a scenario that did not pass has made, and say where it is.
    pub keep_failed: bool,
    /// Start no further scenario once one has not passed.
    pub fail_fast: bool,
    /// The cluster's kind configuration, relative to the project.
    pub configuration: String,
    /// How the cluster is to be had.
    pub wanted: Wanted,
}

/// A run that is to be done.
#[derive(Debug)]
pub struct Run {
    /// The folder of labs.
    pub project: Project,
    /// The scenarios.
    pub plan: Arc<Plan>,
    /// How it is to be done.
    pub options: Options,
    /// The report in the making.
    pub recorder: Arc<Recorder>,
    /// Cancelled when the run must end.
    pub cancelled: CancellationToken,
    /// Where it shows what it does.
    pub progress: Progress,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// What it found.
    pub report: Report,
    /// Whether a signal cut it short.
    pub interrupted: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            jobs: 8,
            limits: Limits::default(),
            keep_failed: false,
            fail_fast: false,
            configuration: "kind-config/demo.yaml".into(),
            wanted: Wanted::default(),
        }
    }
}

/// Runs `work` on a runtime of its own. A task that hangs does not keep the program from ending afterwards.
///
/// # Errors
/// Where the machine does not let a runtime begin.
pub fn block_on<T>(work: impl Future<Output = T>) -> Outcome<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Fault::broken(format!("cannot start: {error}")))?;
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    scratch::end();
    Ok(done)
}

/// Runs the planned scenarios to their end or until the run is cancelled, and returns the report, which the recorder has
/// after each of them as well.
///
/// # Errors
/// Where the stage cannot be set: no engine, no cluster, a cluster that is not ours. The recorder's report then says of every
/// scenario that it is broken.
pub async fn run(run: Run) -> Outcome<Report> {
    let set = tokio::select! {
        set = setup::set_up(&run) => set,
        () = run.cancelled.cancelled() => return Ok(run.recorder.finish(false)),
    };
    let context = set.inspect_err(|fault| run.recorder.never_began(fault))?;
    Ok(carry_out(context, &run).await)
}

/// Runs the planned scenarios on a stage that is set, strikes it, and returns the report.
async fn carry_out(context: Arc<RunContext>, run: &Run) -> Report {
    let Run { plan, recorder, progress, .. } = run;
    let cut_short = context.cancelled.clone();
    let alive = setup::keep_alive(&context, plan);
    let janitor = schedule::schedule(&context, run).await;
    progress.phase("clearing up", None);
    let mut leftovers: BTreeSet<String> = janitor.finish(&context).await;
    if plan.has_strangers() {
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
