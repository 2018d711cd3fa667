//! What is graded: a submission, and which of the graded scenarios run for it.

use crate::submission::Submission;

/// A submission that is to be graded.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What was handed in.
    pub submission: Submission,
    /// The manifest that a scenario must name to be run; without one all graded scenarios run.
    pub only_with: Option<String>,
}

impl From<Submission> for Candidate {
    fn from(submission: Submission) -> Self {
        Self { submission, only_with: None }
    }
}
