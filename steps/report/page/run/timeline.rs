//! The timeline of a run: a row for each slot, with a bar for each scenario that ran in it.
//!
//! Assistive technology does not read it, because the list of all scenarios says the same in words.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::seconds;
use crate::report::{Report, ScenarioReport, page::html::escape};

/// The timeline; nothing if no scenario ran.
pub(super) fn timeline(report: &Report) -> String {
    let mut slots: BTreeMap<usize, String> = BTreeMap::new();
    for (index, scenario) in report.scenarios.iter().enumerate() {
        if let Some(bar) = bar(index, scenario, report) {
            *slots.entry(scenario.slot.unwrap_or_default()).or_default() += &bar;
        }
    }
    if slots.is_empty() {
        return String::new();
    }
    let rows: String = slots.values().map(|bars| format!("<div class=\"slot\">{bars}</div>\n")).collect();
    format!(
        "<p>Each row is one of the slots in which scenarios run at the same time. A bar leads to its scenario.</p>\n<div \
         class=\"timeline\" aria-hidden=\"true\">\n{rows}<div class=\"axis\"><span>0 s</span><span>{}</span></div>\n\
         </div>\n",
        seconds(report.duration_ms)
    )
}

/// The bar of a scenario; `None` if it did not run.
fn bar(index: usize, scenario: &ScenarioReport, report: &Report) -> Option<String> {
    let (begun, started): (Timestamp, Timestamp) =
        (report.started.parse().ok()?, scenario.started.as_ref()?.parse().ok()?);
    let after = u64::try_from(started.as_millisecond() - begun.as_millisecond()).ok()?;
    let (left, width) = (share(after, report.duration_ms), share(scenario.duration_ms, report.duration_ms));
    let target = if scenario.is_bad() { "failure" } else { "scenario" };
    let title =
        format!("{}: {}, {} after {}", scenario.verdict, scenario.name, seconds(scenario.duration_ms), seconds(after));
    Some(format!(
        "<a class=\"{}\" tabindex=\"-1\" href=\"#{target}{index}\" title=\"{}\" style=\"left:{left}%;width:{width}%\"></a>",
        scenario.verdict,
        escape(&title)
    ))
}

/// A part of the run in percent, with one decimal.
fn share(part: u64, whole: u64) -> String {
    let thousandths = (part * 1000).checked_div(whole).unwrap_or_default().min(1000);
    format!("{}.{}", thousandths / 10, thousandths % 10)
}
