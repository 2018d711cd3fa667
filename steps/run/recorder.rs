//! Builds the report during the run, and replaces the report files after each scenario.
//!
//! The report names every selected scenario from the start; a scenario that has not ended is `broken`. So a killed run
//! leaves a complete report.

mod entry;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use entry::not_ended;
pub use entry::of;

use super::plan::Plan;
use crate::{
    images::catalogue::Used,
    progress::Progress,
    report::{
        ClusterReport, Report, SCHEMA, ScenarioReport, Summary, format::Sink, milliseconds, same_mistake, terminal,
    },
    verdict::Fault,
};

/// Gets notified when a scenario ends.
pub trait Listener: std::fmt::Debug + Send + Sync {
    /// Called when a scenario has ended; `report` already contains it.
    fn ended(&self, scenario: &ScenarioReport, report: &Report);
}

/// The report of a run in progress.
#[derive(Debug)]
pub struct Recorder {
    report: Mutex<Report>,
    sinks: Vec<Sink>,
    progress: Progress,
    started: Instant,
    listener: Option<Box<dyn Listener>>,
    /// The Kubernetes version of this run; `None` unless the run is one of several.
    kubernetes: Option<String>,
    /// The report of the earlier versions.
    earlier: Option<Report>,
}

impl Recorder {
    /// Starts the report of the run `run`.
    #[must_use]
    pub fn begin(run: String, plan: &Plan, sinks: Vec<Sink>, progress: Progress) -> Self {
        Self::begin_with(run, plan.seed, plan.scenarios.iter().map(not_ended).collect(), sinks, progress)
    }

    /// Starts the report of a run with these entries, one for each thing that the run will judge.
    #[must_use]
    pub fn begin_with(
        run: String,
        seed: Option<u64>,
        scenarios: Vec<ScenarioReport>,
        sinks: Vec<Sink>,
        progress: Progress,
    ) -> Self {
        let report = Report {
            schema: SCHEMA.into(),
            run,
            version: env!("CARGO_PKG_VERSION").into(),
            seed,
            started: jiff::Timestamp::now().to_string(),
            duration_ms: 0,
            finished: false,
            cluster: None,
            images: Vec::new(),
            notes: Vec::new(),
            summary: Summary::of(&scenarios),
            submission: None,
            leftovers: Vec::new(),
            scenarios,
            root: PathBuf::new(),
        };
        let (report, started) = (Mutex::new(report), Instant::now());
        let recorder = Self { report, sinks, progress, started, listener: None, kubernetes: None, earlier: None };
        recorder.write();
        recorder
    }

    /// Sets the folder that the names of the feature files begin in.
    #[must_use]
    pub fn in_folder(self, root: &Path) -> Self {
        root.clone_into(&mut self.lock().root);
        self
    }

    /// Marks the run as one of several on different versions of Kubernetes; `earlier` is the report of the earlier
    /// ones.
    #[must_use]
    pub fn on_version(mut self, kubernetes: &str, earlier: Option<Report>) -> Self {
        (self.kubernetes, self.earlier) = (Some(kubernetes.to_owned()), earlier);
        for scenario in &mut self.lock().scenarios {
            scenario.kubernetes = Some(kubernetes.to_owned());
        }
        self.write();
        self
    }

    /// Notifies `listener` of each scenario that ends, instead of printing a line.
    #[must_use]
    pub fn with_listener(mut self, listener: impl Listener + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// The run's name.
    #[must_use]
    pub fn run(&self) -> String {
        self.lock().run.clone()
    }

    /// Sets the cluster.
    pub fn cluster(&self, cluster: ClusterReport) {
        self.lock().cluster = Some(cluster);
    }

    /// Sets the images.
    pub fn images(&self, images: Vec<Used>) {
        self.lock().images = images;
    }

    /// Adds a note on this machine to the report.
    pub fn note(&self, note: String) {
        self.lock().notes.push(note);
    }

    /// Sets the objects that could not be removed.
    pub fn left(&self, leftovers: BTreeSet<String>) {
        self.lock().leftovers = leftovers.into_iter().collect();
    }

    /// Stores the result of the scenario with this index in the plan, and writes the report files again.
    pub fn ended(&self, index: usize, mut scenario: ScenarioReport) {
        scenario.kubernetes.clone_from(&self.kubernetes);
        scenario.notes.extend(self.otherwise_before(index, &scenario));
        if self.listener.is_none() {
            self.progress.styled_line(&terminal::line(&scenario));
        }
        let mut report = self.lock();
        let submission = scenario.submission.clone();
        report.scenarios[index] = scenario;
        if let Some(submission) = submission {
            same_mistake::settle(&mut report.scenarios, &submission);
        }
        if let Some(listener) = &self.listener {
            listener.ended(&report.scenarios[index], &report);
        }
        drop(report);
        self.write();
    }

    /// The same, unless the entry at this place has ended before.
    pub fn ended_unless(&self, index: usize, scenario: ScenarioReport) {
        let is_done = self.lock().scenarios.get(index).is_none_or(|known| known.started.is_some());
        if !is_done {
            self.ended(index, scenario);
        }
    }

    /// Whether a scenario that has ended did not pass.
    #[must_use]
    pub fn any_not_passed(&self) -> bool {
        self.lock().scenarios.iter().any(|scenario| scenario.started.is_some() && scenario.is_bad())
    }

    /// Records that the setup failed: every scenario is broken for this reason.
    pub fn never_began(&self, fault: &Fault) {
        for step in self.lock().scenarios.iter_mut().filter_map(|scenario| scenario.steps.first_mut()) {
            step.reason = Some(fault.reason.clone());
            step.hint.clone_from(&fault.hint);
        }
        self.write();
    }

    /// Finishes the report; `finished` says whether the run was completed.
    pub fn finish(&self, finished: bool) -> Report {
        self.lock().finished = finished;
        self.write();
        let report = self.whole();
        self.sinks.iter().filter(|sink| sink.is_stdout()).for_each(|sink| self.write_to(sink, &report));
        report
    }

    /// What the entry at this place was on the version before, if it was something else.
    fn otherwise_before(&self, index: usize, scenario: &ScenarioReport) -> Option<String> {
        let earlier = &self.earlier.as_ref()?.scenarios;
        let first = earlier.len().checked_sub(self.lock().scenarios.len())?;
        let before = earlier.get(first + index)?;
        let result = |entry: &ScenarioReport| (entry.verdict, entry.culprit().and_then(|step| step.reason.clone()));
        let (verdict, reason) = result(before);
        let version = before.kubernetes.as_ref().filter(|_| result(before) != result(scenario))?;
        Some(match reason {
            Some(reason) => format!("Kubernetes {version}: {verdict}, {reason}"),
            None => format!("Kubernetes {version}: {verdict}"),
        })
    }

    fn write(&self) {
        {
            let mut report = self.lock();
            report.duration_ms = milliseconds(self.started.elapsed());
            report.summary = Summary::of(&report.scenarios);
        }
        // A class has no such files, and may have thousands of scenarios.
        let mut files = self.sinks.iter().filter(|sink| !sink.is_stdout()).peekable();
        if files.peek().is_none() {
            return;
        }
        let report = self.whole();
        files.for_each(|file| self.write_to(file, &report));
    }

    fn write_to(&self, sink: &Sink, report: &Report) {
        if let Err(fault) = sink.write(report) {
            self.progress.line(&format!("warning: {fault}"));
        }
    }

    /// The report of this run, merged with that of the earlier versions.
    fn whole(&self) -> Report {
        let report = self.lock().clone();
        self.earlier.clone().map_or_else(|| report.clone(), |earlier| earlier.followed_by(&report))
    }

    fn lock(&self) -> MutexGuard<'_, Report> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
