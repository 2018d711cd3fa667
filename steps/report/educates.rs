//! A grade as the answer of an Educates examiner: whether everything passed, and a message.
//!
//! Educates uses only the exit code of a test. It shows the message only if a test has a `url` of its own that answers.
//! The printed text is in the session's log.

use serde_json::json;

use super::{
    Report,
    learner::{Check, CheckResult, Grade, text},
};

/// Whether all graded scenarios passed, and one line about the first problem.
#[must_use]
pub fn answer(report: &Report) -> (bool, String) {
    let grade = Grade::of(report);
    if grade.is_broken() || grade.checks.is_empty() {
        return (false, text::one_line(&grade.summary()));
    }
    let missing: Vec<&Check> = grade.checks.iter().filter(|check| check.result != CheckResult::Passed).collect();
    match missing.as_slice() {
        [] => (true, format!("all {} checks passed", grade.checks.len())),
        [only] => (false, format!("{}: {}", only.name, only.reason)),
        [first, others @ ..] => (false, format!("{}: {} (and {} more)", first.name, first.reason, others.len())),
    }
}

/// The answer as JSON in one line, in the form of a test with a `url`.
#[must_use]
pub fn render(report: &Report) -> String {
    let (success, message) = answer(report);
    text::json_line(&json!({ "success": success, "message": message }))
}
