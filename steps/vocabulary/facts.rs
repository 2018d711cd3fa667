//! The facts about sentences. Code that treats sentences differently asks for a fact, and never searches a sentence's
//! words, because words change.

use super::{ParameterKind, Sentence};
use crate::cluster::abilities::Ability;

/// What a sentence works on. Every row must state it, because it decides which sentences scenarios with points may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uses {
    /// The cluster, through its API.
    Cluster,
    /// The engine, within the limits for untrusted files: builds of images, scripts of tasks.
    Engine,
    /// The scenario's terminal, which runs only the commands in the sheet.
    Terminal,
    /// Files, ports, programs or containers of this machine.
    Machine,
    /// Only the scenario itself.
    Nothing,
}

/// A fact about a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// It only reads objects of the cluster, and needs no earlier step, so it can be used on a learner's own cluster.
    Reads,
    /// It waits for what it says, and begins with `within`. Beneath Given and When, it waits for what the next step needs.
    Waits,
    /// It makes objects as a learner would, so that it may also stand beneath When.
    Acts,
    /// It runs a command that must succeed.
    EndsWell,
    /// It runs a command, and this step or the next one checks how the command ends.
    Runs,
    /// It runs a command that may fail, so the next step must check how the command ends.
    Attempts,
    /// It judges the last command.
    JudgesCommand,
    /// It expects that the last command failed.
    WantsFailure,
    /// It opens a session.
    OpensSession,
    /// It needs an open session.
    NeedsSession,
    /// It ends the session, whose program then counts as the last command.
    EndsSession,
    /// It keeps what a named wildcard matches, as in `[IP:server]`.
    Keeps,
    /// Its image must be one that the lab builds.
    NamesBuild,
    /// Its manifest creates its Pod.
    MakesPod,
    /// It creates the cluster that it names.
    MakesCluster,
    /// It creates its Pod from an image and a command that no learner chooses.
    MakesOwnPod,
    /// It runs a program inside a container.
    RunsInside,
    /// It needs a cluster that provides volumes.
    NeedsVolumes,
    /// It needs a cluster that enforces network policies.
    NeedsNetworkPolicies,
}

impl Sentence {
    /// Whether the sentence has this fact.
    #[must_use]
    pub fn has(&self, fact: Fact) -> bool {
        self.facts.contains(&fact)
    }

    /// The ability that the cluster needs for it.
    #[must_use]
    pub fn needs(&self) -> Option<Ability> {
        self.facts.iter().find_map(|fact| match fact {
            Fact::NeedsVolumes => Some(Ability::Volumes),
            Fact::NeedsNetworkPolicies => Some(Ability::NetworkPolicies),
            _ => None,
        })
    }

    /// Why a scenario with points cannot use this sentence; `None` if it can.
    #[must_use]
    pub fn unfit_for_points(&self) -> Option<&'static str> {
        if self.claim.is_some() {
            Some("needs something of this machine or of the cluster for itself")
        } else if self.uses == Uses::Machine {
            Some("would use a learner's files on this machine")
        } else {
            None
        }
    }

    /// What in its row contradicts something else there, and what to write; `None` if nothing does.
    #[must_use]
    pub fn contradiction(&self) -> Option<&'static str> {
        const OF_MACHINE: [ParameterKind; 6] = [
            ParameterKind::File,
            ParameterKind::Folder,
            ParameterKind::Port,
            ParameterKind::Container,
            ParameterKind::Line,
            ParameterKind::Key,
        ];
        const TYPES: [Fact; 5] = [Fact::EndsWell, Fact::Runs, Fact::Attempts, Fact::JudgesCommand, Fact::OpensSession];
        let takes_any = |kinds: &[ParameterKind]| kinds.iter().any(|kind| self.takes(*kind));
        let is_of_terminal = matches!(self.uses, Uses::Terminal | Uses::Machine);
        let expects_text =
            takes_any(&[ParameterKind::Text, ParameterKind::Expected, ParameterKind::Value]) || self.takes_text();
        let makes_pod = takes_any(&[ParameterKind::Manifest]) && takes_any(&[ParameterKind::Pod]);
        let rules = [
            (
                self.has(Fact::Waits) == self.expression.starts_with("within "),
                "it must have the fact Waits if it begins with `within`, and only then",
            ),
            (
                self.uses == Uses::Machine || !takes_any(&OF_MACHINE),
                "one of its parameters names something of this machine, so it must use Machine",
            ),
            (
                is_of_terminal || !TYPES.iter().any(|fact| self.has(*fact)),
                "its facts say that it types a command, so it must use Terminal or Machine",
            ),
            (
                self.uses == Uses::Cluster && self.claim.is_none() || !self.has(Fact::Reads),
                "it has the fact Reads, so it must use Cluster and claim nothing",
            ),
            (expects_text || !self.has(Fact::Keeps), "it has the fact Keeps, so it must take an expected text"),
            (
                takes_any(&[ParameterKind::Image]) || !self.has(Fact::NamesBuild),
                "it has the fact NamesBuild, so it must take an image",
            ),
            (
                makes_pod == self.has(Fact::MakesPod),
                "it must have the fact MakesPod if it takes a Pod and a manifest, and only then",
            ),
        ];
        rules.into_iter().find_map(|(holds, rule)| (!holds).then_some(rule))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    use crate::{
        scene::Scene,
        verdict::Outcome,
        vocabulary::{StepType, nouns, sentence, sentences},
    };

    /// The sentences that scenarios with points cannot use. The test keeps the list complete.
    const UNFIT: [&str; 20] = [
        "I open a session with {command}",
        "I type {line}",
        "I press {key}",
        "within {duration} the session shows {text}",
        "within {duration} the session shows:",
        "within {duration} the session ends",
        "the lab's files are in the folder {folder}",
        "the file {file} holds:",
        "the file {file} is the lab's own",
        "I work in the empty namespace {namespace}",
        "I work in the new namespace {namespace}",
        "no namespace is called {namespace}",
        "port {port} is free",
        "no container is called {container}",
        "a container of the image {image}",
        "a container of the image {image} with the arguments {arguments}",
        "within {duration} its port {port} answers {text}",
        "the container {container} runs the image {image}",
        "within {duration} the container {container} is gone",
        "I work on a cluster of its own, called {cluster}",
    ];

    #[test]
    fn what_scenarios_with_points_cannot_say_is_listed() {
        let unfit = sentences().filter(|sentence| sentence.unfit_for_points().is_some());
        assert_eq!(unfit.map(|sentence| sentence.expression).collect::<Vec<_>>(), UNFIT);
    }

    #[test]
    fn no_sentence_contradicts_itself() {
        for sentence in sentences() {
            assert_eq!(sentence.contradiction(), None, "{}", sentence.expression);
            assert_eq!(sentence.takes_text(), sentence.example.contains("\"\"\""), "{}", sentence.expression);
        }
    }

    #[test]
    fn what_is_about_this_machine_uses_it() {
        for sentence in nouns().filter(|noun| noun.is_of_machine).flat_map(|noun| noun.sentences) {
            assert_eq!(sentence.uses, Uses::Machine, "{}", sentence.expression);
        }
    }

    #[test]
    fn a_row_that_contradicts_itself_is_found() {
        let row = |expression: &'static str, uses, facts| Sentence {
            expression,
            uses,
            facts,
            example: "",
            meaning: "",
            keyword: StepType::Then,
            body: |_, _| Box::pin(async { Ok(()) }),
            validate: |_| Ok(()),
            claim: None,
        };
        let cluster: [(&str, &[Fact]); 7] = [
            ("within {duration} it is so", &[Fact::Reads]),
            ("it is so", &[Fact::Waits]),
            ("port {port} is free", &[]),
            ("I run {command}", &[Fact::EndsWell]),
            ("it is so", &[Fact::Keeps]),
            ("it is so", &[Fact::NamesBuild]),
            ("the Pod {pod} runs from {manifest}", &[]),
        ];
        for (expression, facts) in cluster {
            assert!(row(expression, Uses::Cluster, facts).contradiction().is_some(), "{expression} {facts:?}");
        }
        assert!(row("it is so", Uses::Nothing, &[Fact::Reads]).contradiction().is_some());
        let claiming = Sentence { claim: Some(|_| None), ..row("it is so", Uses::Cluster, &[Fact::Reads]) };
        assert!(claiming.contradiction().is_some());
        assert_eq!(row("within {duration} it is so", Uses::Cluster, &[Fact::Waits, Fact::Reads]).contradiction(), None);
    }

    #[test]
    fn the_row_in_contributing_is_a_correct_one() {
        /// A value of the type that the sentence's function takes.
        async fn has_label(_: &mut Scene, _: Duration, _: String, _: String) -> Outcome {
            Ok(())
        }
        let row: Sentence = include!("../tests/contributing_row.txt");
        let page = include_str!("../../CONTRIBUTING.md").lines().map(str::trim).collect::<Vec<_>>().join("\n");
        let of_file =
            include_str!("../tests/contributing_row.txt").lines().map(str::trim).collect::<Vec<_>>().join("\n");
        assert!(page.contains(&of_file), "CONTRIBUTING.md should contain the text of steps/tests/contributing_row.txt");
        super::super::step::usable(&row).unwrap();
    }
}
