//! Columns that only one of two tables has.

use std::sync::LazyLock;

use regex::Regex;

use super::Table;
use crate::{
    document::{
        defect::Defect,
        judge::{Finding, drift},
    },
    expression::kubectl_regex,
};

/// Columns that only `-o wide` or another option prints, and those of every version: where they are missing, the command or
/// the object is another one.
const OF_AN_OPTION: &[&str] =
    &["NAME", "AGE", "IP", "NODE", "LABELS", "SELECTOR", "CONTAINERS", "IMAGES", "INTERNAL-IP", "NAMESPACE"];

/// Columns that only one of the tables has. Which ones a program prints is a matter of its version, unless an option
/// decides it.
pub(super) fn of(line: usize, wanted: &Table<'_>, found: &Table<'_>, command: &str) -> Vec<Finding> {
    static OF_A_VERSION: LazyLock<Regex> =
        LazyLock::new(|| kubectl_regex(r"^(?:KUBECTL|docker|helm|kubectl-\w+)\s[^|]*$"));
    let chooses =
        ["custom-columns", " -L", "--label-columns", "--format"].iter().any(|option| command.contains(option));
    let of_a_version = OF_A_VERSION.is_match(command.trim()) && !chooses;
    let lacks = |table: &Table<'_>, name: &str| !table.columns.contains(&name);
    let is_replaced = |name: &str| name == "AGE" && !lacks(found, "CREATED AT");
    let gone = wanted.columns.iter().filter(|name| lacks(found, name) && !is_replaced(name)).map(|name| (*name, false));
    let new = found.columns.iter().filter(|name| lacks(wanted, name)).map(|name| (*name, true));
    let is_moved = wanted.columns.len() == found.columns.len()
        && wanted.columns != found.columns
        && found.columns.iter().all(|name| !lacks(wanted, name));
    let finding = |(name, is_new): (&str, bool)| {
        let (says, seen) = if is_new { ("", name) } else { (name, "") };
        let by_version = of_a_version && (is_new || !OF_AN_OPTION.contains(&name));
        let other = by_version.then_some("another version prints other columns");
        let advice = drift::of_column(name, is_new).or(other).map(str::to_owned);
        let kind = if advice.is_some() { Defect::Drift } else { Defect::Mistake };
        Finding { kind, advice, may_change: false, says: column(says), seen: column(seen), line }
    };
    let order = (is_moved && of_a_version).then(|| Finding {
        kind: Defect::Drift,
        advice: Some("another version prints the columns in another order".into()),
        may_change: false,
        says: wanted.columns.join("   "),
        seen: found.columns.join("   "),
        line,
    });
    gone.chain(new).map(finding).chain(order).collect()
}

fn column(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("the column {name}") }
}
