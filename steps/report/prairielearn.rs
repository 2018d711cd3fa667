//! A grade as `PrairieLearn`'s `results.json`, see <https://prairielearn.readthedocs.io/en/latest/externalGrading/>.
//!
//! `gradable: false` costs the learner neither points nor an attempt. It is set, without a score, if a check is broken,
//! if nothing counts, or if nothing that counts could run because the submission was refused.

use serde_json::{Value, json};

use super::{
    Report,
    learner::{Check, Grade, text},
};

/// The grade as `results.json`; the score is a number from 0 to 1.
#[must_use]
pub fn render(report: &Report) -> String {
    let grade = Grade::of(report);
    let message = grade.summary();
    text::json(&match grade.earned {
        Some(_) if grade.is_refused() => json!({
            "gradable": false,
            "message": "No check could run, because files of the submission break rules. This costs no attempt.",
            "format_errors": errors(&grade),
        }),
        Some(earned) => json!({
            "gradable": true,
            "score": f64::from(earned) / f64::from(grade.points),
            "message": message,
            "tests": grade.checks.iter().map(test).collect::<Vec<_>>(),
        }),
        None => json!({ "gradable": false, "message": message, "format_errors": [] }),
    })
}

/// What the learner must change; if there is nothing about the submission as a whole, the messages of the checks.
fn errors(grade: &Grade) -> Vec<String> {
    if !grade.refusals.is_empty() {
        return grade.refusals.clone();
    }
    grade.checks.iter().map(|check| format!("{}: {}", check.name, check.reason)).collect()
}

fn test(check: &Check) -> Value {
    json!({
        "name": check.name,
        "points": check.earned,
        "max_points": check.points,
        "message": check.reason,
        "output": check.details,
    })
}
