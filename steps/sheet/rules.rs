//! The rules for a useful sheet: titles, an order of steps, and tables with equal rows.
//!
//! It judges only a draft; misplaced lines are reported when the draft is made. `outlines` has the rules for outlines.

use std::collections::HashMap;

use super::SheetProblem;
use super::draft::{Row, ScannedSheet, ScannedStep, TextBlock, Title};
use super::keywords::{Heading, Lead};
use super::outlines;
use super::scan::is_invisible;

/// Finds broken rules in a draft.
pub(super) fn broken(draft: &ScannedSheet) -> Vec<SheetProblem> {
    let mut problems = titles(draft);
    problems.extend(no_scenarios(draft));
    problems.extend(same_names(draft));
    for block in &draft.blocks {
        problems.extend(no_steps(block));
        problems.extend(first_step(draft, block));
        problems.extend(block.steps.iter().filter_map(bad_lead));
        problems.extend(block.steps.iter().flat_map(|step| uneven(&step.rows)));
        problems.extend(block.examples.iter().flat_map(|examples| uneven(&examples.rows)));
        problems.extend(outlines::broken(block));
    }
    problems
}

fn scenarios(draft: &ScannedSheet) -> impl Iterator<Item = &TextBlock> {
    draft.blocks.iter().filter(|block| block.kind != Heading::Background)
}

fn titles(draft: &ScannedSheet) -> Vec<SheetProblem> {
    let untitled = |title: &Title, what: &str| {
        let hint = "write what it shows behind the colon; reports call it by that name";
        title.name.is_empty().then(|| SheetProblem::new(title.line, format!("{what} has no name"), hint))
    };
    let feature = draft.feature.iter().filter_map(|title| untitled(title, "the feature"));
    let rules = draft.rules.iter().filter_map(|title| untitled(title, "the rule"));
    let scenarios = scenarios(draft).filter_map(|block| untitled(&block.title, "the scenario"));
    feature.chain(rules).chain(scenarios).collect()
}

fn no_scenarios(draft: &ScannedSheet) -> Option<SheetProblem> {
    let feature = draft.feature.as_ref()?;
    let none = scenarios(draft).next().is_none();
    let hint = "add a line \"Scenario: \" with a title, and steps below it";
    none.then(|| SheetProblem::new(feature.line, "the feature has no scenarios", hint))
}

fn same_names(draft: &ScannedSheet) -> Vec<SheetProblem> {
    let mut seen = HashMap::new();
    let named = scenarios(draft).filter(|block| !block.title.name.is_empty());
    named.filter_map(|block| same_name(&mut seen, block.rule, &block.title)).collect()
}

/// Finds scenarios with the same title in the same rule; different rules may use the same title.
fn same_name<'a>(
    seen: &mut HashMap<(Option<usize>, &'a str), usize>,
    rule: Option<usize>,
    title: &'a Title,
) -> Option<SheetProblem> {
    let first = *seen.entry((rule, &title.name)).or_insert(title.line);
    let message = format!("a second scenario \"{}\": the first is on line {first}", title.name);
    (first != title.line).then(|| SheetProblem::new(title.line, message, "give it another name"))
}

fn no_steps(block: &TextBlock) -> Option<SheetProblem> {
    let what = if block.kind == Heading::Background { "background" } else { "scenario" };
    let none = block.steps.is_empty() && !block.damaged;
    let hint = if block.title.description.is_empty() {
        "add steps below it, or remove it"
    } else {
        "begin each step with Given, When or Then: lines without one of these words are a description"
    };
    none.then(|| SheetProblem::new(block.title.line, format!("the {what} has no steps"), hint))
}

/// A first `And` is allowed only if it continues a background.
fn first_step(draft: &ScannedSheet, block: &TextBlock) -> Option<SheetProblem> {
    let step = block.steps.first().filter(|_| !block.damaged)?;
    let is_before = |other: &&TextBlock| other.kind == Heading::Background && other.title.line < block.title.line;
    let mut backgrounds = draft.blocks.iter().filter(is_before).filter(|other| !other.steps.is_empty());
    if backgrounds.any(|background| background.rule.is_none() || background.rule == block.rule) {
        return None;
    }
    let word = match step.lead {
        Lead::And => "And",
        Lead::But => "But",
        _ => return None,
    };
    let message = format!("the first step begins with \"{word}\"");
    Some(SheetProblem::new(step.line, message, "begin it with Given, When or Then"))
}

fn bad_lead(step: &ScannedStep) -> Option<SheetProblem> {
    if step.words.starts_with(is_invisible) {
        let message = "an invisible character behind the keyword";
        return Some(SheetProblem::new(step.line, message, "replace it with a space"));
    }
    let hint = "write the rest of the sentence on the same line";
    step.words.is_empty().then(|| SheetProblem::new(step.line, "the step has no words", hint))
}

/// Finds rows of unequal length, because the parser cuts rows that are too long.
fn uneven(rows: &[Row]) -> Vec<SheetProblem> {
    let Some(width) = rows.first().and_then(|row| row.cells.as_ref()).map(Vec::len) else {
        return Vec::new();
    };
    let wrong = |row: &Row| {
        let cells = row.cells.as_ref()?.len();
        let message = format!("this row has {}, the first row of its table has {width}", counted(cells));
        let hint = "write as many cells in every row; a \"|\" inside a cell is written \"\\|\"";
        (cells != width).then(|| SheetProblem::new(row.line, message, hint))
    };
    rows.iter().filter_map(wrong).collect()
}

fn counted(cells: usize) -> String {
    if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") }
}
