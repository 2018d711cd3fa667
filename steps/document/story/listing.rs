//! How labproof understands a document, one line for each act: what a person reads before running it.

use super::{Act, Deed, Named, Runs, Story, Typed};
use crate::document::defect::Defect;

impl Story {
    /// The acts, one a line: the line in the document, what is done, and the text.
    #[must_use]
    pub fn listing(&self) -> String {
        self.acts.iter().map(listed).collect()
    }
}

fn listed(act: &Act) -> String {
    let (line, what, more) = match &act.deed {
        Deed::Type(typed) => (act.line, how(typed), shows(typed)),
        Deed::Write(source) => match source.named_by {
            Named::Document => (act.line, "write", String::new()),
            Named::Command(by) => (act.line, "write", format!("  (named by line {by})")),
        },
        Deed::Offer(source) if source.is_applied => (act.line, "apply", String::new()),
        Deed::Offer(_) => (act.line, "dry run", String::new()),
        Deed::Leave(_, why) => (act.line, "skip", format!("  (not run: {why})")),
        Deed::Say(_) => (act.line, "read", String::new()),
    };
    let doubts = act.doubts.iter().map(|doubt| format!("{:>5}    {} {}\n", doubt.line, word(doubt.kind), doubt.text));
    format!("{line:>5}  {what:<10}  {}{more}\n{}", act.name(), doubts.collect::<String>())
}

fn word(kind: Defect) -> &'static str {
    match kind {
        Defect::Mistake => "wrong:",
        Defect::Drift => "outdated:",
        Defect::Timing => "too early:",
    }
}

fn how(typed: &Typed) -> &'static str {
    match typed.runs {
        Runs::ToItsEnd if typed.is_inside => "run inside",
        Runs::ToItsEnd => "run",
        Runs::OnAndOn => "start",
        Runs::AsShell => "enter",
        Runs::EndsShell => "exit",
    }
}

fn shows(typed: &Typed) -> String {
    let output = typed.expected.as_ref().map(|expected| match expected.text.lines().count() {
        1 => format!("  (output in line {})", expected.line),
        count => format!("  (output in lines {} to {})", expected.line, expected.line + count - 1),
    });
    let fails = if typed.may_fail { "  (may fail)" } else { "" };
    format!("{}{fails}", output.unwrap_or_default())
}
