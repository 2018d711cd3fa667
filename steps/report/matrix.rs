//! The verdicts of each scenario on several versions of Kubernetes, beside each other.

use std::{collections::BTreeMap, fmt::Write};

use super::{Report, ScenarioReport};

/// A line for each scenario, a column for each version; nothing where the run was for one version.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut versions: Vec<&str> = Vec::new();
    let mut rows: BTreeMap<(&str, usize, &str), BTreeMap<&str, String>> = BTreeMap::new();
    for scenario in &report.scenarios {
        let Some(version) = scenario.kubernetes.as_deref() else { continue };
        if !versions.contains(&version) {
            versions.push(version);
        }
        rows.entry(key(scenario)).or_default().insert(version, scenario.verdict.to_string());
    }
    if versions.is_empty() {
        return String::new();
    }
    let cells = |texts: Vec<&str>| texts.iter().map(|text| format!("{text:<9}")).collect::<String>();
    let mut text = format!("\n{}\n", cells(versions.clone()).trim_end());
    for ((lab, _, id), verdicts) in rows {
        let verdicts = versions.iter().map(|version| verdicts.get(version).map_or("-", String::as_str)).collect();
        let name = report.scenarios.iter().find(|scenario| scenario.id == id).map_or(id, |scenario| &scenario.name);
        _ = writeln!(text, "{}{lab}  {name}", cells(verdicts));
    }
    text
}

/// In the order of the labs and of their sheets.
fn key(scenario: &ScenarioReport) -> (&str, usize, &str) {
    (&scenario.lab, scenario.line, &scenario.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Verdict;

    fn scenario(version: Option<&str>, name: &str, verdict: Verdict) -> ScenarioReport {
        let (id, name, lab) = (format!("lab-{name}"), name.to_owned(), "lab".to_owned());
        ScenarioReport { id, name, lab, verdict, kubernetes: version.map(str::to_owned), ..ScenarioReport::default() }
    }

    #[test]
    fn each_scenario_has_a_verdict_for_each_version() {
        let scenarios = vec![
            scenario(Some("1.34"), "a", Verdict::Passed),
            scenario(Some("1.34"), "b", Verdict::Passed),
            scenario(Some("1.35"), "a", Verdict::Failed),
        ];
        let text = render(&Report { scenarios, ..Report::default() });
        assert_eq!(text, "\n1.34     1.35\npassed   failed   lab  a\npassed   -        lab  b\n");
    }

    #[test]
    fn a_run_for_one_version_has_no_matrix() {
        let scenarios = vec![scenario(None, "a", Verdict::Passed)];
        assert_eq!(render(&Report { scenarios, ..Report::default() }), "");
    }
}
