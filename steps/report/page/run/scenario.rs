//! A scenario on the page of a run: its steps, what their commands printed, and why it did not pass.

use super::{mark, seconds};
use crate::{
    report::{
        ScenarioReport, StepReport,
        page::html::{escape, isolated},
    },
    verdict::{Evidence, Verdict},
};

/// The number of lines from which on evidence is long.
const SHORT: usize = 30;

/// A scenario that did not pass, with a sentence about how many others share its reason.
pub(super) fn section(index: usize, scenario: &ScenarioReport, count: Option<String>) -> String {
    let count: String = count.into_iter().map(|count| format!("<p><strong>{count}.</strong></p>\n")).collect();
    format!(
        "<section id=\"failure{index}\">\n<h3>{}</h3>\n<p>{}</p>\n{count}{}</section>\n",
        isolated(&scenario.name),
        line(scenario),
        steps(scenario)
    )
}

/// A scenario that did not pass, whose reason stands at another one, with its index and name.
pub(super) fn referring(index: usize, scenario: &ScenarioReport, first: usize, name: &str) -> String {
    format!(
        "<p id=\"failure{index}\">{}: {}, for the same reason as <a href=\"#failure{first}\">{}</a></p>\n",
        isolated(&scenario.name),
        line(scenario),
        isolated(name)
    )
}

/// A scenario that a reader unfolds. A browser unfolds it when a link leads to the anchor inside.
pub(super) fn folded(index: usize, scenario: &ScenarioReport) -> String {
    let inside = if scenario.is_bad() {
        format!("<p><a href=\"#failure{index}\">What happened</a></p>\n")
    } else {
        steps(scenario)
    };
    format!(
        "<details>\n<summary>{} {}</summary>\n<div id=\"scenario{index}\">\n<p>{}</p>\n{inside}</div>\n</details>\n",
        mark(scenario.verdict, &scenario.verdict.to_string()),
        isolated(&scenario.name),
        line(scenario)
    )
}

/// The verdict, the place, and the times.
fn line(scenario: &ScenarioReport) -> String {
    let version = scenario.kubernetes.as_ref().map(|version| format!("Kubernetes {}", escape(version)));
    let slot = scenario.slot.map(|slot| format!("slot {}", slot + 1));
    let queued =
        Some(scenario.queued_ms).filter(|queued| *queued >= 1000).map(|queued| format!("waited {}", seconds(queued)));
    let took = scenario.started.as_ref().map(|_| format!("took {}", seconds(scenario.duration_ms)));
    let place = format!("<code>{}:{}</code>", escape(&scenario.feature), scenario.line);
    let verdict = mark(scenario.verdict, &scenario.verdict.to_string());
    let parts = [Some(verdict), Some(place), version, slot, queued, took];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn steps(scenario: &ScenarioReport) -> String {
    let steps: String = scenario.steps.iter().map(step).collect();
    let deviations = scenario.deviations.iter();
    let deviations: String =
        deviations.map(|one| format!("<p>Differs from the document: {}</p>\n", isolated(one))).collect();
    let notes: String = scenario.notes.iter().map(|note| format!("<p>Note: {}</p>\n", isolated(note))).collect();
    format!("<ol class=\"steps\">\n{steps}</ol>\n{deviations}{notes}")
}

fn step(step: &StepReport) -> String {
    let text = isolated(&step.text);
    let took =
        if step.duration_ms < 100 { String::new() } else { format!(" <small>{}</small>", seconds(step.duration_ms)) };
    let printed = step.printed.as_deref().map_or_else(String::new, |printed| fold("It printed", printed));
    let class = step.verdict;
    let quiet = if step.verdict == Verdict::Skipped { " <small>not run</small>" } else { "" };
    format!("<li class=\"{class}\">{}{text}{quiet}{took}\n{printed}{}</li>\n", sign(step.verdict), reasons(step))
}

/// The verdict on a step, for those who do not see the colour.
fn sign(verdict: Verdict) -> String {
    match verdict {
        Verdict::Passed | Verdict::Skipped => String::new(),
        _ => format!("{}: ", mark(verdict, &verdict.to_string())),
    }
}

/// Why a step did not pass, and what was seen.
fn reasons(step: &StepReport) -> String {
    let reason =
        step.reason.iter().map(|reason| format!("<pre class=\"reason\">{}</pre>\n", escape(reason.trim_end())));
    let blocked_by = step.blocked_by.iter().map(|cause| format!("<p>Blocked by: {}</p>\n", isolated(cause)));
    let hint = step.hint.iter().map(|hint| format!("<p>Hint: {}</p>\n", isolated(hint)));
    let evidence = step.evidence.iter().enumerate().map(|(index, evidence)| seen(evidence, index == 0));
    reason.chain(blocked_by).chain(hint).chain(evidence).collect()
}

/// Evidence. Of a long first one, the end is shown, because errors come last; a long later one is folded.
fn seen(Evidence { title, text, .. }: &Evidence, is_first: bool) -> String {
    let text = text.trim_end();
    let surplus = text.lines().count().saturating_sub(SHORT);
    if surplus == 0 {
        return format!("<p>{}:</p>\n<pre>{}</pre>\n", isolated(title), escape(text));
    }
    if !is_first {
        return fold(title, text);
    }
    let [before, end] = [text.lines().take(surplus).collect::<Vec<_>>(), text.lines().skip(surplus).collect()];
    format!(
        "<p>{}:</p>\n{}<pre>{}</pre>\n",
        isolated(title),
        fold("What came before", &before.join("\n")),
        escape(&end.join("\n"))
    )
}

fn fold(title: &str, text: &str) -> String {
    let lines = match text.lines().count() {
        1 => "1 line".to_owned(),
        count => format!("{count} lines"),
    };
    format!(
        "<details>\n<summary>{} <small>({lines})</small></summary>\n<pre>{}</pre>\n</details>\n",
        isolated(title),
        escape(text.trim_end())
    )
}
