//! Compares the parser's result with the draft, and completes it with correct lines of steps and clean docstrings.
//!
//! A difference would mean that something runs that nobody wrote, so each difference is a problem.

use super::SheetProblem;
use super::draft::{self, ScannedSheet};

/// Checks that both are equal, and corrects lines and docstrings.
pub(super) fn settle(feature: &mut gherkin::Feature, draft: &ScannedSheet) -> Result<(), SheetProblem> {
    let mut drafts = draft.blocks.iter();
    let line = feature.position.line;
    section(feature.background.as_mut(), &mut feature.scenarios, &mut drafts, line)?;
    for rule in &mut feature.rules {
        section(rule.background.as_mut(), &mut rule.scenarios, &mut drafts, rule.position.line)?;
    }
    drafts.next().map_or(Ok(()), |left| Err(differs(left.title.line)))
}

fn section<'d>(
    background: Option<&mut gherkin::Background>,
    scenarios: &mut [gherkin::Scenario],
    drafts: &mut impl Iterator<Item = &'d draft::TextBlock>,
    line: usize,
) -> Result<(), SheetProblem> {
    if let Some(background) = background {
        let draft = drafts.next().ok_or_else(|| differs(line))?;
        background.position.line = draft.title.line;
        steps(&mut background.steps, draft)?;
    }
    for scenario in scenarios {
        let draft = drafts.next().ok_or_else(|| differs(line))?;
        scenario.position.line = draft.title.line;
        steps(&mut scenario.steps, draft)?;
        same(scenario.name == draft.title.name && examples_agree(scenario, draft), draft.title.line)?;
    }
    Ok(())
}

fn steps(steps: &mut [gherkin::Step], draft: &draft::TextBlock) -> Result<(), SheetProblem> {
    same(steps.len() == draft.steps.len(), draft.title.line)?;
    steps.iter_mut().zip(&draft.steps).try_for_each(|(step, draft)| settle_step(step, draft))
}

fn settle_step(step: &mut gherkin::Step, draft: &draft::ScannedStep) -> Result<(), SheetProblem> {
    let agrees = step.value == draft.words
        && step.docstring.is_some() == draft.text.is_some()
        && rows_agree(step.table.as_ref(), &draft.rows);
    same(agrees, draft.line)?;
    step.position.line = draft.line;
    step.docstring = draft.text.as_ref().map(|(_, text)| text.clone());
    Ok(())
}

fn examples_agree(scenario: &gherkin::Scenario, draft: &draft::TextBlock) -> bool {
    let mut pairs = scenario.examples.iter().zip(&draft.examples);
    scenario.examples.len() == draft.examples.len()
        && pairs.all(|(examples, draft)| rows_agree(examples.table.as_ref(), &draft.rows))
}

fn rows_agree(table: Option<&gherkin::Table>, draft: &[draft::Row]) -> bool {
    let rows = table.map_or(&[][..], |table| &table.rows);
    rows.len() == draft.len() && rows.iter().zip(draft).all(|(row, draft)| Some(row) == draft.cells.as_ref())
}

fn same(agrees: bool, line: usize) -> Result<(), SheetProblem> {
    if agrees { Ok(()) } else { Err(differs(line)) }
}

fn differs(line: usize) -> SheetProblem {
    let hint = "write it more simply, and please report this file: it is a mistake in labproof";
    SheetProblem::new(line, "labproof and the gherkin parser read this differently", hint)
}
