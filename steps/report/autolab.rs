//! A grade as what an autograder of Autolab prints last: the feedback in a line, and the scores in the next, by
//! <https://docs.autolabproject.com/lab/> and <https://docs.autolabproject.com/features/formatted-feedback/>.
//!
//! Autolab knows scores by the problems of an assessment, and takes an unknown one for an error. A problem is a task of
//! the lab, `task 16`, or the lab where scenarios belong to no task, `lab helloworld`; the course must make them under
//! these names. Autolab puts quotes around what stands before a colon in the scores, inside of names too, so a problem's
//! name has none.
//!
//! Where a check is broken no scores are printed. Autolab then keeps the scores that it has and tells an error. All of
//! these lines are ours: a learner's output never stands at the beginning of one.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    Report,
    learner::{Check, CheckResult, Grade, text},
};

/// The grade as the last lines of an autograder's output.
#[must_use]
pub fn render(report: &Report) -> String {
    let grade = Grade::of(report);
    if grade.is_broken() || grade.checks.is_empty() {
        return grade.summary() + "\n";
    }
    text::json_line(&feedback(&grade)) + &text::json_line(&scores(&grade))
}

/// A table for each problem, and a row for each check.
fn feedback(grade: &Grade) -> Value {
    let mut stages: Vec<String> = Vec::new();
    let mut tables: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for check in &grade.checks {
        let problem = problem(check);
        if !stages.contains(&problem) {
            stages.push(problem.clone());
        }
        tables.entry(problem).or_default().insert(check.name.clone(), row(check));
    }
    let mut feedback = json!({ "_presentation": "semantic", "stages": stages });
    for (problem, mut table) in tables {
        let order = grade.checks.iter().map(|check| &check.name).filter(|name| table.contains_key(*name));
        table.insert("_order".to_owned(), json!(order.collect::<Vec<_>>()));
        feedback[problem] = Value::Object(table);
    }
    feedback
}

fn row(check: &Check) -> Value {
    match check.mark {
        CheckResult::Passed => json!({ "passed": true }),
        CheckResult::Excused => json!({ "passed": false, "hint": check.reason }),
        _ => json!({ "passed": false, "hint": check.told }),
    }
}

/// The points by problems; a problem of which nothing counts is left out.
fn scores(grade: &Grade) -> Value {
    let mut scores: BTreeMap<String, u32> = BTreeMap::new();
    for check in grade.checks.iter().filter(|check| check.points > 0) {
        *scores.entry(problem(check)).or_default() += check.earned.unwrap_or_default();
    }
    json!({ "scores": scores })
}

fn problem(check: &Check) -> String {
    let problem = match &check.task {
        Some(task) => format!("task {task}"),
        None => format!("lab {}", check.lab),
    };
    problem.replace(':', "-")
}
