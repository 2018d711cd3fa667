//! A grade as Classroom 50's `result.json`, see `schemas/result-v1.schema.json` in `foundation50/classroom50`. Its
//! runner also requires whole numbers of points, and that the result names the same learner as the runner.
//!
//! If a check is broken, labproof must write no file and exit with an error. The runner then writes its own result,
//! which contains an error and no score.

use std::env;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    Report,
    learner::{Check, CheckResult, Grade, text},
};
use crate::verdict::{Fault, Outcome};

/// The identity of a result, from the runner's environment variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The classroom's short name (`CLASSROOM`).
    pub classroom: String,
    /// The assignment (`ASSIGNMENT`).
    pub assignment: String,
    /// `individual`, `group` or `team` (`ASSIGNMENT_TYPE`); `individual` if the variable is not set.
    pub assignment_type: String,
    /// The owner of the repository (`OWNER` or `USERNAME`).
    pub owner: String,
    /// The tag to grade (`SUBMISSION_TAG`).
    pub submission: String,
    /// The URL of the commit (`COMMIT_URL`).
    pub commit: String,
    /// The URL of the release (`RELEASE_URL`).
    pub release: String,
    /// The URL of all changes (`REVIEW_URL`); that of the commit if the variable is not set.
    pub review: String,
}

impl Identity {
    /// Reads the identity from the environment.
    ///
    /// # Errors
    /// If a variable is missing or empty.
    pub fn from_environment() -> Outcome<Self> {
        Self::from(|name| env::var(name).ok())
    }

    fn from(variable: impl Fn(&str) -> Option<String>) -> Outcome<Self> {
        let given = |name: &str| variable(name).filter(|value| !value.is_empty());
        let needed = |name: &str| {
            given(name).ok_or_else(|| {
                Fault::refused(format!("the environment variable {name} is not set"))
                    .hint("run `labproof grade` from Classroom 50's autograder, which sets it")
            })
        };
        let commit = needed("COMMIT_URL")?;
        Ok(Self {
            classroom: needed("CLASSROOM")?,
            assignment: needed("ASSIGNMENT")?,
            assignment_type: given("ASSIGNMENT_TYPE").unwrap_or_else(|| "individual".to_owned()),
            owner: given("OWNER").map_or_else(|| needed("USERNAME"), Ok)?,
            submission: needed("SUBMISSION_TAG")?,
            release: needed("RELEASE_URL")?,
            review: given("REVIEW_URL").unwrap_or_else(|| commit.clone()),
            commit,
        })
    }
}

/// The grade as `result.json`; `None` if it must not be written, because a check is broken or the report contains no
/// valid time.
#[must_use]
pub fn render(report: &Report, identity: &Identity) -> Option<String> {
    let grade = Grade::of(report);
    if grade.is_broken() {
        return None;
    }
    // The runner replaces `datetime` by the time of the commit, but it must be valid here too.
    let time = report.started.parse::<Timestamp>().ok()?.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    Some(text::json(&json!({
        "schema": "classroom50/result/v1",
        "classroom": identity.classroom,
        "assignment": identity.assignment,
        "assignment_type": identity.assignment_type,
        "owner": identity.owner,
        "submission": identity.submission,
        "commit": identity.commit,
        "release": identity.release,
        "review": identity.review,
        "datetime": time,
        "graded_at": time,
        "score": grade.earned.unwrap_or_default(),
        "max-score": grade.points,
        "tests": grade.checks.iter().map(test).collect::<Vec<_>>(),
    })))
}

fn test(check: &Check) -> Value {
    json!({
        "test-name": check.name,
        "passed": check.result == CheckResult::Passed,
        "score": check.earned.unwrap_or_default(),
        "max-score": check.points,
        "message": check.reason,
        "output": check.details,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str) -> Option<String> {
        (name != "OWNER" && name != "REVIEW_URL" && name != "ASSIGNMENT_TYPE").then(|| format!("the {name}"))
    }

    #[test]
    fn the_environment_tells_whose_result_it_is() {
        let identity = Identity::from(variable).unwrap();
        assert_eq!(identity.owner, "the USERNAME");
        assert_eq!(identity.review, "the COMMIT_URL");
        assert_eq!(identity.assignment_type, "individual");
        let all = Identity::from(|name| Some(name.to_owned())).unwrap();
        assert_eq!(
            (all.owner.as_str(), all.review.as_str(), all.assignment_type.as_str()),
            ("OWNER", "REVIEW_URL", "ASSIGNMENT_TYPE")
        );
    }

    #[test]
    fn a_variable_that_is_missing_or_empty_is_named() {
        let without = Identity::from(|name| variable(name).filter(|_| name != "RELEASE_URL"));
        assert!(without.unwrap_err().reason.contains("RELEASE_URL"));
        let empty =
            Identity::from(|name| variable(name).map(|value| if name == "USERNAME" { String::new() } else { value }));
        assert!(empty.unwrap_err().reason.contains("USERNAME"));
    }
}
