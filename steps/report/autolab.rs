//! A grade for Autolab: an autograder's last lines of output. One line contains the feedback and the next one the
//! scores, see <https://docs.autolabproject.com/lab/> and
//! <https://docs.autolabproject.com/features/formatted-feedback/>.
//!
//! Autolab assigns scores to the problems of an assessment, and rejects an unknown problem. A problem here is a task of
//! the lab, such as `task 16`, or the lab for scenarios without a task, such as `lab helloworld`. The course must
//! create the problems with these names. In the scores, Autolab quotes every word before a colon, even inside names, so
//! these names contain no colon.
//!
//! If a check is broken, no scores are printed. Autolab then keeps the earlier scores and reports an error. All these
//! lines come from labproof: a learner's output is never at the beginning of a line.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    Report,
    learner::{Check, CheckResult, Grade, text},
};

/// The grade, as the last lines of an autograder's output.
#[must_use]
pub fn render(report: &Report) -> String {
    let grade = Grade::of(report);
    if grade.is_broken() || grade.checks.is_empty() {
        return grade.summary() + "\n";
    }
    text::json_line(&feedback(&grade)) + &text::json_line(&scores(&grade))
}

/// One table for each problem, with one row for each check.
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
    match check.result {
        CheckResult::Passed => json!({ "passed": true }),
        CheckResult::Excused => json!({ "passed": false, "hint": check.reason }),
        _ => json!({ "passed": false, "hint": check.details }),
    }
}

/// The points of each problem; a problem without points that count is left out.
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
