//! One mistake costs once: scenarios that fail at the same step of their preparation fail because of the same mistake.
//!
//! Only steps up to the first `When` are compared: after it, the same words may be about something else. Of the scenarios
//! that share a mistake, one that is not `@lenient` is lost for it, and the others name that one.

use super::ScenarioReport;
use crate::verdict::Verdict;

/// The tag of a scenario whose points do not count when an earlier mistake made it impossible.
const LENIENT: &str = "lenient";

/// Names the shared mistake in the scenarios of a submission, and excuses those that are lenient.
pub fn settle(scenarios: &mut [ScenarioReport], submission: &str) {
    let lost: Vec<Lost> = scenarios.iter().enumerate().filter_map(|scenario| Lost::of(scenario, submission)).collect();
    for one in &lost {
        let scenario = &mut scenarios[one.place];
        let Some(cause) = lost.iter().find(|other| other.causes(one)) else { continue };
        if let Some(step) = scenario.steps.iter_mut().find(|step| step.verdict != Verdict::Passed) {
            step.blocked_by.get_or_insert_with(|| cause.words.clone());
        }
        scenario.excused |= one.is_lenient;
    }
}

/// A graded scenario that failed while it was prepared.
struct Lost {
    place: usize,
    lab: String,
    step: String,
    is_lenient: bool,
    /// How it is named as the cause of others.
    words: String,
}

impl Lost {
    fn of((place, scenario): (usize, &ScenarioReport), submission: &str) -> Option<Self> {
        let is_lost = matches!(scenario.verdict, Verdict::Failed | Verdict::Refused);
        if !is_lost || scenario.points == 0 || scenario.submission.as_deref() != Some(submission) {
            return None;
        }
        let name = if scenario.hidden { "a hidden check".to_owned() } else { format!("\"{}\"", scenario.name) };
        let words = format!("{name}, which fails at the same step");
        Some(Self {
            place,
            lab: scenario.lab.clone(),
            step: scenario.unprepared.clone()?,
            is_lenient: scenario.tags.iter().any(|tag| tag == LENIENT),
            words,
        })
    }

    /// Whether this one is lost for the mistake that made `other` impossible, too.
    fn causes(&self, other: &Self) -> bool {
        let is_before = self.place < other.place || other.is_lenient && self.place != other.place;
        !self.is_lenient && is_before && (&self.lab, &self.step) == (&other.lab, &other.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::StepReport;

    fn lost(name: &str, tags: &[&str]) -> ScenarioReport {
        let step = StepReport { verdict: Verdict::Refused, ..StepReport::default() };
        ScenarioReport {
            name: name.into(),
            submission: Some("ana".into()),
            verdict: Verdict::Refused,
            points: 1,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            unprepared: Some("\"pod.yaml\" is applied".into()),
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
            ScenarioReport { unprepared: Some("\"other.yaml\" is applied".into()), ..lenient() },
            ScenarioReport { unprepared: None, ..lenient() },
            ScenarioReport { lab: "other".into(), ..lenient() },
            ScenarioReport { submission: Some("bob".into()), ..lenient() },
            ScenarioReport { verdict: Verdict::Broken, ..lenient() },
        ];
        for other in others {
            assert_eq!(settled(vec![lost("one", &[]), other.clone()])[1], (false, None), "{other:?}");
        }
    }

    #[test]
    fn the_name_of_a_hidden_scenario_stays_hidden() {
        let hidden = ScenarioReport { hidden: true, ..lost("one", &[]) };
        let (_, blocked_by) = settled(vec![hidden, lost("two", &["lenient"])]).remove(1);
        assert_eq!(blocked_by.as_deref(), Some("a hidden check, which fails at the same step"));
    }
}
