//! The generated pages in `docs/` match the program.

use super::project::{assert_golden, labproof, text};

#[test]
fn the_page_of_sentences_is_that_of_the_vocabulary() {
    let output = labproof(&["steps", "--markdown"]).output().unwrap();
    assert_golden(text(&output.stdout), "docs/steps.md");
}

#[test]
fn the_page_of_stand_ins_is_that_of_the_catalogue() {
    let output = labproof(&["images", "--stand-ins"]).output().unwrap();
    assert_golden(text(&output.stdout), "docs/stand-ins.md");
}

#[test]
fn an_editor_gets_each_sentence_and_each_parameter() {
    let output = labproof(&["steps", "--glue"]).output().unwrap();
    let glue = text(&output.stdout);
    let sentences = labproof::internal::vocabulary::sentences().count();
    assert_eq!(glue.matches(", () => {})").count(), sentences);
    assert!(glue.contains("\nGiven('the Pod {pod} runs busybox', () => {})\n"), "{glue}");
    assert!(glue.contains("\nGiven('the lab\\'s files are in the folder {folder}', () => {})\n"), "{glue}");
    assert!(glue.contains("\ndefineParameterType({ name: 'resource', regexp: /[a-z]+(?:\\/[a-z]+)?"), "{glue}");
}

#[test]
fn the_schema_is_that_of_the_report() {
    assert_golden(labproof::internal::report::json::schema(), "docs/report.schema.json");
}

/// The first line of the files that authors write names these for editors.
#[test]
fn the_schemas_for_editors_are_those_of_the_program() {
    for file in ["lab", "verdict", "images", "coverage"] {
        let output = labproof(&["schema", file]).output().unwrap();
        assert_golden(text(&output.stdout), &format!("scenarios/.schemas/{file}.json"));
    }
}
