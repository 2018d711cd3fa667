use super::*;
use crate::{report::StepReport, verdict::Evidence};

fn scenario(version: Option<&str>, verdict: Verdict) -> ScenarioReport {
    let kubernetes = version.map(str::to_owned);
    ScenarioReport { id: "a".into(), name: "<a>".into(), verdict, kubernetes, ..ScenarioReport::default() }
}

fn of(scenarios: Vec<ScenarioReport>) -> Report {
    let (started, duration_ms) = ("2026-01-02T03:04:05Z".into(), 100_000);
    Report { started, duration_ms, finished: true, scenarios, ..Report::default() }
}

#[test]
fn a_scenario_stands_there_once_with_a_verdict_for_each_version() {
    let scenarios = vec![scenario(Some("1.34"), Verdict::Passed), scenario(Some("1.35"), Verdict::Failed)];
    let page = page(&of(scenarios));
    let row = "<bdi>&lt;a&gt;</bdi></th><td class=\"passed\">passed</td><td class=\"failed\">failed</td></tr>";
    assert!(page.contains(row), "{page}");
    assert!(page.contains("Kubernetes 1.35"), "{page}");
}

#[test]
fn a_run_for_one_version_has_no_table_of_versions() {
    let page = page(&of(vec![scenario(None, Verdict::Passed)]));
    assert!(page.contains("passed</span> <bdi>&lt;a&gt;</bdi>") && !page.contains("<table>"), "{page}");
}

#[test]
fn what_failed_comes_first_and_every_link_leads_somewhere() {
    let started = |verdict, after: &str| ScenarioReport {
        started: Some(format!("2026-01-02T03:04:{after}Z")),
        duration_ms: 50_000,
        slot: Some(1),
        ..scenario(None, verdict)
    };
    let page =
        page(&of(vec![started(Verdict::Passed, "05"), started(Verdict::Broken, "15"), started(Verdict::Failed, "55")]));
    let [failed, broken, passed] = ["id=\"failure2\"", "id=\"failure1\"", "id=\"scenario0\""]
        .map(|id| page.find(id).unwrap_or_else(|| panic!("{id}: {page}")));
    assert!(failed < broken && broken < passed, "{page}");
    assert!(page.contains("style=\"left:10.0%;width:50.0%\""), "{page}");
    for link in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(page.contains(&format!("id=\"{link}\"")), "{link}");
    }
}

#[test]
fn what_commands_printed_is_shown_and_escaped() {
    let attack = "<script>\n\u{1b}[31m";
    let printed = StepReport { text: "When I run".into(), printed: Some(attack.into()), ..StepReport::default() };
    let seen = StepReport {
        verdict: Verdict::Failed,
        reason: Some(attack.into()),
        evidence: vec![Evidence::new("log", "x\n".repeat(100)), Evidence::new("more", "y\n".repeat(100))],
        ..StepReport::default()
    };
    let steps = vec![StepReport { verdict: Verdict::Passed, ..printed }, seen];
    let page = page(&of(vec![ScenarioReport { steps, ..scenario(None, Verdict::Failed) }]));
    assert!(page.contains("<pre>&lt;script&gt;\n\\u{1b}[31m</pre>"), "{page}");
    assert!(!page.contains("<script") && page.contains("more</bdi> <small>(100 lines)"), "{page}");
    assert!(page.contains("What came before</bdi> <small>(70 lines)"), "{page}");
}

#[test]
fn a_reason_that_scenarios_share_stands_there_once() {
    let broken = |verdict| {
        let step = StepReport { verdict, reason: Some("the disk is full".into()), ..StepReport::default() };
        ScenarioReport { steps: vec![step], ..scenario(None, verdict) }
    };
    for verdict in [Verdict::Broken, Verdict::Skipped] {
        let scenarios = vec![broken(verdict), broken(verdict), broken(verdict)];
        let page = page(&of(scenarios));
        let shown = page.split("When each scenario ran").next().unwrap().split("All scenarios").next().unwrap();
        assert_eq!(shown.matches("the disk is full").count(), 1, "{shown}");
        assert_eq!(shown.matches(&*format!("3 scenarios are {verdict} for this reason")).count(), 1, "{shown}");
        assert_eq!(shown.matches("for the same reason as").count(), 2, "{shown}");
    }
}
