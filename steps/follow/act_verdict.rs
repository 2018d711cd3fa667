//! What labproof says of an act of a document.

use crate::{document::defect::Defect, verdict::Verdict};

/// What labproof says of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ActVerdict {
    /// It is as the document says.
    Match,
    /// The document is not right.
    Defect(Defect),
    /// This machine or its network lacks something.
    Environment,
    /// It was not run.
    NotRun,
    /// It was run, but another act decides what came of it.
    NotJudged,
}

impl ActVerdict {
    /// Whether something is not as the document says.
    pub(super) fn is_bad(self) -> bool {
        matches!(self, Self::Defect(_) | Self::Environment)
    }

    /// Whether it says nothing about the document.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Environment | Self::NotRun | Self::NotJudged)
    }

    /// The words before a reason.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Defect(defect) => word(defect),
            Self::Environment => "environment",
            Self::NotRun => "not run",
            Self::NotJudged => "not judged",
        }
    }

    /// The tag in the report.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::NotRun | Self::NotJudged => "not-run",
            other => other.words(),
        }
    }

    /// The verdict of its entry in the report.
    pub(super) fn reported(self) -> Verdict {
        match self {
            Self::Match => Verdict::Passed,
            Self::Defect(_) => Verdict::Failed,
            Self::Environment => Verdict::Broken,
            Self::NotRun | Self::NotJudged => Verdict::Skipped,
        }
    }
}

/// The word for a defect, in reports.
pub(super) fn word(defect: Defect) -> &'static str {
    match defect {
        Defect::Drift => "drift",
        Defect::Mistake => "mistake",
        Defect::Timing => "timing",
    }
}
