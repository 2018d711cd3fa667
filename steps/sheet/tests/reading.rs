//! The scenarios that a valid sheet results in.

use std::time::Instant;

use gherkin::StepType;

use super::{good, with_steps};

#[test]
fn an_outline_row_has_its_own_line_even_below_comments_and_blank_lines() {
    let sheet = good(
        "Feature: F\n  Scenario Outline: port <p>\n    Then port <p> answers\n    Examples:\n      # why\n\n      | p |\n\n      | 1 |\n      # more\n      | 2 |\n\n    @late\n    Examples: others\n      | p |\n      | 3 |\n",
    );
    let rows: Vec<_> = sheet.scenarios.iter().map(|row| (row.name.as_str(), row.line)).collect();
    assert_eq!(rows, [("port 1", 9), ("port 2", 11), ("port 3", 16)]);
    assert_eq!(sheet.scenarios[2].tags, ["late"]);
    assert_eq!(sheet.scenarios[1].steps[0].value, "port 2 answers");
    assert_eq!(sheet.scenarios[1].steps[0].position.line, 3);
}

#[test]
fn placeholders_are_filled_in_text_blocks_and_tables_and_nowhere_twice() {
    let sheet = good(
        "Feature: F\n  Scenario Outline: S\n    When I run:\n      \"\"\"\n      echo <a> <none>\n      \"\"\"\n    Then it prints:\n      | <a> | <b c> |\n    Examples:\n      | a   | b c |\n      | <b c> | 2 |\n",
    );
    let steps = &sheet.scenarios[0].steps;
    assert_eq!(steps[0].docstring.as_deref(), Some("echo <b c> <none>"));
    assert_eq!(steps[1].table.as_ref().unwrap().rows, [["<b c>", "2"]]);
}

#[test]
fn backgrounds_stand_in_front_and_tags_are_inherited_once() {
    let sheet = good(
        "@f @x\nFeature: F\n  Background:\n    Given a\n  @r\n  Rule: R\n    Background:\n      Given b\n    @s @x\n    Scenario: S\n      Then c\n",
    );
    let scenario = &sheet.scenarios[0];
    let steps: Vec<_> = scenario.steps.iter().map(|step| (step.value.as_str(), step.position.line)).collect();
    assert_eq!(steps, [("a", 4), ("b", 8), ("c", 11)]);
    assert_eq!((scenario.background, scenario.line), (2, 10));
    assert_eq!(scenario.rule.as_deref(), Some("R"));
    assert_eq!(scenario.tags, ["f", "x", "r", "s"]);
}

#[test]
fn a_text_block_is_delivered_without_indentation_and_outer_line_ends() {
    let sheet = good(&with_steps(
        "    When I apply:\n      \"\"\"\n      # a comment\n      a:\n        b: 1\n\n      c: 2\n      \"\"\"\n    Then it prints\n      ```\n      \"\"\"x\"\"\"\n      ```",
    ));
    let steps = &sheet.scenarios[0].steps;
    assert_eq!(steps[0].docstring.as_deref(), Some("# a comment\na:\n  b: 1\n\nc: 2"));
    assert_eq!(steps[1].docstring.as_deref(), Some("\"\"\"x\"\"\""));
    assert_eq!(sheet.feature.scenarios[0].steps[0].docstring, steps[0].docstring);
}

#[test]
fn line_ends_of_windows_a_byte_order_mark_and_tabs_are_fine() {
    let unix = with_steps("\tWhen I run:\n\t\t\"\"\"\n\t\techo\n\t\tls\n\t\t\"\"\"\n\tThen it works\n\t\t| a\t| b |");
    let sheet = good(&format!("\u{feff}{}", unix.replace('\n', "\r\n")));
    let steps = &sheet.scenarios[0].steps;
    assert_eq!(steps[0].docstring.as_deref(), Some("echo\nls"));
    assert_eq!(steps[1].table.as_ref().unwrap().rows, [["a", "b"]]);
    assert_eq!(steps[1].position.line, 8);
}

#[test]
fn blanks_in_an_empty_line_below_tags_are_fine() {
    let text = "Feature: F\n  @a\n  \t \n  Scenario: S\n    Then a\n";
    assert_eq!(good(text).scenarios[0].tags, ["a"]);
}

#[test]
fn a_when_after_a_then_is_allowed() {
    assert_eq!(good(&with_steps("Given a\nThen b\nWhen c\nThen d")).scenarios[0].steps.len(), 4);
}

#[test]
fn a_scenario_may_have_a_hint() {
    let hint = |line: &str| {
        super::super::read(&format!(
            "Feature: f\n  Scenario: s\n    {line}\n    When I run \"a\"\n    Then it prints \"a\"\n"
        ))
    };
    assert!(hint("Hint: look at the port.").unwrap().scenarios[0].description.contains("Hint: look at the port."));
    assert!(hint("And so on.").is_err());
}

#[test]
fn descriptions_may_hold_bullets_and_colons() {
    let text = "# a lab\nFeature: F\n  Note: this lab shows\n  * a Role: and\n  And more, see http://x\n\n  | a table |\n\n  Rule: R\n    Text.\n    Example: E\n      Then a\n";
    assert_eq!(good(text).scenarios.len(), 1);
}

#[test]
fn all_that_the_reference_takes_for_a_description_is_one() {
    let sheet = good(
        "Feature: F\n  Given that a cluster runs,\n  * all is well. Scenario planning, rules of thumb,\n  Examples of it\n\n  Background: B\n    The cluster\n    # a comment\n    is there.\n    Given a\n\n  @one\n  # between tags\n  @two @three # why\n  Scenario Template: S <x>\n    The Pod is described: here,\n    when it is ready.\n\n    And <x>\n    Then c\n\n    @four\n    Examples: E\n      Given as rows:\n\n      | x |\n      | 1 |\n",
    );
    let scenario = &sheet.scenarios[0];
    assert_eq!(scenario.description, "The Pod is described: here,\nwhen it is ready.");
    assert_eq!(scenario.tags, ["one", "two", "three", "four"]);
    let steps: Vec<_> = scenario.steps.iter().map(|step| (step.ty, step.value.as_str())).collect();
    assert_eq!(steps, [(StepType::Given, "a"), (StepType::Given, "1"), (StepType::Then, "c")]);
    let prose: Vec<usize> = sheet.prose.iter().map(|(line, _)| *line).collect();
    assert_eq!(prose, [2, 3, 4, 7, 9, 16, 17, 24]);
}

#[test]
fn a_text_block_keeps_what_its_delimiter_leaves_of_each_line() {
    let sheet = good(&with_steps(
        "    When I apply:\n      \"\"\"yaml\n          a:\n        b\n    c\n      \t\n      x = \"\"\"y\"\"\" \\\"\\\"\\\"\n\n      \"\"\"\n    Then b\n      ``` application/json; charset=utf-8\n      \"\"\"\n      \\`\\`\\`\n      ```",
    ));
    let steps = &sheet.scenarios[0].steps;
    assert_eq!(steps[0].docstring.as_deref(), Some("    a:\n  b\nc\n\t\nx = \"\"\"y\"\"\" \"\"\"\n"));
    assert_eq!(steps[1].docstring.as_deref(), Some("\"\"\"\n```"));
}

#[test]
fn spaces_of_any_kind_are_spaces_around_what_is_written() {
    let sheet = good(
        "\u{a0}Feature: F\u{3000}\n\u{a0}\n \u{a0} Scenario: S\n\u{2003}Given\u{a0}a\u{a0}\n\tThen\tb\n\u{a0}|\u{a0}c\u{a0}| \\d\\\\ \\n |\n",
    );
    let steps: Vec<_> = sheet.scenarios[0].steps.iter().map(|step| step.value.as_str()).collect();
    assert_eq!(steps, ["a", "b"]);
    let rows = &sheet.scenarios[0].steps[1].table.as_ref().unwrap().rows;
    assert_eq!(rows, &[["c", "\\d\\ \n"]]);
    assert_eq!(sheet.feature.name, "F");
}

#[test]
fn each_rule_may_have_a_scenario_of_the_same_title() {
    let sheet = good(
        "Feature: F\n Rule: A\n  Example: S\n   Then a\n Rule: B\n  Background:\n   Given x\n  Example: S\n   But y\n   * z\n   Then a\n",
    );
    let rules: Vec<_> = sheet.scenarios.iter().filter_map(|scenario| scenario.rule.as_deref()).collect();
    assert_eq!(rules, ["A", "B"]);
    assert_eq!(sheet.scenarios[1].steps.len(), 4);
}

#[test]
fn a_text_block_in_the_description_of_a_feature_is_text() {
    let sheet = good("Feature: F\n  Why:\n  \"\"\"\n  this and that\n  \"\"\"\n\n  Scenario: S\n    Then a");
    let lines: Vec<(usize, &str)> = sheet.prose.iter().map(|(line, text)| (*line, text.as_str())).collect();
    assert_eq!(lines, [(2, "Why:"), (3, "\"\"\""), (4, "this and that"), (5, "\"\"\"")]);
    assert_eq!(sheet.scenarios[0].line, 7);
}

#[test]
fn comments_between_steps_do_not_shift_lines() {
    let sheet = good(&with_steps("# a\n    Given a\n\n    # b\n    When b\n    # c\n    Then c"));
    let lines: Vec<_> = sheet.scenarios[0].steps.iter().map(|step| step.position.line).collect();
    assert_eq!(lines, [4, 7, 9]);
}

#[test]
fn cells_may_hold_escaped_bars_and_backslashes() {
    let sheet = good(&with_steps("    Then it prints\n      | a \\| b | \\\\d | x\\ny | |"));
    let rows = &sheet.scenarios[0].steps[0].table.as_ref().unwrap().rows;
    assert_eq!(rows, &[["a | b", "\\d", "x\ny", ""]]);
}

#[test]
fn no_cut_of_a_sheet_makes_the_reader_panic_or_disagree_with_the_parser() {
    let text = sixty_lines();
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        for problem in super::read(&text[..end]).err().unwrap_or_default() {
            assert!(!problem.message.contains("parser"), "{problem:?} at {end}: {}", &text[..end]);
        }
    }
}

#[test]
fn a_thousand_sheets_are_read_in_two_seconds() {
    let text = sixty_lines();
    let start = Instant::now();
    for _ in 0..1_000 {
        good(&text);
    }
    let took = start.elapsed();
    println!("1000 sheets of {} lines: {took:?}", text.lines().count());
    assert!(took.as_secs_f32() < 8.0, "{took:?}, a machine under load included");
}

fn sixty_lines() -> String {
    let mut text =
        String::from("@lab\nFeature: Pods\n  About Pods.\n\n  Background:\n    Given the cluster \"demo\"\n");
    for number in 1..=3 {
        text += &"\n  # why\n  @points:3\n  Scenario: Number {number}\n    Given the Pod \"hello\" runs\n    When I run:\n      \"\"\"\n      kubectl get pod\n      \"\"\"\n    Then it prints:\n      | a | b |\n      | 1 | 2 |\n    And port 3000 refuses\n"
            .replace("{number}", &number.to_string());
    }
    text + "\n  Scenario Outline: Port <port>\n    When I open <port>\n    Then it says \"<word>\"\n\n    Examples:\n      | port | word |\n      | 3001 | Hello |\n      | 3002 | World |\n"
}
