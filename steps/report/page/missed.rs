//! What a class missed: the scenarios that the most learners missed and why, and how many passed each scenario.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    html::{escape, isolated},
    roster::Class,
};
use crate::report::{
    ScenarioReport,
    learner::{CheckResult, text::short},
};

/// The number of most missed scenarios to list.
const SCENARIOS: usize = 5;

/// The number of reasons to list for each.
const REASONS: usize = 3;

/// How often a scenario was passed and missed. Excused and broken results count as neither.
#[derive(Default)]
struct Tally {
    passed: usize,
    missed: usize,
    reasons: BTreeMap<String, usize>,
}

impl Tally {
    fn of(class: &Class, column: &ScenarioReport) -> Self {
        let mut tally = Self::default();
        for scenario in class.results(column) {
            match CheckResult::of(scenario) {
                CheckResult::Passed => tally.passed += 1,
                CheckResult::Failed | CheckResult::Refused => {
                    tally.missed += 1;
                    *tally.reasons.entry(reason(scenario)).or_default() += 1;
                }
                CheckResult::Excused | CheckResult::Broken => {}
            }
        }
        tally
    }

    fn judged(&self) -> usize {
        self.passed + self.missed
    }

    /// The most frequent reasons; reasons of the same frequency in alphabetical order.
    fn frequent(&self) -> Vec<(&str, usize)> {
        let mut reasons: Vec<(&str, usize)> =
            self.reasons.iter().map(|(reason, times)| (reason.as_str(), *times)).collect();
        reasons.sort_by_key(|(_, times)| Reverse(*times));
        reasons.truncate(REASONS);
        reasons
    }
}

fn reason(scenario: &ScenarioReport) -> String {
    let reason = scenario.culprit().and_then(|step| step.reason.as_deref());
    reason.map_or_else(|| "no step says why".to_owned(), short)
}

/// The most missed scenarios, each with its most frequent reasons.
pub(super) fn list(class: &Class) -> String {
    let tallies = class.columns.iter().enumerate().map(|(index, column)| (index, *column, Tally::of(class, column)));
    let mut missed: Vec<(usize, &ScenarioReport, Tally)> = tallies.filter(|(.., tally)| tally.missed > 0).collect();
    if missed.is_empty() {
        return "<p>Nothing that was judged was missed.</p>\n".to_owned();
    }
    missed.sort_by_key(|(.., tally)| Reverse(tally.missed));
    let list: String =
        missed.iter().take(SCENARIOS).map(|(index, column, tally)| item(*index, column, tally)).collect();
    format!("<ol>\n{list}</ol>\n")
}

fn item(index: usize, column: &ScenarioReport, tally: &Tally) -> String {
    let reasons: String = tally.frequent().into_iter().map(often).collect();
    format!(
        "<li><strong>{0}</strong>{1}, <a href=\"#column{2}\">check {2}</a>, missed by {3} of {4}\n<ul>\n{reasons}</ul>\n</li>\n",
        isolated(&short(&column.name)),
        hidden(column),
        index + 1,
        tally.missed,
        tally.judged()
    )
}

fn often((reason, times): (&str, usize)) -> String {
    let times = if times == 1 { "once".to_owned() } else { format!("{times} times") };
    format!("<li>{times}: {}</li>\n", isolated(reason))
}

/// The list that explains the numbers in the table of results.
pub(super) fn table(class: &Class) -> String {
    let with_tasks = class.columns.iter().any(|column| column.task.is_some());
    let task = if with_tasks { "<th scope=\"col\">Task</th>" } else { "" };
    let rows: String =
        class.columns.iter().enumerate().map(|(index, column)| row(class, index, column, with_tasks)).collect();
    format!(
        "<table class=\"checks\">\n<thead>\n<tr><th scope=\"col\">No.</th>{task}<th scope=\"col\">Check</th><th \
         scope=\"col\">Points</th><th scope=\"col\">Passed by</th></tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )
}

fn row(class: &Class, index: usize, column: &ScenarioReport, with_tasks: bool) -> String {
    let task = column.task.as_deref().map(short).unwrap_or_default();
    let task = if with_tasks { format!("<td>{}</td>", isolated(&task)) } else { String::new() };
    let tally = Tally::of(class, column);
    format!(
        "<tr id=\"column{0}\"><td>{0}</td>{task}<th scope=\"row\"><bdi>{1}</bdi>{2}</th><td>{3}</td><td>{4} of \
         {5}</td></tr>\n",
        index + 1,
        escape(&short(&column.name)),
        hidden(column),
        column.points,
        tally.passed,
        tally.judged()
    )
}

fn hidden(column: &ScenarioReport) -> &'static str {
    if column.hidden { " <em>hidden</em>" } else { "" }
}
