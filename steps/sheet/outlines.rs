//! The rules for scenario outlines: each placeholder needs a column, each column a placeholder, each table a row.
//!
//! It does not fill anything in.

use std::collections::HashSet;

use super::SheetProblem;
use super::draft::{Examples, Row, ScannedStep, TextBlock};
use super::keywords::Heading;
use super::{placeholders, spelling};

/// Finds broken rules in the examples of a scenario.
pub(super) fn broken(block: &TextBlock) -> Vec<SheetProblem> {
    if block.examples.is_empty() {
        return no_examples(block).into_iter().collect();
    }
    let used: HashSet<_> = texts(block).into_iter().flat_map(|(_, text)| placeholders::names(text)).collect();
    let mut problems: Vec<_> = block.examples.iter().flat_map(|examples| table(examples, &used)).collect();
    for columns in block.examples.iter().filter_map(columns) {
        problems.extend(unknown(block, columns));
    }
    problems
}

fn no_examples(block: &TextBlock) -> Option<SheetProblem> {
    let hint = "add \"Examples:\" with a table below its steps, or call it \"Scenario:\"";
    let outline = block.kind == Heading::Outline;
    outline.then(|| SheetProblem::new(block.title.line, "a scenario outline without examples", hint))
}

fn columns(examples: &Examples) -> Option<&Vec<String>> {
    examples.rows.first()?.cells.as_ref()
}

fn table(examples: &Examples, used: &HashSet<&str>) -> Vec<SheetProblem> {
    match examples.rows.as_slice() {
        [] => {
            vec![SheetProblem::new(
                examples.title.line,
                "examples without a table",
                "add a header and at least one row below it",
            )]
        }
        [Row { line, .. }] => {
            vec![SheetProblem::new(*line, "examples without rows", "add at least one row below the header")]
        }
        [header, ..] => header_problems(header, used),
    }
}

fn header_problems(header: &Row, used: &HashSet<&str>) -> Vec<SheetProblem> {
    let mut seen = HashSet::new();
    let columns = header.cells.iter().flatten();
    columns.filter_map(|column| column_problem(header.line, column, used, seen.insert(column))).collect()
}

fn column_problem(line: usize, column: &str, used: &HashSet<&str>, first: bool) -> Option<SheetProblem> {
    if column.is_empty() {
        return Some(SheetProblem::new(line, "a column without a name", "name it in the first row"));
    }
    if !first {
        return Some(SheetProblem::new(line, format!("two columns \"{column}\""), "give one of them another name"));
    }
    let hint = format!("write <{column}> in a step, or remove the column");
    let unused = !used.contains(column);
    unused.then(|| SheetProblem::new(line, format!("the column \"{column}\" is never used"), hint))
}

/// All texts in which placeholders are filled in, by line.
fn texts(block: &TextBlock) -> Vec<(usize, &str)> {
    let name = (block.title.line, block.title.name.as_str());
    std::iter::once(name)
        .chain(block.steps.iter().flat_map(sentence))
        .chain(block.steps.iter().flat_map(quoted))
        .collect()
}

fn sentence(step: &ScannedStep) -> impl Iterator<Item = (usize, &str)> {
    let cells = |row: &'_ Row| row.line;
    let rows = step.rows.iter().flat_map(move |row| {
        let line = cells(row);
        row.cells.iter().flatten().map(move |cell| (line, cell.as_str()))
    });
    std::iter::once((step.line, step.words.as_str())).chain(rows)
}

fn quoted(step: &ScannedStep) -> impl Iterator<Item = (usize, &str)> {
    step.text.iter().flat_map(|(line, text)| (line + 1..).zip(text.lines()))
}

fn unknown(block: &TextBlock, columns: &[String]) -> Vec<SheetProblem> {
    let name = (block.title.line, block.title.name.as_str());
    let said = std::iter::once(name).chain(block.steps.iter().flat_map(sentence));
    let said = said.flat_map(|text| unknown_columns(text, columns)).filter(|(_, name)| !placeholders::is_printed(name));
    let quoted = block.steps.iter().flat_map(quoted);
    let quoted =
        quoted.flat_map(|text| unknown_columns(text, columns)).filter(|(_, name)| nearest(name, columns).is_some());
    said.chain(quoted).map(|(line, name)| no_column(line, name, columns)).collect()
}

fn unknown_columns<'a>((line, text): (usize, &'a str), columns: &[String]) -> impl Iterator<Item = (usize, &'a str)> {
    let is_unknown = |name: &&str| !columns.iter().any(|column| column == name);
    placeholders::names(text).filter(is_unknown).map(move |name| (line, name))
}

fn no_column(line: usize, name: &str, columns: &[String]) -> SheetProblem {
    let hint = match nearest(name, columns) {
        Some(column) => format!("did you mean <{column}>?"),
        None => format!("add the column to the examples; they have: {}", columns.join(", ")),
    };
    SheetProblem::new(line, format!("<{name}> has no column in the examples"), hint)
}

/// In a text block, angle brackets are often HTML or a kubectl `<none>`, so only a probably misspelt name is a problem
/// there.
fn nearest<'a>(name: &str, columns: &'a [String]) -> Option<&'a String> {
    let near = columns.iter().map(|column| (spelling::distance(name, column), column));
    let (apart, column) = near.min_by_key(|(apart, _)| *apart)?;
    (apart <= column.chars().count() / 3).then_some(column)
}
