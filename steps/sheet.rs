//! Reads a lab sheet: turns the text of a feature file into runnable scenarios, or into problems with their lines.
//!
//! The gherkin crate's parser does not accept all of Gherkin, drops a misspelt first step, cuts long table rows, and
//! reports wrong lines or none. Therefore this module scans and assembles the lines itself (`scan`, `draft`), applies
//! the rules for a good sheet (`rules`), and converts the result to the crate's types (`build`, `expand`). For keywords
//! in other languages it uses the parser (`parse`), and both must agree on the result (`cross_check`).
//!
//! This module deliberately does not read files, know step definitions, select by tag or run anything.

mod build;
mod cells;
mod cross_check;
mod draft;
mod expand;
mod keywords;
mod language;
mod outlines;
mod parse;
mod placeholders;
mod rules;
mod scan;
pub(crate) mod spelling;

#[cfg(test)]
mod tests;

use std::fmt;

/// A problem in a sheet, in words for the author of a course.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SheetProblem {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

impl SheetProblem {
    fn new(line: usize, message: impl Into<String>, hint: impl Into<String>) -> Self {
        let hint = Some(hint.into());
        Self { line, message: message.into(), hint }
    }
}

impl fmt::Display for SheetProblem {
    /// Prints the message and the hint; the caller prints the path and the line before them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "\n  hint: {hint}"))
    }
}

impl std::error::Error for SheetProblem {}

/// A feature file without problems. Its steps are the gherkin crate's, or whatever `map_steps` makes of them.
#[derive(Debug, Clone)]
pub struct Sheet<S = gherkin::Step> {
    /// The feature as the gherkin crate represents it, with cleaned docstrings and correct lines of steps.
    pub feature: gherkin::Feature,
    /// The scenarios to run, in the order of the file; never empty.
    pub scenarios: Vec<Scenario<S>>,
    /// The lines of all descriptions, each with its number. They have no effect on the run.
    pub prose: Vec<(usize, String)>,
}

/// One runnable scenario. Each row of an outline becomes one. Its steps begin with those of the backgrounds.
#[derive(Debug, Clone)]
pub struct Scenario<S = gherkin::Step> {
    /// Its title, with placeholders filled in.
    pub name: String,
    /// The text between its title and its first step, as written.
    pub description: String,
    /// The line of its keyword or, for an outline, of the row of its examples.
    pub line: usize,
    /// The name of its rule.
    pub rule: Option<String>,
    /// Its tags without `@`: those of the feature, the rule, the scenario and the examples, each once, in this order.
    pub tags: Vec<String>,
    /// Its complete steps: backgrounds first, placeholders filled in, docstrings cleaned.
    pub steps: Vec<S>,
    /// How many of the steps come from backgrounds.
    pub background: usize,
}

impl<S> Sheet<S> {
    /// Converts each step with `read`.
    pub fn map_steps<T>(self, read: impl Fn(S) -> T) -> Sheet<T> {
        let Self { feature, scenarios, prose } = self;
        let scenarios = scenarios.into_iter().map(|scenario| scenario.map_steps(&read)).collect();
        Sheet { feature, scenarios, prose }
    }
}

impl<S> Scenario<S> {
    fn map_steps<T>(self, read: impl Fn(S) -> T) -> Scenario<T> {
        let Self { name, description, line, rule, tags, steps, background } = self;
        let steps = steps.into_iter().map(read).collect();
        Scenario { name, description, line, rule, tags, steps, background }
    }
}

/// Reads the text of a feature file.
///
/// # Errors
///
/// All problems that one pass can find, in the order of their lines.
///
/// # Examples
///
/// ```
/// use labproof::internal::sheet;
///
/// let text = r#"
/// Feature: Words
///   Scenario: One
///     When I run "echo one"
///     Then it prints "one"
/// "#;
/// assert_eq!(sheet::read(text).unwrap().scenarios[0].name, "One");
///
/// let problems = sheet::read(&text.replace("Then", "Than")).unwrap_err();
/// assert_eq!(problems[0].line, 5);
/// ```
pub fn read(text: &str) -> Result<Sheet, Vec<SheetProblem>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (feature, draft) = match language::of(text)? {
        language::Language::English => english(text)?,
        language::Language::Other(code) => foreign(text, &code)?,
    };
    let scenarios = expand::scenarios(&feature, &draft);
    Ok(Sheet { feature, scenarios, prose: draft.prose })
}

/// Reads English keywords, which are defined here, so misspelt ones are found. It does not use the parser, which does
/// not accept all of Gherkin.
fn english(text: &str) -> Result<(gherkin::Feature, draft::ScannedSheet), Vec<SheetProblem>> {
    let draft = judged(text, &keywords::Keywords::English)?;
    Ok((build::feature(&draft), draft))
}

/// Reads keywords of another language. The parser finds them, because it does not publish its lists of keywords.
fn foreign(text: &str, code: &str) -> Result<(gherkin::Feature, draft::ScannedSheet), Vec<SheetProblem>> {
    let plain = language::plain(text);
    let Ok(mut feature) = parse::feature(&plain) else {
        let scanned = scan::scan(text, &keywords::Keywords::none());
        let culprit = || vec![parse::foreign_culprit(&plain, &scanned.starts(), code)];
        return Err(if scanned.problems.is_empty() { culprit() } else { scanned.problems });
    };
    let draft = judged(text, &keywords::Keywords::found_in(&feature))?;
    cross_check::settle(&mut feature, &draft).map_err(|problem| vec![problem])?;
    Ok((feature, draft))
}

fn judged(text: &str, keywords: &keywords::Keywords) -> Result<draft::ScannedSheet, Vec<SheetProblem>> {
    let (draft, mut problems) = draft::draft(scan::scan(text, keywords), keywords);
    problems.extend(rules::broken(&draft));
    problems.sort();
    problems.dedup();
    if problems.is_empty() { Ok(draft) } else { Err(problems) }
}
