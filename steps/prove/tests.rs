use super::*;
use crate::report::StepReport;

fn scenario(verdict: Verdict, reason: &str) -> ScenarioReport {
    let step = StepReport { verdict, reason: Some(reason.into()), ..StepReport::default() };
    ScenarioReport {
        id: "lab/s".into(),
        name: "S".into(),
        verdict,
        points: 1,
        steps: vec![step],
        ..ScenarioReport::default()
    }
}

fn expected(text: &str) -> ExpectedScore {
    serde_yaml::from_str(&format!("about: a test\n{text}")).unwrap()
}

#[test]
fn an_attempt_loses_what_it_has_to_for_the_reason_it_has_to() {
    let port = expected("loses: {S: Connection refused}");
    assert_eq!(cell(&port, &scenario(Verdict::Failed, "wget: Connection refused")), Cell::Lost);
    assert_eq!(cell(&port, &scenario(Verdict::Failed, "no such file")), Cell::Wrong);
    assert_eq!(cell(&port, &scenario(Verdict::Passed, "")), Cell::Wrong);
    assert_eq!(cell(&port, &scenario(Verdict::Broken, "Connection refused")), Cell::Broken);
}

#[test]
fn a_right_attempt_passes() {
    let right = expected("");
    assert_eq!(cell(&right, &scenario(Verdict::Passed, "")), Cell::Passed);
    assert_eq!(cell(&right, &scenario(Verdict::Refused, "hostNetwork")), Cell::Wrong);
}

#[test]
fn what_loses_everything_passes_nothing() {
    let empty = expected("loses-everything: true");
    assert_eq!(cell(&empty, &scenario(Verdict::Failed, "no pod.yaml")), Cell::Lost);
    assert_eq!(cell(&empty, &scenario(Verdict::Passed, "")), Cell::Wrong);
}

fn attempt(text: &str) -> Attempt {
    let submission = Submission::of("a", BTreeMap::new(), &crate::submission::Rules::default());
    Attempt { submission, expected: expected(text) }
}

fn report(verdict: Verdict, reason: &str) -> Report {
    Report { scenarios: vec![scenario(verdict, reason)], ..Report::default() }
}

#[test]
fn a_scenario_that_only_an_empty_folder_loses_is_a_problem() {
    let attempts = [attempt(""), attempt("loses-everything: true")];
    let reports = [report(Verdict::Passed, ""), report(Verdict::Failed, "nothing")];
    assert_eq!(problems(&attempts, &reports), ["no attempt loses \"S\": add one that breaks only this"]);
    let attempts = [attempt(""), attempt("loses: {S: nothing}")];
    assert!(problems(&attempts, &reports).is_empty());
}

#[test]
fn a_scenario_that_is_lost_for_another_reason_is_one_problem() {
    let attempts = [attempt(""), attempt("loses: {S: Connection refused}")];
    let reports = [report(Verdict::Passed, ""), report(Verdict::Failed, "no such file")];
    let problems = problems(&attempts, &reports);
    assert!(problems.len() == 1 && problems[0].contains("failed for another reason"), "{problems:?}");
}

#[test]
fn a_scenario_that_does_not_exist_cannot_be_lost() {
    let problems = problems(&[attempt("loses: {T: x}")], &[report(Verdict::Passed, "")]);
    assert!(problems.iter().any(|problem| problem.contains("\"T\", which is not a graded scenario")), "{problems:?}");
}

#[test]
fn what_does_not_count_must_be_what_is_expected() {
    let with = |excused: bool| {
        let scenarios = vec![ScenarioReport { excused, ..scenario(Verdict::Failed, "x") }];
        [Report { scenarios, ..Report::default() }]
    };
    let named = [attempt("loses: {S: x}\nexcused: [S]")];
    assert!(problems(&named, &with(true)).is_empty());
    assert!(problems(&named, &with(false))[0].contains("count, but `excused` names it"));
    let none = [attempt("loses: {S: x}\nexcused: []")];
    assert!(problems(&none, &with(true))[0].contains("`excused` does not name it"));
    assert!(problems(&[attempt("loses: {S: x}")], &with(true)).is_empty());
    let unknown = [attempt("loses: {S: x}\nexcused: [S, T]")];
    assert!(problems(&unknown, &with(true))[0].contains("\"T\", which is not a graded scenario"));
}

#[test]
fn what_another_pod_says_is_not_the_reason() {
    let port = expected("loses: {S: Connection refused}");
    let mut scenario = scenario(Verdict::Failed, "it printed nothing");
    let mut seen =
        crate::verdict::Evidence::new("the log of the Pod proxy ends", "connect() failed: Connection refused");
    scenario.steps[0].evidence = vec![seen.clone()];
    assert_eq!(cell(&port, &scenario), Cell::Lost);
    seen.is_context = true;
    scenario.steps[0].evidence = vec![seen];
    assert_eq!(cell(&port, &scenario), Cell::Wrong);
}
