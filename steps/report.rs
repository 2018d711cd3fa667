//! The report of a run: one set of types, which all report formats use.
//!
//! Other programs rely on the JSON format. Its schema, `docs/report.schema.json`, is generated from these types; a test
//! fails if it is stale.
//!
//! Another program reads a report from the JSON that `--report json=FILE` writes:
//!
//! ```
//! use labproof::internal::{report::Report, verdict::Verdict};
//!
//! let text = std::fs::read_to_string("steps/tests/golden/report.json")?;
//! let report: Report = serde_json::from_str(&text)?;
//! let failed = report.scenarios.iter().filter(|scenario| scenario.verdict == Verdict::Failed);
//! assert_eq!(failed.count(), report.summary.failed);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod autolab;
pub mod check50;
pub mod classroom;
pub mod classroom50;
pub mod csv;
pub mod educates;
pub mod format;
pub mod github;
mod graded;
pub mod gradescope;
pub mod harbor;
pub mod json;
pub mod junit;
pub mod learner;
pub mod libtest;
pub mod matrix;
pub mod page;
pub mod points;
pub mod prairielearn;
pub mod same_mistake;
mod selection;
pub mod shared;
pub mod terminal;

use std::{path::PathBuf, time::Duration};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    images::catalogue::Used,
    verdict::{Correction, Evidence, Instead, Verdict},
};
pub use graded::{Graded, SubmissionReport};
pub use selection::worst_first;

/// The version of the report's JSON format.
pub const SCHEMA: &str = "labproof/report/v1";

/// A duration as reports hold it, in milliseconds.
#[must_use]
pub fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A duration in seconds, as people read it: `1.5 s`.
#[must_use]
pub fn seconds(milliseconds: u64) -> String {
    format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100)
}

/// The report of a run.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The version of this format: `labproof/report/v1`.
    pub schema: String,
    /// The run's name.
    pub run: String,
    /// labproof's version.
    pub version: String,
    /// The seed of the random order of the scenarios; absent if they ran in the written order.
    pub seed: Option<u64>,
    /// When the run began, as RFC 3339.
    pub started: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Whether the run, or the part of it that this report covers, is complete. If not, the scenarios that did not run
    /// are `broken`.
    pub finished: bool,
    /// The cluster; absent if the run ended before it had one.
    pub cluster: Option<ClusterReport>,
    /// The images that were used.
    pub images: Vec<Used>,
    /// Notes on the machine that the labs ran on, such as missing isolation.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The number of scenarios with each verdict, and the points.
    pub summary: Summary,
    /// The submission that was graded; absent if the labs' own files were used.
    pub submission: Option<SubmissionReport>,
    /// Objects that labproof could not remove.
    pub leftovers: Vec<String>,
    /// The scenarios that were selected.
    pub scenarios: Vec<ScenarioReport>,
    /// The folder that the names of the feature files begin in; only during the run.
    #[serde(skip)]
    pub root: PathBuf,
}

/// The cluster that the labs ran on.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClusterReport {
    /// Its name in kind.
    pub name: String,
    /// Its Kubernetes version.
    pub kubernetes: String,
    /// The number of its nodes.
    pub nodes: usize,
    /// The version of the container engine that runs the nodes.
    pub engine: String,
}

/// The number of scenarios with each verdict, and the points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// The scenario showed everything that it promises.
    pub passed: usize,
    /// The lab is wrong, or the learner's solution is.
    pub failed: usize,
    /// The input may not be run.
    pub refused: usize,
    /// Not judged, because the engine, the cluster, the network or labproof is at fault.
    pub broken: usize,
    /// Not run; the scenario's entry gives the reason.
    pub skipped: usize,
    /// The maximum number of points.
    pub points: u32,
    /// The earned points; absent if a scenario with points is `broken`, because labproof then gives no score.
    pub earned: Option<u32>,
}

/// One scenario.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioReport {
    /// Its unique name in the project: lab and slug.
    pub id: String,
    /// The lab.
    pub lab: String,
    /// The submission whose files were used; absent if the lab's own files were used.
    pub submission: Option<String>,
    /// The feature file.
    pub feature: String,
    /// The scenario's line in the feature file.
    pub line: usize,
    /// The scenario's name.
    pub name: String,
    /// Its tags without `@`, including those of its feature and rule.
    pub tags: Vec<String>,
    /// The Kubernetes version that was requested for it; absent unless the run was asked for several versions.
    #[serde(default)]
    pub kubernetes: Option<String>,
    /// The verdict on the scenario.
    pub verdict: Verdict,
    /// The points that it is worth; 0 if it is not graded.
    pub points: u32,
    /// The points that it earned; absent if it is not graded, or `broken`.
    pub earned: Option<u32>,
    /// Whether its points are left out of the total, because an earlier mistake made it impossible and the lab is
    /// lenient there.
    pub excused: bool,
    /// Whether a learner sees only that the scenario exists.
    pub hidden: bool,
    /// The task of the lab that it belongs to.
    pub task: Option<String>,
    /// The hint for a learner who did not pass.
    pub hint: Option<String>,
    /// The namespace that labproof made for it.
    pub namespace: Option<String>,
    /// When it began, as RFC 3339; absent if it did not begin.
    pub started: Option<String>,
    /// The slot in which it ran, counted from 0; absent if it did not begin.
    #[serde(default)]
    pub slot: Option<usize>,
    /// How long it waited for a slot and for its claims, in milliseconds.
    pub queued_ms: u64,
    /// How long it ran, in milliseconds.
    pub duration_ms: u64,
    /// The differences from the document, such as a stand-in image.
    pub deviations: Vec<String>,
    /// What else to know about its verdict, such as what another version of Kubernetes gave.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Its steps.
    pub steps: Vec<StepReport>,
    /// What it did before its first command; only during the run.
    #[serde(skip)]
    pub opening: Opening,
}

/// The steps of a scenario up to its first command, that one included, without their keywords.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// Those that passed.
    pub passed: Vec<String>,
    /// The one at which the scenario failed, if it failed there.
    pub failed: Option<String>,
}

/// One step.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct StepReport {
    /// The keyword and the sentence.
    pub text: String,
    /// The line in the feature file.
    pub line: usize,
    /// The verdict on the step.
    pub verdict: Verdict,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// What its last command printed, at most 16 KiB of it, if the step passed.
    #[serde(default)]
    pub printed: Option<String>,
    /// The reason why it did not pass.
    pub reason: Option<String>,
    /// What to do next.
    pub hint: Option<String>,
    /// The earlier mistake that made it impossible.
    pub blocked_by: Option<String>,
    /// What was observed, such as events and logs.
    pub evidence: Vec<Evidence>,
    /// The text that was seen instead of the expected one; only during the run.
    #[serde(skip)]
    pub instead: Option<Box<Instead>>,
    /// What would be right in the document; only during the run.
    #[serde(skip)]
    pub corrections: Vec<Correction>,
}

impl Summary {
    /// Counts verdicts and points.
    #[must_use]
    pub fn of(scenarios: &[ScenarioReport]) -> Self {
        let mut summary = Self { earned: Some(0), ..Self::default() };
        for scenario in scenarios {
            *match scenario.verdict {
                Verdict::Passed => &mut summary.passed,
                Verdict::Failed => &mut summary.failed,
                Verdict::Refused => &mut summary.refused,
                Verdict::Broken => &mut summary.broken,
                Verdict::Skipped => &mut summary.skipped,
            } += 1;
            if scenario.points > 0 && !scenario.excused {
                summary.points += scenario.points;
                summary.earned = summary.earned.zip(scenario.earned).map(|(sum, earned)| sum + earned);
            }
        }
        if summary.points == 0 {
            summary.earned = None;
        }
        summary
    }
}

impl ScenarioReport {
    /// Whether it neither passed nor was skipped.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        !matches!(self.verdict, Verdict::Passed | Verdict::Skipped)
    }

    /// The step that decided the verdict, if one did.
    #[must_use]
    pub fn culprit(&self) -> Option<&StepReport> {
        self.steps
            .iter()
            .find(|step| !matches!(step.verdict, Verdict::Passed | Verdict::Skipped) || step.reason.is_some())
    }
}
