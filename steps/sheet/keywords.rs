//! The words with which a line can begin, and what a misspelt one was meant to be.
//!
//! It contains only English words; for other languages it uses what the parser found. It does not know where a keyword
//! may be.

use std::collections::HashMap;

use super::spelling::distance;

/// A keyword followed by a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heading {
    Feature,
    Rule,
    Background,
    Scenario,
    Outline,
    Examples,
}

/// A keyword of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    Given,
    When,
    Then,
    And,
    But,
    Star,
}

impl Lead {
    /// The English word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Given => "Given",
            Self::When => "When",
            Self::Then => "Then",
            Self::And => "And",
            Self::But => "But",
            Self::Star => "*",
        }
    }
}

/// The keyword at the beginning of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    Heading(Heading),
    Step(Lead),
}

const HEADINGS: [(&str, Heading); 11] = [
    ("Feature", Heading::Feature),
    ("Business Need", Heading::Feature),
    ("Ability", Heading::Feature),
    ("Rule", Heading::Rule),
    ("Background", Heading::Background),
    ("Scenario", Heading::Scenario),
    ("Example", Heading::Scenario),
    ("Scenario Outline", Heading::Outline),
    ("Scenario Template", Heading::Outline),
    ("Examples", Heading::Examples),
    ("Scenarios", Heading::Examples),
];

const LEADS: [(&str, Lead); 6] = [
    ("Given", Lead::Given),
    ("When", Lead::When),
    ("Then", Lead::Then),
    ("And", Lead::And),
    ("But", Lead::But),
    ("*", Lead::Star),
];

/// How to distinguish keywords from text.
pub(super) enum Keywords {
    English,
    /// The keywords that the parser found, by line, as they were written.
    Found(HashMap<usize, (Keyword, String)>),
}

impl Keywords {
    /// No keywords; this is enough to find the ends of text blocks and tables.
    pub(super) fn none() -> Self {
        Self::Found(HashMap::new())
    }

    /// The keywords of a file in another language.
    pub(super) fn found_in(feature: &gherkin::Feature) -> Self {
        let mut found = HashMap::new();
        note(&mut found, feature.position, Heading::Feature, &feature.keyword);
        note_block(&mut found, feature.background.as_ref(), &feature.scenarios);
        for rule in &feature.rules {
            note(&mut found, rule.position, Heading::Rule, &rule.keyword);
            note_block(&mut found, rule.background.as_ref(), &rule.scenarios);
        }
        Self::Found(found)
    }

    /// The keyword with which a line (without its indentation) begins, and the text after it.
    pub(super) fn read<'a>(&self, number: usize, line: &'a str) -> Option<(Keyword, &'a str)> {
        match self {
            Self::English => heading(line).or_else(|| lead(line)),
            Self::Found(found) => {
                let (keyword, word) = found.get(&number)?;
                let rest = line.strip_prefix(word.as_str())?;
                let rest = match keyword {
                    Keyword::Heading(_) => rest.strip_prefix(':')?,
                    Keyword::Step(_) => rest,
                };
                Some((*keyword, words(rest)))
            }
        }
    }

    /// What a text line was probably meant to be.
    pub(super) fn guess(&self, line: &str) -> Option<Guess> {
        match self {
            Self::English => guess_heading(line).or_else(|| guess_lead(line)),
            Self::Found(_) => None,
        }
    }
}

fn note(found: &mut HashMap<usize, (Keyword, String)>, position: gherkin::LineCol, heading: Heading, word: &str) {
    found.insert(position.line, (Keyword::Heading(heading), word.to_owned()));
}

fn note_block(
    found: &mut HashMap<usize, (Keyword, String)>,
    background: Option<&gherkin::Background>,
    scenarios: &[gherkin::Scenario],
) {
    if let Some(background) = background {
        note(found, background.position, Heading::Background, &background.keyword);
        note_steps(found, &background.steps);
    }
    for scenario in scenarios {
        note(found, scenario.position, Heading::Scenario, &scenario.keyword);
        note_steps(found, &scenario.steps);
        for examples in &scenario.examples {
            note(found, examples.position, Heading::Examples, &examples.keyword);
        }
    }
}

fn note_steps(found: &mut HashMap<usize, (Keyword, String)>, steps: &[gherkin::Step]) {
    for step in steps {
        let lead = match step.ty {
            _ if step.keyword.starts_with('*') => Lead::Star,
            gherkin::StepType::Given => Lead::Given,
            gherkin::StepType::When => Lead::When,
            gherkin::StepType::Then => Lead::Then,
        };
        found.insert(step.position.line, (Keyword::Step(lead), step.keyword.clone()));
    }
}

/// The text without the characters around it that the parser treats as blank.
fn words(rest: &str) -> &str {
    rest.trim()
}

fn heading(line: &str) -> Option<(Keyword, &str)> {
    HEADINGS.iter().find_map(|(word, heading)| {
        let rest = line.strip_prefix(word)?.strip_prefix(':')?;
        Some((Keyword::Heading(*heading), words(rest)))
    })
}

fn lead(line: &str) -> Option<(Keyword, &str)> {
    LEADS.iter().find_map(|(word, lead)| {
        let rest = line.strip_prefix(word)?;
        (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| (Keyword::Step(*lead), words(rest)))
    })
}

/// The keyword that a line was probably meant to begin with.
pub(super) struct Guess {
    /// What the author wrote.
    pub(super) wrote: String,
    /// The keyword as it should be written, with its colon.
    pub(super) meant: String,
    pub(super) keyword: Keyword,
    /// The number of different letters; 0 if only the case, the colon or the space is wrong.
    pub(super) apart: usize,
}

fn guess_heading(line: &str) -> Option<Guess> {
    let Some((head, _)) = line.split_once(':') else {
        return colonless(line);
    };
    let near = HEADINGS.iter().map(|(word, heading)| (distance(head.trim(), word), word, heading));
    let (apart, word, heading) = near.min_by_key(|(apart, ..)| *apart)?;
    (apart <= word.len() / 3).then(|| Guess {
        wrote: format!("{head}:"),
        meant: format!("{word}:"),
        keyword: Keyword::Heading(*heading),
        apart,
    })
}

/// Recognizes `Scenario A Pod`, without the colon.
fn colonless(line: &str) -> Option<Guess> {
    let (word, heading) = HEADINGS.iter().rev().find(|(word, _)| {
        let rest = line.strip_prefix(word);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    })?;
    Some(Guess { wrote: (*word).to_owned(), meant: format!("{word}:"), keyword: Keyword::Heading(*heading), apart: 0 })
}

fn guess_lead(line: &str) -> Option<Guess> {
    let first = line.split([' ', '\t']).next()?;
    let words = LEADS.iter().filter(|(word, _)| word.len() > 1);
    let near = words.map(|(word, lead)| (lead_distance(first, word), word, lead));
    let (apart, word, lead) = near.min_by_key(|(apart, ..)| *apart)?;
    (apart <= if word.len() > 4 { 2 } else { 1 }).then(|| Guess {
        wrote: first.to_owned(),
        meant: (*word).to_owned(),
        keyword: Keyword::Step(*lead),
        apart,
    })
}

/// `GivenI` has distance 0 from `Given`. `Put` is not taken for `But`, although only one letter differs.
fn lead_distance(first: &str, word: &str) -> usize {
    let initial = |text: &str| text.chars().next().map(|letter| letter.to_ascii_lowercase());
    match first.strip_prefix(word) {
        Some(rest) if !rest.starts_with(|letter: char| letter.is_ascii_lowercase()) => 0,
        Some(_) if word.len() > 3 => 0,
        _ if word.len() == 3 && initial(first) != initial(word) => usize::MAX,
        _ => distance(first, word),
    }
}
