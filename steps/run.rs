//! Runs labs: selects scenarios, sets the stage once, runs them side by side, clears up, and reports.

pub mod candidate;
pub mod interrupt;
pub mod perform;
pub mod plan;
pub mod recorder;
pub mod schedule;
pub mod stage;
pub mod sweep;
pub mod teardown;
pub mod turns;

use std::{collections::BTreeSet, future::Future, sync::Arc};

use tokio_util::sync::CancellationToken;

use crate::{
    cluster::kind::Wanted,
    images::submissions,
    progress::Progress,
    project::Project,
    report::Report,
    scene::session::{Limits, Session},
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
        set = stage::set(&run) => set,
        () = run.cancelled.cancelled() => return Ok(run.recorder.finish(false)),
    };
    let session = set.inspect_err(|fault| run.recorder.never_began(fault))?;
    Ok(on_stage(session, &run).await)
}

/// Runs the planned scenarios on a stage that is set, strikes it, and returns the report.
async fn on_stage(session: Arc<Session>, run: &Run) -> Report {
    let Run { plan, recorder, progress, .. } = run;
    let cut_short = session.cancelled.clone();
    let alive = stage::keep_alive(&session, plan);
    let janitor = schedule::schedule(&session, run).await;
    progress.stage("clearing up", None);
    let mut leftovers: BTreeSet<String> = janitor.finish(&session).await;
    if plan.has_strangers() {
        leftovers.extend(forget_submissions(&session).await.err().map(|fault| fault.reason));
    }
    alive.abort();
    recorder.left(leftovers.clone());
    recorder.images(session.images_used());
    stage::strike(session, leftovers.is_empty() && !run.options.keep_failed).await;
    progress.done();
    recorder.finish(!cut_short.is_cancelled())
}

async fn forget_submissions(session: &Session) -> Outcome {
    submissions::forget(&session.run, session.cluster.own()?.nodes()).await
}

#[cfg(test)]
mod tests;
