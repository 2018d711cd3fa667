//! The facts about sentences. Code that treats sentences differently asks for a fact, and never searches a sentence's
//! words, because words change.

use super::Sentence;
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{Kind, nouns, sentences};

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
    fn a_wait_begins_with_within() {
        for sentence in sentences() {
            let is_wait = sentence.expression.starts_with("within ");
            assert_eq!(sentence.has(Fact::Waits), is_wait, "{}", sentence.expression);
        }
    }

    #[test]
    fn what_names_something_of_this_machine_uses_it() {
        let of_machine = [Kind::File, Kind::Folder, Kind::Port, Kind::Container, Kind::Line, Kind::Key];
        for sentence in sentences().filter(|sentence| of_machine.iter().any(|kind| sentence.takes(*kind))) {
            assert_eq!(sentence.uses, Uses::Machine, "{}", sentence.expression);
        }
    }

    #[test]
    fn what_is_about_this_machine_uses_it() {
        let of_machine = ["Sessions", "Files", "Containers and ports of this machine"];
        for noun in nouns().filter(|noun| of_machine.contains(&noun.title)) {
            for sentence in noun.sentences {
                assert_eq!(sentence.uses, Uses::Machine, "{}", sentence.expression);
            }
        }
    }

    #[test]
    fn what_types_a_command_uses_the_terminal_or_this_machine() {
        let types = [Fact::EndsWell, Fact::Runs, Fact::Attempts, Fact::JudgesCommand, Fact::OpensSession];
        for sentence in sentences().filter(|sentence| types.iter().any(|fact| sentence.has(*fact))) {
            assert!(matches!(sentence.uses, Uses::Terminal | Uses::Machine), "{}", sentence.expression);
        }
    }

    #[test]
    fn what_only_reads_uses_the_cluster_and_claims_nothing() {
        for sentence in sentences().filter(|sentence| sentence.has(Fact::Reads)) {
            assert_eq!(sentence.uses, Uses::Cluster, "{}", sentence.expression);
            assert!(sentence.claim.is_none(), "{}", sentence.expression);
        }
    }

    #[test]
    fn a_fact_about_a_parameter_is_stated_where_there_is_one() {
        for sentence in sentences() {
            let texts = [Kind::Text, Kind::Expected, Kind::Value];
            let expected_text = texts.into_iter().any(|kind| sentence.takes(kind)) || sentence.takes_text();
            assert!(expected_text || !sentence.has(Fact::Keeps), "{}", sentence.expression);
            assert!(sentence.takes(Kind::Image) || !sentence.has(Fact::NamesBuild), "{}", sentence.expression);
            let makes = sentence.takes(Kind::Manifest) && sentence.takes(Kind::Pod);
            assert_eq!(makes, sentence.has(Fact::MakesPod), "{}", sentence.expression);
        }
    }
}
