//! Goes through the lines, and knows which line may be where.

use super::super::SheetProblem;
use super::super::keywords::{Heading, Keywords, Lead};
use super::super::scan::{Item, LineKind};
use super::{Examples, Row, ScannedSheet, ScannedStep, TextBlock, Title};

#[derive(Clone, Copy, PartialEq)]
pub(super) enum State {
    Start,
    /// Below `Feature:` or `Rule:`, where any text is allowed.
    Description,
    Block,
    Examples,
    /// Below a reported line: everything is ignored up to the next heading.
    Lost,
}

pub(super) struct Builder<'k> {
    pub(super) keywords: &'k Keywords,
    pub(super) draft: ScannedSheet,
    pub(super) problems: Vec<SheetProblem>,
    pub(super) state: State,
    /// The line of the tags that belong to the next heading.
    tags: Option<usize>,
    names: Vec<String>,
    /// Whether the last line was a reported text, to which the following lines belong.
    pub(super) stray: bool,
    /// The index of the first block of this feature or rule.
    section: usize,
}

impl<'k> Builder<'k> {
    pub(super) fn new(keywords: &'k Keywords, problems: Vec<SheetProblem>) -> Self {
        let (draft, state) = (ScannedSheet::default(), State::Start);
        Self { keywords, draft, problems, state, tags: None, names: Vec::new(), stray: false, section: 0 }
    }

    pub(super) fn add(&mut self, item: Item<'_>) {
        let Item { line, kind } = item;
        if !matches!(kind, LineKind::Tags(_) | LineKind::Heading(..)) {
            self.no_tags();
        }
        match kind {
            LineKind::Tags(names) => {
                self.tags = self.tags.or(Some(line));
                self.names.extend(names);
            }
            LineKind::Heading(heading, name) => self.heading(line, heading, name),
            LineKind::Step(lead, words) => self.step(line, lead, words),
            LineKind::Row(cells) => self.row(Row { line, cells }),
            LineKind::Block(text) => self.text_block(line, text),
            LineKind::Text(text) => self.text(line, text),
        }
    }

    pub(super) fn finish(&mut self) {
        self.no_tags();
        if self.state == State::Start {
            self.no_feature(1);
        }
    }

    pub(super) fn problem(&mut self, line: usize, message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(SheetProblem::new(line, message, hint));
    }

    fn no_tags(&mut self) {
        if let Some(line) = self.tags.take() {
            self.names.clear();
            let hint = "put tags directly above Feature, Rule, Scenario or Examples";
            self.problem(line, "these tags belong to nothing", hint);
        }
    }

    pub(super) fn no_feature(&mut self, line: usize) {
        let hint = "put a line \"Feature: \" with the lab's name above everything but comments and tags";
        self.problem(line, "the file does not begin with \"Feature:\"", hint);
        self.state = State::Lost;
    }

    pub(super) fn heading(&mut self, line: usize, heading: Heading, name: &str) {
        if self.state == State::Start && heading != Heading::Feature {
            self.no_feature(line);
        }
        self.stray = false;
        match heading {
            Heading::Background => self.no_tags(),
            _ => self.tags = None,
        }
        let tags = std::mem::take(&mut self.names);
        let title = Title { line, name: name.to_owned(), tags, description: Vec::new() };
        match heading {
            Heading::Feature => self.feature(title),
            Heading::Rule => {
                self.draft.rules.push(title);
                self.section = self.draft.blocks.len();
                self.state = State::Description;
            }
            Heading::Examples => self.examples(title),
            Heading::Background => self.background(title),
            Heading::Scenario | Heading::Outline => self.block(heading, title),
        }
    }

    fn feature(&mut self, title: Title) {
        self.state = State::Description;
        if self.draft.feature.is_some() {
            let hint = "put each feature in a file of its own";
            self.problem(title.line, "a second \"Feature:\" in one file", hint);
        } else {
            self.draft.feature = Some(title);
        }
    }

    fn background(&mut self, title: Title) {
        match self.draft.blocks.get(self.section).map(|block| block.kind) {
            None => {}
            Some(Heading::Background) => {
                self.problem(title.line, "a second \"Background:\"", "join it with the first one");
            }
            Some(_) => {
                self.problem(title.line, "a \"Background:\" after a scenario", "move it above the first scenario");
            }
        }
        self.block(Heading::Background, title);
    }

    fn block(&mut self, kind: Heading, title: Title) {
        let (steps, examples) = (Vec::new(), Vec::new());
        let rule = self.draft.rules.len().checked_sub(1);
        self.draft.blocks.push(TextBlock { kind, title, rule, steps, examples, damaged: false });
        self.state = State::Block;
    }

    fn examples(&mut self, title: Title) {
        let line = title.line;
        let inside = matches!(self.state, State::Block | State::Examples);
        match self.draft.blocks.last_mut().filter(|block| inside && block.kind != Heading::Background) {
            Some(block) => {
                block.examples.push(Examples { title, rows: Vec::new() });
                self.state = State::Examples;
            }
            None if self.state == State::Lost => {}
            None => {
                self.problem(line, "examples that belong to no scenario", "put them below the steps of a scenario");
                self.state = State::Lost;
            }
        }
    }

    pub(super) fn step(&mut self, line: usize, lead: Lead, words: &str) {
        if self.state != State::Block && self.is_description() {
            return self.describe(line, format!("{} {words}", lead.word()));
        }
        self.stray = false;
        match self.state {
            State::Start => self.no_feature(line),
            State::Examples => {
                self.problem(line, "a step after the examples", "move it above \"Examples:\"");
                self.state = State::Lost;
            }
            State::Lost | State::Description => {}
            State::Block => self.push_step(line, lead, words),
        }
    }

    /// Whether a text line is part of a description here: below a heading, and before anything else below it.
    pub(super) fn is_description(&self) -> bool {
        let block = self.draft.blocks.last();
        match self.state {
            State::Description => true,
            State::Block => !self.stray && block.is_some_and(|block| block.steps.is_empty()),
            State::Examples => {
                block.and_then(|block| block.examples.last()).is_some_and(|examples| examples.rows.is_empty())
            }
            State::Start | State::Lost => false,
        }
    }

    /// Adds a line to its description.
    pub(super) fn describe(&mut self, line: usize, text: String) {
        self.draft.prose.push((line, text.clone()));
        let ScannedSheet { feature, rules, blocks, .. } = &mut self.draft;
        let title = match self.state {
            State::Block => blocks.last_mut().map(|block| &mut block.title),
            State::Examples => {
                blocks.last_mut().and_then(|block| block.examples.last_mut()).map(|examples| &mut examples.title)
            }
            _ => rules.last_mut().or(feature.as_mut()),
        };
        if let Some(title) = title {
            title.description.push(text);
        }
    }

    fn push_step(&mut self, line: usize, lead: Lead, words: &str) {
        if let Some(block) = self.draft.blocks.last_mut() {
            let words = words.to_owned();
            block.steps.push(ScannedStep { line, lead, words, text: None, rows: Vec::new() });
        }
    }

    fn row(&mut self, row: Row) {
        let line = row.line;
        match self.state {
            State::Start => self.no_feature(line),
            State::Description | State::Lost => {}
            State::Examples => {
                let block = self.draft.blocks.last_mut();
                if let Some(examples) = block.and_then(|block| block.examples.last_mut()) {
                    examples.rows.push(row);
                }
            }
            State::Block if self.stray => {}
            State::Block => match self.draft.blocks.last_mut().and_then(|block| block.steps.last_mut()) {
                None => self.orphan(line, "a table"),
                Some(step) => {
                    let clash = step.text.is_some() && step.rows.is_empty();
                    step.rows.push(row);
                    if clash {
                        self.both(line);
                    }
                }
            },
        }
    }

    fn text_block(&mut self, line: usize, text: String) {
        match self.state {
            State::Start => self.no_feature(line),
            State::Lost => {}
            State::Block if self.stray => {}
            State::Description => self.described_block(line, &text),
            State::Examples => self.orphan(line, "a text block"),
            State::Block => match self.draft.blocks.last_mut().and_then(|block| block.steps.last_mut()) {
                None => self.orphan(line, "a text block"),
                Some(step) if step.text.is_some() => {
                    self.problem(line, "a second text block at one step", "give it a step of its own");
                }
                Some(step) if !step.rows.is_empty() => self.both(line),
                Some(step) => step.text = Some((line, text)),
            },
        }
    }

    /// A text block beneath `Feature:` or `Rule:` is part of the description. Gherkin knows no blocks there and reads the lines
    /// one by one, so none of them may begin something.
    fn described_block(&mut self, line: usize, text: &str) {
        let lines = || (line + 1..).zip(text.lines().map(str::trim));
        let begins =
            |(number, text): &(usize, &str)| text.starts_with('@') || self.keywords.read(*number, text).is_some();
        if let Some((number, text)) = lines().find(begins) {
            let hint = "there are no text blocks in descriptions: begin the line with another word, or put # before it";
            return self.problem(number, format!("in a description, \"{text}\" is read as a line of Gherkin"), hint);
        }
        let quotes = (line, "\"\"\"");
        let end = (line + text.lines().count() + 1, quotes.1);
        for (number, text) in [quotes].into_iter().chain(lines()).chain([end]) {
            self.describe(number, text.to_owned());
        }
    }

    fn orphan(&mut self, line: usize, what: &str) {
        self.problem(line, format!("{what} that belongs to no step"), "put it directly below the step that uses it");
        self.stray = true;
    }

    fn both(&mut self, line: usize) {
        let hint = "give one of them a step of its own";
        self.problem(line, "a text block and a table at one step", hint);
    }
}
