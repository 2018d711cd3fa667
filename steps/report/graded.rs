//! What a report says of the submission that was graded.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::submission::{Refusal, Submission};

/// Whose work was graded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubmissionReport {
    /// Its name: that of its folder.
    pub name: String,
    /// A digest of the files that were taken from it.
    pub digest: String,
    /// A digest of the lab that they are for: its sheet and its folder.
    pub lab: String,
    /// What of it is not fit to be used.
    pub refusals: Vec<Refusal>,
    /// What else is in its folder, which the lab does not ask for: at most 50 names.
    pub ignored: Vec<String>,
}

/// A submission of a run: what is reported of it, and by what its part of the run is known.
#[derive(Clone, Debug)]
pub struct Graded {
    /// What is reported of it.
    pub submission: SubmissionReport,
    /// What the names of the images begin with that are built from it, up to the next slash.
    pub image_prefix: String,
}

impl SubmissionReport {
    /// What the report says about a submission.
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
