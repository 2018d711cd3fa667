//! The report in the format of Rust's own test harness, which people and editors know from `cargo test`.
//!
//! libtest has three results. `broken` and `refused` become failures, because nothing was shown; the text below them
//! says who is at fault.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::{Report, ScenarioReport, terminal};
use crate::{escape, verdict::Verdict};

/// The scenario's name as a test: `lab::scenario`.
#[must_use]
pub fn name(id: &str) -> String {
    escape::line(&id.replace('/', "::").replace('-', "_"))
}

/// The line of a test, with a newline.
#[must_use]
pub fn line(scenario: &ScenarioReport) -> String {
    format!("test {} ... {}\n", name(&scenario.id), end(scenario))
}

/// The single character of a test.
#[must_use]
pub fn character(scenario: &ScenarioReport) -> &'static str {
    match scenario.verdict {
        Verdict::Passed => ".",
        Verdict::Skipped => "i",
        Verdict::Failed | Verdict::Refused | Verdict::Broken => "F",
    }
}

/// Why a test failed, and who is at fault.
#[must_use]
pub fn explanation(scenario: &ScenarioReport) -> String {
    let mut text = terminal::explanation(scenario);
    if scenario.verdict == Verdict::Broken {
        text += "     broken is not the lab's fault: labproof, the engine, the cluster or the network is to blame\n";
    }
    text
}

/// The end of the output: the failures and the counts. `filtered` is the number of tests that were not selected.
#[must_use]
pub fn closing(report: &Report, filtered: usize) -> String {
    let failures: Vec<&ScenarioReport> = report.scenarios.iter().filter(|scenario| is_failure(scenario)).collect();
    let mut text = String::new();
    if !failures.is_empty() {
        text += "\nfailures:\n\n";
        for scenario in &failures {
            _ = writeln!(text, "---- {} ----\n{}", name(&scenario.id), explanation(scenario));
        }
        text += "\nfailures:\n";
        let mut names: Vec<String> = failures.iter().map(|scenario| name(&scenario.id)).collect();
        names.sort();
        for name in names {
            _ = writeln!(text, "    {name}");
        }
    }
    for note in &report.notes {
        _ = writeln!(text, "\nnote: {}", terminal::indented(note));
    }
    for leftover in &report.leftovers {
        _ = writeln!(text, "\nleft behind: {}", escape::line(leftover));
    }
    text + &result(report, filtered, failures.len())
}

fn result(report: &Report, filtered: usize, failed: usize) -> String {
    let ok = if failed == 0 && report.leftovers.is_empty() { good("ok") } else { bad("FAILED") };
    format!(
        "\ntest result: {ok}. {} passed; {failed} failed; {} ignored; 0 measured; {filtered} filtered out; finished in {}.{:02}s\n\n",
        report.summary.passed,
        report.summary.skipped,
        report.duration_ms / 1000,
        report.duration_ms % 1000 / 10,
    )
}

fn end(scenario: &ScenarioReport) -> String {
    match scenario.verdict {
        Verdict::Passed => good("ok"),
        Verdict::Skipped => {
            let reason = scenario.culprit().and_then(|step| step.reason.as_deref());
            let style = Style::new().fg_color(Some(AnsiColor::Yellow.into()));
            format!(
                "{style}ignored{style:#}{}",
                reason.map(|reason| format!(", {}", escape::line(reason))).unwrap_or_default()
            )
        }
        Verdict::Failed | Verdict::Refused | Verdict::Broken => bad("FAILED"),
    }
}

fn is_failure(scenario: &ScenarioReport) -> bool {
    !matches!(scenario.verdict, Verdict::Passed | Verdict::Skipped)
}

fn good(word: &str) -> String {
    coloured(AnsiColor::Green, word)
}

fn bad(word: &str) -> String {
    coloured(AnsiColor::Red, word)
}

fn coloured(colour: AnsiColor, word: &str) -> String {
    let style = Style::new().fg_color(Some(colour.into()));
    format!("{style}{word}{style:#}")
}
