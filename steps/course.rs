//! A course as a Rust crate: its own sentences, its program, and its labs as tests.
//!
//! A crate that depends on labproof adds sentences to those that every lab may use. Its program is labproof with these
//! sentences, and `cargo test` runs its labs. `examples/course` is a complete one.
//!
//! ```no_run
//! use labproof::course::{self, Fault, Outcome, Scene, Sentence, sentence};
//!
//! static SENTENCES: &[Sentence] = &[
//!     sentence!(Then "the namespace has the label {label}" => has_label(label), Cluster [Reads],
//!         r#"the namespace has the label "team=shop""#,
//!         "The scenario's namespace has this label."),
//! ];
//!
//! async fn has_label(scene: &mut Scene, label: String) -> Outcome {
//!     let namespaces: course::kube::Api<course::k8s_openapi::api::core::v1::Namespace> =
//!         course::kube::Api::all(scene.cluster.client());
//!     let namespace = namespaces.get(&scene.namespace).await.map_err(|error| Fault::broken(error.to_string()))?;
//!     let labels = namespace.metadata.labels.unwrap_or_default();
//!     let has_it = labels.iter().any(|(name, value)| format!("{name}={value}") == label);
//!     if has_it { Ok(()) } else { Err(Fault::failed(format!("the namespace has no label {label}"))) }
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     course::main(SENTENCES)
//! }
//! ```

mod harness;

use std::{path::Path, process::ExitCode, sync::Arc};

use clap::Parser;
pub use k8s_openapi;
pub use kube;

use self::harness::{Arguments, Printer};
use crate::{
    cli,
    cluster::kind_cli::Wanted,
    endpoint,
    images::node::NodeChoice,
    progress::{self, Progress},
    project::Project,
    report::{Report, libtest},
    run::{
        self, Options, Run, interrupt,
        plan::{self, Plan},
        recorder::Recorder,
        setup,
    },
    vocabulary,
};
pub use crate::{
    scene::Scene,
    sentence,
    terminal::Output,
    verdict::{Fault, Outcome, Verdict},
    vocabulary::{Fact, Sentence, Uses},
};

/// Exit status of a test program that could not run its tests, as of Rust's own harness.
const FAILURE: u8 = 101;

/// Runs the program `labproof` with the sentences of a course, and the arguments of the process.
#[must_use]
pub fn main(sentences: &'static [Sentence]) -> ExitCode {
    if let Err(fault) = vocabulary::add(sentences) {
        progress::eprint_line(&format!("error: {fault}"));
        return ExitCode::from(cli::exit::Status::of(fault.verdict));
    }
    cli::main()
}

/// Runs the labs of a course as tests on kind; `folder` is the one that contains `features/`. Call it from a test target
/// with `harness = false`.
///
/// The arguments and the output are those of Rust's own test harness. As with any test target, a filter that matches
/// nothing passes, without using a cluster; `labproof verify` fails instead.
#[must_use]
pub fn test(folder: &Path, sentences: &'static [Sentence]) -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            _ = error.print();
            return if error.use_stderr() { ExitCode::from(FAILURE) } else { ExitCode::SUCCESS };
        }
    };
    if let Some(other) = arguments.impossible() {
        progress::eprint_line(&format!("error: the tests print lines only\n  hint: {other}"));
        return ExitCode::from(FAILURE);
    }
    arguments.choose_color();
    if let Err(fault) = vocabulary::add(sentences).and_then(|()| endpoint::settle()) {
        progress::eprint_line(&format!("error: {fault}"));
        return ExitCode::from(FAILURE);
    }
    let progress = Progress::new();
    match tests(folder, &arguments, &progress) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FAILURE),
        Err(fault) => {
            progress.done();
            progress::eprint_line(&format!("error: {}", with_next_step(fault)));
            ExitCode::from(FAILURE)
        }
    }
}

/// Runs the selected tests; returns whether all passed.
fn tests(folder: &Path, arguments: &Arguments, progress: &Progress) -> Outcome<bool> {
    let project = Project::at(folder);
    let mut labs = plan::load(&project, &[])?;
    let mut plan = Plan::select(&labs, &plan::Selection::default())?;
    let all = plan.scenarios.len();
    plan.scenarios.retain(|planned| arguments.take(&libtest::name(&planned.id)));
    if arguments.list() {
        progress.print(&harness::listed(&plan, arguments.terse()));
        return Ok(true);
    }
    if plan.scenarios.is_empty() {
        progress.print(&harness::begun(0));
        progress.print(&libtest::closing(&Report::default(), all));
        return Ok(true);
    }
    let wanted = plan.labs();
    labs.retain(|lab| wanted.contains(&lab.name));
    plan::check(&project, &labs)?;
    let filtered = all - plan.scenarios.len();
    progress.print(&harness::begun(plan.scenarios.len()));
    let recorder = Recorder::begin(setup::run_name(), &plan, Vec::new(), progress.clone())
        .with_listener(Printer::new(arguments, progress));
    let recorder = Arc::new(recorder);
    let (report, interrupted) = run::block_on(async {
        let cancelled = interrupt::watch(progress);
        let run = Run {
            project,
            plan: Arc::new(plan),
            options: options(arguments),
            recorder,
            cancelled: cancelled.clone(),
            progress: progress.clone(),
        };
        (run::run(run).await, cancelled.is_cancelled())
    })?;
    let report = report?;
    progress.print(&libtest::closing(&report, filtered));
    let summary = report.summary;
    let failed = summary.failed + summary.refused + summary.broken;
    Ok(failed == 0 && report.leftovers.is_empty() && !interrupted)
}

/// The cluster is the usual one, unless `LABPROOF_CONFIG` names another kind configuration or `LABPROOF_KUBERNETES`
/// another version.
fn options(arguments: &Arguments) -> Options {
    let default = Options::default();
    let configuration = std::env::var("LABPROOF_CONFIG").unwrap_or(default.configuration);
    let node = NodeChoice { kubernetes: std::env::var("LABPROOF_KUBERNETES").ok(), ..NodeChoice::default() };
    let wanted = Wanted { node, ..Wanted::default() };
    Options { jobs: arguments.jobs().unwrap_or(default.jobs), configuration, wanted, ..default }
}

/// Why the tests could not start, with the command to run next.
fn with_next_step(fault: Fault) -> Fault {
    if fault.verdict != Verdict::Broken {
        return fault;
    }
    let hint = fault.hint.clone().map(|hint| format!("{hint}; ")).unwrap_or_default();
    fault.hint(format!("{hint}`labproof setup` lists what is missing"))
}
