//! Mistakes in text blocks, tables and examples.

use super::Mistake;

pub(super) const MISTAKES: &[Mistake] = &[
    // Text blocks.
    ("Feature: F\n Scenario: S\n  Then a\n  \"\"\"one line\"\"\"", &[(4, "text after the opening \"\"\"")]),
    ("Feature: F\n Scenario: S\n  Then a\n  \"\"\"\n  b\n  \"\"\" c", &[(6, "text after the closing \"\"\"")]),
    ("Feature: F\n Scenario: S\n  Then a\n  \"\"\"\n  b\n  \"\"\"\n  | c |", &[(7, "a text block and a table")]),
    ("Feature: F\n Scenario: S\n  Then a\n  | c |\n  \"\"\"\n  b\n  \"\"\"", &[(5, "a text block and a table")]),
    ("Feature: F\n Scenario: S\n  Then a\n  ```\n  b\n  ```\n  ```\n  c\n  ```", &[(7, "a second text block")]),
    ("Feature: F\n Scenario: S\n  \"\"\"\n  b\n  \"\"\"\n  Then a", &[(3, "a text block that belongs to no step")]),
    ("Feature: F\n \"\"\"\n Given b\n \"\"\"\n Scenario: S\n  Then a", &[(3, "is read as a line of Gherkin")]),
    ("Feature: F\n Scenario: S\n  Then a\n  \"\"\"\n  b\n Scenario: T\n  Then c", &[(4, "before line 6")]),
    ("Feature: F\n Scenario: S\n  Then a\n  ```\n  b\n  \"\"\"\n  Then c", &[(4, "put ``` on a line")]),
    // Tables.
    ("Feature: F\n Scenario: S\n  Then a\n  | a | b |\n  | 1 |", &[(5, "1 cell, the first row of its table has 2")]),
    ("Feature: F\n Scenario: S\n  Then a\n  | a |\n  # c\n  | 1 | 2 |", &[(6, "2 cells, the first row")]),
    ("Feature: F\n Scenario: S\n  Then a\n  | a | b\n  | 1 | 2 |", &[(4, "does not end with \"|\"")]),
    ("Feature: F\n Scenario: S\n  Then a\n  | a | # why", &[(4, "put the comment on a line of its own")]),
    ("Feature: F\n Scenario: S\n  Then a\n  |\n", &[(4, "does not end with \"|\"")]),
    ("Feature: F\n Scenario: S\n  | a |\n  Then a", &[(3, "a table that belongs to no step")]),
    // Outlines.
    ("Feature: F\n Scenario Outline: S\n  Then a", &[(2, "outline without examples")]),
    ("Feature: F\n Scenario Outline: S\n  Then <a>\n  Examples:", &[(4, "examples without a table")]),
    ("Feature: F\n Scenario Outline: S\n  Then <a>\n  Examples:\n  | a |", &[(5, "examples without rows")]),
    (
        "Feature: F\n Scenario Outline: S\n  Then <a>\n  Examples:\n  | a |\n  | 1 |\n  text",
        &[(7, "text after the rows")],
    ),
    (
        "Feature: F\n Scenario: S\n  Then a\n  \"\"\"the first line\n  b\n  \"\"\"",
        &[(4, "text after the opening \"\"\"")],
    ),
    (
        "Feature: F\n Scenario Outline: S\n  Then <a>\n  Exmaples:\n  | a |\n  | 1 |",
        &[(4, "did you mean \"Examples:\"?")],
    ),
    (
        "Feature: F\n Scenario Outline: S\n  Then <b>\n  Examples:\n  | a |\n  | 1 |",
        &[(3, "<b> has no column"), (5, "never used")],
    ),
    (
        "Feature: F\n Scenario Outline: S\n  Then <prot> <port>\n  Examples:\n  | port |\n  | 1 |",
        &[(3, "did you mean <port>?")],
    ),
    ("Feature: F\n Scenario Outline: S <x>\n  Then <a>\n  Examples:\n  | a |\n  | 1 |", &[(2, "<x> has no column")]),
    (
        "Feature: F\n Scenario Outline: S\n  Then <a>\n  | c |\n  | <x> |\n  Examples:\n  | a |\n  | 1 |",
        &[(5, "<x> has no column")],
    ),
    (
        "Feature: F\n Scenario Outline: S\n  Then <port>\n  \"\"\"\n  <none>\n  <Port>\n  \"\"\"\n  Examples:\n  | port |\n  | 1 |",
        &[(6, "did you mean <port>?")],
    ),
    (
        "Feature: F\n Scenario Outline: S\n  Then <a>\n  Examples:\n  | a | b |\n  | 1 | 2 |",
        &[(5, "column \"b\" is never used")],
    ),
    (
        "Feature: F\n Scenario Outline: S\n  Then <a>\n  Examples:\n  | a | a |\n  | 1 | 2 |",
        &[(5, "two columns \"a\"")],
    ),
    (
        "Feature: F\n Scenario Outline: S\n  Then <a>\n  Examples:\n  | a | |\n  | 1 | 2 |",
        &[(5, "a column without a name")],
    ),
    ("Feature: F\n Scenario Outline: S\n  Then <a>\n  Examples:\n  | a |\n  | 1 | 2 |", &[(6, "2 cells")]),
    (
        "Feature: F\n Scenario Outline: S\n  Then <a>\n  Examples:\n  | a |\n  | 1 |\n  And b",
        &[(7, "a step after the examples")],
    ),
    (
        "Feature: F\n Background:\n  Given a\n Examples:\n  | a |\n Scenario: S\n  Then b",
        &[(4, "belong to no scenario")],
    ),
    ("Feature: F\n Examples:\n  | a |\n Scenario: S\n  Then b", &[(2, "belong to no scenario")]),
];
