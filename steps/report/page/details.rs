//! A learner's part of the page of a class: everything for the trainer about one submission, including hidden
//! scenarios.

use std::fmt::Write;

use super::{
    file_name,
    html::{escape, isolated, segment},
    parts::{Facts, Line, mark, points, table, total},
    roster::Row,
};
use crate::{
    report::{
        Report, ScenarioReport, StepReport,
        learner::{
            Check, CheckResult,
            text::{WHOLE, beginning, block, one_line, short},
        },
    },
    verdict::Verdict,
};

/// The anchor of the learner with this index in the class. It is inside the folded part, so a browser that follows a
/// link to it unfolds that part.
pub(super) fn anchor(index: usize) -> String {
    format!("learner{}", index + 1)
}

/// The part of one learner.
pub(super) fn learner(index: usize, row: &Row) -> String {
    let anchor = anchor(index);
    let of = |check: &Check| format!("{anchor}-{}", check.key);
    let facts = Facts::of(row.report);
    let lines: Vec<Line> = row
        .graded()
        .map(|(scenario, check)| Line {
            check,
            name: short(&scenario.name),
            hidden: scenario.hidden,
            anchor: (check.result != CheckResult::Passed).then(|| of(check)),
        })
        .collect();
    let missed = row.graded().filter(|(_, check)| check.result != CheckResult::Passed);
    let missed: String = missed.map(|(scenario, check)| section(&of(check), scenario, check)).collect();
    let (name, total, checks) = (isolated(&short(row.name)), total(&row.grade), table(&lines));
    let (refused, notes, graded) = (facts.refused("h4"), notes(row.report), facts.list());
    format!(
        "<details>\n<summary><h3>{name}: {total}</h3></summary>\n<div id=\"{anchor}\">\n<p><a \
         href=\"learners/{}\">The learner's page</a></p>\n{checks}{refused}{missed}<h4>How it was \
         graded</h4>\n{notes}{graded}</div>\n</details>\n",
        segment(&file_name(row.name, "html"))
    )
}

fn section(anchor: &str, scenario: &ScenarioReport, check: &Check) -> String {
    let hidden = if scenario.hidden { ", <em>hidden</em>" } else { "" };
    let (name, mark, points) = (isolated(&short(&scenario.name)), mark(check.result), points(check));
    let text = escape(&explanation(scenario));
    format!(
        "<section id=\"{anchor}\">\n<h4>{name}</h4>\n<p>{mark}, {points}{hidden}</p>\n<pre>{text}</pre>\n</section>\n"
    )
}

/// What happened, as in the terminal report: the earlier steps, the place, the reason, and what to do next.
fn explanation(scenario: &ScenarioReport) -> String {
    let mut text = String::new();
    match scenario.culprit() {
        Some(step) => {
            for before in before(scenario, step) {
                _ = writeln!(text, "ok  {}", short(&before.text));
            }
            _ = writeln!(text, ">   {}:{}: {}", short(&scenario.feature), step.line, short(&step.text));
            body(&mut text, step);
        }
        None => text += "No step says why.\n",
    }
    if let Some(hint) = &scenario.hint {
        _ = writeln!(text, "    hint for the learner: {}", one_line(hint));
    }
    for deviation in &scenario.deviations {
        _ = writeln!(text, "    differs from the document: {}", one_line(deviation));
    }
    for note in &scenario.notes {
        _ = writeln!(text, "    note: {}", one_line(note));
    }
    beginning(text.trim_end(), WHOLE)
}

fn before<'a>(scenario: &'a ScenarioReport, step: &'a StepReport) -> impl Iterator<Item = &'a StepReport> {
    let before = scenario.steps.iter().take_while(|other| other.line != step.line);
    before.filter(|other| other.verdict == Verdict::Passed)
}

fn body(text: &mut String, step: &StepReport) {
    if let Some(reason) = &step.reason {
        _ = writeln!(text, "{}", block(reason, "    "));
    }
    if let Some(cause) = &step.blocked_by {
        _ = writeln!(text, "    blocked by: {}", one_line(cause));
    }
    if let Some(hint) = &step.hint {
        _ = writeln!(text, "    hint: {}", one_line(hint));
    }
    for evidence in &step.evidence {
        _ = writeln!(text, "    {}:\n{}", short(&evidence.title), block(&evidence.text, "      | "));
    }
}

/// Notes about the run: that it did not finish, what could not be removed, remarks about the machine, and differences
/// from the document.
fn notes(report: &Report) -> String {
    let mut notes = Vec::new();
    if !report.finished {
        notes.push("the run was interrupted".to_owned());
    }
    notes.extend(report.leftovers.iter().map(|leftover| format!("left behind: {}", short(leftover))));
    notes.extend(report.notes.iter().map(|note| one_line(note)));
    let images = report.images.iter().filter_map(|image| Some((&image.name, image.note.as_ref()?)));
    notes.extend(images.map(|(name, note)| format!("{}: {}", short(name), short(note))));
    if notes.is_empty() {
        return String::new();
    }
    let list: String = notes.iter().map(|note| format!("<li>{}</li>\n", isolated(note))).collect();
    format!("<ul>\n{list}</ul>\n")
}
