//! The generated pages in `docs/` match the program.

use super::project::{assert_golden, labproof, text};

#[test]
fn the_page_of_sentences_is_that_of_the_vocabulary() {
    let output = labproof(&["steps", "--markdown"]).output().unwrap();
    assert_golden(text(&output.stdout), "docs/steps.md");
}

#[test]
fn the_schema_is_that_of_the_report() {
    assert_golden(labproof::report::json::schema(), "docs/report.schema.json");
}
