//! A grade as `results.json` of `PrairieLearn`, by its page on external grading:
//! <https://prairielearn.readthedocs.io/en/latest/externalGrading/>.
//!
//! `gradable: false` takes no points and no attempt from the learner. It is said where a check is broken, where nothing
//! counts, and where nothing that counts could be run since the submission is not fit for it; then there is no score.

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
            "message": "The submission is not fit to be run. It takes no attempt.",
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

/// What is to be written otherwise; where the submission as a whole tells nothing, what the checks tell.
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
        "output": check.told,
    })
}
