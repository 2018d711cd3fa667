//! Tables that explain the fields of a manifest: a row that gives a field another value than the manifest before it.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::Doubt;
use crate::{
    document::{Document, Piece, words},
    expression::regex,
};

/// What is wrong in the tables.
pub(super) fn doubts(document: &Document) -> Vec<Doubt> {
    let (mut manifest, mut doubts) = (None, Vec::new());
    for piece in &document.pieces {
        match piece {
            Piece::Block(block) => manifest = Some(block.text.as_str()).filter(|text| text.contains("kind:")),
            Piece::Prose(first, prose) => {
                let Some(manifest) = manifest else { continue };
                doubts.extend(of_rows(prose, *first, manifest));
            }
            Piece::Heading(_) | Piece::Remark(..) => {}
        }
    }
    doubts
}

/// The rows of Markdown's tables in a text that begins at line `first`.
fn of_rows(prose: &str, first: usize, manifest: &str) -> Vec<Doubt> {
    let (mut column, mut doubts) = (None, Vec::new());
    let mut is_first = true;
    for (index, line) in prose.lines().enumerate() {
        let Some(cells) = cells(line) else {
            is_first = true;
            continue;
        };
        if is_first {
            column = cells.iter().position(|cell| words::has(cell, words::VALUE));
            is_first = false;
        } else if let Some(cell) = column.and_then(|column| cells.get(column)) {
            doubts.extend(of_row(cells[0], cell, manifest).map(|text| Doubt::mistake(first + index, text)));
        }
    }
    doubts
}

/// The cells of a table's row.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(str::trim).collect())
}

fn of_row(field: &str, value: &str, manifest: &str) -> Option<String> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| regex(r"^`([a-z][A-Za-z]+)`$"));
    static SET: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"(?m)^[\s-]*([a-z][A-Za-z]+):\s+"?([\w./:-]+)"?\s*(?:#.*)?$"#));
    let field = NAMED.captures(field)?.get(1)?.as_str();
    let value = value.trim_matches('`');
    let set: BTreeSet<&str> = SET
        .captures_iter(manifest)
        .filter(|found| &found[1] == field)
        .filter_map(|found| Some(found.get(2)?.as_str()))
        .collect();
    let is_scalar = !value.is_empty() && !value.contains(char::is_whitespace);
    let is_other = is_scalar && !set.is_empty() && !set.contains(value);
    is_other.then(|| {
        let set: Vec<&str> = set.into_iter().collect();
        format!("the table says that {field} is {value}, and the manifest before it has {}", set.join(" and "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "kind: Pod\nspec:\n  - initialDelaySeconds: 5\n    periodSeconds: 5 # often\n";

    fn texts(table: &str) -> Vec<String> {
        of_rows(table, 10, MANIFEST).into_iter().map(|doubt| format!("{}: {}", doubt.line, doubt.text)).collect()
    }

    #[test]
    fn a_row_with_another_value_than_the_manifest_is_wrong() {
        let table = "| Field | Value |\n|---|---|\n| `initialDelaySeconds` | 5 |\n| `periodSeconds` | `10` |\n| `failureThreshold` | 3 |\n";
        let wrong = "13: the table says that periodSeconds is 10, and the manifest before it has 5";
        assert_eq!(texts(table), [wrong]);
        let defaults = table.replace("Value", "Default");
        assert_eq!(texts(&defaults), [""; 0], "a default may be another one");
        assert_eq!(texts("| Feld | Wert |\n|---|---|\n| `periodSeconds` | 5 |\n| periodSeconds | often |\n"), [""; 0]);
    }
}
