//! Steps, each with the sentence that it matches.
//!
//! A step is matched once, when its sheet is read. `check`, the plan and the runner use the result.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use cucumber_expressions::Expression;
use gherkin::StepType;
use regex::{Captures, Regex};

use super::{Arguments, PARAMETERS, Sentence, sentences};
use crate::{
    expression::regex,
    machine::claim::Claim,
    sheet::{self, spelling::distance},
    verdict::{Fault, Outcome},
};

/// A step of a scenario, and the sentence that it matches.
#[derive(Clone, Debug)]
pub struct Step {
    /// The step as written in the sheet.
    pub written: gherkin::Step,
    /// What it matches.
    pub fits: Match,
}

/// A sheet whose steps have been matched.
pub type Sheet = sheet::Sheet<Step>;

/// A scenario whose steps have been matched.
pub type Scenario = sheet::Scenario<Step>;

/// How a step matches the vocabulary.
#[derive(Clone, Debug)]
pub enum Match {
    /// It matches exactly one sentence.
    One(&'static Sentence, Arguments),
    /// It matches exactly one sentence, but one of its values is malformed.
    Invalid(&'static Sentence, Fault),
    /// It matches no sentence.
    None,
    /// It matches several sentences, which is an error in the vocabulary.
    Several(Vec<&'static str>),
}

impl Step {
    /// Matches a step of a sheet.
    #[must_use]
    pub fn matched(written: gherkin::Step) -> Self {
        let fits = find(&written);
        Self { written, fits }
    }

    /// The sentence and its arguments, if exactly one sentence matches and the arguments are valid.
    #[must_use]
    pub fn sentence(&self) -> Option<(&'static Sentence, &Arguments)> {
        match &self.fits {
            Match::One(sentence, arguments) => Some((sentence, arguments)),
            Match::Invalid(..) | Match::None | Match::Several(_) => None,
        }
    }

    /// Whether it matches, and has the keyword of its sentence.
    fn is_of_its_kind(&self) -> bool {
        match &self.fits {
            Match::One(sentence, _) | Match::Invalid(sentence, _) => sentence.keyword == self.written.ty,
            Match::Several(_) => true,
            Match::None => false,
        }
    }

    /// Sets the text below the step, as if it were in the sheet.
    pub fn put_beneath(&mut self, text: String) {
        if let Match::One(_, arguments) = &mut self.fits {
            arguments.put_beneath(text.clone());
        }
        self.written.docstring = Some(text);
    }

    /// The name or port on this machine that the step needs exclusively.
    #[must_use]
    pub fn claim(&self) -> Option<Claim> {
        let (sentence, arguments) = self.sentence()?;
        sentence.claim.and_then(|claim| claim(arguments))
    }
}

impl Scenario {
    /// Gives each step that begins with `*` the kind of its sentence, because `*` does not say it. The steps that
    /// continue it get the same kind.
    pub fn settle_kinds(&mut self) {
        let mut before: Option<StepType> = None;
        for step in &mut self.steps {
            let keyword = step.written.keyword.trim().to_owned();
            let wanted = match keyword.as_str() {
                "*" => {
                    [Some(step.written.ty), before, Some(StepType::Given), Some(StepType::When), Some(StepType::Then)]
                }
                "And" | "But" => [before, None, None, None, None],
                _ => [None; 5],
            };
            let of = |ty| Step::matched(gherkin::Step { ty, ..step.written.clone() });
            let fitting = wanted.into_iter().flatten().map(of).find(Step::is_of_its_kind);
            if let Some(fitting) = fitting {
                *step = fitting;
            }
            before = match keyword.as_str() {
                "*" => Some(step.written.ty),
                "And" | "But" => before,
                _ => None,
            };
        }
    }

    /// All claims that its steps need.
    #[must_use]
    pub fn claims(&self) -> BTreeSet<Claim> {
        self.steps.iter().filter_map(Step::claim).collect()
    }
}

/// The sentences most similar to a step, for "did you mean".
#[must_use]
pub fn nearest(step: &gherkin::Step) -> Vec<&'static Sentence> {
    let said = telling_words(&step.value);
    let is_about = |sentence: &&Sentence| {
        let of_sentence = telling_words(sentence.expression);
        let is_near = |word: &String| of_sentence.iter().any(|other| distance(word, other) <= word.len() / 4);
        said.iter().any(is_near)
    };
    similar(step, 0.3).into_iter().filter(is_about).take(2).collect()
}

/// The words of a step or a sentence that say what it is about: no values, no parameters, no short words.
fn telling_words(text: &str) -> Vec<String> {
    static VALUE: LazyLock<Regex> = LazyLock::new(|| regex(r#""(?:[^"\\]|\\.)*"|\{\w+\}"#));
    let bare = VALUE.replace_all(text, " ").to_lowercase();
    let words = bare.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.len() > 3);
    let is_telling =
        |word: &&str| !["that", "with", "within", "from", "seconds", "have", "does", "cannot", "must"].contains(word);
    words.filter(is_telling).map(str::to_owned).collect()
}

/// The sentences that resemble a step more than `least`, the most similar first.
pub(super) fn similar(step: &gherkin::Step, least: f32) -> Vec<&'static Sentence> {
    let closeness = |sentence: &Sentence| {
        let same = if sentence.keyword == step.ty { 0.2 } else { 0.0 };
        // Short sentences resemble everything, so a sentence with quoted text is preferred for a step with quoted text.
        let quotes = if sentence.example.contains('"') == step.value.contains('"') { 0.0 } else { -0.2 };
        similar::TextDiff::from_words(sentence.example, step.value.as_str()).ratio() + same + quotes
    };
    let mut near: Vec<(f32, &Sentence)> =
        sentences().map(|sentence| (closeness(sentence), sentence)).filter(|(close, _)| *close > least).collect();
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    near.into_iter().map(|(_, sentence)| sentence).collect()
}

/// Whether a text matches a sentence, with any keyword.
#[must_use]
pub fn is_sentence(text: &str) -> bool {
    EXPRESSIONS.iter().any(|(_, regex)| regex.is_match(text))
}

/// Each sentence, with the regular expression for its steps.
static EXPRESSIONS: LazyLock<Vec<(&Sentence, Regex)>> =
    LazyLock::new(|| sentences().map(|sentence| (sentence, compile(sentence.expression))).collect());

fn find(step: &gherkin::Step) -> Match {
    let of_keyword = EXPRESSIONS.iter().filter(|(sentence, _)| sentence.is_for(step.ty));
    let mut found: Vec<(&'static Sentence, Captures<'_>)> =
        of_keyword.filter_map(|(sentence, regex)| Some((*sentence, regex.captures(&step.value)?))).collect();
    match found.pop() {
        None => Match::None,
        Some((sentence, captures)) if found.is_empty() => {
            let arguments = Arguments::new(sentence, &captures, step);
            match (sentence.validate)(&arguments) {
                Ok(()) => Match::One(sentence, arguments),
                Err(fault) => Match::Invalid(sentence, fault),
            }
        }
        Some(last) => Match::Several(found.iter().chain([&last]).map(|(sentence, _)| sentence.expression).collect()),
    }
}

/// Whether a sentence of a course can be used beside the others.
///
/// # Errors
/// `refused` if it cannot, with the reason.
pub(super) fn usable(sentence: &Sentence) -> Outcome {
    let wrong =
        |why: String| Err(Fault::refused(format!("the sentence \"{}\" cannot be used: {why}", sentence.expression)));
    let regex = match try_compile(sentence.expression) {
        Ok(regex) => regex,
        Err(why) => return wrong(why).map_err(|fault| fault.hint("`labproof steps` lists the parameters")),
    };
    let example = sentence.example.lines().next().unwrap_or_default();
    if !regex.is_match(example) {
        return wrong(format!("its example does not fit it: {example}"));
    }
    if sentence.takes_text() != sentence.example.contains("\"\"\"") {
        return wrong("a sentence that ends with a colon takes a text, and its example has one; no other does".into());
    }
    if let Some(why) = sentence.contradiction() {
        return wrong(why.into());
    }
    let others = sentences().filter(|other| other.keyword == sentence.keyword);
    match others.into_iter().find(|other| compile(other.expression).is_match(example)) {
        Some(other) => wrong(format!("its example also fits the sentence \"{}\"", other.expression)),
        None => Ok(()),
    }
}

/// The regular expression of a sentence, anchored at both ends.
#[expect(clippy::expect_used, reason = "the expressions are constants; a test or `usable` compiles each before")]
fn compile(expression: &str) -> Regex {
    try_compile(expression).expect("a correct expression")
}

fn try_compile(expression: &str) -> Result<Regex, String> {
    let parameters: HashMap<&str, &str> =
        PARAMETERS.iter().map(|parameter| (parameter.name, parameter.expression)).collect();
    Expression::regex_with_parameters(expression, &parameters).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{ParameterKind, argument::DocString};

    /// The step of an example, without the text below it.
    fn step(sentence: &Sentence, value: &str) -> gherkin::Step {
        let sheet = sheet::read("Feature: f\n  Scenario: s\n    Then x\n").unwrap();
        let mut step = sheet.scenarios[0].steps[0].clone();
        step.ty = sentence.keyword;
        value.clone_into(&mut step.value);
        step
    }

    #[test]
    fn each_example_is_its_own_sentence_and_no_other() {
        for sentence in sentences() {
            let example = sentence.example.lines().next().unwrap();
            match Step::matched(step(sentence, example)).fits {
                Match::One(found, _) => assert_eq!(found.expression, sentence.expression),
                Match::Invalid(_, fault) => panic!("the example of {:?}: {fault}", sentence.expression),
                Match::None => panic!("the example of {:?} matches nothing: {example:?}", sentence.expression),
                Match::Several(several) => panic!("ambiguous: {several:?}"),
            }
        }
    }

    #[test]
    fn a_wait_may_stand_beneath_each_keyword_and_a_judgement_may_not() {
        let kinds = [StepType::Given, StepType::When, StepType::Then];
        let fits = |value: &str| {
            let sheet = sheet::read("Feature: f\n  Scenario: s\n    Then x\n").unwrap();
            let written = gherkin::Step { value: value.to_owned(), ..sheet.scenarios[0].steps[0].clone() };
            kinds.map(|ty| Step::matched(gherkin::Step { ty, ..written.clone() }).sentence().is_some())
        };
        assert_eq!(fits("within 60 seconds the Deployment \"web\" is rolled out"), [true; 3]);
        assert_eq!(fits("it prints \"x\""), [false, false, true]);
        assert_eq!(fits("for 5 seconds there is no Pod \"x\""), [false, false, true]);
        assert_eq!(fits("I run \"x\""), [false, true, false]);
    }

    #[test]
    fn a_star_is_of_the_kind_of_its_sentence_and_what_continues_it_as_well() {
        let sheet = "Feature: f\n  Scenario: s\n    * I have run \"a\"\n    * I run \"a\"\n    * it prints \"x\"\n    And it prints \"y\"\n    * none\n";
        let mut scenario = sheet::read(sheet).unwrap().map_steps(Step::matched).scenarios.remove(0);
        scenario.settle_kinds();
        let kinds: Vec<StepType> = scenario.steps.iter().map(|step| step.written.ty).collect();
        assert_eq!(kinds[..4], [StepType::Given, StepType::When, StepType::Then, StepType::Then]);
        assert!(scenario.steps[..4].iter().all(|step| step.sentence().is_some()));
        assert!(scenario.steps[4].sentence().is_none());
    }

    #[test]
    fn a_step_with_a_malformed_value_is_invalid() {
        let of = |ty, value: &str| {
            let sheet = sheet::read("Feature: f\n  Scenario: s\n    Then x\n").unwrap();
            gherkin::Step { value: value.to_owned(), ty, ..sheet.scenarios[0].steps[0].clone() }
        };
        let given = of(StepType::Given, "port 99999 is free");
        let thens = [
            "within 60 seconds 70000 Pods labelled \"app=web\" are ready",
            "within 9999999999999999999999 seconds no Pods remain",
            "within 9 seconds the Pod \"a\" has metadata.generation 007",
            "within 9 seconds its port 70000 answers \"x\"",
            "the memory of the Pod \"a\" is limited to \"1.2.3Qx\"",
            "in the Pod \"a\" \"echo 'b\" prints \"b\"",
            "its exit status is 256",
        ];
        for step in thens.map(|then| of(StepType::Then, then)).into_iter().chain([given]) {
            let value = step.value.clone();
            assert!(matches!(Step::matched(step).fits, Match::Invalid(..)), "{value}");
        }
    }

    #[test]
    fn a_misspelt_step_gets_a_suggestion() {
        let ready = sentences().find(|sentence| sentence.expression.contains("is ready")).unwrap();
        let misspelt = step(ready, "within 60 seconds the Pod \"hello\" is redy");
        assert!(nearest(&misspelt)[0].expression.contains("is ready"));
        assert!(matches!(Step::matched(misspelt).fits, Match::None));
    }

    #[test]
    fn one_pod_is_spoken_of_as_one() {
        let labelled = sentences().find(|sentence| sentence.expression.contains("labelled")).unwrap();
        let one = Step::matched(step(labelled, "within 60 seconds 1 Pod labelled \"app=web\" is ready"));
        let (_, arguments) = one.sentence().unwrap();
        assert_eq!(arguments.of_kind(ParameterKind::Number).next(), Some("1"));
        assert_eq!(arguments.of_kind(ParameterKind::Label).next(), Some("app=web"));
    }

    #[test]
    fn a_text_that_is_put_beneath_a_step_is_meant_for_a_version_as_any_text_is() {
        let named = sentences().find(|sentence| sentence.takes(ParameterKind::Expected)).unwrap();
        let mut step = Step::matched(step(named, "it prints the file \"date.txt\""));
        step.put_beneath("[TIME]\n[from 1.35: new]".into());
        assert_eq!(step.written.docstring.as_deref(), Some("[TIME]\n[from 1.35: new]"));
        let meant = |version| {
            let mut arguments = step.sentence().unwrap().1.clone().meant_for(version);
            _ = arguments.take::<String>().unwrap();
            arguments.take::<DocString>().unwrap().0
        };
        assert_eq!((meant("v1.34.0"), meant("v1.35.0")), ("[TIME]".to_owned(), "[TIME]\nnew".to_owned()));
    }

    #[test]
    fn a_scenario_claims_what_its_steps_claim() {
        let sheet = "Feature: f\n  Scenario: s\n    Given port 3001 is free\n    And no container is called \"hello\"\n    Then it prints \"x\"\n";
        let scenario = sheet::read(sheet).unwrap().map_steps(Step::matched).scenarios.remove(0);
        assert_eq!(scenario.claims(), BTreeSet::from([Claim::Port(3001), Claim::Container("hello".into())]));
    }
}
