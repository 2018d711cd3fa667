//! A grade for GitHub Classroom's reporter, `classroom-resources/autograding-grading-reporter`. The reporter expects
//! the results of graders; each graded scenario becomes one runner.
//!
//! The reporter sums up scores in two ways: by passed tests and by the tests' own scores. With one test per runner,
//! both agree. A workflow lists its runners in advance, so every scenario needs a runner: an excused scenario gets 0 of
//! 0 points.
//!
//! If a check is broken, all runners have the status `error` and 0 of 0 points. If no points are possible, the reporter
//! sends none to Classroom and its job fails; `labproof grade` exits with code 5 before that. Scores and maximum scores
//! are always numbers, because a missing one turns the reporter's sums into `NaN`.
//!
//! The reporter prints `test_code` to the job's log, where GitHub Actions executes lines that begin with `::` and text
//! after `##[`. Both are removed.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use super::{
    Report,
    learner::{Check, CheckResult, Grade, text},
};

/// The runners. Each graded scenario has a name of letters and digits (`check1` and so on) and its result as JSON in
/// base64.
#[must_use]
pub fn runners(report: &Report) -> Vec<(String, String)> {
    let grade = Grade::of(report);
    let is_broken = grade.is_broken();
    grade.checks.iter().map(|check| (check.key.clone(), STANDARD.encode(result(check, is_broken)))).collect()
}

/// The runners as lines for `$GITHUB_OUTPUT`. A workflow passes `steps.grade.outputs.check1` on as `CHECK1_RESULTS`.
#[must_use]
pub fn render(report: &Report) -> String {
    runners(report).iter().map(|(name, result)| format!("{name}={result}\n")).collect()
}

fn result(check: &Check, is_broken: bool) -> String {
    let status = match check.result {
        _ if is_broken => "error",
        CheckResult::Passed => "pass",
        _ => "fail",
    };
    let (file, line) = check.place.clone().unwrap_or_default();
    let (message, log) = if is_broken {
        ("not graded because of a technical problem: run the grading again".to_owned(), String::new())
    } else {
        (check.reason.clone(), logged(&check.details))
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

/// A text that is safe in a job's log.
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
