//! Sheets whose keywords are not English.

use super::{assert_problems, good};

const RUSSIAN: &str = "# language: ru \nФункция: Поды\n  Предыстория:\n    Дано кластер\n\n  Сценарий: Под\n    # пояснение\n    Когда я запускаю под\n    И жду\n    Тогда под готов\n";

#[test]
fn a_russian_sheet_is_read() {
    let sheet = good(RUSSIAN);
    let lines: Vec<_> = sheet.scenarios[0].steps.iter().map(|step| step.position.line).collect();
    assert_eq!(lines, [4, 8, 9, 10]);
    assert_eq!(sheet.scenarios[0].background, 1);
}

#[test]
fn a_russian_outline_is_filled_in() {
    let sheet = good(
        "# language: ru\nФункция: F\n  Структура сценария: S\n    Тогда порт <p>\n    Примеры:\n      | p |\n      # 1\n      | 1 |\n",
    );
    assert_eq!((sheet.scenarios[0].line, sheet.scenarios[0].steps[0].value.as_str()), (8, "порт 1"));
}

#[test]
fn the_unreadable_line_is_found_in_russian_too() {
    assert_problems(&RUSSIAN.replace("Тогда", "Тгда"), &[(10, "\"ru\"")]);
}

#[test]
fn tables_and_text_blocks_are_checked_in_every_language() {
    assert_problems(&format!("{RUSSIAN}    | a | b |\n    | 1 | 2 | 3 |\n"), &[(12, "3 cells")]);
    assert_problems(&format!("{RUSSIAN}    \"\"\"a: 1\n    \"\"\"\n"), &[(11, "text after the opening")]);
}

#[test]
fn an_unknown_language_is_named() {
    assert_problems("# language: xx\nFeature: F\n", &[(1, "language \"xx\"")]);
}

#[test]
fn a_language_may_stand_below_other_comments() {
    let sheet = good(&format!("\n# lab\n{RUSSIAN}"));
    assert_eq!(sheet.scenarios[0].steps[0].position.line, 6);
}

#[test]
fn text_blocks_are_read_alike_in_every_language() {
    let sheet = good(&format!("{RUSSIAN}      ```yaml\n        a: \"\"\"1\"\"\"\n       # b\n      ```\n"));
    assert_eq!(sheet.scenarios[0].steps[3].docstring.as_deref(), Some("  a: \"\"\"1\"\"\"\n # b"));
}
