//! The result of a graded scenario.

use crate::{report::ScenarioReport, verdict::Verdict};

/// The result of a graded scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckResult {
    /// The scenario showed everything that it promises.
    Passed,
    /// It did not, or an earlier mistake made it impossible.
    Failed,
    /// The submission may not be run.
    Refused,
    /// An earlier mistake made it impossible, and the lab is lenient there.
    Excused,
    /// It was not judged, without a fault of the submission.
    Broken,
}

impl CheckResult {
    /// The result of a scenario in a report.
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

    /// The word for it, such as `passed`.
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
