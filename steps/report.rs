//! The report of a run: one set of types, rendered for people and for machines.
//!
//! The JSON form is the contract for everything downstream. Its schema, `docs/report.schema.json`, is generated from
//! these types; a test fails when it is stale.

pub mod json;
pub mod junit;
pub mod libtest;
pub mod terminal;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    images::catalogue::Used,
    verdict::{Evidence, Verdict},
};

/// The version of the report's form.
pub const SCHEMA: &str = "labproof/report/v1";

/// The report of a run.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The version of this form: `labproof/report/v1`.
    pub schema: String,
    /// The run's name.
    pub run: String,
    /// labproof's version.
    pub version: String,
    /// What the order of the scenarios was drawn from; absent where they ran in the order in which they are written.
    pub seed: Option<u64>,
    /// When the run began, as RFC 3339.
    pub started: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Whether the run came to its end; where not, what did not run is `broken`.
    pub finished: bool,
    /// The cluster; absent where the run did not come so far.
    pub cluster: Option<ClusterReport>,
    /// The images that were used.
    pub images: Vec<Used>,
    /// How many scenarios got which verdict.
    pub summary: Summary,
    /// What was left behind, or could not be cleared away.
    pub leftovers: Vec<String>,
    /// The scenarios that were selected.
    pub scenarios: Vec<ScenarioReport>,
}

/// The cluster that the labs ran on.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClusterReport {
    /// Its name, as kind knows it.
    pub name: String,
    /// Its Kubernetes version.
    pub kubernetes: String,
    /// How many nodes it has.
    pub nodes: usize,
    /// The version of the container engine beneath.
    pub engine: String,
}

/// How many scenarios got which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Everything promised was seen.
    pub passed: usize,
    /// The lab is wrong.
    pub failed: usize,
    /// Not fit to be run.
    pub refused: usize,
    /// Not judged, by no fault of the lab.
    pub broken: usize,
    /// Not run, for a reason that is told.
    pub skipped: usize,
}

/// One scenario.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioReport {
    /// A name for it that is unique in the project: lab and slug.
    pub id: String,
    /// The lab.
    pub lab: String,
    /// The feature file.
    pub feature: String,
    /// The line in it.
    pub line: usize,
    /// The scenario's name.
    pub name: String,
    /// Its tags, those of its feature and rule included, without `@`.
    pub tags: Vec<String>,
    /// What is said of it.
    pub verdict: Verdict,
    /// The namespace that was made for it.
    pub namespace: Option<String>,
    /// When it began, as RFC 3339; absent where it did not.
    pub started: Option<String>,
    /// How long it waited for its turn and for what other scenarios held, in milliseconds.
    pub queued_ms: u64,
    /// How long it ran, in milliseconds.
    pub duration_ms: u64,
    /// What differs from the document.
    pub deviations: Vec<String>,
    /// Its steps.
    pub steps: Vec<StepReport>,
}

/// One step.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct StepReport {
    /// The keyword and the sentence.
    pub text: String,
    /// The line in the feature file.
    pub line: usize,
    /// What is said of it.
    pub verdict: Verdict,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Why it did not pass.
    pub reason: Option<String>,
    /// What to do next.
    pub hint: Option<String>,
    /// The earlier mistake that made it impossible.
    pub blocked_by: Option<String>,
    /// What was seen.
    pub evidence: Vec<Evidence>,
}

impl Summary {
    /// Counts verdicts.
    #[must_use]
    pub fn of(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        let mut summary = Self::default();
        for verdict in verdicts {
            *match verdict {
                Verdict::Passed => &mut summary.passed,
                Verdict::Failed => &mut summary.failed,
                Verdict::Refused => &mut summary.refused,
                Verdict::Broken => &mut summary.broken,
                Verdict::Skipped => &mut summary.skipped,
            } += 1;
        }
        summary
    }
}

impl ScenarioReport {
    /// The step that decided the verdict, where one did.
    #[must_use]
    pub fn culprit(&self) -> Option<&StepReport> {
        self.steps
            .iter()
            .find(|step| !matches!(step.verdict, Verdict::Passed | Verdict::Skipped) || step.reason.is_some())
    }
}
