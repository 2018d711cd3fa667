use std::{fs, path::Path, sync::Arc};

use super::*;
use crate::{
    project::{Lab, LabFile, Work},
    report::{Opening, StepReport, format::ReportSubject},
    run::plan::Planned,
    verdict::Verdict,
    vocabulary::{Scenario, Step},
};

fn plan() -> Plan {
    let text = "Feature: A lab\n  Scenario: One\n    When I run \"a\"\n    Then it prints \"a\"\n  Scenario: Two\n    When I run \"b\"\n    Then it prints \"b\"\n";
    let sheet = crate::sheet::read(text).unwrap().map_steps(Step::matched);
    let file = LabFile {
        title: "A lab".into(),
        source: "a test".into(),
        pulls: Vec::new(),
        bases: Vec::new(),
        absent: Vec::new(),
        builds: Vec::new(),
        submission: None,
    };
    let lab = Arc::new(Lab {
        name: "lab".into(),
        features: Vec::new(),
        folder: "lab".into(),
        file,
        work: Work::Own,
        builder: crate::submission::dockerfile::Builder::default(),
    });
    let source = Arc::new(sheet.feature);
    let planned = |scenario: Scenario| Planned {
        id: format!("lab/{}", scenario.name),
        lab: lab.clone(),
        feature: "lab.feature".into(),
        source: source.clone(),
        grading: crate::grading_tags::GradingTags::of(&scenario),
        scenario,
    };
    Plan { scenarios: sheet.scenarios.into_iter().map(planned).collect(), ..Plan::default() }
}

fn recorder(file: &Path) -> Recorder {
    Recorder::begin(
        "abcdef".into(),
        &plan(),
        vec![Sink::parse(&format!("json={}", file.display()), ReportSubject::Run).unwrap()],
        Progress::new(),
    )
}

fn read(file: &Path) -> Report {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn ended(index: usize) -> ScenarioReport {
    let plan = plan();
    let mut steps: Vec<StepReport> =
        plan.scenarios[index].scenario.steps.iter().map(crate::run::perform::not_reached).collect();
    for step in &mut steps {
        step.verdict = Verdict::Passed;
    }
    of(&plan.scenarios[index], steps)
}

#[test]
fn a_run_that_was_killed_leaves_a_complete_report() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("report.json");
    let recorder = recorder(&file);
    let report = read(&file);
    assert_eq!((report.scenarios.len(), report.summary.broken, report.finished), (2, 2, false));
    let why = report.scenarios[1].culprit().unwrap().reason.clone().unwrap();
    assert_eq!(why, "the run ended before this scenario did");
    recorder.ended(1, ended(1));
    drop(recorder);
    let report = read(&file);
    assert_eq!((report.summary.passed, report.summary.broken, report.finished), (1, 1, false));
    assert_eq!(report.scenarios[0].verdict, Verdict::Broken);
}

#[test]
fn a_run_that_came_to_its_end_says_so() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("report.json");
    let recorder = recorder(&file);
    recorder.ended(0, ended(0));
    recorder.ended(1, ended(1));
    assert_eq!(recorder.finish(true).summary.passed, 2);
    assert!(read(&file).finished);
}

#[test]
fn a_stage_that_cannot_be_set_is_the_reason_for_every_scenario() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("report.json");
    recorder(&file).never_began(&Fault::broken("no engine").hint("start it"));
    for scenario in read(&file).scenarios {
        let step = scenario.culprit().unwrap();
        assert_eq!((step.reason.as_deref(), step.hint.as_deref()), (Some("no engine"), Some("start it")));
    }
}

#[test]
fn a_scenario_without_steps_shows_nothing() {
    assert_eq!(of(&plan().scenarios[0], Vec::new()).verdict, Verdict::Broken);
}

#[test]
fn only_what_was_judged_earns_or_is_excused() {
    let mut planned = plan().scenarios.remove(0);
    planned.grading =
        crate::grading_tags::GradingTags { points: 3, lenient: true, ..crate::grading_tags::GradingTags::default() };
    let ended = |verdict: Verdict| {
        let step = StepReport { verdict, blocked_by: Some("the build".into()), ..StepReport::default() };
        let report = of(&planned, vec![step]);
        (report.earned, report.excused)
    };
    assert_eq!(ended(Verdict::Passed), (Some(3), false));
    assert_eq!(ended(Verdict::Failed), (Some(0), true));
    assert_eq!(ended(Verdict::Refused), (Some(0), true));
    assert_eq!(ended(Verdict::Broken), (None, false));
    assert_eq!(ended(Verdict::Skipped), (None, false));
}

#[test]
fn the_opening_of_a_scenario_ends_with_its_first_command() {
    let planned = plan().scenarios.remove(0);
    let at = |index: usize| {
        let verdicts = (0..2).map(|step| if step == index { Verdict::Failed } else { Verdict::Passed });
        let steps = verdicts.map(|verdict| StepReport { verdict, ..StepReport::default() }).collect();
        let Opening { passed, failed } = of(&planned, steps).opening;
        (passed, failed)
    };
    let first = "I run \"a\"\n".to_owned();
    assert_eq!(at(0), (Vec::new(), Some(first.clone())));
    assert_eq!((at(1), at(2)), ((vec![first.clone()], None), (vec![first], None)));
}

#[test]
fn an_entry_that_another_version_judged_otherwise_says_so() {
    let old = tempfile::TempDir::new().unwrap();
    let file = old.path().join("report.json");
    let first = recorder(&file).on_version("1.34", None);
    first.ended(0, ended(0));
    let mut other = ended(1);
    (other.verdict, other.steps[1].verdict, other.steps[1].reason) =
        (Verdict::Failed, Verdict::Failed, Some("it prints `c`".into()));
    first.ended(1, other.clone());
    let second = recorder(&file).on_version("1.36", Some(first.finish(true)));
    second.ended(0, ended(0));
    second.ended(1, ended(1));
    let report = second.finish(true);
    let notes: Vec<&[String]> = report.scenarios.iter().map(|entry| entry.notes.as_slice()).collect();
    assert_eq!(notes[..3], [&[] as &[String]; 3]);
    assert_eq!(notes[3], ["Kubernetes 1.34: failed, it prints `c`"]);
}
