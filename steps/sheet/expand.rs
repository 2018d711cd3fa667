//! Creates the scenarios to run: adds the backgrounds, and creates one scenario for each row of examples.
//!
//! This is done here because cucumber's own expansion counts rows instead of lines. It checks nothing.

use gherkin::{Background, Feature, Step};

use super::draft::{self, ScannedSheet};
use super::keywords::Heading;
use super::{Scenario, placeholders};

/// All scenarios of a feature, in order.
pub(super) fn scenarios(feature: &Feature, draft: &ScannedSheet) -> Vec<Scenario> {
    let mut drafts = draft.blocks.iter().filter(|block| block.kind != Heading::Background);
    let around = Around { rule: None, tags: feature.tags.clone(), background: background(feature.background.as_ref()) };
    let mut all = around.scenarios(&feature.scenarios, &mut drafts);
    for rule in &feature.rules {
        all.extend(around.within(rule).scenarios(&rule.scenarios, &mut drafts));
    }
    all
}

/// What a scenario inherits from its feature and rule.
struct Around {
    rule: Option<String>,
    tags: Vec<String>,
    background: Vec<Step>,
}

impl Around {
    fn within(&self, rule: &gherkin::Rule) -> Self {
        let inner = background(rule.background.as_ref());
        Self {
            rule: Some(rule.name.clone()),
            tags: [&self.tags[..], &rule.tags].concat(),
            background: [&self.background[..], &inner].concat(),
        }
    }

    fn scenarios<'d>(
        &self,
        scenarios: &[gherkin::Scenario],
        drafts: &mut impl Iterator<Item = &'d draft::TextBlock>,
    ) -> Vec<Scenario> {
        scenarios.iter().zip(drafts).flat_map(|(scenario, draft)| self.rows(scenario, draft)).collect()
    }

    fn rows(&self, scenario: &gherkin::Scenario, draft: &draft::TextBlock) -> Vec<Scenario> {
        if scenario.examples.is_empty() {
            return vec![self.scenario(scenario, draft.title.line, &[], &Row::default())];
        }
        let examples = scenario.examples.iter().zip(&draft.examples);
        examples.flat_map(|(examples, draft)| self.table(scenario, &examples.tags, draft)).collect()
    }

    fn table(&self, scenario: &gherkin::Scenario, tags: &[String], draft: &draft::Examples) -> Vec<Scenario> {
        let Some((header, rows)) = draft.rows.split_first() else {
            return Vec::new();
        };
        let columns = header.cells.as_deref().unwrap_or_default();
        let row = |row: &draft::Row| {
            let cells = row.cells.as_deref().unwrap_or_default();
            self.scenario(scenario, row.line, tags, &Row { columns, cells })
        };
        rows.iter().map(row).collect()
    }

    fn scenario(&self, scenario: &gherkin::Scenario, line: usize, tags: &[String], row: &Row<'_>) -> Scenario {
        let own = scenario.steps.iter().map(|step| row.step(step));
        Scenario {
            name: row.fill(&scenario.name),
            description: row.fill(scenario.description.as_deref().unwrap_or_default()),
            line,
            rule: self.rule.clone(),
            tags: once_each([&self.tags[..], &scenario.tags, tags].concat()),
            steps: self.background.iter().cloned().chain(own).collect(),
            background: self.background.len(),
        }
    }
}

/// The values of placeholders; empty for a plain scenario.
#[derive(Default)]
struct Row<'a> {
    columns: &'a [String],
    cells: &'a [String],
}

impl Row<'_> {
    fn fill(&self, text: &str) -> String {
        placeholders::fill(text, self.columns, self.cells)
    }

    fn step(&self, step: &Step) -> Step {
        let mut filled = step.clone();
        let cells = filled.table.iter_mut().flat_map(|table| table.rows.iter_mut().flatten());
        for text in [&mut filled.value].into_iter().chain(&mut filled.docstring).chain(cells) {
            *text = self.fill(text);
        }
        filled
    }
}

fn background(background: Option<&Background>) -> Vec<Step> {
    background.map(|background| background.steps.clone()).unwrap_or_default()
}

fn once_each(tags: Vec<String>) -> Vec<String> {
    let mut unique = Vec::new();
    for tag in tags {
        if !unique.contains(&tag) {
            unique.push(tag);
        }
    }
    unique
}
