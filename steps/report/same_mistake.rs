//! One mistake costs once: scenarios that fail at the same step of their preparation fail because of the same mistake.
//! The same if one of them passes that step and fails later: a container that ends soon is ready for a moment.
//!
//! Only steps up to the first `When` are compared: after it, the same words may be about something else. Of the scenarios
//! that share a mistake, one that is not `@lenient` is lost for it, and the others name that one.

use super::{Opening, ScenarioReport};
use crate::verdict::Verdict;

/// The tag of a scenario whose points do not count when an earlier mistake made it impossible.
const LENIENT: &str = "lenient";

/// Names the shared mistake in the scenarios of a submission, and excuses those that are lenient.
pub fn settle(scenarios: &mut [ScenarioReport], submission: &str) {
    let lost: Vec<Lost> = scenarios.iter().enumerate().filter_map(|scenario| Lost::of(scenario, submission)).collect();
    for one in &lost {
        let scenario = &mut scenarios[one.index];
        let Some(cause) = lost.iter().find(|other| other.causes(one)) else { continue };
        if let Some(step) = scenario.steps.iter_mut().find(|step| step.verdict != Verdict::Passed) {
            step.blocked_by.get_or_insert_with(|| cause.named(one));
        }
        scenario.excused |= one.is_lenient;
    }
}

/// A graded scenario that failed.
struct Lost {
    index: usize,
    lab: String,
    opening: Opening,
    is_lenient: bool,
    /// How it is named as the cause of others.
    name: String,
}

impl Lost {
    fn of((index, scenario): (usize, &ScenarioReport), submission: &str) -> Option<Self> {
        let is_lost = matches!(scenario.verdict, Verdict::Failed | Verdict::Refused);
        if !is_lost || scenario.points == 0 || scenario.submission.as_deref() != Some(submission) {
            return None;
        }
        let name = if scenario.hidden { "a hidden check".to_owned() } else { format!("\"{}\"", scenario.name) };
        Some(Self {
            index,
            lab: scenario.lab.clone(),
            opening: scenario.opening.clone(),
            is_lenient: scenario.tags.iter().any(|tag| tag == LENIENT),
            name,
        })
    }

    /// Whether this one is lost for the mistake that made `other` impossible, too.
    fn causes(&self, other: &Self) -> bool {
        let is_before = self.index < other.index || other.is_lenient && self.index != other.index;
        !self.is_lenient && is_before && self.lab == other.lab && (self.fails_like(other) || self.fails_later(other))
    }

    /// Whether both fail at the same step.
    fn fails_like(&self, other: &Self) -> bool {
        other.opening.failed.is_some() && self.opening.failed == other.opening.failed
    }

    /// Whether this one passed the step at which `other` fails, after doing all that `other` did before.
    fn fails_later(&self, other: &Self) -> bool {
        let Opening { passed, failed: Some(failed) } = &other.opening else { return false };
        passed.iter().chain([failed]).all(|step| self.opening.passed.contains(step))
    }

    /// What to say of this one where it makes `other` impossible.
    fn named(&self, other: &Self) -> String {
        let how = if self.fails_like(other) {
            "which fails at the same step"
        } else {
            "which begins the same way and fails later"
        };
        format!("{}, {how}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::StepReport;

    fn failed(step: &str) -> Opening {
        Opening { passed: Vec::new(), failed: Some(step.into()) }
    }

    fn lost(name: &str, tags: &[&str]) -> ScenarioReport {
        let step = StepReport { verdict: Verdict::Refused, ..StepReport::default() };
        ScenarioReport {
            name: name.into(),
            submission: Some("ana".into()),
            verdict: Verdict::Refused,
            points: 1,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            opening: failed("\"pod.yaml\" is applied"),
            steps: vec![step],
            ..ScenarioReport::default()
        }
    }

    /// Which are excused, and what blocked them.
    fn settled(mut scenarios: Vec<ScenarioReport>) -> Vec<(bool, Option<String>)> {
        settle(&mut scenarios, "ana");
        scenarios.iter().map(|scenario| (scenario.excused, scenario.steps[0].blocked_by.clone())).collect()
    }

    #[test]
    fn a_mistake_is_lost_once_and_named_in_the_others() {
        let by_one = Some("\"one\", which fails at the same step".to_owned());
        let scenarios =
            vec![lost("zero", &["lenient"]), lost("one", &[]), lost("two", &["lenient"]), lost("three", &[])];
        assert_eq!(
            settled(scenarios),
            [(true, by_one.clone()), (false, None), (true, by_one.clone()), (false, by_one)]
        );
    }

    #[test]
    fn nothing_is_excused_where_every_scenario_is_lenient() {
        let scenarios = vec![lost("one", &["lenient"]), lost("two", &["lenient"])];
        assert_eq!(settled(scenarios), [(false, None), (false, None)]);
    }

    #[test]
    fn another_step_another_lab_and_another_submission_are_other_mistakes() {
        let lenient = || lost("two", &["lenient"]);
        let others = [
            ScenarioReport { opening: failed("\"other.yaml\" is applied"), ..lenient() },
            ScenarioReport { opening: Opening::default(), ..lenient() },
            ScenarioReport { lab: "other".into(), ..lenient() },
            ScenarioReport { submission: Some("bob".into()), ..lenient() },
            ScenarioReport { verdict: Verdict::Broken, ..lenient() },
        ];
        for other in others {
            assert_eq!(settled(vec![lost("one", &[]), other.clone()])[1], (false, None), "{other:?}");
        }
    }

    #[test]
    fn a_container_that_is_ready_for_a_moment_is_one_mistake_wherever_it_is_noticed() {
        let opening = |passed: &[&str], failed: Option<&str>| Opening {
            passed: passed.iter().map(|step| (*step).to_owned()).collect(),
            failed: failed.map(str::to_owned),
        };
        let later = ScenarioReport { opening: opening(&["applied", "ready"], None), ..lost("one", &[]) };
        let excused = |passed: &[&str], failed: Option<&str>| {
            let earlier = ScenarioReport { opening: opening(passed, failed), ..lost("two", &["lenient"]) };
            settled(vec![later.clone(), earlier]).remove(1)
        };
        let by_one = Some("\"one\", which begins the same way and fails later".to_owned());
        assert_eq!(excused(&["applied"], Some("ready")), (true, by_one));
        assert_eq!(excused(&["applied", "also applied"], Some("ready")), (false, None));
        assert_eq!(excused(&["applied"], Some("in time")), (false, None));
        assert_eq!(excused(&["applied", "ready"], None), (false, None));
    }

    #[test]
    fn the_name_of_a_hidden_scenario_stays_hidden() {
        let hidden = ScenarioReport { hidden: true, ..lost("one", &[]) };
        let (_, blocked_by) = settled(vec![hidden, lost("two", &["lenient"])]).remove(1);
        assert_eq!(blocked_by.as_deref(), Some("a hidden check, which fails at the same step"));
    }
}
