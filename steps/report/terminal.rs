//! The report for a person at a terminal: a line for each scenario and, for each that did not pass, what happened,
//! where, and what to do next. It is understandable without colour. Text from outside labproof is escaped, see
//! [`crate::escape`].

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::{
    Report, ScenarioReport, StepReport, matrix, seconds,
    shared::{self, Shared},
};
use crate::{escape, images::catalogue::Source, verdict::Verdict};

/// The line of a scenario, printed when it ends.
#[must_use]
pub fn line(scenario: &ScenarioReport) -> String {
    let style = style(scenario.verdict);
    let seconds = seconds(scenario.duration_ms);
    let version = scenario.kubernetes.as_ref().map_or_else(String::new, |version| format!("{version}  "));
    let (verdict, lab, name) =
        (scenario.verdict.to_string(), escape::line(&scenario.lab), escape::line(&scenario.name));
    format!("{style}{verdict:>7}{style:#}  {version}{lab}  {name} ({seconds})")
}

/// The summary after the run.
#[must_use]
pub fn summary(report: &Report) -> String {
    let shared = Shared::of(&report.scenarios);
    let mut text = String::new();
    for scenario in report.scenarios.iter().filter(|scenario| scenario.verdict != Verdict::Passed) {
        text += &explained(scenario, &shared);
    }
    text += &matrix::render(report);
    text += &notes(report);
    _ = writeln!(text, "\n{}\n{}", counts(report), circumstances(report));
    text
}

/// Everything that was not real, that this machine cannot do, or that was left behind: a line for each.
pub(super) fn notes(report: &Report) -> String {
    let mut text = String::new();
    for note in &report.notes {
        _ = writeln!(text, "note: {}", indented(note));
    }
    for (image, note) in report.images.iter().filter_map(|image| Some((image, image.note.as_ref()?))) {
        let what = if image.source == Source::Built { "is the lab's own, in place of" } else { "is a stand-in:" };
        _ = writeln!(text, "note: {} {what} {}", escape::line(&image.name), escape::line(note));
    }
    for scenario in report.scenarios.iter().filter(|scenario| !scenario.deviations.is_empty()) {
        let (name, deviations) = (escape::line(&scenario.name), escape::line(&scenario.deviations.join("; ")));
        _ = writeln!(text, "note: \"{name}\" differs from the document: {deviations}");
    }
    for scenario in &report.scenarios {
        let name = escape::line(&scenario.name);
        for note in &scenario.notes {
            _ = writeln!(text, "note: \"{name}\": {}", indented(note));
        }
    }
    for leftover in &report.leftovers {
        _ = writeln!(text, "left behind: {}", escape::line(leftover));
    }
    text
}

/// What happened in a scenario that did not pass: after an empty line, its explanation with the number of scenarios that
/// share its reason; or a line that refers to the scenario that explains it.
pub(super) fn explained(scenario: &ScenarioReport, shared: &Shared<'_>) -> String {
    match shared.earlier(scenario) {
        Some(first) => {
            let first = escape::line(&shared::name(first));
            format!("{}, for the same reason as \"{first}\"\n", title(scenario))
        }
        None => format!("\n{}", counted(scenario, shared)),
    }
}

/// What happened in a scenario that did not pass: the earlier steps, the place, the reason, and what to do next.
#[must_use]
pub fn explanation(scenario: &ScenarioReport) -> String {
    counted(scenario, &Shared::default())
}

/// The verdict and the name of a scenario.
fn title(scenario: &ScenarioReport) -> String {
    let style = style(scenario.verdict);
    let version = scenario.kubernetes.as_ref().map_or_else(String::new, |version| format!(" on Kubernetes {version}"));
    format!("{style}{}{style:#}{version}: {}", scenario.verdict, escape::line(&scenario.name))
}

/// An explanation with the number of scenarios that share its reason.
pub(super) fn counted(scenario: &ScenarioReport, shared: &Shared<'_>) -> String {
    let style = style(scenario.verdict);
    let mut text = format!("{}\n", title(scenario));
    let Some(step) = scenario.culprit() else { return text };
    for before in scenario
        .steps
        .iter()
        .take_while(|other| other.line != step.line)
        .filter(|other| other.verdict == Verdict::Passed)
    {
        _ = writeln!(text, "     ok  {}", escape::line(&before.text));
    }
    let (feature, said) = (escape::line(&scenario.feature), escape::line(&step.text));
    _ = writeln!(text, "  {style}>{style:#}  {feature}:{}: {said}", step.line);
    if let Some(count) = shared.count(scenario) {
        _ = writeln!(text, "     {count}:");
    }
    body(&mut text, step);
    text
}

fn body(text: &mut String, step: &StepReport) {
    indent(text, "     ", step.reason.as_deref().unwrap_or_default());
    if let Some(cause) = &step.blocked_by {
        _ = writeln!(text, "     blocked by: {}", escape::line(cause));
    }
    for evidence in &step.evidence {
        _ = writeln!(text, "     {}:", escape::line(&evidence.title));
        indent(text, "       | ", &evidence.text);
    }
    if let Some(hint) = &step.hint {
        _ = writeln!(text, "     hint: {}", indented(hint));
    }
}

/// A text with its lines after the first indented, so none looks like a line of the report.
pub(super) fn indented(text: &str) -> String {
    escape::text(text.trim_end()).replace('\n', "\n           ")
}

fn indent(text: &mut String, prefix: &str, block: &str) {
    for line in escape::text(block.trim_end()).lines() {
        _ = writeln!(text, "{prefix}{line}");
    }
}

/// How many scenarios have each verdict; passed and failed are always named.
pub(super) fn counts(report: &Report) -> String {
    let summary = report.summary;
    let counted = [
        (summary.passed, "passed"),
        (summary.failed, "failed"),
        (summary.refused, "refused"),
        (summary.broken, "broken"),
        (summary.skipped, "skipped"),
    ];
    let counted: Vec<String> = counted
        .into_iter()
        .enumerate()
        .filter(|(index, (count, _))| *index < 2 || *count > 0)
        .map(|(_, (count, word))| format!("{count} {word}"))
        .collect();
    counted.join(", ")
}

/// How long the run took, and on what.
pub(super) fn circumstances(report: &Report) -> String {
    let cluster = report.cluster.as_ref().map_or_else(String::new, |cluster| {
        format!(
            " on {} ({} nodes, Kubernetes {}, Docker {})",
            escape::line(&cluster.name),
            cluster.nodes,
            escape::line(&cluster.kubernetes),
            escape::line(&cluster.engine)
        )
    });
    format!("in {}{cluster}", seconds(report.duration_ms))
}

fn style(verdict: Verdict) -> Style {
    let colour = match verdict {
        Verdict::Passed => AnsiColor::Green,
        Verdict::Skipped => AnsiColor::Cyan,
        Verdict::Failed => AnsiColor::Red,
        Verdict::Refused | Verdict::Broken => AnsiColor::Magenta,
    };
    Style::new().bold().fg_color(Some(colour.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        images::catalogue::Used,
        report::{ClusterReport, libtest, points},
        verdict::Evidence,
    };

    /// Reverses the line, clears the screen, and starts a new line.
    const ATTACK: &str = "a\u{202e}b\u{2066}c\u{1b}[2Jd";

    fn attacked() -> Report {
        let evidence = Evidence::new(ATTACK, ATTACK);
        let step = StepReport {
            text: ATTACK.into(),
            verdict: Verdict::Failed,
            reason: Some(ATTACK.into()),
            hint: Some(ATTACK.into()),
            blocked_by: Some(ATTACK.into()),
            evidence: vec![evidence],
            line: 2,
            ..StepReport::default()
        };
        let before = StepReport { text: ATTACK.into(), verdict: Verdict::Passed, line: 1, ..StepReport::default() };
        let scenario = ScenarioReport {
            lab: ATTACK.into(),
            name: ATTACK.into(),
            feature: ATTACK.into(),
            verdict: Verdict::Failed,
            points: 1,
            hint: Some(ATTACK.into()),
            deviations: vec![ATTACK.into()],
            steps: vec![before, step],
            ..ScenarioReport::default()
        };
        let image = Used { name: ATTACK.into(), source: Source::Built, id: ATTACK.into(), note: Some(ATTACK.into()) };
        Report {
            notes: vec![ATTACK.into()],
            leftovers: vec![ATTACK.into()],
            images: vec![image],
            cluster: Some(ClusterReport {
                name: ATTACK.into(),
                kubernetes: ATTACK.into(),
                nodes: 1,
                engine: ATTACK.into(),
            }),
            scenarios: vec![scenario.clone(), ScenarioReport { kubernetes: Some("1.35".into()), ..scenario }],
            ..Report::default()
        }
    }

    #[test]
    fn a_reason_that_scenarios_share_is_explained_once() {
        let step = StepReport {
            reason: Some("the disk is full".into()),
            hint: Some("make room".into()),
            ..StepReport::default()
        };
        let scenario = |name: &str| ScenarioReport {
            lab: "pods".into(),
            name: name.into(),
            steps: vec![step.clone()],
            ..ScenarioReport::default()
        };
        let report =
            Report { scenarios: vec![scenario("one"), scenario("two"), scenario("three")], ..Report::default() };
        let text = anstream::adapter::strip_str(&summary(&report)).to_string();
        let expected = "\nbroken: one\n  >  :0: \n     3 scenarios are broken for this reason:\n     the disk is full\n     hint: make room\n\
            broken: two, for the same reason as \"pods: one\"\nbroken: three, for the same reason as \"pods: one\"\n";
        assert!(text.starts_with(expected), "{text}");
    }

    #[test]
    fn nothing_that_others_wrote_reaches_the_terminal_as_it_is() {
        let report = attacked();
        let texts =
            [line(&report.scenarios[0]), summary(&report), points::summary(&report), libtest::closing(&report, 0)];
        for text in texts {
            assert!(text.contains("a\\u{202e}b\\u{2066}c\\u{1b}[2Jd"), "{text:?}");
            assert!(!text.contains(['\u{202e}', '\u{2066}']) && !text.contains("\u{1b}[2J"), "{text:?}");
        }
    }
}
