//! The reports: one scenario of each verdict, in the formats for people and programs.

use std::collections::BTreeSet;

use labproof::internal::{
    images::catalogue::{Source, Used},
    report::{
        ClusterReport, Opening, Report, SCHEMA, ScenarioReport, StepReport, SubmissionReport, Summary, json, junit,
        libtest, terminal,
    },
    submission::{Refusal, rule::Rule},
    verdict::{Evidence, Fault, Verdict},
};
use serde_json::Value;

use super::project::assert_golden;

pub(super) fn step(line: usize, text: &str, fault: Option<Fault>) -> StepReport {
    StepReport {
        text: text.into(),
        line,
        verdict: fault.as_ref().map_or(Verdict::Passed, |fault| fault.verdict),
        duration_ms: 20,
        printed: fault.is_none().then(|| "hello\n".into()),
        reason: fault.as_ref().map(|fault| fault.reason.clone()),
        hint: fault.as_ref().and_then(|fault| fault.hint.clone()),
        blocked_by: fault.as_ref().and_then(|fault| fault.blocked_by.clone()),
        evidence: fault.map(|fault| fault.evidence).unwrap_or_default(),
        instead: None,
        corrections: Vec::new(),
    }
}

/// A scenario with three steps, of which the second decides.
fn scenario(number: usize, lab: &str, name: &str, fault: Option<Fault>) -> ScenarioReport {
    let verdict = fault.as_ref().map_or(Verdict::Passed, |fault| fault.verdict);
    let mut last = step(10 * number + 3, "Then it prints \"Hello World\"", None);
    if verdict != Verdict::Passed {
        (last.verdict, last.printed) = (Verdict::Skipped, None);
    }
    ScenarioReport {
        id: format!("{lab}/{}", name.to_lowercase().replace(' ', "-")),
        lab: lab.into(),
        submission: None,
        feature: format!("features/{lab}.feature"),
        line: 10 * number,
        name: name.into(),
        kubernetes: None,
        tags: vec!["erratum".into()],
        verdict,
        points: 0,
        earned: None,
        excused: false,
        hidden: false,
        task: None,
        hint: None,
        namespace: Some(format!("{lab}-abcdef-{number}")),
        started: Some("2026-01-02T03:04:05Z".into()),
        slot: Some(number % 2),
        queued_ms: 7,
        duration_ms: 1234,
        deviations: Vec::new(),
        notes: Vec::new(),
        opening: Opening::default(),
        steps: vec![
            step(10 * number + 1, "Given the Pod \"hello\" runs from \"pod.yaml\"", None),
            step(10 * number + 2, "When I run \"kubectl get pods <&>\"", fault),
            last,
        ],
    }
}

/// One scenario of each verdict, in two labs.
pub(super) fn report() -> Report {
    let wrong = Fault::failed("it did not print what the lab promises")
        .hint("look at the Pod's events")
        .blocked_by("the image was never built")
        .seen("difference", "- expected\n+ seen\n- hello\n+ \u{1b}[31mhullo\u{1b}[0m\r\u{7}\tend\n")
        .seen("log", "one ]]> two\nthree");
    let scenarios = vec![
        scenario(1, "helloworld", "The Pod is listed", None),
        scenario(2, "helloworld", "The Pod answers", Some(wrong)),
        scenario(3, "helloworld", "The image is pulled", Some(Fault::broken("the registry does not answer"))),
        scenario(4, "volumes", "The submission runs", Some(Fault::refused("it asks for the engine's socket"))),
        scenario(5, "volumes", "The volume stays", Some(Fault::skipped("an earlier scenario did not pass"))),
    ];
    Report {
        schema: SCHEMA.into(),
        run: "abcdef".into(),
        version: "0.0.0".into(),
        seed: Some(7),
        started: "2026-01-02T03:04:05Z".into(),
        duration_ms: 65_432,
        finished: true,
        cluster: Some(ClusterReport {
            name: "demo".into(),
            kubernetes: "v1.34.4".into(),
            nodes: 3,
            engine: "28.0.0".into(),
        }),
        images: vec![Used {
            name: "busybox:latest".into(),
            source: Source::StandIn,
            id: "sha256:aa".into(),
            note: Some("it lacks nothing that the labs use".into()),
        }],
        notes: vec!["this machine does not isolate processes".into()],
        summary: Summary::of(&scenarios),
        submission: Some(SubmissionReport {
            name: "ana".into(),
            digest: "aa".into(),
            lab: "bb".into(),
            refusals: vec![Refusal {
                file: "pod.yaml".into(),
                line: 7,
                rule: Rule::NoHostNetwork,
                message: "hostNetwork is set".into(),
            }],
            ignored: vec!["notes.txt".into()],
        }),
        leftovers: vec!["namespace volumes-abcdef-4".into()],
        scenarios,
        root: std::path::PathBuf::new(),
    }
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[test]
fn a_person_at_a_terminal_reads_what_happened() {
    let report = report();
    let lines: String = report.scenarios.iter().map(|scenario| terminal::line(scenario) + "\n").collect();
    assert_golden(plain(&(lines + &terminal::summary(&report))), "steps/tests/golden/report.txt");
}

#[test]
fn what_a_program_printed_never_reaches_the_terminal_as_a_command() {
    let text = terminal::summary(&report());
    let ours: BTreeSet<&str> = text.split('\u{1b}').skip(1).filter_map(|rest| rest.split('m').next()).collect();
    assert!(!text.contains("\u{1b}[31mhullo") && !text.contains('\r') && !text.contains('\u{7}'), "{text:?}");
    assert!(ours.iter().all(|code| code.len() <= 4), "{ours:?}");
    assert!(text.contains(r"+ \u{1b}[31mhullo\u{1b}[0m\r\u{7}"), "{text}");
}

#[test]
fn of_long_evidence_the_end_is_shown() {
    let mut report = report();
    let log = (0..100_000).map(|number| format!("line {number}")).collect::<Vec<_>>().join("\n");
    report.scenarios[1].steps[1].evidence = vec![Evidence::new("log", log)];
    let text = terminal::summary(&report);
    assert!(text.contains("| [...]\n") && text.contains("| line 99999\n") && !text.contains("| line 9999\n"));
    assert!(json::render(&report).len() < 2 * Evidence::LIMIT);
}

#[test]
fn cargo_test_says_it_in_the_words_of_libtest() {
    let report = report();
    let lines: String = report.scenarios.iter().map(libtest::line).collect();
    assert_golden(plain(&(lines + &libtest::closing(&report, 15))), "steps/tests/golden/report.libtest.txt");
}

#[test]
fn junit_counts_what_was_counted() {
    let xml = junit::render(&report()).unwrap();
    let read = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    assert_eq!((read.tests, read.failures, read.errors), (5, 1, 2));
    let suites: Vec<(&str, usize, usize)> =
        read.test_suites.iter().map(|suite| (suite.name.as_str(), suite.tests, suite.skipped)).collect();
    assert_eq!(suites, [("helloworld", 3, 0), ("volumes", 2, 1)]);
    assert_golden(xml, "steps/tests/golden/report.junit.xml");
}

#[test]
fn the_json_of_a_report_is_that_report_again() {
    let json = json::render(&report());
    let again: Report = serde_json::from_str(&json).unwrap();
    assert_eq!(json::render(&again), json);
    assert_golden(json, "steps/tests/golden/report.json");
}

#[test]
fn the_json_has_exactly_the_keys_that_the_schema_documents() {
    let report: Value = serde_json::from_str(&json::render(&report())).unwrap();
    let schema: Value = serde_json::from_str(&json::schema()).unwrap();
    assert_eq!(keys_of_value(&report, ""), keys_of_schema(&schema, &schema, ""));
}

fn keys_of_value(value: &Value, path: &str) -> BTreeSet<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(key, value)| {
                let path = format!("{path}.{key}");
                keys_of_value(value, &path).into_iter().chain([path]).collect::<Vec<_>>()
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(|item| keys_of_value(item, &format!("{path}[]"))).collect(),
        _ => BTreeSet::new(),
    }
}

fn keys_of_schema(node: &Value, root: &Value, path: &str) -> BTreeSet<String> {
    if let Some(reference) = node["$ref"].as_str() {
        return keys_of_schema(root.pointer(reference.trim_start_matches('#')).unwrap(), root, path);
    }
    let mut keys = BTreeSet::new();
    for (key, property) in node["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{key}");
        assert!(described(property), "{path} has no description");
        keys.extend(keys_of_schema(property, root, &path));
        keys.insert(path);
    }
    for choice in node["anyOf"].as_array().into_iter().flatten() {
        keys.extend(keys_of_schema(choice, root, path));
    }
    if node["items"].is_object() {
        keys.extend(keys_of_schema(&node["items"], root, &format!("{path}[]")));
    }
    keys
}

fn described(property: &Value) -> bool {
    property["description"].as_str().is_some_and(|text| !text.is_empty())
}
