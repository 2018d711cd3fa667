//! A grade as Gradescope's `results.json`, see <https://gradescope-autograders.readthedocs.io/en/latest/specs/>.
//!
//! Hidden scenarios are tests that everyone sees, without a word about what they check. Gradescope's own visibility
//! settings are not suitable: `hidden` is for tests without points, and `after_published` hides the total until then.
//! With either, a learner would not see that something hidden failed. All texts have the format `text`, so none is
//! rendered as HTML.
//!
//! If a check is broken, the result contains neither tests nor a score. Gradescope has no format for a submission that
//! was not judged. Without a score it reports an error of the autograder, and the course can grade again.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use super::{
    Report,
    learner::{Check, CheckResult, Grade, text},
};

/// The grade as `results.json`. Each test has its own score; its number is its position in its task, such as `16.1`.
#[must_use]
pub fn render(report: &Report) -> String {
    let grade = Grade::of(report);
    let mut results = json!({
        "execution_time": Duration::from_millis(report.duration_ms).as_secs_f64(),
        "output": grade.summary(),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "extra_data": {
            "run": report.run,
            "digest": report.submission.as_ref().map(|submission| &submission.digest),
            "version": report.version,
        },
    });
    if !grade.is_broken() {
        results["tests"] = tests(&grade.checks);
    }
    text::json(&results)
}

fn tests(checks: &[Check]) -> Value {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut tests = Vec::new();
    for (number, check) in checks.iter().enumerate() {
        let number = match &check.task {
            Some(task) => {
                let place = places.entry(task).or_default();
                *place += 1;
                format!("{task}.{place}")
            }
            None => (number + 1).to_string(),
        };
        tests.push(test(check, &number));
    }
    Value::Array(tests)
}

fn test(check: &Check, number: &str) -> Value {
    json!({
        "name": check.name,
        "name_format": "text",
        "number": number,
        "score": check.earned,
        "max_score": check.points,
        "status": if check.result == CheckResult::Passed { "passed" } else { "failed" },
        "output": check.details,
        "output_format": "text",
        "visibility": "visible",
    })
}
