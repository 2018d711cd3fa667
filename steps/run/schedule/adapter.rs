//! The input for cucumber: parsed features, one function for all steps, and a writer that writes nothing.

use cucumber::{Event, Parser, Writer, cli, event, gherkin::Feature, parser, step};
use futures::{future::LocalBoxFuture, stream};

use super::{CucumberState, Planned};
use crate::expression::regex;

/// The step function that cucumber finds. It is the same for every step, because the plan knows what each step matches.
pub(super) fn collection() -> step::Collection<CucumberState> {
    let any = regex("");
    step::Collection::new()
        .given(None, any.clone(), carry_out)
        .when(None, any.clone(), carry_out)
        .then(None, any, carry_out)
}

/// Called by cucumber for every step. If the step does not pass, an empty panic ends the scenario; the state already
/// contains its report entry.
fn carry_out(state: &mut CucumberState, _: step::Context) -> LocalBoxFuture<'_, ()> {
    Box::pin(async move {
        if !state.carry_out_next().await {
            std::panic::panic_any(());
        }
    })
}

/// A feature with a single scenario, because only the plan decides the order. Its line number is the scenario's index
/// in the plan.
pub(super) fn feature(index: usize, planned: &Planned) -> Feature {
    let mut feature = planned.source.as_ref().clone();
    let rules = std::mem::take(&mut feature.rules);
    let mut scenarios =
        std::mem::take(&mut feature.scenarios).into_iter().chain(rules.into_iter().flat_map(|rule| rule.scenarios));
    feature.background = None;
    // Any scenario of the feature serves as a template for ours.
    let Some(mut scenario) = scenarios.next() else { return feature };
    scenario.name.clone_from(&planned.scenario.name);
    scenario.steps = planned.scenario.steps.iter().map(|step| step.written.clone()).collect();
    scenario.examples = Vec::new();
    scenario.tags = Vec::new();
    scenario.position.line = index;
    feature.scenarios.push(scenario);
    feature
}

/// Parsed features, as a source for cucumber.
pub(super) struct InMemory;

impl Parser<Vec<Feature>> for InMemory {
    type Cli = cli::Empty;
    type Output = stream::Iter<std::vec::IntoIter<parser::Result<Feature>>>;

    fn parse(self, features: Vec<Feature>, _: cli::Empty) -> Self::Output {
        stream::iter(features.into_iter().map(Ok).collect::<Vec<_>>())
    }
}

/// Ignores cucumber's events, because the hooks report everything.
pub(super) struct Silent;

impl Writer<CucumberState> for Silent {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, _: parser::Result<Event<event::Cucumber<CucumberState>>>, _: &cli::Empty) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_found_whatever_it_says() {
        let text = "Feature: f\n  Scenario: s\n    Given the \"a\"\n    When I run:\n    Then no sentence fits\n";
        let sheet = crate::sheet::read(text).unwrap();
        for step in &sheet.scenarios[0].steps {
            assert!(matches!(collection().find(step), Ok(Some(_))), "{}", step.value);
        }
    }

    #[tokio::test]
    async fn each_call_takes_the_next_step_of_the_plan() {
        let text = "Feature: f\n  Scenario: s\n    When I run \"a\"\n    Then it prints \"b\"\n";
        let sheet = crate::sheet::read(text).unwrap().map_steps(crate::vocabulary::Step::matched);
        let mut state = CucumberState { ahead: sheet.scenarios[0].steps.clone().into(), ..CucumberState::default() };
        assert!(!state.carry_out_next().await && !state.carry_out_next().await && !state.carry_out_next().await);
        let said: Vec<&str> = state.steps.iter().map(|step| step.text.as_str()).collect();
        assert_eq!(said, ["When I run \"a\"", "Then it prints \"b\""]);
        assert!(state.steps.iter().all(|step| step.reason.as_deref() == Some("the scenario was not set up")));
    }
}
