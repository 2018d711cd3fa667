//! Gives the planned scenarios to cucumber, which runs up to `--jobs` of them in parallel.
//!
//! This module adds what cucumber lacks. The sheets are read and their steps matched before (`loaded`). Each step has a
//! time limit and can be cancelled (`perform`). The hook before a scenario creates the scene, and the hook after it
//! cleans up and writes the report entry, without cucumber's events. labproof also assigns the slots itself, so a
//! scenario that waits for a claim blocks no other.

mod adapter;

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use cucumber::{Cucumber, WriterExt, cli, gherkin::Feature, runner};
use futures::FutureExt;

use self::adapter::{InMemory, Silent, collection, feature};
use super::{
    Run, claims, perform,
    plan::{Plan, Planned},
    reach,
    recorder::{self, Recorder},
    slots::{Slot, Slots},
    teardown::Janitor,
    wide,
};
use crate::{
    cluster::{
        admission::{self, network},
        namespace,
    },
    images::{catalogue::Used, lacking},
    machine::{
        claim::{Claim, Held},
        journal::Entry,
    },
    progress::Progress,
    report::{StepReport, milliseconds},
    scene::{Scene, context::RunContext},
    verdict::{Evidence, Fault, Outcome, Verdict},
    vocabulary::Step,
};

/// cucumber's state for each scenario.
#[derive(Debug, Default)]
struct CucumberState {
    scene: Option<Outcome<Box<Scene>>>,
    ahead: VecDeque<Step>,
    steps: Vec<StepReport>,
    timing: Option<Timing>,
    slot: Option<Slot>,
    goes_on: bool,
}

#[derive(Clone, Debug)]
struct Timing {
    wall: jiff::Timestamp,
    queued: Instant,
    begun: Instant,
}

/// The state that all hooks share.
#[derive(Debug)]
struct Hooks {
    context: Arc<RunContext>,
    plan: Arc<Plan>,
    recorder: Arc<Recorder>,
    janitor: Arc<Janitor>,
    slots: Slots,
    fail_fast: bool,
    keep_failed: bool,
    goes_on: bool,
    done: AtomicUsize,
    progress: Progress,
}

impl CucumberState {
    /// Runs the next step if the scene exists, and stores the result. Returns whether the scenario goes on.
    async fn carry_out_next(&mut self) -> bool {
        let Some(step) = &self.ahead.pop_front() else { return false };
        let report = match &mut self.scene {
            Some(Ok(scene)) => perform::one(scene, step).await,
            Some(Err(obstacle)) => perform::obstructed(step, obstacle.clone()),
            None => perform::obstructed(step, Fault::broken("the scenario was not set up")),
        };
        let passed = report.verdict == Verdict::Passed || (self.goes_on && report.instead.is_some());
        self.steps.push(report);
        passed
    }
}

impl cucumber::World for CucumberState {
    type Error = std::convert::Infallible;

    async fn new() -> Result<Self, Self::Error> {
        Ok(Self::default())
    }
}

/// Runs all planned scenarios, and reports each to `recorder` when it ends. Returns the janitor, which is still
/// removing their objects.
pub async fn schedule(context: &Arc<RunContext>, run: &Run) -> Arc<Janitor> {
    let Run { plan, options, recorder, progress, .. } = run;
    let janitor = Arc::new(Janitor::default());
    let hooks = Arc::new(Hooks {
        context: context.clone(),
        plan: plan.clone(),
        recorder: recorder.clone(),
        janitor: janitor.clone(),
        slots: Slots::new(options.jobs),
        fail_fast: options.fail_fast,
        keep_failed: options.keep_failed,
        goes_on: options.goes_on,
        done: AtomicUsize::new(0),
        progress: progress.clone(),
    });
    hooks.tell();
    let (before, after) = (hooks.clone(), hooks.clone());
    let runner = runner::Basic::default()
        .steps(collection())
        .max_concurrent_scenarios(None)
        .which_scenario(|_, _, _| runner::basic::ScenarioType::Concurrent)
        .before(move |_, _, scenario, state| {
            let (hooks, index) = (before.clone(), scenario.position.line);
            async move { hooks.begin(index, state).await }.boxed_local()
        })
        .after(move |_, _, scenario, _, state| {
            let (hooks, index) = (after.clone(), scenario.position.line);
            async move { hooks.end(index, state) }.boxed_local()
        });
    let features = plan.scenarios.iter().enumerate().map(|(index, planned)| feature(index, planned)).collect();
    let end_of_time = tokio::time::sleep(context.limits.run);
    let run = Cucumber::<CucumberState, _, Vec<Feature>, _, _, cli::Empty>::custom(
        InMemory,
        runner,
        Silent.assert_normalized(),
    )
    .with_cli(cli::Opts::<cli::Empty, runner::basic::Cli, cli::Empty>::default())
    .run(features);
    tokio::pin!(run, end_of_time);
    tokio::select! {
        _ = &mut run => return janitor,
        () = end_of_time => {
            progress.line("the run reached its time limit (--run-timeout), so labproof ends the scenarios that still run");
        }
    }
    _ = context.run_out_of_time();
    run.await;
    janitor
}

impl Hooks {
    /// Creates the scene of the scenario with this index. If that fails, its first step reports why.
    async fn begin(&self, index: usize, state: &mut CucumberState) {
        let queued = Instant::now();
        let planned = &self.plan.scenarios[index];
        state.ahead = planned.scenario.steps.clone().into();
        state.goes_on = self.goes_on;
        let claims = tokio::select! {
            () = self.context.cancelled.cancelled() => Err(self.context.cut_short()),
            claims = self.slot(index, planned, state) => claims,
        };
        if self.context.cancelled.is_cancelled() || (self.fail_fast && self.recorder.any_not_passed()) {
            let why = if self.context.cancelled.is_cancelled() {
                self.context.cut_short()
            } else {
                Fault::skipped("an earlier scenario did not pass")
            };
            state.scene = Some(Err(why));
            return;
        }
        state.timing = Some(Timing { wall: jiff::Timestamp::now(), queued, begun: Instant::now() });
        state.scene = Some(match claims {
            Ok(claims) => self.set(index, planned, claims).await.map(Box::new),
            Err(fault) => Err(fault),
        });
    }

    /// Waits for the scenario's claims first, then for its slot, so a scenario that waits for a claim uses no slot.
    async fn slot(&self, index: usize, planned: &Planned, state: &mut CucumberState) -> Outcome<Held> {
        let claims = reach::claims(&planned.scenario, &planned.lab, self.context.cluster.name());
        let who = format!("{}: \"{}\"", planned.lab.name, planned.scenario.name);
        let claims = claims::take(claims, &who, &self.progress).await?;
        state.slot = Some(self.slots.take(index).await);
        Ok(claims)
    }

    async fn set(&self, index: usize, planned: &Planned, claims: Held) -> Outcome<Scene> {
        self.context.assert_has_images_of(&planned.lab)?;
        let cluster = self.context.cluster.own()?;
        let name = format!("{}-{}-{}", planned.lab.name, self.context.run, index + 1);
        self.context.journal.note(Entry::Namespace { cluster: cluster.name().into(), name: name.clone() })?;
        let made = tokio::select! {
            () = self.context.cancelled.cancelled() => Err(self.context.cut_short()),
            made = self.namespace(planned, &name) => made,
        };
        self.janitor.expect(&name);
        made?;
        if claims.has(&Claim::ClusterObjects(cluster.name().into())) {
            wide::record(cluster, &self.context.journal, &name).await?;
        }
        Scene::set(self.context.clone(), planned.lab.clone(), &name, claims)
    }

    /// Creates the scenario's namespace. Admission policies apply to it if the scenario is graded, whoever wrote the
    /// files.
    async fn namespace(&self, planned: &Planned, name: &str) -> Outcome {
        let (cluster, run) = (self.context.cluster.own()?, &self.context.run);
        if !planned.grading.is_graded() {
            return namespace::create(cluster, name, run, &[]).await;
        }
        self.context.admission.clone()?;
        namespace::create(cluster, name, run, &admission::LABELS).await?;
        if !planned.lab.makes_network_policies() {
            network::close(cluster, name).await?;
        }
        admission::install(cluster, name, &planned.lab.table()).await
    }

    /// Reports the scenario, and gives its scene to the janitor.
    fn end(&self, index: usize, state: Option<&mut CucumberState>) {
        let planned = &self.plan.scenarios[index];
        let Some(state) = state else { return };
        let slot = state.slot.take();
        let mut steps = std::mem::take(&mut state.steps);
        steps.extend(planned.scenario.steps.iter().skip(steps.len()).map(perform::not_reached));
        let images = self.context.images_used().into_iter().filter(|image| planned.lab.file.uses(&image.name));
        explain_lacking(&mut steps, &images.collect::<Vec<_>>());
        let mut report = recorder::of(planned, steps);
        if let Some(timing) = &state.timing {
            report.started = Some(timing.wall.to_string());
            report.slot = slot.as_ref().map(Slot::number);
            report.queued_ms = milliseconds(timing.begun - timing.queued);
            report.duration_ms = milliseconds(timing.begun.elapsed());
        }
        if let Some(Ok(scene)) = state.scene.take() {
            report.namespace = Some(scene.own_namespace().to_owned());
            report.deviations.clone_from(&scene.deviations);
            let keep = self.keep_failed && report.verdict != Verdict::Passed;
            if keep {
                self.progress.line(&format!(
                    "kept: namespace {}, folder {}",
                    scene.own_namespace(),
                    scene.folder().display()
                ));
            }
            self.janitor.tear_down(*scene, keep);
        }
        self.recorder.images(self.context.images_used());
        self.recorder.ended(index, report);
        self.done.fetch_add(1, Ordering::Relaxed);
        self.tell();
        drop(slot);
    }

    fn tell(&self) {
        if self.progress.is_terminal() {
            let (done, all) = (self.done.load(Ordering::Relaxed), self.plan.scenarios.len());
            self.progress.detail(&format!("{done} of {all} scenarios have ended"));
        }
    }
}

/// Says at the step that failed if a container lacks a program, and its image is a stand-in.
fn explain_lacking(steps: &mut [StepReport], images: &[Used]) {
    let Some(step) = steps.iter_mut().find(|step| step.verdict == Verdict::Failed) else { return };
    let evidence = step.evidence.iter().filter(|evidence| !evidence.is_context);
    let texts = step.reason.iter().chain(evidence.map(|evidence| &evidence.text));
    if let Some(text) = texts.into_iter().find_map(|text| lacking::explained(text, images)) {
        step.evidence.insert(0, Evidence::new("a stand-in may be the cause", text));
    }
}
