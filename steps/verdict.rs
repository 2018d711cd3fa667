//! The five verdicts, which say who is at fault, and the fault, which carries a verdict from the place of an error to
//! the report.
//!
//! This module decides nothing. Actions and conditions create faults; `run` turns a fault into a report entry.

use std::{collections::BTreeMap, fmt, time::Duration};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The verdict on a scenario or a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The scenario showed everything that it promises.
    Passed,
    /// It did not run, or not to its end; the report gives the reason.
    Skipped,
    /// The lab is wrong, or the learner's solution is.
    Failed,
    /// The input may not be run, such as a submission that breaks a rule.
    Refused,
    /// labproof, the engine, the cluster or the network is at fault; this says nothing about the lab.
    #[default]
    Broken,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passed => "passed",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Broken => "broken",
        })
    }
}

/// Another text for a part of a line of a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Correction {
    /// The line in the document.
    pub line: usize,
    /// What it says.
    pub says: String,
    /// What it should say.
    pub write: String,
}

/// Something observed when a step went wrong, such as a command's output, a Pod's events or the end of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Its heading, such as "events of Pod hello".
    pub title: String,
    /// The text itself, at most [`Evidence::LIMIT`] bytes.
    pub text: String,
    /// Whether it is about something else that may explain the failure, and not what the step looked at.
    #[serde(default)]
    pub is_context: bool,
}

impl Evidence {
    /// The maximum size in bytes. A longer text loses its beginning, because errors usually come last.
    pub const LIMIT: usize = 16 * 1024;

    /// Creates evidence with the end of `text`.
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        let text: String = text.into();
        let mut start = text.len().saturating_sub(Self::LIMIT);
        while !text.is_char_boundary(start) {
            start += 1;
        }
        let text = if start == 0 { text } else { format!("[...]\n{}", &text[start..]) };
        Self { title: title.into(), text, is_context: false }
    }
}

/// Why a step did not pass.
///
/// ```
/// use labproof::internal::verdict::{Fault, Verdict};
///
/// let fault = Fault::failed("port 3000 refuses").hint("look at the args").seen("log", "listening on 3001");
/// assert_eq!(fault.verdict, Verdict::Failed);
/// assert_eq!(fault.to_string(), "port 3000 refuses\n  hint: look at the args\n  log:\n    listening on 3001");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Who is at fault; never [`Verdict::Passed`].
    pub verdict: Verdict,
    /// What happened, in words that the author of a course understands.
    pub reason: String,
    /// What to do next.
    pub hint: Option<String>,
    /// What was observed.
    pub evidence: Vec<Evidence>,
    /// The earlier mistake that made this step impossible, if there was one.
    pub blocked_by: Option<String>,
    /// The text that was seen instead of the expected one, if only the text was wrong.
    pub instead: Option<Box<Instead>>,
}

/// A text that differs from the expected one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instead {
    /// The expected text, for the cluster's version of Kubernetes.
    pub expected: String,
    /// The text that was seen.
    pub seen: String,
    /// The texts that were kept under names before.
    pub kept: BTreeMap<String, String>,
}

/// The result of a step, an action or a condition.
pub type Outcome<T = ()> = Result<T, Fault>;

impl Fault {
    fn new(verdict: Verdict, reason: impl Into<String>) -> Self {
        Self { verdict, reason: reason.into(), hint: None, evidence: Vec::new(), blocked_by: None, instead: None }
    }

    /// A fault of the lab or the learner.
    pub fn failed(reason: impl Into<String>) -> Self {
        Self::new(Verdict::Failed, reason)
    }

    /// A fault of labproof, the engine, the cluster or the network.
    pub fn broken(reason: impl Into<String>) -> Self {
        Self::new(Verdict::Broken, reason)
    }

    /// Input that labproof refuses to run.
    pub fn refused(reason: impl Into<String>) -> Self {
        Self::new(Verdict::Refused, reason)
    }

    /// Something that cannot be judged here, without anybody's fault.
    pub fn skipped(reason: impl Into<String>) -> Self {
        Self::new(Verdict::Skipped, reason)
    }

    /// Adds a hint: what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds evidence, unless the text is empty.
    #[must_use]
    pub fn seen(mut self, title: impl Into<String>, text: impl Into<String>) -> Self {
        let evidence = Evidence::new(title, text);
        if !evidence.text.trim().is_empty() {
            self.evidence.push(evidence);
        }
        self
    }

    /// Adds the text that was seen instead of the expected one.
    #[must_use]
    pub fn instead(mut self, expected: &str, seen: &str, kept: &BTreeMap<String, String>) -> Self {
        let (expected, seen, kept) = (expected.to_owned(), seen.to_owned(), kept.clone());
        self.instead = Some(Box::new(Instead { expected, seen, kept }));
        self
    }

    /// Adds the earlier mistake that made this step impossible.
    #[must_use]
    pub fn blocked_by(mut self, what: impl Into<String>) -> Self {
        self.blocked_by = Some(what.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        for Evidence { title, text, .. } in &self.evidence {
            write!(f, "\n  {title}:")?;
            for line in text.lines() {
                write!(f, "\n    {line}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

/// A time in words, in whole seconds.
#[must_use]
pub fn seconds(time: Duration) -> String {
    let number = time.as_secs();
    format!("{number} second{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_keeps_the_end() {
        let long = format!("{}the end", "x".repeat(2 * Evidence::LIMIT));
        let kept = Evidence::new("log", long).text;
        assert!(kept.starts_with("[...]") && kept.ends_with("the end") && kept.len() <= Evidence::LIMIT + 6);
    }

    #[test]
    fn one_second_is_no_seconds() {
        assert_eq!([1, 2].map(|number| seconds(Duration::from_secs(number))), ["1 second", "2 seconds"]);
    }

    #[test]
    fn a_broken_scenario_outranks_a_failed_one() {
        assert!(Verdict::Broken > Verdict::Refused && Verdict::Refused > Verdict::Failed);
    }
}
