//! A grade as CSV for spreadsheets and gradebooks, by RFC 4180, with lines that end in CR and LF.
//!
//! A cell that a spreadsheet would read as a formula gets an apostrophe in front. If a check is broken, no cell of the
//! submission contains earned points. Hidden scenarios have no names here either, because such a table is easily passed
//! on.

use super::{
    Report,
    learner::{Check, CheckResult, Grade, text::one_line},
};
use crate::escape;

/// The grade, with one line for each graded scenario.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut table = line(&["submission", "task", "scenario", "verdict", "points", "earned", "reason"]);
    let submission = name(report);
    for check in Grade::of(report).checks {
        table += &line(&[
            &submission,
            check.task.as_deref().unwrap_or_default(),
            &check.name,
            check.result.word(),
            &check.points.to_string(),
            &number(check.earned),
            &check.reason,
        ]);
    }
    table
}

/// The grades of several submissions, with one line for each. Counts only graded scenarios that are not excused; the
/// note contains all further information.
#[must_use]
pub fn gradebook(reports: &[Report]) -> String {
    let mut table =
        line(&["submission", "earned", "points", "passed", "failed", "refused", "broken", "digest", "note"]);
    for report in reports {
        let grade = Grade::of(report);
        let count = |mark| grade.count(mark).to_string();
        table += &line(&[
            &name(report),
            &number(grade.earned),
            &grade.points.to_string(),
            &count(CheckResult::Passed),
            &count(CheckResult::Failed),
            &count(CheckResult::Refused),
            &count(CheckResult::Broken),
            report.submission.as_ref().map_or("", |submission| &submission.digest),
            &note(report, &grade),
        ]);
    }
    table
}

fn note(report: &Report, grade: &Grade) -> String {
    let mut notes = Vec::new();
    if grade.checks.is_empty() {
        notes.push("nothing was graded".to_owned());
    }
    if grade.is_broken() {
        notes.push("not graded because of a technical problem: run the same command again".to_owned());
    }
    if !report.finished {
        notes.push("the run was interrupted".to_owned());
    }
    let excused: Vec<&str> =
        grade.checks.iter().filter(|check| check.result == CheckResult::Excused).map(name_of).collect();
    if !excused.is_empty() {
        notes.push(format!("excused: {}", excused.join(", ")));
    }
    notes.extend(grade.refusals.iter().cloned());
    let ignored = report.submission.iter().flat_map(|submission| &submission.ignored);
    let ignored: Vec<&str> = ignored.map(String::as_str).filter(|file| !file.starts_with('.')).collect();
    if !ignored.is_empty() {
        notes.push(format!("not graded, because the lab does not ask for it: {}", one_line(&ignored.join(", "))));
    }
    notes.join("; ")
}

fn name(report: &Report) -> String {
    report.submission.as_ref().map(|submission| one_line(&submission.name)).unwrap_or_default()
}

fn name_of(check: &Check) -> &str {
    &check.name
}

fn number(points: Option<u32>) -> String {
    points.map(|points| points.to_string()).unwrap_or_default()
}

fn line(cells: &[&str]) -> String {
    cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// A cell, quoted if necessary. The beginnings of formulas are those of
/// <https://owasp.org/www-community/attacks/CSV_Injection>.
fn cell(text: &str) -> String {
    const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let text = escape::text(text);
    let defused = if text.starts_with(FORMULA) { format!("'{text}") } else { text };
    if defused.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", defused.replace('"', "\"\"")) } else { defused }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_where_it_has_to_be_and_never_a_formula() {
        assert_eq!(cell("plain 1+1"), "plain 1+1");
        assert_eq!(cell("a,\"b\"\nc"), "\"a,\"\"b\"\"\nc\"");
        for formula in ["=1+1", "+1", "-1", "@a", "\t=1"] {
            assert_eq!(cell(formula), format!("'{formula}"));
        }
        assert_eq!(cell("\r=1"), "\\r=1");
        assert_eq!(line(&["a", "", "-"]), "a,,'-\r\n");
    }
}
