//! A grade in the JSON format of `check50 --output json`.
//!
//! Besides true and false, check50 has a third result: `null`, for a check that could not be made. An excused scenario
//! gets this result. If a check is broken, all results are `null`, because the readers of this format count passed
//! checks; broken ones also have an `error`.

use serde_json::{Value, json};

use super::{
    Report,
    learner::{Check, CheckResult, Grade, text},
};

/// The grade in check50's JSON format. The slug contains the names of all labs in the report.
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
    let passed = match check.result {
        _ if is_broken => None,
        CheckResult::Passed => Some(true),
        CheckResult::Failed | CheckResult::Refused => Some(false),
        CheckResult::Excused | CheckResult::Broken => None,
    };
    let log: Vec<&str> = if is_broken { Vec::new() } else { check.details.lines().collect() };
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
    match check.result {
        CheckResult::Broken => json!({
            "rationale": check.reason,
            "help": null,
            "error": { "type": "Broken", "value": check.reason, "traceback": [], "data": {} },
        }),
        _ if is_broken => {
            json!({ "rationale": "it does not count, because another check could not be judged", "help": null })
        }
        CheckResult::Passed => Value::Null,
        _ => json!({ "rationale": check.reason, "help": check.hint }),
    }
}
