//! A grade for the trainer at a terminal: each graded scenario with its points and, if it was lost, the evidence. For
//! learners there is `learner`.

use std::fmt::Write;

use super::{Report, ScenarioReport, shared::Shared, terminal};
use crate::{escape, images::catalogue::Source, verdict::Verdict};

/// The line of a graded scenario.
#[must_use]
pub fn line(scenario: &ScenarioReport) -> String {
    let earned = scenario.earned.map_or_else(|| "-".to_owned(), |earned| earned.to_string());
    let excused = if scenario.excused { ", which do not count" } else { "" };
    let hidden = if scenario.hidden { " [hidden]" } else { "" };
    format!("{}  {earned} of {}{excused}{hidden}", terminal::line(scenario), points(scenario.points))
}

/// The score of a submission, and why points are missing.
#[must_use]
pub fn summary(report: &Report) -> String {
    let shared = Shared::of(&report.scenarios);
    let mut text = String::new();
    for scenario in report.scenarios.iter().filter(|scenario| scenario.verdict != Verdict::Passed) {
        text += &terminal::explained(scenario, &shared);
        if let Some(hint) = &scenario.hint {
            _ = writeln!(text, "     hint for the learner: {}", escape::line(hint));
        }
    }
    text.push('\n');
    for scenario in &report.scenarios {
        _ = writeln!(text, "{}", line(scenario));
    }
    for image in report.images.iter().filter(|image| image.source == Source::Built) {
        _ = writeln!(text, "built: {} {}", escape::line(&image.name), escape::line(&image.id));
    }
    let ignored = report.submission.as_ref().map(|submission| submission.ignored.join(", ")).unwrap_or_default();
    if !ignored.is_empty() {
        _ = writeln!(text, "not graded, because the lab does not ask for it: {}", escape::line(&ignored));
    }
    let name = report.submission.as_ref().map(|submission| submission.name.as_str()).unwrap_or_default();
    _ = writeln!(text, "\n{}: {}", escape::line(name), total(report));
    text
}

/// The points of a report as text.
#[must_use]
pub fn total(report: &Report) -> String {
    match report.summary.earned {
        Some(earned) => format!("{earned} of {}", points(report.summary.points)),
        None if report.summary.broken > 0 => "no score, because something is broken: run the same command again".into(),
        None if report.summary.skipped > 0 => {
            "no score, because this cluster cannot run every scenario: the skipped ones say why".into()
        }
        None => "nothing was graded".into(),
    }
}

fn points(number: u32) -> String {
    if number == 1 { "1 point".into() } else { format!("{number} points") }
}
