//! The report as `JUnit` XML. Each lab becomes a test suite, for each version of Kubernetes if there are several; each
//! scenario becomes a test case.
//!
//! `failed` becomes a failure. `broken` and `refused` become errors, `JUnit`'s word for a test that could not judge. A
//! scenario appears once, with its feature file and the step that decided. Stand-ins, other differences from the
//! document, and notes about the machine are properties. All text is escaped, because XML cannot represent some
//! characters.

use std::{collections::BTreeMap, time::Duration};

use quick_junit::{NonSuccessKind, Report as Xml, TestCase, TestCaseStatus, TestSuite};

use super::{Report, ScenarioReport, StepReport};
use crate::{escape, verdict::Verdict};

/// The report as XML.
///
/// # Errors
/// If the text cannot be represented in XML.
pub fn render(report: &Report) -> Result<String, quick_junit::SerializeError> {
    let mut suites: BTreeMap<String, TestSuite> = BTreeMap::new();
    for scenario in &report.scenarios {
        let version =
            scenario.kubernetes.as_ref().map_or_else(String::new, |version| format!(" (Kubernetes {version})"));
        let name = format!("{}{version}", scenario.lab);
        suites.entry(name.clone()).or_insert_with(|| suite(&name, report)).add_test_case(case(scenario));
    }
    let mut xml = Xml::new("labproof");
    xml.set_time(Duration::from_millis(report.duration_ms));
    xml.add_test_suites(suites.into_values());
    xml.to_string()
}

fn suite(lab: &str, report: &Report) -> TestSuite {
    let mut suite = TestSuite::new(escape::line(lab));
    for note in &report.notes {
        suite.add_property(("note", escape::text(note).as_str()));
    }
    for (image, note) in report.images.iter().filter_map(|image| Some((image, image.note.as_ref()?))) {
        suite.add_property((escape::line(&image.name).as_str(), escape::text(note).as_str()));
    }
    suite
}

fn case(scenario: &ScenarioReport) -> TestCase {
    let mut case = TestCase::new(escape::line(&scenario.name), status(scenario));
    case.set_classname(escape::line(&scenario.lab)).set_time(Duration::from_millis(scenario.duration_ms));
    for deviation in &scenario.deviations {
        case.add_property(("differs from the document", escape::text(deviation).as_str()));
    }
    for note in &scenario.notes {
        case.add_property(("note", escape::text(note).as_str()));
    }
    case.extra.insert("file".into(), escape::line(&scenario.feature).as_str().into());
    case.extra.insert("line".into(), scenario.line.to_string().as_str().into());
    case
}

fn status(scenario: &ScenarioReport) -> TestCaseStatus {
    let mut status = match scenario.verdict {
        Verdict::Passed => TestCaseStatus::success(),
        Verdict::Skipped => TestCaseStatus::skipped(),
        Verdict::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Refused | Verdict::Broken => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    if let Some(step) = scenario.culprit() {
        let reason = escape::text(step.reason.as_deref().unwrap_or_default());
        status.set_description(description(scenario, step)).set_message(reason);
        if scenario.verdict != Verdict::Passed && scenario.verdict != Verdict::Skipped {
            status.set_type(scenario.verdict.to_string());
        }
    }
    status
}

/// The place of the deciding step, the reason, and the evidence.
fn description(scenario: &ScenarioReport, step: &StepReport) -> String {
    let reason = step.reason.as_deref().unwrap_or_default();
    let evidence = step.evidence.iter().map(|evidence| format!("{}:\n{}\n", evidence.title, evidence.text));
    let blocked_by = step.blocked_by.iter().map(|cause| format!("blocked by: {cause}\n"));
    let hint = step.hint.iter().map(|hint| format!("hint: {hint}\n"));
    let seen: String = blocked_by.chain(evidence).chain(hint).collect();
    escape::text(&format!("{}:{}: {}\n{reason}\n{seen}", scenario.feature, step.line, step.text))
}
