//! A grade for GitHub Classroom's reporter, `classroom-resources/autograding-grading-reporter`: what it expects of its
//! graders, one runner for each graded scenario.
//!
//! The reporter adds scores up in two ways, by the tests that passed and by the tests' own scores. With one test a runner
//! both agree. A workflow lists its runners in advance, so a scenario has its runner whatever becomes of it: one that is
//! excused is worth nothing of nothing.
//!
//! Where a check is broken all runners are `error` and worth nothing of nothing. The reporter tells Classroom no points
//! where none can be earned, and fails its job; `labproof grade` ends with exit code 5 before it comes to that. Scores and
//! maxima are always numbers, since one that is missing turns the reporter's sums into `NaN`.
//!
//! The reporter prints `test_code` into the log of the job, where GitHub Actions obeys lines that begin with `::` and
//! whatever follows `##[`; neither is left in it.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use super::{
    Report,
    learner::{Check, CheckResult, Grade, text},
};

/// The runners: for each graded scenario a name of letters and digits, `check1` and so on, and its result as JSON in
/// base64.
#[must_use]
pub fn runners(report: &Report) -> Vec<(String, String)> {
    let grade = Grade::of(report);
    let is_broken = grade.is_broken();
    grade.checks.iter().map(|check| (check.key.clone(), STANDARD.encode(result(check, is_broken)))).collect()
}

/// The runners as lines for `$GITHUB_OUTPUT`. A workflow hands `steps.grade.outputs.check1` on as `CHECK1_RESULTS`.
#[must_use]
pub fn render(report: &Report) -> String {
    runners(report).iter().map(|(name, result)| format!("{name}={result}\n")).collect()
}

fn result(check: &Check, is_broken: bool) -> String {
    let status = match check.mark {
        _ if is_broken => "error",
        CheckResult::Passed => "pass",
        _ => "fail",
    };
    let (file, line) = check.place.clone().unwrap_or_default();
    let (message, log) = if is_broken {
        ("the submission was not graded, by no fault of its own; grade it again".to_owned(), String::new())
    } else {
        (check.reason.clone(), logged(&check.told))
    };
    text::json_line(&json!({
        "version": 1,
        "status": status,
        "max_score": if is_broken { 0 } else { check.points },
        "tests": [{
            "name": check.name,
            "status": status,
            "message": message,
            "test_code": log,
            "filename": file,
            "line_no": line,
            "score": check.earned.unwrap_or_default(),
            "execution_time": check.seconds,
        }],
    }))
}

/// A text as the log of a job stands it.
fn logged(text: &str) -> String {
    let lines = text.lines().map(|line| format!("| {}", line.replace("##[", "## [")));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_obeys_nothing_of_it() {
        let text = logged("::set-output name=a::b\n  ::error::c\nd ##[add-path]e\n");
        assert_eq!(text, "| ::set-output name=a::b\n|   ::error::c\n| d ## [add-path]e");
    }
}
