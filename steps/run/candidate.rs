//! A candidate for grading: a submission, and which of the graded scenarios run for it.

use crate::submission::Submission;

/// A submission that is to be graded.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The submission.
    pub submission: Submission,
    /// If given, only scenarios that name this manifest run; otherwise all graded scenarios.
    pub only_with: Option<String>,
}

impl From<Submission> for Candidate {
    fn from(submission: Submission) -> Self {
        Self { submission, only_with: None }
    }
}
