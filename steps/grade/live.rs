//! Grades an existing namespace of a learner's own cluster, read-only.
//!
//! Of scenarios tagged `@live`, only the reading steps run; the learner has already created what the other steps would
//! create. Nothing is built, and no command runs.

use std::{collections::BTreeMap, mem, path::PathBuf, sync::Arc, time::Instant};

use super::GradedLab;
use crate::{
    cluster::read_only,
    images::{catalogue::Catalogue, submissions},
    machine::{claim::Held, folders},
    progress::Progress,
    project::{Lab, Project, Submitted, Work},
    report::{ClusterReport, Graded, ScenarioReport, SubmissionReport, milliseconds},
    run::{
        RunResult, interrupt, perform,
        plan::{Plan, Planned},
        recorder::{self, Listener, Recorder},
        setup,
    },
    scene::{
        Scene,
        context::{Beginning, Limits, Provided, RunContext},
    },
    submission::Submission,
    verdict::{Fault, Outcome, Verdict},
    vocabulary::{Fact, Step},
};

/// The cluster and namespace to read.
#[derive(Clone, Debug)]
pub struct ClusterTarget {
    /// The kubeconfig; by default the one that kubectl uses.
    pub kubeconfig: Option<PathBuf>,
    /// The context in it.
    pub context: String,
    /// The namespace.
    pub namespace: String,
}

/// Grades a namespace, and returns the report.
///
/// # Errors
/// If the cluster cannot be reached, or if the lab has no scenarios for this.
pub async fn run(
    project: &Project,
    lab: &GradedLab,
    target: &ClusterTarget,
    limits: Limits,
    listener: impl Listener + 'static,
    progress: &Progress,
) -> Outcome<RunResult> {
    let cancelled = interrupt::watch(progress);
    let cluster = read_only::at(target.kubeconfig.as_deref(), &target.context).await?;
    let name = format!("{}/{}", target.context, target.namespace);
    let submission = Submission::of(&name, BTreeMap::new(), &lab.lab.rules());
    let run = setup::run_name();
    let image_prefix = submissions::name_prefix(&run, 0);
    let graded = Graded {
        lab: lab.lab.name.clone(),
        submission: SubmissionReport::of(&submission),
        image_prefix: image_prefix.clone(),
    };
    let submitted = Submitted { submission, image_prefix };
    let (plan, notes) = reading_steps(lab, submitted)?;
    let recorder = Recorder::begin(run.clone(), &plan, Vec::new(), progress.clone()).with_listener(listener);
    for note in notes {
        recorder.note(note);
    }
    let kubernetes = cluster.version().to_owned();
    recorder.cluster(ClusterReport { name: target.context.clone(), kubernetes, nodes: 0, engine: String::new() });
    let (journal, folder) = setup::begin(&run)?;
    let beginning = Beginning {
        run,
        catalogue: Catalogue::read(project)?,
        project: project.clone(),
        cluster: cluster.into(),
        journal,
        folder,
        limits,
        cancelled: cancelled.clone(),
    };
    let context = Arc::new(RunContext::new(beginning, Provided::default()));
    grade_all(&context, &plan, &target.namespace, &recorder).await?;
    // An error is ignored: the journal lists the folder, and the next run removes what is left.
    _ = folders::remove(&context.folder);
    context.journal.end();
    let interrupted = cancelled.is_cancelled();
    let report = recorder.finish(!interrupted).about(graded);
    Ok(RunResult { report, interrupted })
}

/// Runs the scenarios one after the other until the run is cancelled, and meanwhile watches whether the cluster
/// answers.
async fn grade_all(context: &Arc<RunContext>, plan: &Plan, namespace: &str, recorder: &Recorder) -> Outcome {
    let client = context.cluster.client();
    let looking = Box::pin(async {
        for (number, planned) in plan.scenarios.iter().enumerate() {
            if context.cancelled.is_cancelled() {
                break;
            }
            let mut scene = Scene::set(context.clone(), planned.lab.clone(), &number.to_string(), Held::default())?;
            namespace.clone_into(&mut scene.namespace);
            recorder.ended(number, grade_one(&mut scene, planned).await);
        }
        Ok(())
    });
    tokio::select! {
        looked = looking => looked,
        never = context.health.watch(&client, None) => match never {},
    }
}

/// The scenarios that can run read-only, each with only its reading steps, and notes that name the other steps.
fn reading_steps(graded: &GradedLab, submitted: Submitted) -> Outcome<(Plan, Vec<String>)> {
    let GradedLab { lab, scenarios } = graded;
    let mut scenarios = scenarios.clone();
    scenarios.retain(|planned| planned.grading.live);
    let lab = Arc::new(Lab { work: Work::Submitted(Arc::new(submitted)), ..lab.clone() });
    let mut notes = Vec::new();
    for planned in &mut scenarios {
        planned.lab = lab.clone();
        let steps = mem::take(&mut planned.scenario.steps);
        let only_reads = |step: &Step| step.sentence().is_some_and(|(sentence, _)| sentence.has(Fact::Reads));
        let (reading, others): (Vec<Step>, Vec<Step>) = steps.into_iter().partition(only_reads);
        planned.scenario.steps = reading;
        notes.extend(others.iter().map(|Step { written, .. }| {
            format!(
                "{}: not run, because it does not only read: {}{}",
                planned.scenario.name, written.keyword, written.value
            )
        }));
    }
    if scenarios.is_empty() {
        return Err(Fault::refused(format!("no scenario of the lab {} can be graded in a live cluster", lab.name))
            .hint("tag a scenario with @live if some of its steps only read the cluster"));
    }
    Ok((Plan { scenarios, ..Plan::default() }, notes))
}

/// Runs a scenario's steps until one does not pass.
async fn grade_one(scene: &mut Scene, planned: &Planned) -> ScenarioReport {
    let (wall, started) = (jiff::Timestamp::now(), Instant::now());
    let mut steps = Vec::new();
    for step in &planned.scenario.steps {
        steps.push(perform::one(scene, step).await);
        if steps.last().is_some_and(|step| step.verdict != Verdict::Passed) {
            break;
        }
    }
    steps.extend(planned.scenario.steps.iter().skip(steps.len()).map(perform::not_reached));
    let mut report = recorder::of(planned, steps);
    report.started = Some(wall.to_string());
    report.duration_ms = milliseconds(started.elapsed());
    report.namespace = Some(scene.namespace.clone());
    report
}

#[cfg(test)]
mod tests;
