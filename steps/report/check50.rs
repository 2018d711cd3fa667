//! A grade as the JSON of check50, `check50 --output json`.
//!
//! check50 knows a third result beside true and false: `null`, for a check that could not be made. That is what an excused
//! scenario is. Where a check is broken all of them are `null`, since what reads this counts those that passed; the broken
//! ones have an `error` besides.

use serde_json::{Value, json};

use super::{
    Report,
    learner::{Check, CheckResult, Grade, text},
};

/// The grade as check50's JSON. The slug is the lab's name, of several labs all of them.
#[must_use]
pub fn render(report: &Report) -> String {
    let grade = Grade::of(report);
    let is_broken = grade.is_broken();
    let mut labs: Vec<&str> = grade.checks.iter().map(|check| check.lab.as_str()).collect();
    labs.dedup();
    text::json(&json!({
        "slug": labs.join(","),
        "results": grade.checks.iter().map(|check| result(check, is_broken)).collect::<Vec<_>>(),
        "version": report.version,
    }))
}

fn result(check: &Check, is_broken: bool) -> Value {
    let passed = match check.mark {
        _ if is_broken => None,
        CheckResult::Passed => Some(true),
        CheckResult::Failed | CheckResult::Refused => Some(false),
        CheckResult::Excused | CheckResult::Broken => None,
    };
    let log: Vec<&str> = if is_broken { Vec::new() } else { check.told.lines().collect() };
    json!({
        "name": check.key,
        "description": check.name,
        "passed": passed,
        "log": log,
        "cause": cause(check, is_broken),
        "data": { "points": check.points, "earned": check.earned },
        "dependency": null,
    })
}

fn cause(check: &Check, is_broken: bool) -> Value {
    match check.mark {
        CheckResult::Broken => json!({
            "rationale": check.reason,
            "help": null,
            "error": { "type": "Broken", "value": check.reason, "traceback": [], "data": {} },
        }),
        _ if is_broken => {
            json!({ "rationale": "it does not count, since another check could not be judged", "help": null })
        }
        CheckResult::Passed => Value::Null,
        _ => json!({ "rationale": check.reason, "help": check.hint }),
    }
}
