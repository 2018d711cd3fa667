//! A grade as Gradescope's `results.json`, by <https://gradescope-autograders.readthedocs.io/en/latest/specs/>.
//!
//! Hidden scenarios are tests that everyone sees, without a word of what they check. Gradescope's own `hidden` is for
//! tests without points, and one that is shown after publication hides the total until then; both would keep from the
//! learner that something hidden did not pass. Formats are given as `text`, so that nothing is taken for HTML.
//!
//! Where a check is broken there are neither tests nor a score. Gradescope has no form for a submission that was not
//! judged; it tells an autograder's error where it finds no score, and leaves it to the course to grade again.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use super::{
    Report,
    learner::{Check, CheckResult, Grade, text},
};

/// The grade as `results.json`. The scores are the tests', and a test's number is its place in its task: `16.1`.
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
        "status": if check.mark == CheckResult::Passed { "passed" } else { "failed" },
        "output": check.told,
        "output_format": "text",
        "visibility": "visible",
    })
}
