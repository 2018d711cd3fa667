//! The sentences that labs are written in, by Kubernetes noun.
//!
//! Each sentence is a row of its module's table: the expression with typed parameters, the function that carries it
//! out, what it uses and the facts that are true of it, an example, and what it means. `labproof steps` prints these
//! tables; `check` and the runner ask for the facts. A sentence adapts: it takes its arguments apart and calls an action
//! or a condition.

#![expect(clippy::unused_async, reason = "a sentence is an async function, whether it has to wait or not")]

mod argument;
mod clusters;
mod commands;
mod containers;
mod facts;
mod files;
mod images;
mod namespaces;
mod parameter;
mod places;
mod pods;
pub mod reference;
mod services;
mod sessions;
mod tasks;
pub mod versions;

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

pub use argument::Arguments;
use cucumber_expressions::Expression;
pub use facts::{Fact, Uses};
use futures::future::LocalBoxFuture;
use gherkin::{Step, StepType};
pub use parameter::{Kind, PARAMETERS, Parameter};
use regex::Regex;

use crate::{machine::claim::Claim, scene::Scene, verdict::Outcome};

/// A sentence of the vocabulary.
pub struct Sentence {
    /// Where it stands: `Given` sets up, `When` acts, `Then` judges.
    pub keyword: StepType,
    /// The sentence, with its typed parameters in braces.
    pub expression: &'static str,
    /// The sentence as it may stand in a lab.
    pub example: &'static str,
    /// What it does, and when it does not pass.
    pub meaning: &'static str,
    /// What it works on.
    pub uses: Uses,
    /// What is true of it.
    pub facts: &'static [Fact],
    /// Carries it out.
    pub body: Body,
    /// What of the machine it needs for itself, from its arguments.
    pub claim: Option<fn(&Arguments) -> Option<Claim>>,
}

impl Sentence {
    /// The keyword as it is written.
    #[must_use]
    pub fn keyword(&self) -> &'static str {
        match self.keyword {
            StepType::Given => "Given",
            StepType::When => "When",
            StepType::Then => "Then",
        }
    }

    /// The kinds of its parameters, in their order.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        let names = self.expression.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0));
        names.filter_map(|name| Some(PARAMETERS.iter().find(|parameter| parameter.name == name)?.kind))
    }

    /// Whether it has a parameter of this kind.
    #[must_use]
    pub fn takes(&self, kind: Kind) -> bool {
        self.kinds().any(|of| of == kind)
    }

    /// Whether it takes the text beneath the step.
    #[must_use]
    pub fn takes_text(&self) -> bool {
        self.expression.ends_with(':')
    }
}

/// Carries a sentence out.
pub type Body = for<'a> fn(&'a mut Scene, Arguments) -> LocalBoxFuture<'a, Outcome>;

/// A row of a table of sentences: the sentence, its function, what it uses with the facts that are true of it, an example,
/// what it means, and what it claims, if it claims something.
///
/// `sentence!(Given "the Pod {pod} runs from {file}" => runs_from(pod, file), Cluster [MakesPod], "an example", "what it means")`
macro_rules! sentence {
    (@claim) => { None };
    (@claim $claim:expr) => { Some($claim) };
    ($keyword:ident $expression:literal => $body:ident($($argument:ident),*), $uses:ident [$($fact:ident),*],
        $example:expr, $meaning:expr $(, claims $claim:expr)?) => {
        $crate::vocabulary::Sentence {
            keyword: gherkin::StepType::$keyword,
            expression: $expression,
            example: $example,
            meaning: $meaning,
            uses: $crate::vocabulary::Uses::$uses,
            facts: &[$($crate::vocabulary::Fact::$fact),*],
            body: |scene, arguments| Box::pin(async move {
                #[allow(unused_mut, reason = "a sentence may take no arguments")]
                let mut arguments = arguments;
                $(let $argument = arguments.take()?;)*
                _ = arguments;
                $body(scene, $($argument),*).await
            }),
            claim: sentence!(@claim $($claim)?),
        }
    };
}
use sentence;

/// How a step fits the vocabulary.
pub enum Match {
    /// Exactly one sentence fits.
    One(&'static Sentence, Arguments),
    /// None fits.
    None,
    /// Several fit: a mistake in the vocabulary.
    Several(Vec<&'static str>),
}

struct Compiled {
    sentence: &'static Sentence,
    regex: Regex,
}

static SENTENCES: LazyLock<Vec<Compiled>> = LazyLock::new(|| {
    let sentences = NOUNS.iter().flat_map(|noun| noun.sentences);
    sentences.map(|sentence| Compiled { sentence, regex: compile(sentence.expression) }).collect()
});

/// The sentences about one thing.
pub struct Noun {
    /// What they are about.
    pub title: &'static str,
    /// The sentences.
    pub sentences: &'static [Sentence],
}

static NOUNS: [Noun; 11] = [
    Noun { title: "Commands", sentences: commands::SENTENCES },
    Noun { title: "Sessions", sentences: sessions::SENTENCES },
    Noun { title: "Files", sentences: files::SENTENCES },
    Noun { title: "Images", sentences: images::SENTENCES },
    Noun { title: "Pods", sentences: pods::SENTENCES },
    Noun { title: "Containers of Pods", sentences: places::SENTENCES },
    Noun { title: "Services", sentences: services::SENTENCES },
    Noun { title: "Namespaces", sentences: namespaces::SENTENCES },
    Noun { title: "Tasks", sentences: tasks::SENTENCES },
    Noun { title: "Containers and ports of this machine", sentences: containers::SENTENCES },
    Noun { title: "The cluster and the lab", sentences: clusters::SENTENCES },
];

/// What the sentences are about, in the order in which they are shown.
#[must_use]
pub fn nouns() -> &'static [Noun] {
    &NOUNS
}

/// All sentences, in the order in which they are shown.
pub fn sentences() -> impl Iterator<Item = &'static Sentence> {
    SENTENCES.iter().map(|compiled| compiled.sentence)
}

/// Each sentence with the expression that its steps match, for the runner.
pub fn expressions() -> impl Iterator<Item = (&'static Sentence, &'static Regex)> {
    SENTENCES.iter().map(|compiled| (compiled.sentence, &compiled.regex))
}

/// Finds the sentence of a step.
#[must_use]
pub fn find(step: &Step) -> Match {
    let mut found: Vec<(&Compiled, regex::Captures<'_>)> = SENTENCES
        .iter()
        .filter(|compiled| compiled.sentence.keyword == step.ty)
        .filter_map(|compiled| compiled.regex.captures(&step.value).map(|captures| (compiled, captures)))
        .collect();
    match found.pop() {
        None => Match::None,
        Some((compiled, captures)) if found.is_empty() => {
            Match::One(compiled.sentence, Arguments::new(compiled.sentence, &captures, step))
        }
        Some((last, _)) => Match::Several(
            found
                .iter()
                .map(|(compiled, _)| compiled)
                .chain([&last])
                .map(|compiled| compiled.sentence.expression)
                .collect(),
        ),
    }
}

/// Everything of the machine that these steps need for themselves.
#[must_use]
pub fn claims(steps: &[Step]) -> BTreeSet<Claim> {
    let claim = |step| match find(step) {
        Match::One(sentence, arguments) => sentence.claim.and_then(|claim| claim(&arguments)),
        _ => None,
    };
    steps.iter().filter_map(claim).collect()
}

/// The sentences nearest to a text, for "did you mean".
#[must_use]
pub fn nearest(step: &Step) -> Vec<&'static Sentence> {
    let closeness = |sentence: &Sentence| {
        let same = if sentence.keyword == step.ty { 0.2 } else { 0.0 };
        similar::TextDiff::from_words(sentence.example, step.value.as_str()).ratio() + same
    };
    let mut near: Vec<(f32, &Sentence)> =
        sentences().map(|sentence| (closeness(sentence), sentence)).filter(|(close, _)| *close > 0.6).collect();
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    near.into_iter().take(2).map(|(_, sentence)| sentence).collect()
}

/// The regular expression of a sentence, anchored at both ends.
#[expect(clippy::expect_used, reason = "the expressions are constants, and a test compiles each")]
fn compile(expression: &str) -> Regex {
    let parameters: HashMap<&str, &str> =
        PARAMETERS.iter().map(|parameter| (parameter.name, parameter.expression)).collect();
    Expression::regex_with_parameters(expression, &parameters).expect("a correct expression")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(sentence: &Sentence) -> Step {
        let mut step =
            gherkin::Feature::parse("Feature: f\n  Scenario: s\n    Given x\n", gherkin::GherkinEnv::default())
                .unwrap()
                .scenarios
                .remove(0)
                .steps
                .remove(0);
        step.ty = sentence.keyword;
        sentence.example.lines().next().unwrap().clone_into(&mut step.value);
        step
    }

    #[test]
    fn each_example_is_its_own_sentence_and_no_other() {
        for sentence in sentences() {
            match find(&step(sentence)) {
                Match::One(found, _) => assert_eq!(found.expression, sentence.expression),
                Match::None => {
                    panic!("the example of {:?} matches nothing: {:?}", sentence.expression, sentence.example)
                }
                Match::Several(several) => panic!("ambiguous: {several:?}"),
            }
        }
    }

    #[test]
    fn a_misspelt_step_is_told_what_was_meant() {
        let mut misspelt = step(sentences().find(|sentence| sentence.expression.contains("is ready")).unwrap());
        misspelt.value = "within 60 seconds the Pod \"hello\" is redy".into();
        assert!(matches!(find(&misspelt), Match::None));
        assert!(nearest(&misspelt)[0].expression.contains("is ready"));
    }

    #[test]
    fn a_sentence_that_ends_with_a_colon_takes_the_text_beneath_it() {
        for sentence in sentences() {
            assert_eq!(sentence.takes_text(), sentence.example.contains("\"\"\""), "{}", sentence.expression);
        }
    }

    #[test]
    fn every_sentence_says_what_it_means() {
        for sentence in sentences() {
            assert!(sentence.meaning.ends_with('.'), "{}", sentence.expression);
        }
    }
}
