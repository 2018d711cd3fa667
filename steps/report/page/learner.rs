//! A learner's page. It gets a grade, not a report, so it cannot contain anything hidden.

use std::collections::BTreeSet;

use super::{
    html::{document, escape, isolated},
    parts::{Facts, Line, legend, mark, points, table, total},
};
use crate::report::learner::{Check, CheckResult, Grade};

/// The page of a grade.
pub(super) fn page(grade: &Grade, facts: &Facts) -> String {
    let labs: BTreeSet<&str> = grade.checks.iter().map(|check| check.lab.as_str()).collect();
    let labs = labs.into_iter().collect::<Vec<_>>().join(", ");
    let labs = if labs.is_empty() { "labproof" } else { &labs };
    let mut body =
        format!("<h1>{}</h1>\n<p>The grade of <strong>{}</strong></p>\n", escape(labs), isolated(&facts.name));
    body += &whole(grade);
    if !grade.checks.is_empty() {
        body += &checks(grade);
    }
    body += &facts.refused("h2");
    body += &missed(grade);
    body += &format!("<h2>How it was graded</h2>\n{}", facts.list());
    document(&format!("{labs}: {}", facts.name), &body)
}

/// The total, or a clear statement that there is none and why.
fn whole(grade: &Grade) -> String {
    if grade.earned.is_none() {
        let sentences: String = grade.summary().lines().map(|line| format!("<p>{}</p>\n", escape(line))).collect();
        let total = if grade.is_broken() { "<p class=\"total\">No score</p>\n" } else { "" };
        return format!("{total}<div class=\"notice\">\n{sentences}</div>\n");
    }
    let mut text = format!("<p class=\"total\">{}</p>\n", total(grade));
    if grade.is_refused() {
        text += "<p class=\"notice\">No check could run, because files of the submission break rules. They are listed \
                 below.</p>\n";
    }
    text
}

fn checks(grade: &Grade) -> String {
    let lines: Vec<Line> = grade
        .checks
        .iter()
        .map(|check| Line {
            check,
            name: check.name.clone(),
            hidden: false,
            anchor: is_told(check).then(|| check.key.clone()),
        })
        .collect();
    let hidden = grade.checks.iter().filter(|check| check.hidden);
    let missed =
        hidden.clone().filter(|check| matches!(check.result, CheckResult::Failed | CheckResult::Refused)).count();
    let hidden = match hidden.count() {
        0 => String::new(),
        1 => format!(
            "<p>One check is hidden: it does not say what it looks at.{}</p>\n",
            if missed == 0 { "" } else { " It did not pass." }
        ),
        all => format!(
            "<p>Hidden checks do not say what they look at. Of {all} hidden checks, {missed} did not pass.</p>\n"
        ),
    };
    format!("<h2>Checks</h2>\n{}{hidden}{}", table(&lines), legend(|mark| grade.count(mark) > 0))
}

/// Whether the page has details about a check: there are none about a hidden one.
fn is_told(check: &Check) -> bool {
    !check.hidden && !check.details.is_empty()
}

fn missed(grade: &Grade) -> String {
    let sections: String = grade.checks.iter().filter(|check| is_told(check)).map(section).collect();
    if sections.is_empty() { sections } else { format!("<h2>What did not pass</h2>\n{sections}") }
}

fn section(check: &Check) -> String {
    let task = check.task.as_deref().map(|task| format!("Task {}, ", isolated(task))).unwrap_or_default();
    let (key, name, mark, points) = (&check.key, isolated(&check.name), mark(check.result), points(check));
    let details = escape(check.details.trim_end());
    format!(
        "<section id=\"{key}\">\n<h3>{name}</h3>\n<p>{task}{mark}, {points}</p>\n<pre>{details}</pre>\n</section>\n"
    )
}
