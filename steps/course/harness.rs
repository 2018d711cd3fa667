//! The parts of Rust's own test harness that `harness = false` removes: its arguments, its list, and its lines.

use crate::{
    progress::Progress,
    report::{ScenarioReport, libtest},
    run::{plan::Plan, recorder::Listener},
    verdict::Verdict,
};
use clap::Parser;
use libtest_mimic::{ColorSetting, FormatSetting};

/// The arguments of libtest.
#[derive(Debug, Parser)]
// The flattened arguments already have a group of this name.
#[command(name = "features", disable_version_flag = true)]
#[group(skip)]
pub(super) struct Arguments {
    #[command(flatten)]
    known: libtest_mimic::Arguments,
    /// More filters; a test runs if its name contains any of them
    #[arg(value_name = "FILTER")]
    more: Vec<String>,
    /// Explain each failure at once, not only at the end
    #[arg(long)]
    no_capture: bool,
}

impl Arguments {
    /// Whether the test of this name is selected. No test is marked as ignored or as a benchmark.
    pub(super) fn take(&self, name: &str) -> bool {
        let fits = |filter: &String| if self.known.exact { name == filter } else { name.contains(filter) };
        let mut filters = self.known.filter.iter().chain(&self.more).peekable();
        let wanted = filters.peek().is_none() || filters.any(fits);
        wanted && !self.known.skip.iter().any(fits) && !self.known.ignored && !self.known.bench
    }

    /// Whether to list the tests instead of running them.
    pub(super) fn list(&self) -> bool {
        self.known.list
    }

    /// Whether to print less.
    pub(super) fn terse(&self) -> bool {
        self.known.quiet || self.known.format == Some(FormatSetting::Terse)
    }

    /// The number of tests to run in parallel, if given.
    pub(super) fn jobs(&self) -> Option<usize> {
        let said = || std::env::var("RUST_TEST_THREADS").ok()?.parse().ok();
        self.known.test_threads.or_else(said).filter(|jobs| *jobs > 0)
    }

    /// Turns colours on or off as requested.
    pub(super) fn choose_color(&self) {
        match self.known.color {
            Some(ColorSetting::Always) => anstream::ColorChoice::Always.write_global(),
            Some(ColorSetting::Never) => anstream::ColorChoice::Never.write_global(),
            Some(ColorSetting::Auto) | None => {}
        }
    }

    /// A requested feature that is not supported.
    pub(super) fn impossible(&self) -> Option<&'static str> {
        if self.known.format == Some(FormatSetting::Json) || self.known.logfile.is_some() {
            return Some("for files and JSON use `labproof verify --report json=FILE`");
        }
        None
    }

    fn at_once(&self) -> bool {
        self.known.nocapture || self.no_capture
    }
}

/// The tests of a plan, as the list that editors read.
pub(super) fn listed(plan: &Plan, terse: bool) -> String {
    let names = plan.scenarios.iter().map(|planned| format!("{}: test\n", libtest::name(&planned.id)));
    let list = names.collect::<Vec<_>>().concat();
    if terse { list } else { format!("{list}\n{}, 0 benchmarks\n", tests(plan.scenarios.len())) }
}

/// The first line.
pub(super) fn begun(count: usize) -> String {
    format!("\nrunning {}\n", tests(count))
}

fn tests(count: usize) -> String {
    if count == 1 { "1 test".to_owned() } else { format!("{count} tests") }
}

/// Prints each test as it ends.
#[derive(Debug)]
pub(super) struct Printer {
    progress: Progress,
    terse: bool,
    at_once: bool,
}

impl Printer {
    pub(super) fn new(arguments: &Arguments, progress: &Progress) -> Self {
        Self { progress: progress.clone(), terse: arguments.terse(), at_once: arguments.at_once() }
    }
}

impl Listener for Printer {
    fn ended(&self, scenario: &ScenarioReport, _: &crate::report::Report) {
        let line = if self.terse { libtest::character(scenario).to_owned() } else { libtest::line(scenario) };
        let why = self.at_once && scenario.verdict != Verdict::Passed;
        let why = if why { libtest::explanation(scenario) } else { String::new() };
        self.progress.print(&format!("{line}{why}"));
    }
}
