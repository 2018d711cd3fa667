//! Runs labs: selects scenarios, sets the stage once, runs them side by side, clears up, and reports.

pub mod perform;
pub mod plan;
pub mod recorder;
pub mod schedule;
pub mod stage;
pub mod sweep;
pub mod teardown;

use std::{collections::BTreeSet, sync::Arc};

use tokio_util::sync::CancellationToken;

use crate::{
    cluster::kind::Wanted, progress::Progress, project::Project, report::Report, scene::session::Limits,
    verdict::Outcome,
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

/// Runs the planned scenarios and returns the report, which was handed to `recorder` after each of them as well.
///
/// # Errors
/// Where the stage cannot be set: no engine, no cluster, a cluster that is not ours.
pub async fn run(
    project: &Project,
    plan: Arc<Plan>,
    options: Options,
    recorder: Arc<Recorder>,
    cancelled: CancellationToken,
    progress: &Progress,
) -> Outcome<Report> {
    let session = tokio::select! {
        stage = stage::set(project, &plan, &options, cancelled.clone(), &recorder, progress) => stage?,
        () = cancelled.cancelled() => return Ok(recorder.finish(false)),
    };
    let alive = stage::keep_alive(&session);
    let janitor = schedule::schedule(&session, &plan, &options, &recorder, progress).await;
    progress.stage("clearing up", None);
    let leftovers: BTreeSet<String> = janitor.finish(&session).await;
    alive.abort();
    recorder.left(leftovers.clone());
    recorder.images(session.images_used());
    stage::strike(session, leftovers.is_empty() && !options.keep_failed).await;
    progress.done();
    Ok(recorder.finish(!cancelled.is_cancelled()))
}
