//! The submission in a report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::submission::{Refusal, Submission};

/// The graded submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubmissionReport {
    /// Its name, which is that of its folder.
    pub name: String,
    /// The digest of the files that were taken from it.
    pub digest: String,
    /// The digest of the lab that it is for: the lab's sheet and folder.
    pub lab: String,
    /// Everything that was refused.
    pub refusals: Vec<Refusal>,
    /// Other files in its folder, which the lab does not ask for; at most 50 names.
    pub ignored: Vec<String>,
}

/// A submission in a run: what the report says about it, and how to find its part of the run.
#[derive(Clone, Debug)]
pub struct Graded {
    /// The name of the lab that it is for.
    pub lab: String,
    /// What the report says about it.
    pub submission: SubmissionReport,
    /// The prefix of the names of its images, up to the next slash.
    pub image_prefix: String,
}

impl SubmissionReport {
    /// The report's entry for a submission.
    #[must_use]
    pub fn of(submission: &Submission) -> Self {
        Self {
            name: submission.name.clone(),
            digest: submission.digest.clone(),
            lab: submission.lab.clone(),
            refusals: submission.refusals.clone(),
            ignored: submission.ignored.clone(),
        }
    }
}
