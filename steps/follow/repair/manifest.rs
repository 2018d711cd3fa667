//! Manifests without what the server refuses: a version that is gone, a misspelt field, a selector that is not its
//! template's.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use crate::{
    document::{
        names,
        review::{self, versions},
    },
    expression::regex,
};

/// The manifest without the mistakes that the message names, as far as labproof can tell.
pub(in crate::follow) fn repaired(text: &str, said: &str) -> Option<String> {
    if said.contains("found character that cannot start any token") && text.contains('\t') {
        // YAML takes no tabs before its fields.
        return Some(text.replace('\t', "    "));
    }
    let mut repaired = versions::current(text);
    for field in unknown_fields(said) {
        if let Some(meant) = names::field_like(&field) {
            repaired = with_key(&repaired, &field, meant);
        }
    }
    if let Some((wrong, right)) = misspelt_kind(said) {
        repaired = with_value(&repaired, "kind", &wrong, right);
    }
    if let Some(volume) = missing_volume(said)
        && let Some(meant) = names::nearest(&volume, review::volume_names(text).iter().map(String::as_str), 0.6)
    {
        repaired = with_value(&repaired, "name", &volume, meant);
    }
    for (field, value) in unsupported_values(said) {
        repaired = with_any_value(&repaired, &field, &value);
    }
    if said.contains("`selector` does not match template `labels`") {
        repaired = with_one_label(&repaired, said).unwrap_or(repaired);
    }
    (repaired != text).then_some(repaired)
}

/// The manifest whose template has the label that its selector asks for.
fn with_one_label(text: &str, said: &str) -> Option<String> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| regex(r#"Invalid value: \{"([^"]+)":"([^"]+)"\}"#));
    static SELECTED: LazyLock<Regex> = LazyLock::new(|| regex(r#"matchLabels:\s*\n\s*\S+:\s*["']?([\w.-]+)"#));
    let (label, selected) = (LABEL.captures(said)?, SELECTED.captures(text)?);
    Some(with_value(text, &label[1], &label[2], &selected[1]))
}

/// The command that lets the server drop what it does not know.
pub(in crate::follow) fn ignoring(command: &str, said: &str) -> Option<String> {
    let is_possible = said.contains("unknown field") && !command.contains("--validate");
    is_possible.then(|| command.replacen(" -f", " --validate=ignore -f", 1))
}

/// The last parts of the fields that the server does not know.
fn unknown_fields(said: &str) -> BTreeSet<String> {
    static UNKNOWN: LazyLock<Regex> = LazyLock::new(|| regex(r#"unknown field "(?:[^"]*\.)?([\w-]+)""#));
    UNKNOWN.captures_iter(said).map(|found| found[1].to_owned()).collect()
}

/// Fields whose value the server does not take, each with one that it takes: the one that is most like it.
fn unsupported_values(said: &str) -> Vec<(String, String)> {
    static VALUE: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"\b(\w+): (?:Unsupported|Invalid|Required) value:? ?(?:"([^"]*)")?:? ?(?:supported|valid) values: ((?:"[^"]*"(?:, )?)+)"#,
        )
    });
    let mended = VALUE.captures_iter(said).filter_map(|found| {
        let values: Vec<&str> = found[3].split(", ").map(|value| value.trim_matches('"')).collect();
        let wrong = found.get(2).map_or("", |wrong| wrong.as_str());
        Some((found[1].to_owned(), names::nearest(wrong, values.into_iter(), 0.0)?.to_owned()))
    });
    mended.collect()
}

fn misspelt_kind(said: &str) -> Option<(String, &'static str)> {
    static KIND: LazyLock<Regex> = LazyLock::new(|| regex(r#"no matches for kind "(\w+)" in version"#));
    let kind = KIND.captures(said)?[1].to_owned();
    let meant = names::manifest_kind_like(&kind)?;
    Some((kind, meant))
}

fn missing_volume(said: &str) -> Option<String> {
    static MOUNT: LazyLock<Regex> = LazyLock::new(|| regex(r#"volumeMounts\[\d+\]\.name: Not found: "([^"]+)""#));
    MOUNT.captures(said).map(|found| found[1].to_owned())
}

/// The text with another key in the place of one.
fn with_key(text: &str, key: &str, other: &str) -> String {
    let is_key = |line: &str| line.trim_start_matches([' ', '-']).split(':').next() == Some(key) && line.contains(':');
    text.lines().map(|line| if is_key(line) { line.replacen(key, other, 1) } else { line.to_owned() } + "\n").collect()
}

/// The text with this value wherever it has the key.
fn with_any_value(text: &str, key: &str, other: &str) -> String {
    let is_key = |line: &str| line.trim_start_matches([' ', '-']).split_once(':').is_some_and(|(name, _)| name == key);
    let with = |line: &str| line.split_once(':').map_or(line.to_owned(), |(name, _)| format!("{name}: {other}"));
    text.lines().map(|line| if is_key(line) { with(line) } else { line.to_owned() } + "\n").collect()
}

/// The text with another value in the place of one, wherever it is the value of this key.
fn with_value(text: &str, key: &str, value: &str, other: &str) -> String {
    let is_pair = |line: &str| {
        line.trim_start_matches([' ', '-'])
            .split_once(':')
            .is_some_and(|(name, real)| name == key && real.trim().trim_matches(['"', '\'']) == value)
    };
    text.lines().map(|line| if is_pair(line) { line.replace(value, other) } else { line.to_owned() } + "\n").collect()
}
