//! Invalid sheets, with the line and the words of each problem that must be reported. No other problem may be reported.

mod attachments;

use super::assert_problems;

/// A text, and all its problems.
type Mistake = (&'static str, &'static [(usize, &'static str)]);

#[test]
fn every_mistake_of_the_corpus_is_reported_at_its_line() {
    for (text, expected) in all() {
        assert_problems(text, expected);
    }
}

/// Every bad sheet.
pub(super) fn all() -> impl Iterator<Item = &'static Mistake> {
    MISTAKES.iter().chain(attachments::MISTAKES)
}

const MISTAKES: &[Mistake] = &[
    // The whole file.
    ("", &[(1, "the file is empty")]),
    ("\n  \n", &[(1, "the file is empty")]),
    ("# only a comment\n", &[(1, "does not begin with \"Feature:\"")]),
    ("\n# c\nSome text\nFeature: F\n Scenario: S\n  Then a", &[(3, "does not begin with")]),
    ("Scenario: S\n  Then a\n", &[(1, "does not begin with")]),
    ("@t\nScenario: S\n  Then a\n", &[(2, "does not begin with")]),
    ("Given a\nThen b", &[(1, "does not begin with")]),
    ("Feature: F", &[(1, "no scenarios")]),
    ("Feature:\n Scenario: S\n  Then a", &[(1, "the feature has no name")]),
    ("Feature F\n Scenario: S\n  Then a", &[(1, "did you mean \"Feature:\"?")]),
    ("feature: F\n Scenario: S\n  Then a", &[(1, "did you mean \"Feature:\"?")]),
    ("Feature : F\n Scenario: S\n  Then a", &[(1, "did you mean \"Feature:\"?")]),
    ("Feature: F\n Scenario: S\n  Then a\nFeature: G\n Scenario: T\n  Then b", &[(4, "a second \"Feature:\"")]),
    ("Feature: F\n Scenario: S\n  Then a\n Background:\n  Given b", &[(4, "after a scenario")]),
    ("Feature: F\n Background:\n  Given a\n Background:\n  Given b\n Scenario: S\n  Then a", &[(4, "a second")]),
    ("Feature: F\n Background:\n Scenario: S\n  Then a", &[(2, "the background has no steps")]),
    ("Feature: F\n Background:\n  And a\n Scenario: S\n  Then a", &[(3, "begins with \"And\"")]),
    ("Feature: F\n Backgroud:\n  Given a\n Scenario: S\n  Then a", &[(2, "did you mean \"Background:\"")]),
    ("Feature: F\n Rule:\n Scenario: S\n  Then a", &[(2, "the rule has no name")]),
    ("Feature: F\n rule: R\n Scenario: S\n  Then a", &[(2, "did you mean \"Rule:\"")]),
    // Tags.
    ("Feature: F\n @a\n Background:\n  Given a\n Scenario: S\n  Then a", &[(2, "tags belong to nothing")]),
    ("Feature: F\n Scenario: S\n  @a\n  Then a", &[(3, "tags belong to nothing")]),
    ("Feature: F\n Scenario: S\n  Then a\n@late\n", &[(4, "tags belong to nothing")]),
    ("Feature: F\n @a b\n Scenario: S\n  Then a", &[(2, "\"b\" among tags")]),
    ("Feature: F\n @ a\n Scenario: S\n  Then a", &[(2, "\"@\" among tags")]),
    ("Feature: F\n @@a\n Scenario: S\n  Then a", &[(2, "\"@@a\" among tags")]),
    // Scenarios.
    ("Feature: F\n Scenario:\n  Then a", &[(2, "the scenario has no name")]),
    ("Feature: F\n Scenario: S\n Scenario: T\n  Then a", &[(2, "the scenario has no steps")]),
    ("Feature: F\n Scenario: S\n  Then a\n Scenari: T\n  Then a", &[(4, "did you mean \"Scenario:\"?")]),
    ("Feature: F\n Scenario: S\n  Then a\n Scenario T\n  Then a", &[(4, "did you mean \"Scenario:\"?")]),
    (
        "Feature: F\n Scenario: S\n  Then a\n Senario Outline: T\n  Then <a>\n Examples:\n |a|\n |1|",
        &[(4, "did you mean \"Scenario Outline:\"?")],
    ),
    ("Feature: F\n Scenario: S\n  Then a\n Scenario: S\n  Then a", &[(4, "first is on line 2")]),
    ("Feature: F\n Scenario: S\n  Given \u{200b}a\n  Then a", &[(3, "an invisible character behind the keyword")]),
    // Steps.
    ("Feature: F\n Scenario: S\n  Wen I run\n  Then a", &[(3, "did you mean \"When\"?")]),
    ("Feature: F\n Scenario: S\n  given a\n  Then a", &[(3, "did you mean \"Given\"?")]),
    ("Feature: F\n Scenario: S\n  Given a\n  Thne b", &[(4, "did you mean \"Then\"?")]),
    ("Feature: F\n Scenario: S\n  Given a\n  I run it\n  Then b", &[(4, "this line is not a step: \"I run it\"")]),
    (
        "Feature: F\n Scenario: S\n  Given a\n  Put it there\n  and there\n  Then b",
        &[(4, "not a step"), (5, "\"And\"")],
    ),
    ("Feature: F\n Scenario: S\n  Given\n  Then b", &[(3, "the step has no words")]),
    ("Feature: F\n Scenario: S\n  But a\n  Then b", &[(3, "begins with \"But\"")]),
];
