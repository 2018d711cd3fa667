//! The attempts of a lab as solutions with known rewards.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    prove::{Attempt, ExpectedScore},
    run::plan::Planned,
};

/// A solution and the reward that it must get.
#[derive(Debug)]
pub struct Baseline {
    /// Its name.
    pub name: String,
    /// The files that are handed in.
    pub files: BTreeMap<String, Vec<u8>>,
    about: String,
    least: f64,
    most: f64,
}

impl Baseline {
    /// The attempt with its reward in a lab of these scenarios.
    pub fn of(attempt: Attempt, scenarios: &[Planned]) -> Self {
        let graded = scenarios.iter().map(|planned| Graded {
            name: &planned.scenario.name,
            worth: planned.grading.points,
            is_lenient: planned.grading.lenient,
        });
        let (least, most) = reward(&attempt.expected, &graded.collect::<Vec<_>>());
        let Attempt { submission, expected } = attempt;
        Self { name: submission.name, files: submission.files, about: expected.about, least, most }
    }
}

/// The list of attempts, as JSON.
pub fn table(baselines: &[Baseline]) -> String {
    let row = |baseline: &Baseline| {
        json!({
            "attempt": baseline.name,
            "about": baseline.about,
            "least-reward": baseline.least,
            "most-reward": baseline.most,
        })
    };
    format!("{:#}\n", baselines.iter().map(row).collect::<Value>())
}

/// A graded scenario.
struct Graded<'a> {
    name: &'a str,
    worth: u32,
    is_lenient: bool,
}

/// The least and the most that an attempt may get. They differ if a lenient scenario is lost, and `verdict.yaml` does not
/// say whether its points count. They do count if no other scenario, which is not lenient, is lost: an earlier mistake
/// costs the points of such a scenario.
fn reward(expected: &ExpectedScore, scenarios: &[Graded<'_>]) -> (f64, f64) {
    let is_lost = |of: &&Graded<'_>| expected.loses_everything || expected.loses.contains_key(of.name);
    let sum = |wanted: &dyn Fn(&&Graded<'_>) -> bool| scenarios.iter().filter(wanted).map(|of| of.worth).sum::<u32>();
    let earned = sum(&|of| !is_lost(of));
    let all = sum(&|_| true);
    let (least, most) = match &expected.excused {
        Some(excused) => {
            let counted = sum(&|of| !excused.contains(of.name));
            (counted, counted)
        }
        None if sum(&|of| is_lost(of) && !of.is_lenient) == 0 => (all, all),
        None => (all, sum(&|of| !(is_lost(of) && of.is_lenient))),
    };
    let part = |of: u32| if of == 0 { 0.0 } else { f64::from(earned) / f64::from(of) };
    (part(least), part(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENARIOS: [Graded<'_>; 3] = [
        Graded { name: "one", worth: 1, is_lenient: false },
        Graded { name: "two", worth: 2, is_lenient: true },
        Graded { name: "five", worth: 5, is_lenient: false },
    ];

    fn expected(yaml: &str) -> (f64, f64) {
        reward(&serde_yaml::from_str(&format!("about: a\n{yaml}")).unwrap(), &SCENARIOS)
    }

    #[test]
    fn the_reward_is_the_part_of_the_points_that_is_earned() {
        assert_eq!(expected(""), (1.0, 1.0));
        assert_eq!(expected("loses: {one: ''}"), (7.0 / 8.0, 7.0 / 8.0));
        assert_eq!(expected("loses-everything: true"), (0.0, 0.0));
        // No earlier mistake makes it impossible.
        assert_eq!(expected("loses: {two: ''}"), (6.0 / 8.0, 6.0 / 8.0));
        // Whether its points count is not said, or it is.
        assert_eq!(expected("loses: {one: '', two: ''}"), (5.0 / 8.0, 5.0 / 6.0));
        assert_eq!(expected("loses: {one: '', two: ''}\nexcused: [two]"), (5.0 / 6.0, 5.0 / 6.0));
        assert_eq!(expected("loses: {one: '', two: ''}\nexcused: []"), (5.0 / 8.0, 5.0 / 8.0));
    }
}
