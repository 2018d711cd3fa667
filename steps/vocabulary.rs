//! The sentences that labs are written in, grouped by Kubernetes noun.
//!
//! Each sentence is a row of its module's table: the expression with typed parameters, the function, what it uses, its
//! facts, an example, and its meaning. `labproof steps` prints these tables; `check` and the runner read the facts. The
//! function of a sentence only unpacks the arguments and calls an action or a condition.

mod argument;
mod clusters;
mod commands;
mod connections;
pub(crate) mod containers;
mod facts;
mod files;
mod images;
mod named;
mod namespaces;
mod nodes;
mod objects;
mod parameter;
mod places;
mod pods;
#[cfg(test)]
mod quoted;
pub mod reference;
mod repair;
mod rights;
mod runtime;
mod services;
mod sessions;
mod step;
mod tasks;
pub mod versions;
mod workloads;

use std::sync::OnceLock;

pub use argument::Arguments;
pub use facts::{Fact, Uses};
use futures::future::LocalBoxFuture;
pub use gherkin::StepType;
pub use parameter::{PARAMETERS, Parameter, ParameterKind};
pub use repair::{Repair, repair};
pub use step::{Match, Scenario, Sheet, Step, is_sentence, nearest};

use crate::{
    machine::claim::Claim,
    scene::Scene,
    verdict::{Fault, Outcome},
};

/// A sentence, which is one step definition.
#[derive(Debug)]
pub struct Sentence {
    /// Its keyword: `Given` prepares, `When` acts, `Then` judges.
    pub keyword: StepType,
    /// The sentence, with its typed parameters in braces.
    pub expression: &'static str,
    /// An example of a step.
    pub example: &'static str,
    /// What it does, and when it fails.
    pub meaning: &'static str,
    /// What it works on.
    pub uses: Uses,
    /// Its facts.
    pub facts: &'static [Fact],
    /// The function that runs it.
    pub body: Body,
    /// Converts the arguments to the types that the function takes, to find malformed ones before anything runs.
    pub validate: fn(&Arguments) -> Outcome,
    /// The name or port on this machine that it needs exclusively, computed from its arguments.
    pub claim: Option<fn(&Arguments) -> Option<Claim>>,
}

impl Sentence {
    /// The keyword as text.
    #[must_use]
    pub fn keyword(&self) -> &'static str {
        match self.keyword {
            StepType::Given => "Given",
            StepType::When => "When",
            StepType::Then => "Then",
        }
    }

    /// Whether a step of this kind may be this sentence. A wait may stand beneath each keyword.
    #[must_use]
    pub fn is_for(&self, kind: StepType) -> bool {
        self.keyword == kind || self.has(Fact::Waits) || kind == StepType::When && self.has(Fact::Acts)
    }

    /// The kinds of its parameters, in order.
    pub fn kinds(&self) -> impl Iterator<Item = ParameterKind> {
        let names = self.expression.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0));
        names.filter_map(|name| Some(PARAMETERS.iter().find(|parameter| parameter.name == name)?.kind))
    }

    /// Whether it has a parameter of this kind.
    #[must_use]
    pub fn takes(&self, kind: ParameterKind) -> bool {
        self.kinds().any(|of| of == kind)
    }

    /// Whether it takes the text below the step.
    #[must_use]
    pub fn takes_text(&self) -> bool {
        self.expression.ends_with(':')
    }
}

/// The function that runs a sentence.
pub type Body = for<'a> fn(&'a mut Scene, Arguments) -> LocalBoxFuture<'a, Outcome>;

/// A row of a table of sentences: the sentence, its function, what it uses and its facts, an example, its meaning and,
/// optionally, its claims.
///
/// The parameters in braces are those of `labproof steps`. The function gets them in their order, each as a `String`, a
/// number or a `Duration`; a step whose value does not convert to this type is refused before anything runs. `Cluster` means that it uses the cluster's API, `Terminal` that it types commands, `Machine` that
/// it uses anything else of this machine. [`Fact`] has the facts.
///
/// `sentence!(Given "the Pod {pod} runs from {file}" => runs_from(pod, file), Cluster [MakesPod], "an example", "what it means")`
#[macro_export]
macro_rules! sentence {
    (@claim) => { None };
    (@claim $claim:expr) => { Some($claim) };
    ($keyword:ident $expression:literal => $body:ident($($argument:ident),*), $uses:ident [$($fact:ident),*],
        $example:expr, $meaning:expr $(, claims $claim:expr)?) => {
        $crate::internal::vocabulary::Sentence {
            keyword: $crate::internal::vocabulary::StepType::$keyword,
            expression: $expression,
            example: $example,
            meaning: $meaning,
            uses: $crate::internal::vocabulary::Uses::$uses,
            facts: &[$($crate::internal::vocabulary::Fact::$fact),*],
            body: |scene, arguments| Box::pin(async move {
                #[allow(unused_mut, reason = "a sentence may take no arguments")]
                let mut arguments = arguments;
                $(let $argument = arguments.take()?;)*
                _ = arguments;
                $body(scene, $($argument),*).await
            }),
            validate: |arguments| {
                #[allow(unused_mut, reason = "a sentence may take no arguments")]
                let mut arguments = arguments.with_any_text();
                $(let $argument = arguments.take()?;)*
                _ = arguments;
                // It is not called: it gives the arguments the types of the function's parameters.
                _ = |scene| drop($body(scene, $($argument),*));
                Ok(())
            },
            claim: $crate::sentence!(@claim $($claim)?),
        }
    };
}
pub use crate::sentence;

/// The sentences about one noun.
pub struct Noun {
    /// The noun.
    pub title: &'static str,
    /// The sentences.
    pub sentences: &'static [Sentence],
    /// Whether all of them work on this machine.
    pub is_of_machine: bool,
}

impl Noun {
    const fn new(title: &'static str, sentences: &'static [Sentence]) -> Self {
        Self { title, sentences, is_of_machine: false }
    }

    const fn of_machine(title: &'static str, sentences: &'static [Sentence]) -> Self {
        Self { title, sentences, is_of_machine: true }
    }
}

static NOUNS: [Noun; 17] = [
    Noun::new("Commands", commands::SENTENCES),
    Noun::of_machine("Sessions", sessions::SENTENCES),
    Noun::of_machine("Files", files::SENTENCES),
    Noun::new("Images", images::SENTENCES),
    Noun::new("Pods", pods::SENTENCES),
    Noun::new("Containers of Pods", places::SENTENCES),
    Noun::new("Containers of Pods, seen from their node", runtime::SENTENCES),
    Noun::new("Deployments, Jobs and other objects that run Pods", workloads::SENTENCES),
    Noun::new("Objects of any kind", objects::SENTENCES),
    Noun::new("Rights", rights::SENTENCES),
    Noun::new("Services", services::SENTENCES),
    Noun::new("Connections", connections::SENTENCES),
    Noun::new("Nodes", nodes::SENTENCES),
    Noun::new("Namespaces", namespaces::SENTENCES),
    Noun::new("Tasks", tasks::SENTENCES),
    Noun::of_machine("Containers and ports of this machine", containers::SENTENCES),
    Noun::new("The cluster and the lab", clusters::SENTENCES),
];

/// The sentences of a course, which a program adds to those above.
static OWN: OnceLock<Noun> = OnceLock::new();

/// Adds the sentences of a course; once in a process, and before a sheet is read.
///
/// # Errors
/// `refused` if a sentence cannot be used: its expression is not valid, its facts contradict it, its example is not this
/// sentence, or the example is another sentence as well.
pub fn add(sentences: &'static [Sentence]) -> Outcome {
    if sentences.is_empty() {
        return Ok(());
    }
    sentences.iter().try_for_each(step::usable)?;
    let own = Noun::new("This course", sentences);
    OWN.set(own).map_err(|_| Fault::refused("the course has already added its sentences: add all of them at once"))
}

/// Whether a course has added sentences.
#[must_use]
pub fn has_own() -> bool {
    OWN.get().is_some()
}

/// All nouns, in the order of the documentation.
pub fn nouns() -> impl Iterator<Item = &'static Noun> {
    NOUNS.iter().chain(OWN.get())
}

/// All sentences, in the order of the documentation.
pub fn sentences() -> impl Iterator<Item = &'static Sentence> {
    nouns().flat_map(|noun| noun.sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_says_what_it_means() {
        for sentence in sentences() {
            assert!(sentence.meaning.ends_with('.'), "{}", sentence.expression);
        }
    }
}
