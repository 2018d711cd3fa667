//! Runs the gherkin crate's parser, and finds the line it stumbles over, which it does not tell.
//!
//! Does not explain the line: what can be explained was found before.

use gherkin::{Feature, GherkinEnv};

use super::Problem;

/// The parser's reading.
pub(super) fn feature(text: &str) -> Result<Feature, ()> {
    Feature::parse(text, GherkinEnv::default()).map_err(|_| ())
}

/// The line at which a text in this language stops being readable.
pub(super) fn foreign_culprit(text: &str, starts: &[usize], code: &str) -> Problem {
    let hint = format!("is the keyword one of the language \"{code}\"? see https://cucumber.io/docs/gherkin/languages");
    Problem::new(stumble(text, starts), "the gherkin parser cannot read this line", hint)
}

/// Whatever begins with an unreadable line is unreadable, so the first such line is found by halving.
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
