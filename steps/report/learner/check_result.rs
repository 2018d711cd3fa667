//! How a graded scenario ended.

use crate::{report::ScenarioReport, verdict::Verdict};

/// How a graded scenario ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckResult {
    /// Everything that was promised was seen.
    Passed,
    /// It was not, or could not be looked for.
    Failed,
    /// The submission is not fit to be run.
    Refused,
    /// An earlier mistake made it impossible, and the lab forgives that.
    Excused,
    /// Nothing is said of the submission.
    Broken,
}

impl CheckResult {
    /// How a graded scenario ended.
    #[must_use]
    pub fn of(scenario: &ScenarioReport) -> Self {
        match scenario.verdict {
            _ if scenario.excused => Self::Excused,
            Verdict::Broken => Self::Broken,
            _ if scenario.earned.is_none() => Self::Broken,
            Verdict::Passed => Self::Passed,
            Verdict::Refused => Self::Refused,
            Verdict::Failed | Verdict::Skipped => Self::Failed,
        }
    }

    /// Its word: `passed`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Excused => "excused",
            Self::Broken => "broken",
        }
    }
}
