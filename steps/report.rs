//! The report of a run: one set of types, rendered for people and for machines.
//!
//! The JSON form is the contract for everything downstream. Its schema, `docs/report.schema.json`, is generated from
//! these types; a test fails when it is stale.
//!
//! Another program reads a report from the JSON that `--report json=FILE` writes:
//!
//! ```
//! use labproof::{report::Report, verdict::Verdict};
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
mod graded;
pub mod gradescope;
pub mod json;
pub mod junit;
pub mod learner;
pub mod libtest;
pub mod matrix;
pub mod page;
pub mod points;
pub mod prairielearn;
pub mod terminal;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    images::catalogue::{Source, Used},
    verdict::{Evidence, Verdict},
};
pub use graded::{Graded, SubmissionReport};

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
    /// Whether the run came to its end, or that part of it which this report is about; where not, what did not run is
    /// `broken`.
    pub finished: bool,
    /// The cluster; absent where the run did not come so far.
    pub cluster: Option<ClusterReport>,
    /// The images that were used.
    pub images: Vec<Used>,
    /// Notes on the machine that the labs ran on, such as missing isolation.
    #[serde(default)]
    pub notes: Vec<String>,
    /// How many scenarios got which verdict, and what was earned.
    pub summary: Summary,
    /// Whose work was graded; absent where the labs' own files were used.
    pub submission: Option<SubmissionReport>,
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

/// How many scenarios got which verdict, and what was earned.
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
    /// Not run, for a reason that the report gives.
    pub skipped: usize,
    /// The points that could be earned.
    pub points: u32,
    /// The points that were; absent where a scenario with points is `broken`: no score is published then.
    pub earned: Option<u32>,
}

/// One scenario.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioReport {
    /// A name for it that is unique in the project: lab and slug.
    pub id: String,
    /// The lab.
    pub lab: String,
    /// The submission whose files were used; absent where they were the lab's own.
    pub submission: Option<String>,
    /// The feature file.
    pub feature: String,
    /// The line in it.
    pub line: usize,
    /// The scenario's name.
    pub name: String,
    /// Its tags, those of its feature and rule included, without `@`.
    pub tags: Vec<String>,
    /// The Kubernetes version that it ran on, as it was asked for; absent where the run was not asked for several.
    #[serde(default)]
    pub kubernetes: Option<String>,
    /// What is said of it.
    pub verdict: Verdict,
    /// The points that it is worth; 0 where it is not graded.
    pub points: u32,
    /// The points that it earned; absent where it is not graded, or `broken`.
    pub earned: Option<u32>,
    /// Whether its points do not count, since an earlier mistake made it impossible and the lab forgives that.
    pub excused: bool,
    /// Whether a learner sees only that the scenario exists.
    pub hidden: bool,
    /// The task of the lab that it belongs to.
    pub task: Option<String>,
    /// What a learner who did not pass reads.
    pub hint: Option<String>,
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
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
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

impl Report {
    /// The part of the report that is about one submission.
    #[must_use]
    pub fn about(&self, Graded { submission, image_prefix }: Graded) -> Self {
        let prefix = format!("{image_prefix}/");
        let is_about = |scenario: &&ScenarioReport| scenario.submission.as_ref() == Some(&submission.name);
        let scenarios: Vec<ScenarioReport> = self.scenarios.iter().filter(is_about).cloned().collect();
        let is_ours = |image: &&Used| image.source != Source::Built || image.name.starts_with(&prefix);
        Self {
            schema: self.schema.clone(),
            run: self.run.clone(),
            version: self.version.clone(),
            seed: self.seed,
            started: self.started.clone(),
            duration_ms: self.duration_ms,
            finished: scenarios.iter().all(|scenario| scenario.started.is_some()),
            cluster: self.cluster.clone(),
            images: self.images.iter().filter(is_ours).cloned().collect(),
            notes: self.notes.clone(),
            summary: Summary::of(&scenarios),
            submission: Some(submission),
            leftovers: self.leftovers.clone(),
            scenarios,
        }
    }
}

impl Report {
    /// This report and that of the run which followed it, on another version of Kubernetes, as one.
    #[must_use]
    pub fn followed_by(mut self, next: &Self) -> Self {
        self.duration_ms += next.duration_ms;
        self.finished &= next.finished;
        self.scenarios.extend(next.scenarios.iter().cloned());
        self.summary = Summary::of(&self.scenarios);
        add_new(&mut self.leftovers, &next.leftovers);
        add_new(&mut self.notes, &next.notes);
        add_new(&mut self.images, &next.images);
        if let (Some(cluster), Some(next)) = (&mut self.cluster, &next.cluster) {
            cluster.kubernetes += &format!(", {}", next.kubernetes);
        } else {
            self.cluster = self.cluster.or_else(|| next.cluster.clone());
        }
        self
    }
}

fn add_new<T: Clone + PartialEq>(to: &mut Vec<T>, from: &[T]) {
    for item in from {
        if !to.contains(item) {
            to.push(item.clone());
        }
    }
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

    /// The step that decided the verdict, where one did.
    #[must_use]
    pub fn culprit(&self) -> Option<&StepReport> {
        self.steps
            .iter()
            .find(|step| !matches!(step.verdict, Verdict::Passed | Verdict::Skipped) || step.reason.is_some())
    }
}
