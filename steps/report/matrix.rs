//! A table of the verdicts on each scenario on several versions of Kubernetes.

use std::{collections::BTreeMap, fmt::Write};

use super::{Report, ScenarioReport};
use crate::escape;

/// Verdicts by scenario and version of Kubernetes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix<'a> {
    /// The versions, in the order in which they ran; empty unless the run was for several.
    pub versions: Vec<&'a str>,
    /// The scenarios, in the order of the labs and their sheets.
    pub rows: Vec<Row<'a>>,
}

/// A scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// Its lab.
    pub lab: &'a str,
    /// Its name.
    pub name: &'a str,
    /// One verdict for each version; `-` if it did not run there.
    pub verdicts: Vec<String>,
}

impl<'a> Matrix<'a> {
    /// Collects the verdicts of a report.
    #[must_use]
    pub fn of(report: &'a Report) -> Self {
        let mut versions: Vec<&str> = Vec::new();
        let mut found: BTreeMap<(&str, usize, &str), Vec<&ScenarioReport>> = BTreeMap::new();
        for scenario in &report.scenarios {
            let version = scenario.kubernetes.as_deref().unwrap_or_default();
            if !version.is_empty() && !versions.contains(&version) {
                versions.push(version);
            }
            found.entry((&scenario.lab, scenario.line, &scenario.id)).or_default().push(scenario);
        }
        let rows = found.into_values().map(|of_one| row(&of_one, &versions)).collect();
        Self { versions, rows }
    }
}

fn row<'a>(of_one: &[&'a ScenarioReport], versions: &[&str]) -> Row<'a> {
    let on = |version: &&str| of_one.iter().find(|scenario| scenario.kubernetes.as_deref() == Some(version));
    let verdict = |version| on(version).map_or_else(|| "-".to_owned(), |scenario| scenario.verdict.to_string());
    Row { lab: &of_one[0].lab, name: &of_one[0].name, verdicts: versions.iter().map(verdict).collect() }
}

/// A line for each scenario with a column for each version; empty unless the run was for several versions.
#[must_use]
pub fn render(report: &Report) -> String {
    let matrix = Matrix::of(report);
    if matrix.versions.is_empty() {
        return String::new();
    }
    let mut text = String::from("\n");
    matrix.versions.iter().for_each(|version| _ = write!(text, "{version:<9}"));
    text.truncate(text.trim_end().len());
    text.push('\n');
    for row in matrix.rows {
        row.verdicts.iter().for_each(|verdict| _ = write!(text, "{verdict:<9}"));
        _ = writeln!(text, "{}  {}", escape::line(row.lab), escape::line(row.name));
    }
    text
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
