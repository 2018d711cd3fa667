//! The report as JSON, and its schema.

use super::{Report, SubmissionReport as Submission, Summary};
use crate::escape;

/// The report as indented JSON, with a newline at its end.
#[must_use]
pub fn render(report: &Report) -> String {
    pretty(report)
}

/// The grade of each submission of a class.
#[must_use]
pub fn gradebook(reports: &[Report]) -> String {
    let rows = reports.iter().filter_map(|report| {
        let Submission { name, digest, refusals, .. } = report.submission.as_ref()?;
        let Summary { passed, failed, refused, broken, points, earned, .. } = report.summary;
        Some(serde_json::json!({
            "submission": name, "digest": digest, "points": points, "earned": earned, "passed": passed, "failed": failed,
            "refused": refused, "broken": broken, "refusals": refusals,
        }))
    });
    pretty(&rows.collect::<Vec<_>>())
}

/// The JSON Schema of the report.
#[must_use]
pub fn schema() -> String {
    pretty(&schemars::schema_for!(Report))
}

#[expect(clippy::expect_used, reason = "the types hold nothing that JSON cannot")]
fn pretty(value: &impl serde::Serialize) -> String {
    escape::json(&serde_json::to_string_pretty(value).expect("JSON of plain data")) + "\n"
}
