//! The report for a person at a terminal: a line for each scenario, and for each that did not pass what happened,
//! where, and what to do next. It is understood without colour.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::{Report, ScenarioReport, StepReport, matrix};
use crate::{images::catalogue::Source, verdict::Verdict};

/// A scenario's line, as it is printed when the scenario ends.
#[must_use]
pub fn line(scenario: &ScenarioReport) -> String {
    let style = style(scenario.verdict);
    let seconds = seconds(scenario.duration_ms);
    let version = scenario.kubernetes.as_ref().map_or_else(String::new, |version| format!("{version}  "));
    let (verdict, lab) = (scenario.verdict.to_string(), &scenario.lab);
    format!("{style}{verdict:>7}{style:#}  {version}{lab}  {} ({seconds})", scenario.name)
}

/// Everything that a person wants to know after the run.
#[must_use]
pub fn summary(report: &Report) -> String {
    let mut text = String::new();
    for scenario in report.scenarios.iter().filter(|scenario| scenario.verdict != Verdict::Passed) {
        text += &format!("\n{}", explanation(scenario));
    }
    text += &matrix::render(report);
    for note in &report.notes {
        _ = writeln!(text, "note: {note}");
    }
    for (image, note) in report.images.iter().filter_map(|image| Some((image, image.note.as_ref()?))) {
        let what = if image.source == Source::Built { "is the lab's own, in place of" } else { "is a stand-in:" };
        _ = writeln!(text, "note: {} {what} {note}", image.name);
    }
    for scenario in report.scenarios.iter().filter(|scenario| !scenario.deviations.is_empty()) {
        let deviations = scenario.deviations.join("; ");
        _ = writeln!(text, "note: \"{}\" differs from the document: {deviations}", scenario.name);
    }
    for leftover in &report.leftovers {
        _ = writeln!(text, "left behind: {leftover}");
    }
    _ = writeln!(text, "{}", counts(report));
    text
}

/// What happened in a scenario that did not pass: the steps before, where it ended, why, and what to do next.
#[must_use]
pub fn explanation(scenario: &ScenarioReport) -> String {
    let style = style(scenario.verdict);
    let version = scenario.kubernetes.as_ref().map_or_else(String::new, |version| format!(" on Kubernetes {version}"));
    let mut text = format!("{style}{}{style:#}{version}: {}\n", scenario.verdict, scenario.name);
    let Some(step) = scenario.culprit() else { return text };
    for before in scenario
        .steps
        .iter()
        .take_while(|other| other.line != step.line)
        .filter(|other| other.verdict == Verdict::Passed)
    {
        _ = writeln!(text, "     ok  {}", before.text);
    }
    _ = writeln!(text, "  {style}>{style:#}  {}:{}: {}", scenario.feature, step.line, step.text);
    body(&mut text, step);
    text
}

fn body(text: &mut String, step: &StepReport) {
    indent(text, "     ", step.reason.as_deref().unwrap_or_default());
    if let Some(cause) = &step.blocked_by {
        _ = writeln!(text, "     blocked by: {cause}");
    }
    for evidence in &step.evidence {
        _ = writeln!(text, "     {}:", evidence.title);
        indent(text, "       | ", &evidence.text);
    }
    if let Some(hint) = &step.hint {
        _ = writeln!(text, "     hint: {hint}");
    }
}

fn indent(text: &mut String, prefix: &str, block: &str) {
    for line in block.trim_end().lines() {
        _ = writeln!(text, "{prefix}{}", printable(line));
    }
}

/// What a program printed is shown, never obeyed: control characters are spelt out.
fn printable(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for character in line.chars() {
        if character.is_control() && character != '\t' {
            text.extend(character.escape_debug());
        } else {
            text.push(character);
        }
    }
    text
}

fn counts(report: &Report) -> String {
    let summary = report.summary;
    let counted = [
        (summary.passed, "passed"),
        (summary.failed, "failed"),
        (summary.refused, "refused"),
        (summary.broken, "broken"),
        (summary.skipped, "skipped"),
    ];
    let counted: Vec<String> = counted
        .into_iter()
        .enumerate()
        .filter(|(place, (count, _))| *place < 2 || *count > 0)
        .map(|(_, (count, word))| format!("{count} {word}"))
        .collect();
    let cluster = report.cluster.as_ref().map_or_else(String::new, |cluster| {
        format!(
            " on {} ({} nodes, Kubernetes {}, Docker {})",
            cluster.name, cluster.nodes, cluster.kubernetes, cluster.engine
        )
    });
    format!("\n{}\nin {}{cluster}", counted.join(", "), seconds(report.duration_ms))
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100)
}

fn style(verdict: Verdict) -> Style {
    let colour = match verdict {
        Verdict::Passed => AnsiColor::Green,
        Verdict::Skipped => AnsiColor::Cyan,
        Verdict::Failed => AnsiColor::Red,
        Verdict::Refused | Verdict::Broken => AnsiColor::Magenta,
    };
    Style::new().bold().fg_color(Some(colour.into()))
}
