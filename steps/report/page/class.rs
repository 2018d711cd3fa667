//! The page of a class: the scores, the most missed scenarios, and the table of learners and scenarios. `details`
//! renders each learner's part.

use std::collections::BTreeSet;

use super::{
    details::{self, anchor},
    html::{document, escape, isolated},
    missed,
    parts::{legend, sign, total},
    roster::{Class, Row, identity},
};
use crate::report::{
    ScenarioReport,
    learner::{CheckResult, text::short},
};

/// The complete page.
pub(super) fn page(class: &Class) -> String {
    let labs: BTreeSet<String> = class.columns.iter().map(|scenario| short(&scenario.lab)).collect();
    let labs = labs.into_iter().collect::<Vec<_>>().join(", ");
    let title = if labs.is_empty() { "The class".to_owned() } else { format!("{labs}: the class") };
    let notice = "<p class=\"notice\">For the trainer: this page shows what hidden checks look at.</p>";
    let mut body = format!("<h1>{}</h1>\n{notice}\n<h2>Summary</h2>\n{}", escape(&title), summary(class));
    if !class.columns.is_empty() {
        body += &format!("<h2>Most missed</h2>\n{}", missed::list(class));
        body += &results(class);
        body += &format!("<h2>Checks</h2>\n{}", missed::table(class));
    }
    if !class.rows.is_empty() {
        let learners: String = class.rows.iter().enumerate().map(|(index, row)| details::learner(index, row)).collect();
        body += &format!("<h2>Learners</h2>\n{learners}");
    }
    document(&title, &body)
}

fn summary(class: &Class) -> String {
    let judged = || class.rows.iter().filter(|row| row.grade.earned.is_some());
    let mut earned: Vec<u32> = judged().filter_map(|row| row.grade.earned).collect();
    earned.sort_unstable();
    let most = judged().map(|row| row.grade.points).max().unwrap_or_default();
    let not_judged: Vec<String> =
        class.rows.iter().filter(|row| row.grade.earned.is_none()).map(|row| isolated(&short(row.name))).collect();
    let mut list = format!("<dl>\n<dt>Submissions</dt><dd>{}</dd>\n", class.rows.len());
    list += &match not_judged.len() {
        0 => "<dt>Not judged</dt><dd>0</dd>\n".to_owned(),
        many => format!("<dt>Not judged</dt><dd>{many}: {}</dd>\n", not_judged.join(", ")),
    };
    if let (Some(mean), Some(median)) = (mean(&earned), median(&earned)) {
        list += &format!("<dt>Mean of those judged</dt><dd>{mean} of {most} points</dd>\n");
        list += &format!("<dt>Median of those judged</dt><dd>{median} of {most} points</dd>\n");
    }
    list + "</dl>\n"
}

/// The mean, rounded to a tenth.
fn mean(numbers: &[u32]) -> Option<String> {
    let count = u64::try_from(numbers.len()).ok().filter(|count| *count > 0)?;
    let sum: u64 = numbers.iter().map(|number| u64::from(*number)).sum();
    Some(tenths((10 * sum + count / 2) / count))
}

/// The median of sorted numbers, rounded to a tenth.
fn median(sorted: &[u32]) -> Option<String> {
    let (low, high) = (sorted.get(sorted.len().checked_sub(1)? / 2)?, sorted.get(sorted.len() / 2)?);
    Some(tenths(5 * (u64::from(*low) + u64::from(*high))))
}

fn tenths(number: u64) -> String {
    format!("{}.{}", number / 10, number % 10)
}

/// The table of learners and scenarios. Scenarios are numbered; the list of checks explains the numbers. A table with
/// many columns is printed on separate pages.
fn results(class: &Class) -> String {
    const WIDE: usize = 12;
    let wide = if class.columns.len() > WIDE { " wide" } else { "" };
    let heads: String = class.columns.iter().enumerate().map(|(index, column)| head(index, column)).collect();
    let rows: String = class.rows.iter().enumerate().map(|(index, row)| cells(class, index, row)).collect();
    let has = |mark| class.rows.iter().any(|row| row.grade.count(mark) > 0);
    format!(
        "<section class=\"results{wide}\">\n<h2 id=\"results\">Results</h2>\n<div class=\"scroll\" role=\"region\" \
         aria-labelledby=\"results\" tabindex=\"0\">\n<table>\n<thead>\n<tr><th scope=\"col\">Learner</th><th \
         scope=\"col\">Total</th>{heads}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n{}</section>\n",
        legend(has)
    )
}

fn head(index: usize, column: &ScenarioReport) -> String {
    let number = index + 1;
    let hidden = if column.hidden { "<br><small>hidden</small>" } else { "" };
    let name = escape(&short(&column.name));
    format!(
        "<th scope=\"col\"><a href=\"#column{number}\" title=\"{name}\"><span class=\"unseen\">check </span>{number}</a>\
         <br><small>of {}</small>{hidden}</th>",
        column.points
    )
}

fn cells(class: &Class, index: usize, row: &Row) -> String {
    let cells: String = class.columns.iter().map(|column| cell(row, column)).collect();
    let (anchor, name, points) = (anchor(index), isolated(&short(row.name)), row.grade.points);
    let total = row.grade.earned.map_or_else(|| total(&row.grade), |earned| format!("{earned} of {points}"));
    format!("<tr><th scope=\"row\"><a href=\"#{anchor}\">{name}</a></th><td>{total}</td>{cells}</tr>\n")
}

/// The sign of the result and the points. Without points if they do not count or the submission has no score.
fn cell(row: &Row, column: &ScenarioReport) -> String {
    let Some((scenario, check)) = row.graded().find(|(scenario, _)| identity(scenario) == identity(column)) else {
        return "<td></td>".to_owned();
    };
    let (word, sign) = (check.result.word(), sign(check.result));
    let hidden = if scenario.hidden { " hidden" } else { "" };
    let earned = check.earned.filter(|_| check.result != CheckResult::Excused);
    let earned = earned.map(|earned| format!(" {earned}")).unwrap_or_default();
    format!(
        "<td class=\"{word}{hidden}\"><span aria-hidden=\"true\">{sign}</span><span class=\"unseen\">{word}</span>\
         {earned}</td>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_medians_have_one_decimal() {
        assert_eq!((mean(&[]), median(&[])), (None, None));
        assert_eq!((mean(&[1, 2, 2]).as_deref(), median(&[1, 2, 9]).as_deref()), (Some("1.7"), Some("2.0")));
        assert_eq!((mean(&[1, 2]).as_deref(), median(&[1, 2, 5, 9]).as_deref()), (Some("1.5"), Some("3.5")));
    }
}
