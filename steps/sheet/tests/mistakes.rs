//! The mistakes in a sheet, and the lines where they are reported.

use super::super::{keywords, parse, scan};
use super::{assert_problems, bad, with_steps};

mod corpus;

#[test]
fn a_misspelt_first_step_is_not_swallowed() {
    assert_problems(&with_steps("    Givn a Pod\n    Then b"), &[(3, "did you mean \"Given\"?")]);
}

#[test]
fn a_glued_first_step_is_not_swallowed() {
    assert_problems(&with_steps("    Givenfoo\n    Then b"), &[(3, "\"Given\", followed by a space")]);
}

#[test]
fn a_misspelt_scenario_does_not_vanish_in_the_description() {
    let text = "Feature: F\n  Scenari: A\n    Then b\n  Scenario: C\n    Then d\n";
    assert_problems(text, &[(2, "unknown keyword \"Scenari:\"\n  hint: did you mean \"Scenario:\"?")]);
}

#[test]
fn the_text_block_that_was_left_open_is_found_although_quotes_pair_up_wrongly() {
    let text = with_steps(
        "    When I run:\n      \"\"\"\n      ls\n    Then it prints:\n      \"\"\"\n      foo\n      \"\"\"\n    And more",
    );
    assert_problems(&text, &[(4, "never closed\n  hint: put \"\"\" on a line of its own before line 6")]);
}

#[test]
fn two_text_blocks_that_were_left_open_are_both_found() {
    let block = "    When I run:\n      \"\"\"\n      ls\n";
    let text = with_steps(&format!("{block}{block}    Then b"));
    assert_problems(&text, &[(4, "never closed"), (7, "never closed")]);
}

#[test]
fn a_text_block_that_is_open_to_the_end_is_reported_where_it_opens() {
    assert_problems(&with_steps("    Then it prints\n      \"\"\"\n      a\n      b"), &[(4, "never closed")]);
}

#[test]
fn what_looks_like_a_step_in_a_text_block_is_text() {
    let text = with_steps("    Then it prints\n      \"\"\"\n      Given\n    Then\n      \"\"\"");
    assert!(super::read(&text).is_ok());
}

#[test]
fn all_problems_are_found_in_one_pass() {
    let text = "Feture: F\n  Scenario:\n    Wen I run\n    Then b\n      | a |\n      | a | b |\n  Scenario: S\n    * c\n  Scenario: S\n    And d\n";
    assert_problems(
        text,
        &[
            (1, "\"Feature:\""),
            (2, "no name"),
            (3, "\"When\""),
            (6, "2 cells"),
            (9, "first is on line 7"),
            (10, "first step begins with \"And\""),
        ],
    );
}

#[test]
fn a_problem_prints_its_hint_below() {
    let problem = &bad("Feature: F\n")[0];
    assert_eq!(
        problem.to_string(),
        "the feature has no scenarios\n  hint: add a line \"Scenario: \" with a title, and steps below it"
    );
}

#[test]
fn problems_are_in_lower_case_and_all_have_a_hint() {
    for (text, _) in corpus::all() {
        for problem in bad(text) {
            let first = problem.message.chars().next().unwrap();
            assert!(!first.is_uppercase() && problem.hint.is_some(), "{problem}");
        }
    }
}

/// The last resort: if no check explains the line, bisection finds it.
#[test]
fn a_line_that_only_the_parser_rejects_is_found_by_halving() {
    let text = "Feature: F\n  Scenario: A\n    Then a\n\n  @t\n  Scenario: B\n    Then b\n    nonsense\n    Then c\n  Scenario: C\n    Then d\n";
    let scanned = scan::scan(text, &keywords::Keywords::English);
    assert_eq!(parse::foreign_culprit(text, &scanned.starts(), "en").line, 8);
}
