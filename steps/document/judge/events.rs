//! The events at the end of `kubectl describe`: each that the document shows must be there, in whatever number.

use super::{
    Finding,
    values::{World, likeness, same},
};
use crate::document::story::ShownOutput;

/// The line that begins the events.
const HEADING: &str = "Events:";

/// The description before the events, and the rows of the events.
pub(super) fn split(expected: &ShownOutput) -> Option<(ShownOutput, ShownOutput)> {
    let index = expected.text.lines().position(|line| line.trim_end() == HEADING)?;
    let part = |from: usize, to: usize| {
        let lines = expected.text.lines().skip(from).take(to - from);
        ShownOutput {
            line: expected.line + from,
            text: lines.map(|line| format!("{line}\n")).collect(),
            ..ShownOutput::default()
        }
    };
    let all = expected.text.lines().count();
    Some((part(0, index), part(index + 1, all)))
}

/// A description without its events.
pub(super) fn head(text: &str) -> String {
    text.lines().take_while(|line| !line.starts_with(HEADING)).map(|line| format!("{line}\n")).collect()
}

/// Judges the rows of events.
pub(super) fn judge(expected: &ShownOutput, seen: &str, world: &World) -> Vec<Finding> {
    let printed: Vec<Event<'_>> =
        seen.lines().skip_while(|line| !line.starts_with(HEADING)).skip(1).filter_map(Event::of).collect();
    let mut findings = Vec::new();
    for (at, line) in expected.text.lines().enumerate() {
        let Some(wanted) = Event::of(line) else { continue };
        let is_there = printed
            .iter()
            .any(|event| event.reason == wanted.reason && same(wanted.message, event.message, world).is_some());
        if is_there {
            continue;
        }
        let like = printed.iter().filter(|event| event.reason == wanted.reason);
        let nearest = like.max_by(|one, other| {
            likeness(wanted.message, one.message).total_cmp(&likeness(wanted.message, other.message))
        });
        let message = nearest.map(|event| event.message).unwrap_or_default();
        // Events of pulling depend on what the node had already.
        if nearest.is_none() && matches!(wanted.reason, "Pulling" | "Pulled" | "Scheduled") || wanted.reason == "Pulled"
        {
            continue;
        }
        findings.push(Finding::of(expected.line + at, wanted.message, message));
    }
    findings
}

#[derive(Debug)]
struct Event<'a> {
    reason: &'a str,
    message: &'a str,
}

impl<'a> Event<'a> {
    /// A row: type, reason, age, source and message.
    fn of(line: &'a str) -> Option<Self> {
        let cells: Vec<&str> = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let (kind, reason, message) = (cells.first()?, cells.get(1)?, cells.last()?);
        matches!(*kind, "Normal" | "Warning").then_some(Self { reason, message }).filter(|_| cells.len() >= 4)
    }
}
