//! Parts that the pages of a learner and of a class share: results, points, the table of checks, refusals, and how the
//! submission was graded.

use super::html::{escape, isolated, time};
use crate::{
    images::catalogue::Source,
    report::{
        Report,
        learner::{Check, CheckResult, Grade, text::short},
    },
    submission::Refusal,
};

const MARKS: [CheckResult; 5] =
    [CheckResult::Passed, CheckResult::Failed, CheckResult::Refused, CheckResult::Excused, CheckResult::Broken];

/// The facts about a submission in addition to its grade; none is about a scenario.
pub(super) struct Facts<'a> {
    /// The submission's name.
    pub(super) name: String,
    /// Everything that was refused.
    pub(super) refusals: &'a [Refusal],
    started: &'a str,
    version: &'a str,
    digest: &'a str,
    ignored: &'a [String],
    built: Vec<(&'a str, &'a str)>,
}

impl<'a> Facts<'a> {
    /// The facts about the submission in this report.
    pub(super) fn of(report: &'a Report) -> Self {
        let submission = report.submission.as_ref();
        let built = report.images.iter().filter(|image| image.source == Source::Built);
        Self {
            name: submission.map_or_else(|| "the lab's own files".to_owned(), |submission| short(&submission.name)),
            refusals: submission.map_or(&[], |submission| &submission.refusals),
            started: &report.started,
            version: &report.version,
            digest: submission.map_or("", |submission| &submission.digest),
            ignored: submission.map_or(&[], |submission| &submission.ignored),
            built: built.map(|image| (image.name.as_str(), image.id.as_str())).collect(),
        }
    }

    /// The time, the program and the files of the grading.
    pub(super) fn list(&self) -> String {
        let mut list = format!(
            "<dl>\n<dt>Graded</dt><dd>{}</dd>\n<dt>By</dt><dd>labproof {}</dd>\n",
            time(self.started),
            escape(self.version)
        );
        if !self.digest.is_empty() {
            list += &format!("<dt>Digest of the files</dt><dd><code>{}</code></dd>\n", escape(self.digest));
        }
        if !self.ignored.is_empty() {
            let ignored = isolated(&short(&self.ignored.join(", ")));
            list += &format!("<dt>Not asked for, and left alone</dt><dd>{ignored}</dd>\n");
        }
        for (name, id) in &self.built {
            let (name, id) = (isolated(&short(name)), escape(id));
            list += &format!("<dt>Image that was built</dt><dd>{name} <code>{id}</code></dd>\n");
        }
        list + "</dl>\n"
    }

    /// Everything that was refused, below a heading with this HTML element; empty if nothing was.
    pub(super) fn refused(&self, heading: &str) -> String {
        if self.refusals.is_empty() {
            return String::new();
        }
        let list: String = self.refusals.iter().map(refusal).collect();
        format!("<{heading}>Refused files</{heading}>\n<ul>\n{list}</ul>\n")
    }
}

fn refusal(refusal: &Refusal) -> String {
    let Refusal { file, line, rule, message } = refusal;
    let place = if file == "." { "the folder".to_owned() } else { format!("<code>{}</code>", escape(&short(file))) };
    let line = if *line == 0 { String::new() } else { format!(", line {line}") };
    format!("<li>{place}{line}: {} (rule <code>{}</code>)</li>\n", isolated(&short(message)), rule)
}

/// A result as a sign, a word and a colour, each of which is enough to understand it.
pub(super) fn mark(mark: CheckResult) -> String {
    let (word, sign) = (mark.word(), sign(mark));
    format!("<span class=\"{word}\"><span aria-hidden=\"true\">{sign}</span> {word}</span>")
}

/// The sign of a result.
pub(super) fn sign(mark: CheckResult) -> char {
    match mark {
        CheckResult::Passed => '✓',
        CheckResult::Failed => '✗',
        CheckResult::Refused => '⊘',
        CheckResult::Excused => '○',
        CheckResult::Broken => '?',
    }
}

/// Explains the results that the page shows.
pub(super) fn legend(shown: impl Fn(CheckResult) -> bool) -> String {
    let meaning = |mark| match mark {
        CheckResult::Passed => "everything that was promised was seen",
        CheckResult::Failed => "the check did not find what it expects",
        CheckResult::Refused => "a file that the check needs breaks a rule",
        CheckResult::Excused => "its points do not count, because an earlier mistake made the check impossible",
        CheckResult::Broken => "it could not be judged because of a technical problem; the submission is not at fault",
    };
    let shown = MARKS.into_iter().filter(|mark| shown(*mark));
    let list: String = shown.map(|each| format!("<dt>{}</dt><dd>{}</dd>\n", mark(each), meaning(each))).collect();
    format!("<dl class=\"legend\">\n{list}</dl>\n")
}

/// The total in words. Without a number if a check is broken.
pub(super) fn total(grade: &Grade) -> String {
    match grade.earned {
        Some(earned) => format!("{earned} of {}", counted(grade.points)),
        None if grade.is_broken() => "no score".to_owned(),
        None => "nothing was graded".to_owned(),
    }
}

fn counted(points: u32) -> String {
    if points == 1 { "1 point".to_owned() } else { format!("{points} points") }
}

/// A sentence about the points of a check.
pub(super) fn points(check: &Check) -> String {
    match check.earned {
        _ if check.result == CheckResult::Excused => "no points count".to_owned(),
        Some(earned) => format!("{earned} of {}", counted(check.points)),
        None => format!("worth {}", counted(check.points)),
    }
}

/// A check in the table.
pub(super) struct Line<'a> {
    /// The check.
    pub(super) check: &'a Check,
    /// The name that the readers of the page may see.
    pub(super) name: String,
    /// Whether to note that learners do not see the name.
    pub(super) hidden: bool,
    /// The anchor of the details about the check; `None` if there are none.
    pub(super) anchor: Option<String>,
}

/// The table of a submission's checks.
pub(super) fn table(lines: &[Line]) -> String {
    let with_tasks = lines.iter().any(|line| line.check.task.is_some());
    let is_scored = lines.iter().all(|line| line.check.earned.is_some());
    let task = if with_tasks { "<th scope=\"col\">Task</th>" } else { "" };
    let points = if is_scored { "Points" } else { "Worth" };
    let rows: String = lines.iter().map(|line| row(line, with_tasks)).collect();
    format!(
        "<table class=\"checks\">\n<thead>\n<tr>{task}<th scope=\"col\">Check</th><th scope=\"col\">Result</th><th \
         scope=\"col\">{points}</th></tr>\n</thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )
}

fn row(line: &Line, with_tasks: bool) -> String {
    let Line { check, name, hidden, anchor } = line;
    let task = check.task.as_deref().unwrap_or_default();
    let task = if with_tasks { format!("<td>{}</td>", isolated(task)) } else { String::new() };
    let name = isolated(name);
    let name = match anchor {
        Some(anchor) => format!("<a href=\"#{anchor}\">{name}</a>"),
        None => name,
    };
    let hidden = if *hidden { " <em>hidden</em>" } else { "" };
    let points = match check.earned {
        Some(earned) => format!("{earned} of {}", check.points),
        None => check.points.to_string(),
    };
    let mark = mark(check.result);
    format!("<tr>{task}<th scope=\"row\">{name}{hidden}</th><td>{mark}</td><td>{points}</td></tr>\n")
}
