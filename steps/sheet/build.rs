//! Converts the draft of a sheet to the gherkin crate's types.
//!
//! Steps stay as written; `expand` adds the backgrounds and fills in outlines.

use gherkin::{Background, Examples, Feature, LineCol, Rule, Scenario, Span, StepType, Table};

use super::draft::{self, Row, ScannedSheet, TextBlock, Title};
use super::keywords::{Heading, Lead};

/// The feature of a draft without problems.
pub(super) fn feature(draft: &ScannedSheet) -> Feature {
    let none = Title::default();
    let title = draft.feature.as_ref().unwrap_or(&none);
    let (background, scenarios, kind) = section(draft, None, None);
    let rules = draft.rules.iter().enumerate().map(|(index, title)| rule(draft, index, title, kind)).collect();
    Feature {
        keyword: "Feature".into(),
        name: title.name.clone(),
        description: description(&title.description),
        background,
        scenarios,
        rules,
        tags: title.tags.clone(),
        span: Span::default(),
        position: at(title.line),
        path: None,
    }
}

fn rule(draft: &ScannedSheet, index: usize, title: &Title, kind: Option<StepType>) -> Rule {
    let (background, scenarios, _) = section(draft, Some(index), kind);
    Rule {
        keyword: "Rule".into(),
        name: title.name.clone(),
        description: description(&title.description),
        background,
        scenarios,
        tags: title.tags.clone(),
        span: Span::default(),
        position: at(title.line),
    }
}

/// The background and the scenarios of the feature itself or of a rule, and the kind of the background's last step,
/// which a first step `And` continues.
fn section(
    draft: &ScannedSheet,
    rule: Option<usize>,
    mut kind: Option<StepType>,
) -> (Option<Background>, Vec<Scenario>, Option<StepType>) {
    let (mut background, mut scenarios) = (None, Vec::new());
    for block in draft.blocks.iter().filter(|block| block.rule == rule) {
        let steps = steps(block, kind);
        if block.kind == Heading::Background {
            kind = steps.last().map(|step| step.ty).or(kind);
            background = Some(Background {
                keyword: "Background".into(),
                name: block.title.name.clone(),
                description: description(&block.title.description),
                steps,
                span: Span::default(),
                position: at(block.title.line),
            });
        } else {
            scenarios.push(scenario(block, steps));
        }
    }
    (background, scenarios, kind)
}

fn scenario(block: &TextBlock, steps: Vec<gherkin::Step>) -> Scenario {
    Scenario {
        keyword: if block.kind == Heading::Outline { "Scenario Outline" } else { "Scenario" }.into(),
        name: block.title.name.clone(),
        description: description(&block.title.description),
        steps,
        examples: block.examples.iter().map(examples).collect(),
        tags: block.title.tags.clone(),
        span: Span::default(),
        position: at(block.title.line),
    }
}

fn examples(examples: &draft::Examples) -> Examples {
    Examples {
        keyword: "Examples".into(),
        name: Some(examples.title.name.clone()),
        description: description(&examples.title.description),
        table: table(&examples.rows),
        tags: examples.title.tags.clone(),
        span: Span::default(),
        position: at(examples.title.line),
    }
}

/// `And`, `But` and `*` have the kind of the step before them.
fn steps(block: &TextBlock, before: Option<StepType>) -> Vec<gherkin::Step> {
    let mut kind = before.unwrap_or(StepType::Given);
    let step = |step: &draft::ScannedStep| {
        let (keyword, ty) = match step.lead {
            Lead::Given => ("Given ", StepType::Given),
            Lead::When => ("When ", StepType::When),
            Lead::Then => ("Then ", StepType::Then),
            Lead::And => ("And ", kind),
            Lead::But => ("But ", kind),
            Lead::Star => ("* ", kind),
        };
        kind = ty;
        gherkin::Step {
            keyword: keyword.into(),
            ty,
            value: step.words.clone(),
            docstring: step.text.as_ref().map(|(_, text)| text.clone()),
            table: table(&step.rows),
            span: Span::default(),
            position: at(step.line),
        }
    };
    block.steps.iter().map(step).collect()
}

fn table(rows: &[Row]) -> Option<Table> {
    let cells = rows.iter().map(|row| row.cells.clone().unwrap_or_default()).collect();
    let line = rows.first()?.line;
    Some(Table { rows: cells, span: Span::default(), position: at(line) })
}

fn description(lines: &[String]) -> Option<String> {
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn at(line: usize) -> LineCol {
    LineCol { line, col: 1 }
}
