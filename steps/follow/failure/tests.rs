use super::*;
use crate::document::defect::Defect;

#[test]
fn what_this_machine_lacks_is_no_mistake_of_the_document() {
    assert_eq!(environment("bash: line 1: npm: command not found").as_deref(), Some("this machine has no program npm"));
    assert!(environment("curl: (6) Could not resolve host: example.com").is_some());
    assert_eq!(environment("Error from server (NotFound): pods \"x\" not found"), None);
}

#[test]
fn a_name_that_the_document_does_not_make_is_named_with_one_that_it_makes() {
    let known = ["pod/basicserver2".to_owned(), "service/x".to_owned()].into();
    let output = Output {
        stderr: "Error from server (NotFound): pods \"testpod\" not found".into(),
        status: 1,
        ..Output::default()
    };
    let ended = of(&output, &known);
    assert_eq!(ended.verdict, ActVerdict::Defect(Defect::Mistake));
    assert_eq!(ended.hint.as_deref(), Some("the document makes no pod called testpod; it makes basicserver2"));
}
