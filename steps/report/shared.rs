//! Reasons that several scenarios share, such as an image that cannot be loaded. A report for people explains such a
//! reason once, and the other scenarios refer to the first one. Reports for programs keep the reason of each scenario.
//!
//! Only scenarios that were not judged are compared: those that fail alike may have different mistakes.

use std::collections::HashMap;

use super::ScenarioReport;
use crate::verdict::Verdict;

/// What scenarios have in common: the verdict, the reason, the hint, and what was seen.
type SharedCause<'a> = (Verdict, &'a str, Option<&'a str>, Vec<&'a str>);

/// The scenarios of a report that share a reason.
#[derive(Debug, Default)]
pub struct Shared<'a>(HashMap<SharedCause<'a>, Vec<&'a ScenarioReport>>);

impl<'a> Shared<'a> {
    /// Finds them.
    #[must_use]
    pub fn of(scenarios: &'a [ScenarioReport]) -> Self {
        let mut groups = Self::default();
        for scenario in scenarios {
            if let Some(cause) = cause(scenario) {
                groups.0.entry(cause).or_default().push(scenario);
            }
        }
        groups
    }

    /// The first scenario with the same reason, if it is another one: that one explains it.
    #[must_use]
    pub fn earlier<'b>(&'b self, scenario: &'b ScenarioReport) -> Option<&'b ScenarioReport> {
        let first = *self.like(scenario)?.first()?;
        (!std::ptr::eq(first, scenario)).then_some(first)
    }

    /// How many scenarios have the same reason, as a sentence; `None` if no other one does.
    #[must_use]
    pub fn count(&self, scenario: &ScenarioReport) -> Option<String> {
        let count = self.like(scenario)?.len();
        (count > 1).then(|| format!("{count} scenarios are {} for this reason", scenario.verdict))
    }

    fn like<'b>(&'b self, scenario: &'b ScenarioReport) -> Option<&'b Vec<&'b ScenarioReport>> {
        self.0.get(&cause(scenario)?)
    }
}

/// How a report names the scenario that explains a reason.
#[must_use]
pub fn name(scenario: &ScenarioReport) -> String {
    let version = scenario.kubernetes.as_ref().map_or_else(String::new, |version| format!(" on Kubernetes {version}"));
    format!("{}: {}{version}", scenario.lab, scenario.name)
}

fn cause(scenario: &ScenarioReport) -> Option<SharedCause<'_>> {
    if !matches!(scenario.verdict, Verdict::Broken | Verdict::Skipped) {
        return None;
    }
    let step = scenario.culprit()?;
    let seen = step.evidence.iter().map(|evidence| evidence.text.as_str()).collect();
    Some((scenario.verdict, step.reason.as_deref()?, step.hint.as_deref(), seen))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::StepReport;

    fn scenario(verdict: Verdict, reason: &str, hint: Option<&str>) -> ScenarioReport {
        let (reason, hint) = (Some(reason.to_owned()), hint.map(str::to_owned));
        let step = StepReport { verdict, reason, hint, ..StepReport::default() };
        ScenarioReport { verdict, steps: vec![step], ..ScenarioReport::default() }
    }

    #[test]
    fn the_first_scenario_explains_what_the_others_share() {
        let scenarios = [
            scenario(Verdict::Broken, "full", Some("make room")),
            scenario(Verdict::Broken, "full", Some("make room")),
            scenario(Verdict::Broken, "full", None),
            scenario(Verdict::Skipped, "full", Some("make room")),
        ];
        let shared = Shared::of(&scenarios);
        assert!(shared.earlier(&scenarios[1]).is_some_and(|first| std::ptr::eq(first, &raw const scenarios[0])));
        assert_eq!(shared.count(&scenarios[0]).as_deref(), Some("2 scenarios are broken for this reason"));
        for other in [0, 2, 3] {
            assert!(shared.earlier(&scenarios[other]).is_none(), "{other}");
        }
        assert_eq!((shared.count(&scenarios[2]), shared.count(&scenarios[3])), (None, None));
    }

    #[test]
    fn scenarios_that_fail_alike_are_explained_each() {
        let scenarios = [scenario(Verdict::Failed, "no", None), scenario(Verdict::Failed, "no", None)];
        let shared = Shared::of(&scenarios);
        assert!(shared.earlier(&scenarios[1]).is_none() && shared.count(&scenarios[0]).is_none());
    }
}
