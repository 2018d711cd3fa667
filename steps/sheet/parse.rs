//! Runs the gherkin crate's parser, and finds the line that it rejects, which it does not report.
//!
//! It does not explain the line; errors that can be explained have been found before.

use gherkin::{Feature, GherkinEnv};

use super::SheetProblem;

/// The parser's result.
pub(super) fn feature(text: &str) -> Result<Feature, ()> {
    Feature::parse(text, GherkinEnv::default()).map_err(|_| ())
}

/// Finds the line at which a text in this language becomes unreadable.
pub(super) fn foreign_culprit(text: &str, starts: &[usize], code: &str) -> SheetProblem {
    let hint = format!("is the keyword one of the language \"{code}\"? see https://cucumber.io/docs/gherkin/languages");
    SheetProblem::new(stumble(text, starts), "the gherkin parser cannot read this line", hint)
}

/// Finds the first unreadable line by bisection: every longer text that contains it is unreadable too.
fn stumble(text: &str, starts: &[usize]) -> usize {
    let ends: Vec<_> = starts.iter().skip(1).map(|next| next - 1).chain([usize::MAX]).collect();
    let first = starts.iter().zip(&ends).position(|(_, end)| reads(text, *end)).unwrap_or(0);
    let good = ends[first..].partition_point(|end| reads(text, *end));
    starts.get(first + good).or(starts.first()).copied().unwrap_or(1)
}

fn reads(text: &str, lines: usize) -> bool {
    let text: String = text.split_inclusive('\n').take(lines).collect();
    feature(&text).is_ok()
}
