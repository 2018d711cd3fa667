//! The page of a run: the verdict on each scenario, for each version of Kubernetes if there are several, and the
//! reasons why scenarios did not pass.

use super::html;
use crate::report::{Report, ScenarioReport, matrix::Matrix, terminal};

/// The complete page.
pub(super) fn page(report: &Report) -> String {
    let matrix = Matrix::of(report);
    let mut body = format!("<h1>Labs on Kubernetes</h1>\n<p>{}</p>\n", facts(report));
    body += &table(report, &matrix);
    body += &notes(report);
    for scenario in report.scenarios.iter().filter(|scenario| scenario.is_bad()) {
        let explained = anstream::adapter::strip_str(&terminal::explanation(scenario)).to_string();
        body += &format!("<pre>{}</pre>\n", html::escape(&explained));
    }
    html::document("Labs on Kubernetes", &body)
}

fn facts(report: &Report) -> String {
    let cluster = report.cluster.as_ref().map_or_else(String::new, |cluster| {
        format!("Kubernetes {}, Docker {}, ", html::escape(&cluster.kubernetes), html::escape(&cluster.engine))
    });
    format!("{cluster}{}", html::time(&report.started))
}

fn table(report: &Report, matrix: &Matrix<'_>) -> String {
    let headings = if matrix.versions.is_empty() { vec!["verdict"] } else { matrix.versions.clone() };
    let headings: String =
        headings.iter().map(|heading| format!("<th scope=\"col\">{}</th>", html::escape(heading))).collect();
    let mut text = format!("<table>\n<tr><th scope=\"col\">lab</th><th scope=\"col\">scenario</th>{headings}</tr>\n");
    if matrix.versions.is_empty() {
        let verdict = |scenario: &ScenarioReport| vec![scenario.verdict.to_string()];
        text.extend(report.scenarios.iter().map(|of| row(&of.lab, &of.name, &verdict(of))));
    } else {
        text.extend(matrix.rows.iter().map(|of| row(of.lab, of.name, &of.verdicts)));
    }
    text + "</table>\n"
}

fn row(lab: &str, name: &str, verdicts: &[String]) -> String {
    let cells: String = verdicts.iter().map(|verdict| format!("<td>{}</td>", html::escape(verdict))).collect();
    format!("<tr><td>{}</td><td>{}</td>{cells}</tr>\n", html::escape(lab), html::escape(name))
}

/// Notes about differences from the documents and from other machines.
fn notes(report: &Report) -> String {
    let images = report.images.iter().filter_map(|image| Some(format!("{}: {}", image.name, image.note.as_ref()?)));
    let notes: String =
        report.notes.iter().cloned().chain(images).map(|note| format!("<li>{}</li>\n", html::escape(&note))).collect();
    if notes.is_empty() { notes } else { format!("<ul>\n{notes}</ul>\n") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Verdict;

    fn scenario(version: Option<&str>, verdict: Verdict) -> ScenarioReport {
        let kubernetes = version.map(str::to_owned);
        ScenarioReport { id: "a".into(), name: "<a>".into(), verdict, kubernetes, ..ScenarioReport::default() }
    }

    #[test]
    fn a_scenario_stands_there_once_with_a_verdict_for_each_version() {
        let scenarios = vec![scenario(Some("1.34"), Verdict::Passed), scenario(Some("1.35"), Verdict::Failed)];
        let page = page(&Report { scenarios, ..Report::default() });
        assert!(page.contains("<td>&lt;a&gt;</td><td>passed</td><td>failed</td>"), "{page}");
        assert!(page.contains("<pre>failed on Kubernetes 1.35: &lt;a&gt;"), "{page}");
    }

    #[test]
    fn a_run_for_one_version_has_one_column() {
        let page = page(&Report { scenarios: vec![scenario(None, Verdict::Passed)], ..Report::default() });
        assert!(page.contains("<td>&lt;a&gt;</td><td>passed</td></tr>"), "{page}");
    }
}
