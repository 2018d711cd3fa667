//! A grade for a learner at a terminal.

use std::fmt::Write;

use super::{CheckResult, Grade};

/// Each check with its points and, if it did not pass, its message; then the summary.
#[must_use]
pub fn render(grade: &Grade) -> String {
    let mut text = String::new();
    for check in &grade.checks {
        let earned = check.earned.map_or_else(|| "-".to_owned(), |earned| earned.to_string());
        _ = writeln!(text, "{:>8}  {earned} of {}  {}", check.result.word(), check.points, check.name);
        let details = if check.result == CheckResult::Passed { "" } else { &check.details };
        for line in details.lines() {
            _ = writeln!(text, "          {line}");
        }
    }
    _ = writeln!(text, "\n{}", grade.summary());
    text
}
