//! The summary of a workflow's step: counts, what did not pass with its evidence, what was skipped and why, and notes.
//!
//! GitHub reads it as Markdown. It consists of HTML blocks, because Markdown has no meaning inside of them, and texts of
//! others are in `<code>` or `<pre>`, in which GitHub makes no links of `#1` and `@name`.

use anstream::adapter::strip_str;

use crate::{
    escape::text as escape_text,
    report::{
        Report, ScenarioReport,
        learner::text::one_line,
        matrix,
        page::html::escape,
        shared::{self, Shared},
        terminal, worst_first,
    },
    verdict::Verdict,
};

/// The maximum length of the beginning and of the end of one block of text, in characters.
const PART: usize = 3_000;

/// The maximum length of everything after the scenarios that did not pass, in bytes.
const REST: usize = 150_000;

/// The summary, at most `most` bytes: scenarios are left out and counted if there are too many; an empty text if not even
/// their number fits.
pub(super) fn render(report: &Report, most: usize) -> String {
    let shared = Shared::of(&report.scenarios);
    let (head, rest) = (head(report), rest(report, &shared));
    let Some(mut room) = most.checked_sub(head.len() + rest.len() + left_out(usize::MAX).len()) else {
        return String::new();
    };
    let bad = worst_first(report);
    let mut text = head;
    for (index, scenario) in bad.iter().enumerate() {
        let section = section(scenario, &shared, index == 0);
        let Some(less) = room.checked_sub(section.len()) else {
            text += &left_out(bad.len() - index);
            break;
        };
        (room, text) = (less, text + &section);
    }
    text + &rest
}

/// The error that ended the program.
pub(super) fn error(message: &str) -> String {
    format!("<h3>labproof: error</h3>\n\n{}\n", block(&escape_text(message)))
}

fn head(report: &Report) -> String {
    let circumstances = escape(&terminal::circumstances(report));
    format!("<h3>labproof: {}</h3>\n<p><code>{circumstances}</code></p>\n\n", terminal::counts(report))
}

/// A scenario that did not pass, folded except for the first; or a line that refers to the one that explains its reason.
fn section(scenario: &ScenarioReport, shared: &Shared<'_>, is_first: bool) -> String {
    let open = if is_first { " open" } else { "" };
    let (lab, name) = (escape(&one_line(&scenario.lab)), escape(&one_line(&scenario.name)));
    if let Some(first) = shared.earlier(scenario) {
        let first = escape(&one_line(&shared::name(first)));
        return format!(
            "<p>{}: <code>{lab}</code> <code>{name}</code>, for the same reason as <code>{first}</code></p>\n\n",
            scenario.verdict
        );
    }
    let explained = block(&strip_str(&terminal::counted(scenario, shared)).to_string());
    format!(
        "<details{open}><summary>{}: <code>{lab}</code> <code>{name}</code></summary>\n\n{explained}\n</details>\n\n",
        scenario.verdict
    )
}

fn left_out(count: usize) -> String {
    format!("<p>{count} more did not pass: see the log.</p>\n\n")
}

fn rest(report: &Report, shared: &Shared<'_>) -> String {
    let skipped = report.scenarios.iter().filter(|scenario| scenario.verdict == Verdict::Skipped);
    let skipped: String =
        skipped.map(|scenario| format!("{}: {}\n", one_line(&scenario.name), reason(scenario, shared))).collect();
    let parts = [("skipped", skipped), ("versions", matrix::render(report)), ("notes", terminal::notes(report))];
    let rest = parts.iter().filter(|(_, text)| !text.is_empty()).map(|(heading, text)| folded(heading, text));
    Some(rest.collect::<String>()).filter(|rest| rest.len() <= REST).unwrap_or_default()
}

fn reason(scenario: &ScenarioReport, shared: &Shared<'_>) -> String {
    if let Some(first) = shared.earlier(scenario) {
        return format!("for the same reason as \"{}\"", one_line(&shared::name(first)));
    }
    let count = shared.count(scenario).map_or_else(String::new, |count| format!("{count}: "));
    let reason = one_line(scenario.culprit().and_then(|step| step.reason.as_deref()).unwrap_or_default());
    format!("{count}{reason}")
}

fn folded(heading: &str, text: &str) -> String {
    format!("<details><summary>{heading}</summary>\n\n{}\n</details>\n\n", block(text))
}

/// A text of several lines, without its middle if it is long. A block that begins with `<pre>` ends with `</pre>`, even
/// if it has empty lines: <https://spec.commonmark.org/0.31.2/#html-blocks>.
fn block(text: &str) -> String {
    let length = text.chars().count();
    let text = if length <= 2 * PART {
        text.trim_matches('\n').to_owned()
    } else {
        let beginning: String = text.chars().take(PART).collect();
        let end: String = text.chars().skip(length - PART).collect();
        format!("{beginning}\n[...]\n{end}")
    };
    format!("<pre>{}</pre>\n", escape(&text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::{StepReport, Summary},
        verdict::Evidence,
    };

    const ATTACK: &str =
        "</pre></details>\n\n# Heading\n[link](javascript:x) <img src=x onerror=y> @all #1 `\n::error::z";

    fn scenario(verdict: Verdict, text: &str) -> ScenarioReport {
        let evidence = vec![Evidence::new(text, text)];
        let reason = Some(text.to_owned());
        let step = StepReport { text: text.into(), verdict, reason, evidence, ..StepReport::default() };
        ScenarioReport {
            lab: text.into(),
            name: text.into(),
            feature: text.into(),
            verdict,
            steps: vec![step],
            ..ScenarioReport::default()
        }
    }

    fn of(scenarios: Vec<ScenarioReport>) -> Report {
        Report { summary: Summary::of(&scenarios), scenarios, ..Report::default() }
    }

    #[test]
    fn what_failed_comes_first_and_what_was_skipped_has_its_reason() {
        let [passed, skipped, broken, failed] = [
            (Verdict::Passed, "one"),
            (Verdict::Skipped, "two"),
            (Verdict::Broken, "three"),
            (Verdict::Failed, "four"),
        ]
        .map(|(verdict, text)| scenario(verdict, text));
        let text = render(&of(vec![passed, skipped, broken, failed]), 100_000);
        let places: Vec<usize> =
            ["1 passed, 1 failed, 1 broken, 1 skipped", "open><summary>failed", "<summary>broken", "two: two"]
                .iter()
                .map(|part| text.find(part).unwrap_or_else(|| panic!("{part}: {text}")))
                .collect();
        assert!(places.is_sorted(), "{text}");
        assert!(!text.contains("<code>one"), "{text}");
    }

    #[test]
    fn a_reason_that_scenarios_share_stands_there_once() {
        for verdict in [Verdict::Broken, Verdict::Skipped] {
            let text = render(&of(vec![scenario(verdict, "the disk is full"); 3]), 100_000);
            let shared = format!("3 scenarios are {verdict} for this reason");
            assert_eq!(text.matches(&*shared).count(), 1, "{text}");
            assert_eq!(text.matches("for the same reason as").count(), 2, "{text}");
        }
    }

    /// Every line outside of `<pre>` is ours: it begins with one of our tags, and its texts are in `<code>`.
    #[test]
    fn no_text_is_read_as_markdown_or_html() {
        let report = Report {
            notes: vec![ATTACK.into()],
            ..of(vec![scenario(Verdict::Failed, ATTACK), scenario(Verdict::Skipped, ATTACK)])
        };
        let text = render(&report, 100_000);
        let mut is_inside = false;
        for line in text.lines() {
            let ours = ["<h3>", "<p>", "<details", "</details>", "<pre>"];
            let begins_well = line.is_empty() || ours.iter().any(|tag| line.starts_with(tag));
            assert!(is_inside || begins_well, "{line:?} in {text}");
            is_inside = (is_inside || line.contains("<pre>")) && !line.contains("</pre>");
        }
        assert!(!is_inside && !text.contains("<img") && text.contains("&lt;img"), "{text}");
        let opened = text.matches("<pre>").count();
        assert_eq!((text.matches("</pre>").count(), text.matches("</details>").count()), (opened, opened), "{text}");
    }

    #[test]
    fn a_summary_keeps_below_its_limit() {
        let huge = "<".repeat(Evidence::LIMIT);
        let report = of(vec![scenario(Verdict::Failed, &huge); 200]);
        let text = render(&report, 1_000_000);
        assert!(text.len() <= 1_000_000 && text.len() > 900_000, "{}", text.len());
        assert!(text.contains(" more did not pass: see the log"));
        assert_eq!(render(&report, 10), "");
        let skipped = render(&of(vec![scenario(Verdict::Skipped, "<"); 100_000]), 1_000_000);
        assert!(skipped.starts_with("<h3>labproof: 0 passed, 0 failed, 100000 skipped") && skipped.len() < 1_000_000);
    }
}
