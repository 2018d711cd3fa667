//! What the author of a course relies on, as sentences. `mistakes` tests the mistakes.

mod languages;
mod mistakes;
mod reading;

use super::{Sheet, SheetProblem, read};

/// A sheet of one scenario with the given lines as its steps, which begin on line 3.
fn with_steps(steps: &str) -> String {
    format!("Feature: Pods\n  Scenario: A Pod\n{steps}\n")
}

fn good(text: &str) -> Sheet {
    read(text).unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"))
}

fn bad(text: &str) -> Vec<SheetProblem> {
    read(text).expect_err(text)
}

/// Checks that these are all problems, each given by its line and a part of its message.
#[track_caller]
fn assert_problems(text: &str, expected: &[(usize, &str)]) {
    let problems = bad(text);
    let said: Vec<_> = problems.iter().map(|problem| (problem.line, problem.to_string())).collect();
    let matches = said.len() == expected.len()
        && said.iter().zip(expected).all(|(said, expected)| said.0 == expected.0 && said.1.contains(expected.1));
    assert!(matches, "\nsaid {said:#?}\nexpected {expected:#?}\nof\n{text}");
}
