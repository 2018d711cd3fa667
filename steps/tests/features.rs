//! Runs the labs as tests on kind: `cargo test --test features`.
//!
//! The arguments and the output are those of Rust's own test harness. As with any test target, a filter that matches
//! nothing passes, without using a cluster; `labproof verify` fails instead.

mod features {
    pub(super) mod harness;
}

use std::{process::ExitCode, sync::Arc};

use clap::Parser;
use labproof::{
    cluster::kind_cli::Wanted,
    endpoint,
    images::node::Choice,
    progress::Progress,
    project::Project,
    report::{Report, libtest},
    run::{
        self, Options, Run, interrupt,
        plan::{self, Plan},
        recorder::Recorder,
        setup,
    },
    verdict::{Fault, Outcome, Verdict},
};

use features::harness::{self, Arguments, Printer};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            _ = error.print();
            return if error.use_stderr() { ExitCode::from(101) } else { ExitCode::SUCCESS };
        }
    };
    if let Some(other) = arguments.impossible() {
        anstream::eprintln!("error: the tests print lines only\n  hint: {other}");
        return ExitCode::from(101);
    }
    arguments.choose_color();
    if let Err(fault) = endpoint::settle() {
        anstream::eprintln!("error: {fault}");
        return ExitCode::from(101);
    }
    let progress = Progress::new();
    match tests(&arguments, &progress) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(101),
        Err(fault) => {
            progress.done();
            anstream::eprintln!("error: {}", with_next_step(fault));
            ExitCode::from(101)
        }
    }
}

/// Runs the selected tests; returns whether all passed.
fn tests(arguments: &Arguments, progress: &Progress) -> Outcome<bool> {
    let project = Project::at(env!("CARGO_MANIFEST_DIR").as_ref());
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
    let node = Choice { kubernetes: std::env::var("LABPROOF_KUBERNETES").ok(), ..Choice::default() };
    let wanted = Wanted { node, ..Wanted::default() };
    Options { jobs: arguments.jobs().unwrap_or(default.jobs), configuration, wanted, ..default }
}

/// Why the tests could not start, with the command to run next.
fn with_next_step(fault: Fault) -> Fault {
    if fault.verdict != Verdict::Broken {
        return fault;
    }
    let hint = fault.hint.clone().map(|hint| format!("{hint}; ")).unwrap_or_default();
    fault.hint(format!("{hint}`just test` sets everything up before it runs the tests"))
}
