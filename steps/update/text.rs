//! Changes an expected text so that it matches what was seen. Lines that still match stay as they are written, also
//! `[...]` and lines for other versions of Kubernetes.

use regex::Regex;

use super::{
    line,
    volatile::{Output, words},
};
use crate::{
    conditions::{text, wildcard},
    verdict::Instead,
    vocabulary::versions,
};

/// The largest product of the numbers of lines.
const LARGEST: usize = 250_000;

/// A line of the new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The line with this index in the old text.
    Old(usize),
    /// A new line.
    New(String),
}

/// What an old line is for the comparison.
enum Role {
    /// It is for other versions.
    Silent,
    /// `[...]`
    Any,
    /// It must match a line.
    Line(Option<Regex>, Vec<String>),
}

/// The new text. `written` are the old lines, with the parts for all versions.
///
/// # Errors
/// If no text can be proposed; the error says why.
pub(super) fn changed(
    written: &[&str],
    instead: &Instead,
    version: &str,
    namespace: Option<&str>,
) -> Result<Vec<Line>, &'static str> {
    let seen: Vec<&str> = instead.seen.trim_end().lines().map(str::trim_end).collect();
    if seen.iter().all(|line| line.is_empty()) {
        return Err("it prints nothing: the step for that is `it prints nothing`");
    }
    if crate::escape::text(&seen.join("\n")) != seen.join("\n") {
        return Err("it prints invisible characters, which an expected text cannot show");
    }
    if written.len() * seen.len() > LARGEST {
        return Err("the text is too long to be compared line by line");
    }
    let output = Output::of(&instead.seen, namespace);
    let old = Old { written, version, instead, output };
    let whole = || seen.iter().map(|line| Line::New(line::literal(&words(line, output)))).collect();
    let proposals = [old.merged(&seen), whole(), seen.iter().map(|line| Line::New((*line).to_owned())).collect()];
    let fits = proposals.into_iter().find(|lines: &Vec<Line>| old.is_matched_by(lines));
    fits.ok_or("what it prints cannot be written as an expected text")
}

struct Old<'a> {
    written: &'a [&'a str],
    version: &'a str,
    instead: &'a Instead,
    output: Output<'a>,
}

impl Old<'_> {
    /// Whether the new text would have passed.
    fn is_matched_by(&self, lines: &[Line]) -> bool {
        let new: Vec<&str> = lines.iter().map(|line| line.text(self.written)).collect();
        let meant = versions::meant_for(&new.join("\n"), self.version);
        let is_right =
            !meant.trim().is_empty() && !wildcard::fits_anything(&meant) && wildcard::wrong_names(&meant).is_none();
        is_right && text::is(&self.instead.seen, &meant, &self.instead.kept).is_ok()
    }

    fn merged(&self, seen: &[&str]) -> Vec<Line> {
        let kinds = wildcard::kinds(&self.written.join("\n"));
        let roles: Vec<Role> = self.written.iter().map(|line| self.role(&wildcard::filled(line, &kinds))).collect();
        let known = line::Known { version: self.version, kept: &self.instead.kept, kinds: &kinds };
        let table = costs(&roles, seen);
        let (mut old, mut new, mut lines) = (0, 0, Vec::new());
        while old < roles.len() || new < seen.len() {
            match table[old][new].1 {
                Choice::Keep => lines.push(Line::Old(old)),
                Choice::Change => {
                    lines.push(Line::New(line::changed(self.written[old], seen[new], &known, self.output)));
                }
                Choice::Insert => lines.push(Line::New(line::literal(&words(seen[new], self.output)))),
                Choice::Skip | Choice::Drop => {}
            }
            let (olds, news) = table[old][new].1.steps(&roles, old);
            (old, new) = (old + olds, new + news);
        }
        lines
    }

    fn role(&self, line: &str) -> Role {
        let meant = versions::meant_for(line, self.version);
        match meant.trim() {
            "" if !line.trim().is_empty() => Role::Silent,
            "[...]" => Role::Any,
            _ => {
                let expression = format!("^{}$", wildcard::expression(meant.trim_end(), &self.instead.kept));
                let all = words(&meant, Output::default());
                let all = all.iter().filter(|word| !word.is_blank()).map(|word| word.text.to_owned()).collect();
                Role::Line(wildcard::compiled(&expression), all)
            }
        }
    }
}

impl Line {
    /// The line's text.
    pub(super) fn text<'a>(&'a self, written: &'a [&'a str]) -> &'a str {
        match self {
            Self::Old(index) => written[*index],
            Self::New(text) => text,
        }
    }
}

/// How the lines from a place on continue.
#[derive(Clone, Copy)]
enum Choice {
    /// The old line stays.
    Keep,
    /// The old line is changed to the seen one.
    Change,
    /// The old line goes.
    Drop,
    /// The seen line is new.
    Insert,
    /// The seen line is one of those that `[...]` stands for.
    Skip,
}

impl Choice {
    /// How many old and seen lines it uses.
    fn steps(self, roles: &[Role], old: usize) -> (usize, usize) {
        match self {
            Self::Keep if matches!(roles[old], Role::Line(..)) => (1, 1),
            Self::Keep | Self::Drop => (1, 0),
            Self::Change => (1, 1),
            Self::Insert | Self::Skip => (0, 1),
        }
    }
}

/// The costs of the rest from each old and each seen line on, each with the choice that it begins with.
type Costs = Vec<Vec<(f32, Choice)>>;

/// The cheapest choice for each old and each seen line, computed from the end.
fn costs(roles: &[Role], seen: &[&str]) -> Costs {
    let mut table = vec![vec![(0.0, Choice::Drop); seen.len() + 1]; roles.len() + 1];
    for old in (0..=roles.len()).rev() {
        for new in (0..=seen.len()).rev() {
            let offers = offers(roles.get(old), seen.get(new), &|olds, news| table[old + olds][new + news].0);
            if let Some(best) = offers.into_iter().reduce(|one, other| if other.0 < one.0 { other } else { one }) {
                table[old][new] = best;
            }
        }
    }
    table
}

/// What can be done with the next old and the next seen line. A changed line is cheaper than one that goes and one that
/// comes. `rest` is the cost after so many old and seen lines.
fn offers(role: Option<&Role>, seen: Option<&&str>, rest: &dyn Fn(usize, usize) -> f32) -> Vec<(f32, Choice)> {
    match (role, seen) {
        (None, None) => Vec::new(),
        (Some(Role::Silent | Role::Any), None) => vec![(rest(1, 0), Choice::Keep)],
        (Some(Role::Any), Some(_)) => vec![(rest(1, 0), Choice::Keep), (rest(0, 1), Choice::Skip)],
        (Some(Role::Silent), Some(_)) => vec![(rest(1, 0), Choice::Keep), (rest(0, 1) + 1.0, Choice::Insert)],
        (None, Some(_)) => vec![(rest(0, 1) + 1.0, Choice::Insert)],
        (Some(Role::Line(..)), None) => vec![(rest(1, 0) + 1.0, Choice::Drop)],
        (Some(Role::Line(regex, all)), Some(line)) => {
            let pair = if regex.as_ref().is_some_and(|regex| regex.is_match(line)) {
                (rest(1, 1), Choice::Keep)
            } else {
                (rest(1, 1) + 0.1 + 0.8 * unlike(all, line), Choice::Change)
            };
            vec![pair, (rest(1, 0) + 1.0, Choice::Drop), (rest(0, 1) + 1.0, Choice::Insert)]
        }
    }
}

/// How much two lines differ, from 0 to 1, by the words that they share.
fn unlike(old: &[String], seen: &str) -> f32 {
    let new = words(seen, Output::default());
    let mut new: Vec<&str> = new.iter().filter(|word| !word.is_blank()).map(|word| word.text).collect();
    let all = old.len() + new.len();
    let mut shared = 0;
    for word in old {
        if let Some(index) = new.iter().position(|other| other == word) {
            new.swap_remove(index);
            shared += 2;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "the words of a line are few")]
    let part = shared as f32 / all.max(1) as f32;
    1.0 - part
}

#[cfg(test)]
mod tests;
