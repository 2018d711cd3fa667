//! Lines without a keyword: they are allowed in descriptions; elsewhere, the keyword that was probably meant is
//! reported.

use super::super::keywords::{Guess, Heading, Keyword};
use super::super::scan::is_invisible;
use super::builder::{Builder, State};

/// Words that may begin a description although they resemble a keyword.
const WORDS: [&str; 31] = [
    "the", "than", "them", "they", "ten", "thin", "there", "these", "hen", "wheat", "give", "gives", "giver", "giving",
    "gave", "green", "even", "seven", "live", "five", "driven", "an", "any", "add", "aid", "ant", "bug", "bus", "buy",
    "bit", "bat",
];

impl Builder<'_> {
    pub(super) fn text(&mut self, line: usize, text: &str) {
        let visible = text.trim_start_matches(is_invisible);
        if visible.len() < text.len() {
            return self.invisible(line, text, visible);
        }
        match self.keywords.guess(text).filter(|guess| self.is_likely(guess)) {
            Some(guess) => self.misspelt(line, text, &guess),
            None => self.unknown(line, text),
        }
    }

    /// In a description, most words that resemble keywords are ordinary words.
    fn is_likely(&self, guess: &Guess) -> bool {
        let is_text = self.is_description();
        let Keyword::Heading(heading) = guess.keyword else {
            return match self.state {
                State::Block if is_text => {
                    self.is_first_line() && !WORDS.contains(&guess.wrote.to_lowercase().as_str())
                }
                State::Block | State::Examples => !is_text,
                _ => false,
            };
        };
        let initials = (guess.wrote.chars().next(), guess.meant.chars().next());
        let near = if initials.0 == initials.1 { 2 } else { 1 };
        match (self.state, heading) {
            (State::Description, Heading::Feature) => false,
            (State::Description | State::Lost, _) if !guess.wrote.ends_with(':') => false,
            (State::Block | State::Examples, _) if is_text => guess.wrote.ends_with(':') && guess.apart <= near,
            (State::Description, Heading::Rule) => guess.apart == 0,
            (State::Description | State::Lost, _) => guess.apart <= near,
            _ => true,
        }
    }

    fn is_first_line(&self) -> bool {
        self.draft.blocks.last().is_some_and(|block| block.title.description.is_empty())
    }

    fn misspelt(&mut self, line: usize, text: &str, guess: &Guess) {
        let Guess { wrote, meant, keyword, .. } = guess;
        let space = if wrote.starts_with(meant.as_str()) { ", followed by a space" } else { "" };
        let prose = if self.state == State::Description { " if it is text, begin it with another word" } else { "" };
        let hint = format!("did you mean \"{meant}\"{space}?{prose}");
        self.problem(line, format!("unknown keyword \"{wrote}\""), hint);
        let rest = text[wrote.len()..].trim();
        match *keyword {
            Keyword::Heading(heading) => self.heading(line, heading, rest),
            Keyword::Step(lead) => {
                let glued = if rest.is_empty() { wrote } else { rest };
                self.step(line, lead, glued);
            }
        }
    }

    fn unknown(&mut self, line: usize, text: &str) {
        match self.state {
            State::Start => self.no_feature(line),
            State::Lost => {}
            State::Description => self.describe(line, text.to_owned()),
            State::Block | State::Examples if self.stray => {}
            State::Block | State::Examples if self.is_description() => self.describe(line, text.to_owned()),
            State::Block | State::Examples => self.stray_text(line, text),
        }
    }

    fn stray_text(&mut self, line: usize, text: &str) {
        self.stray = true;
        let Some(block) = self.draft.blocks.last_mut() else {
            return;
        };
        block.damaged = true;
        let (message, hint) = if self.state == State::Examples {
            ("text after the rows of \"Examples:\"".to_owned(), "make it a comment with \"#\"")
        } else {
            let hint = "begin it with Given, When, Then, And or But, make it a comment with \"#\", \
                        or put it between two lines of \"\"\"";
            (format!("this line is not a step: \"{text}\""), hint)
        };
        self.problem(line, message, hint);
    }

    /// Reports invisible characters, which come with text copied from a web page or a word processor.
    fn invisible(&mut self, line: usize, text: &str, visible: &str) {
        let code = text.chars().next().map_or(0, u32::from);
        let message = format!("the line begins with an invisible character (U+{code:04X})");
        self.problem(line, message, "replace it with a space");
        match self.keywords.read(line, visible) {
            Some((Keyword::Heading(heading), name)) => self.heading(line, heading, name),
            Some((Keyword::Step(lead), words)) => self.step(line, lead, words),
            None if visible.is_empty() => {}
            None => self.text(line, visible),
        }
    }
}
