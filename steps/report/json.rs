//! The report as JSON, and its schema.

use super::Report;

/// The report as indented JSON, with a newline at its end.
#[must_use]
pub fn render(report: &Report) -> String {
    pretty(report)
}

/// The JSON Schema of the report.
#[must_use]
pub fn schema() -> String {
    pretty(&schemars::schema_for!(Report))
}

#[expect(clippy::expect_used, reason = "the types hold nothing that JSON cannot")]
fn pretty(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("JSON of plain data");
    text.push('\n');
    text
}
