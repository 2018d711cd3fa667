//! The page of a run: what did not pass first, then when each scenario ran, then all scenarios with their steps.

mod scenario;
mod timeline;

use self::scenario::{folded, referring, section};
use super::html;
use crate::{
    report::{
        Report, ScenarioReport,
        matrix::Matrix,
        seconds,
        shared::{self, Shared},
        worst_first,
    },
    verdict::Verdict,
};

/// The complete page.
pub(super) fn page(report: &Report) -> String {
    let mut body = format!("<h1>Labs on Kubernetes</h1>\n{}<p>{}</p>\n", counts(report), facts(report));
    if !report.finished {
        body += "<div class=\"notice\"><p>The run did not end: scenarios that did not run are broken.</p></div>\n";
    }
    let shared = Shared::of(&report.scenarios);
    let bad: String = worst_first(report).into_iter().map(|scenario| not_passed(report, scenario, &shared)).collect();
    body += &part("What did not pass", &bad);
    body += &part("What was skipped", &skipped(report, &shared));
    body += &part("When each scenario ran", &timeline::timeline(report));
    body += &part("All versions", &matrix(&Matrix::of(report)));
    body += &part("All scenarios", &labs(report));
    body += &part("Notes", &notes(report));
    html::styled("Labs on Kubernetes", include_str!("run.css"), &body)
}

/// A part of the page below its heading; nothing if it is empty.
fn part(heading: &str, content: &str) -> String {
    if content.is_empty() { String::new() } else { format!("<h2>{heading}</h2>\n{content}") }
}

/// A scenario that did not pass; or a line that refers to the one that explains its reason.
fn not_passed(report: &Report, scenario: &ScenarioReport, shared: &Shared<'_>) -> String {
    let place_of = |scenario| index_of(report, scenario);
    match shared.earlier(scenario) {
        Some(first) => referring(place_of(scenario), scenario, place_of(first), &shared::name(first)),
        None => section(place_of(scenario), scenario, shared.count(scenario)),
    }
}

/// The index of a scenario in the report, which is the number in its anchor.
fn index_of(report: &Report, scenario: &ScenarioReport) -> usize {
    report.scenarios.iter().position(|other| std::ptr::eq(other, scenario)).unwrap_or_default()
}

fn counts(report: &Report) -> String {
    let summary = report.summary;
    let counted = [
        (Verdict::Failed, summary.failed),
        (Verdict::Refused, summary.refused),
        (Verdict::Broken, summary.broken),
        (Verdict::Passed, summary.passed),
        (Verdict::Skipped, summary.skipped),
    ];
    let counted = counted.iter().filter(|(verdict, count)| *count > 0 || *verdict == Verdict::Passed);
    let counted: Vec<String> = counted.map(|(verdict, count)| mark(*verdict, &format!("{count} {verdict}"))).collect();
    format!("<p class=\"total\">{}</p>\n", counted.join(" "))
}

/// A verdict as a sign, words and a colour.
fn mark(verdict: Verdict, words: &str) -> String {
    let sign = match verdict {
        Verdict::Passed => '✓',
        Verdict::Failed => '✗',
        Verdict::Refused => '⊘',
        Verdict::Broken => '?',
        Verdict::Skipped => '–',
    };
    format!("<span class=\"{verdict}\"><span aria-hidden=\"true\">{sign}</span> {words}</span>")
}

fn facts(report: &Report) -> String {
    let cluster = report.cluster.as_ref().map_or_else(String::new, |cluster| {
        let (kubernetes, engine) = (html::escape(&cluster.kubernetes), html::escape(&cluster.engine));
        format!("Kubernetes {kubernetes}, {} nodes, Docker {engine}, ", cluster.nodes)
    });
    let (took, begun, version) =
        (seconds(report.duration_ms), html::time(&report.started), html::escape(&report.version));
    format!("{cluster}{begun}, {took}, labproof {version}")
}

fn skipped(report: &Report, shared: &Shared<'_>) -> String {
    let skipped = report.scenarios.iter().filter(|scenario| scenario.verdict == Verdict::Skipped);
    let list: String = skipped
        .map(|scenario| {
            let reason = scenario.culprit().and_then(|step| step.reason.as_deref()).unwrap_or("no reason was given");
            let (name, lab) = (html::isolated(&scenario.name), html::isolated(&scenario.lab));
            if let Some(first) = shared.earlier(scenario) {
                let first = html::isolated(&shared::name(first));
                return format!("<li>{lab}: {name}, for the same reason as {first}</li>\n");
            }
            let count = shared.count(scenario).map_or_else(String::new, |count| format!("{count}: "));
            format!("<li>{lab}: {name}<br>{count}{}</li>\n", html::isolated(reason))
        })
        .collect();
    if list.is_empty() { list } else { format!("<ul>\n{list}</ul>\n") }
}

/// The verdicts for each version of Kubernetes; nothing if there is only one.
fn matrix(matrix: &Matrix<'_>) -> String {
    if matrix.versions.is_empty() {
        return String::new();
    }
    let heading = |text: &&str| format!("<th scope=\"col\">{}</th>", html::escape(text));
    let headings: String = ["Scenario"].iter().chain(&matrix.versions).map(heading).collect();
    let cell = |verdict: &String| format!("<td class=\"{0}\">{0}</td>", html::escape(verdict));
    let rows = matrix.rows.iter().map(|row| {
        let (lab, name) = (html::isolated(row.lab), html::isolated(row.name));
        let cells: String = row.verdicts.iter().map(cell).collect();
        format!("<tr><th scope=\"row\">{lab}: {name}</th>{cells}</tr>\n")
    });
    format!(
        "<div class=\"scroll\" tabindex=\"0\">\n<table>\n<thead><tr>{headings}</tr></thead>\n<tbody>\n{}</tbody>\n\
         </table>\n</div>\n",
        rows.collect::<String>()
    )
}

/// Every scenario, folded, in the order of the report, below the names of the labs.
fn labs(report: &Report) -> String {
    let mut labs: Vec<&str> = Vec::new();
    for scenario in &report.scenarios {
        if !labs.contains(&&*scenario.lab) {
            labs.push(&scenario.lab);
        }
    }
    let of = |lab: &&str| {
        let scenarios = report.scenarios.iter().enumerate().filter(|(_, scenario)| scenario.lab == *lab);
        let scenarios: String = scenarios.map(|(index, scenario)| folded(index, scenario)).collect();
        format!("<h3>{}</h3>\n{scenarios}", html::isolated(lab))
    };
    labs.iter().map(of).collect()
}

/// Notes about differences from the documents and from other machines, and what was left behind.
fn notes(report: &Report) -> String {
    let images = report.images.iter().filter_map(|image| Some(format!("{}: {}", image.name, image.note.as_ref()?)));
    let left = report.leftovers.iter().map(|left| format!("left behind: {left}"));
    let notes: String = report
        .notes
        .iter()
        .cloned()
        .chain(images)
        .chain(left)
        .map(|note| format!("<li>{}</li>\n", html::isolated(&note)))
        .collect();
    if notes.is_empty() { notes } else { format!("<ul>\n{notes}</ul>\n") }
}

#[cfg(test)]
mod tests;
