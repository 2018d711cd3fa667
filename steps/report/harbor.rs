//! A grade as Harbor's `reward.txt`: one number from 0 to 1, see <https://www.harborframework.com/docs/tasks>.
//!
//! Harbor has no way to say that there is no score. Without the file, it reports an error of the trial.

use super::{Report, learner::Grade};

/// The reward; `None` if there is no score.
#[must_use]
pub fn render(report: &Report) -> Option<String> {
    let grade = Grade::of(report);
    grade.earned.map(|earned| format!("{}\n", f64::from(earned) / f64::from(grade.points)))
}
