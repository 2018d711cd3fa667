//! Finds what is wrong with a step that matches no sentence.
//!
//! The words of the step are aligned with those of each similar sentence, so that as few as possible differ. From the best
//! alignment follows the step that was meant, or the value that a parameter does not accept.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;

use super::{Match, PARAMETERS, Parameter, Sentence, Step, step};
use crate::sheet::spelling;

/// What is wrong with a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Some words differ from the sentence: the whole step as it was meant.
    Words(String),
    /// A parameter of a sentence does not accept the value.
    Value {
        /// The value in the step.
        written: String,
        /// The parameter, with its braces.
        parameter: String,
        /// What it accepts.
        meaning: &'static str,
    },
}

/// How many words may differ.
const MOST: f32 = 2.0;

/// The cost of a word that makes it another sentence: too much.
const OTHER: f32 = 4.0;

/// How many tokens of a step one parameter may take, such as the four of `the container "web" of`.
const LONGEST: usize = 7;

/// Words without a meaning of their own: a sentence may have another one of them, or none. Any other word would make it another
/// sentence.
const SMALL: [&str; 22] = [
    "a", "an", "and", "are", "at", "be", "for", "from", "had", "has", "have", "in", "is", "of", "on", "that", "the",
    "to", "was", "were", "with", "within",
];

/// The words of these that a sentence may have although the step has no word for them.
const ARTICLES: [&str; 4] = ["a", "an", "of", "the"];

/// Finds what is wrong with a step, if little is.
#[must_use]
pub fn repair(written: &gherkin::Step) -> Option<Repair> {
    let tokens = tokens(&written.value);
    let aligned = |sentence: &'static Sentence| {
        let parts: Vec<Part> = sentence.expression.split(' ').map(Part::of).collect();
        let alignment = align(&parts, &tokens);
        let most = MOST.min(f32::from(u8::try_from(parts.len()).unwrap_or(u8::MAX)) / 3.0);
        let kind = if sentence.is_for(written.ty) { 0.0 } else { 0.3 };
        (alignment.cost <= most).then_some((alignment.cost + kind, sentence, alignment))
    };
    let mut found: Vec<_> = step::similar(written, 0.3).into_iter().filter_map(aligned).collect();
    found.sort_by(|(one, ..), (other, ..)| one.total_cmp(other));
    found.into_iter().take(3).find_map(|(_, sentence, alignment)| meant(written, sentence, alignment))
}

/// The step or value that an alignment stands for.
fn meant(written: &gherkin::Step, sentence: &Sentence, alignment: Alignment) -> Option<Repair> {
    if let Some((value, parameter)) = alignment.wrong {
        return Some(Repair::Value {
            written: value,
            parameter: format!("{{{}}}", parameter.name),
            meaning: parameter.meaning,
        });
    }
    let (ty, keyword) = if sentence.is_for(written.ty) {
        (written.ty, written.keyword.clone())
    } else {
        (sentence.keyword, format!("{} ", sentence.keyword()))
    };
    let value = alignment.words.join(" ");
    let corrected = Step::matched(gherkin::Step { ty, value: value.clone(), ..written.clone() });
    matches!(corrected.fits, Match::One(..)).then(|| Repair::Words(format!("{keyword}{value}")))
}

/// A part of a sentence: a word, with its other spellings, or a parameter.
enum Part {
    Word(Vec<String>),
    Parameter(&'static Parameter, &'static Regex),
}

impl Part {
    fn of(word: &str) -> Self {
        let name = word.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        if let Some((parameter, regex)) = name.and_then(|name| ANCHORED.get(name)) {
            return Self::Parameter(parameter, regex);
        }
        let spellings = word.split('/').flat_map(|word| match word.split_once("(s)") {
            Some((one, rest)) => vec![format!("{one}{rest}"), format!("{one}s{rest}")],
            None => vec![word.to_owned()],
        });
        Self::Word(spellings.collect())
    }
}

/// Each parameter by its name, with its regular expression for a whole text.
static ANCHORED: LazyLock<HashMap<&str, (&Parameter, Regex)>> = LazyLock::new(|| {
    let anchored = |parameter: &'static Parameter| {
        let regex = Regex::new(&format!("^(?:{})$", parameter.expression)).ok()?;
        Some((parameter.name, (parameter, regex)))
    };
    PARAMETERS.iter().filter_map(anchored).collect()
});

/// The words of a step; text in quotes is one word.
fn tokens(text: &str) -> Vec<String> {
    let (mut tokens, mut token, mut quoted, mut escaped) = (Vec::new(), String::new(), false, false);
    for letter in text.chars() {
        if letter.is_whitespace() && !quoted {
            tokens.extend((!token.is_empty()).then(|| std::mem::take(&mut token)));
            continue;
        }
        quoted ^= letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        token.push(letter);
    }
    tokens.extend((!token.is_empty()).then_some(token));
    tokens
}

/// The step that a sentence and a step agree on, and how much they differ.
#[derive(Clone, Default)]
struct Alignment {
    cost: f32,
    words: Vec<String>,
    wrong: Option<(String, &'static Parameter)>,
}

impl Alignment {
    /// The same with a token for which the sentence has no word.
    fn without(&self, token: &str) -> Self {
        self.and(if is_one_of(&SMALL, token) { 1.0 } else { OTHER }, None)
    }

    fn and(&self, cost: f32, word: Option<String>) -> Self {
        let mut longer = self.clone();
        longer.cost += cost;
        longer.words.extend(word);
        longer
    }
}

/// Aligns the parts of a sentence with the tokens of a step.
fn align(parts: &[Part], tokens: &[String]) -> Alignment {
    // The best alignment of the parts so far with the first tokens, by their number.
    let mut best: Vec<Alignment> = vec![Alignment::default()];
    for token in tokens {
        best.push(best[best.len() - 1].without(token));
    }
    for part in parts {
        let mut next: Vec<Alignment> = Vec::new();
        for end in 0..=tokens.len() {
            let mut ways = fits(part, &best, &tokens[..end]);
            ways.extend(end.checked_sub(1).map(|before| next[before].without(&tokens[before])));
            ways.sort_by(|one, other| one.cost.total_cmp(&other.cost));
            next.push(ways.swap_remove(0));
        }
        best = next;
    }
    best.pop().unwrap_or_default()
}

/// The ways in which a part may be aligned with the last of these tokens, or with none of them.
fn fits(part: &Part, before: &[Alignment], tokens: &[String]) -> Vec<Alignment> {
    let end = tokens.len();
    match part {
        Part::Word(spellings) => {
            let has_meaning = !spellings.iter().any(|word| is_one_of(&ARTICLES, word));
            let missing = before[end].and(if has_meaning { OTHER } else { 1.0 }, spellings.first().cloned());
            let with = tokens.last().map(|token| {
                let (cost, word) = closest(spellings, token);
                before[end - 1].and(cost, Some(word))
            });
            std::iter::once(missing).chain(with).collect()
        }
        Part::Parameter(parameter, regex) => {
            // A missing value cannot be guessed.
            let mut ways = vec![before[end].and(MOST * 2.0, None)];
            for start in end.saturating_sub(LONGEST)..end {
                let value = tokens[start..].join(" ");
                if regex.is_match(&value) {
                    ways.push(before[start].and(0.0, Some(value)));
                } else if end - start <= 2 && before[start].wrong.is_none() {
                    let wrong = Some((value.clone(), *parameter));
                    // Rather a value in the wrong place than a word that stands for another one.
                    ways.push(Alignment { wrong, ..before[start].and(0.9, Some(value)) });
                }
            }
            ways
        }
    }
}

/// The spelling that is most similar to a token, and how much they differ.
fn closest(spellings: &[String], token: &str) -> (f32, String) {
    let cost = |word: &String| {
        if word == token {
            return 0.0;
        }
        let apart = spelling::distance(word, token);
        match apart {
            0 => 0.1,
            _ if apart <= 1.max(word.len() / 3) => 0.5,
            _ if is_one_of(&SMALL, word) && is_one_of(&SMALL, token) => 1.0,
            _ => OTHER,
        }
    };
    let all = spellings.iter().map(|word| (cost(word), word.clone()));
    all.min_by(|(one, _): &(f32, _), (other, _)| one.total_cmp(other)).unwrap_or((OTHER, token.to_owned()))
}

fn is_one_of(words: &[&str], word: &str) -> bool {
    words.iter().any(|one| one.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use gherkin::StepType;

    use super::*;
    use crate::sheet;

    fn repaired(ty: StepType, value: &str) -> Option<Repair> {
        let sheet = sheet::read("Feature: f\n  Scenario: s\n    Then x\n").unwrap();
        let step = gherkin::Step { ty, value: value.into(), ..sheet.scenarios[0].steps[0].clone() };
        repair(&step)
    }

    #[test]
    fn a_step_with_wrong_words_is_written_as_it_was_meant() {
        let rolled = "Then within 60 seconds the Deployment \"web\" is rolled out";
        for wrong in [
            "within 60 seconds the Deployment \"web\" is roled out",
            "within 60 seconds the Deployment \"web\" is rolled out.",
            "within 60  seconds the Deployment \"web\" is rolled  out",
            "within 60 seconds Deployment \"web\" is rolled out",
            "within 60 seconds that the Deployment \"web\" is rolled out",
            "Within 60 seconds the Deployment \"web\" is rolled out",
            "in 60 seconds the Deployment \"web\" was rolled out",
        ] {
            assert_eq!(repaired(StepType::Then, wrong), Some(Repair::Words(rolled.into())), "{wrong}");
        }
    }

    #[test]
    fn a_value_that_a_parameter_does_not_accept_is_named() {
        for (step, value, name) in [
            ("within 0 seconds the Deployment \"web\" is rolled out", "0 seconds", "{duration}"),
            ("within 2 hours the Deployment \"web\" is rolled out", "2 hours", "{duration}"),
            ("within 1.5 minutes the Pod \"web\" is ready", "1.5 minutes", "{duration}"),
            ("within 60 seconds the service \"web\" is gone", "service", "{kind}"),
            ("within 60 seconds the Pod \"web\" is in the phase Ready", "Ready", "{phase}"),
            ("within 60 seconds the Deployment \"web\" has .spec.replicas 3", ".spec.replicas", "{field}"),
        ] {
            let Some(Repair::Value { written, parameter, .. }) = repaired(StepType::Then, step) else {
                panic!("{step}: {:?}", repaired(StepType::Then, step))
            };
            assert_eq!((&*written, &*parameter), (value, name), "{step}");
        }
    }

    #[test]
    fn a_word_with_another_meaning_is_not_put_in() {
        for step in [
            "the Pod \"db-1\" is ready",
            "the Pod \"shop-0\" cannot be evicted",
            "within 5 seconds the CronJob \"tick\" is suspended",
            "the Deployment \"web\" has spec.template.spec.containers[0].image \"web:1.0\"",
            "within 5 seconds the Pod \"hello\" resolves \"web\"",
            "the ServiceAccount \"a\" may never get pods",
        ] {
            assert!(!matches!(repaired(StepType::Then, step), Some(Repair::Words(_))), "{step}");
        }
        assert_eq!(repaired(StepType::When, "I apply \"hello.yaml\""), None);
    }

    #[test]
    fn another_kind_of_step_gets_its_keyword() {
        let meant = Some(Repair::Words("When I run \"date\"".into()));
        assert_eq!(repaired(StepType::Given, "I runs \"date\""), meant);
    }

    #[test]
    fn what_resembles_no_sentence_is_not_repaired() {
        for step in ["it rains", "the learner is happy with \"web\"", "x", ""] {
            assert_eq!(repaired(StepType::Then, step), None, "{step}");
        }
    }
}
