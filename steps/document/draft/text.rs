//! The output that a document shows, as an expected text of a lab: with wildcards for what is another in each run.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    conditions::wildcard,
    document::{
        judge::{
            lines::{is_elision, is_waiting, shows_a_part},
            table::{OF_ONE_RUN, PASSING, Table},
            values::with_wildcards,
        },
        story::is_table,
    },
    expression::regex,
};

/// The two outputs that a document's one text is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// The standard output.
    pub(super) stdout: Vec<String>,
    /// Lines of standard error.
    pub(super) stderr: Vec<String>,
}

/// The expected texts for the output of a command.
pub(super) fn of(command: &str, text: &str) -> Shown {
    let text_lines = || text.lines().filter(|line| !is_waiting(line)).map(line);
    let lines = if is_table(text) { table(text) } else { text_lines().collect() };
    let (stderr, mut stdout): (Vec<String>, Vec<String>) = lines.into_iter().partition(|line| is_said(line));
    if shows_a_part(command) && !stdout.is_empty() && !is_table(text) {
        stdout.insert(0, "[...]".into());
        stdout.push("[...]".into());
    }
    let is_empty = |line: &String| line.trim().is_empty();
    while stdout.last().is_some_and(is_empty) {
        stdout.pop();
    }
    let first = stdout.iter().take_while(|line| is_empty(line)).count();
    stdout.drain(..first);
    Shown { stdout, stderr: stderr.into_iter().filter(|line| is_telling(line)).collect() }
}

/// Whether the text says something that can be expected.
pub(super) fn says_something(lines: &[String]) -> bool {
    let text = lines.join("\n");
    is_telling(&text) && wildcard::unknown(&text).is_empty() && !text.contains("\"\"\"")
}

/// Whether a line is of a command that fails.
pub(super) fn is_failure(line: &str) -> bool {
    const BEGINS: &[&str] =
        &["error", "Error", "ERROR", "curl: (", "wget: ", "command terminated", "Unable to", "The "];
    let line = line.trim_start();
    let is_refusal = !line.starts_with("The ") || line.contains(" is invalid");
    BEGINS.iter().any(|begin| line.starts_with(begin)) && is_refusal
}

/// Whether programs print such a line on standard error.
fn is_said(line: &str) -> bool {
    const BEGINS: &[&str] = &["Warning: ", "No resources found", "Defaulted container ", "Flag --", "If you don't see"];
    is_failure(line) || BEGINS.iter().any(|begin| line.starts_with(begin))
}

fn line(line: &str) -> String {
    static NAMESPACE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"((?:from|in) |[Nn]amespace:\s+|namespaces/)default( namespace|\b)"));
    static VERSION: LazyLock<Regex> = LazyLock::new(|| regex(r#"(resourceVersion"?: "?)\d+"#));
    static NODE: LazyLock<Regex> = LazyLock::new(|| regex(r#"(nodeName"?: "?)[\w.-]+"#));
    if is_elision(line) {
        return "[...]".into();
    }
    let line = &VERSION.replace(line, "${1}[NUMBER]");
    let line = &NODE.replace(line, "${1}[NODE]");
    NAMESPACE.replace_all(&with_wildcards(line.trim_end()), "${1}[NAME]$2").into_owned()
}

/// A table, with its columns below each other.
fn table(text: &str) -> Vec<String> {
    let table = Table::of(text);
    let mut rows = vec![table.columns.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()];
    rows.extend(table.rows.iter().map(|(_, cells)| row(&table.columns, cells)));
    let width = |column: usize| {
        rows.iter().filter(|row| row.len() > 1).filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..table.columns.len()).map(|column| width(column).unwrap_or_default()).collect();
    let line = |row: &Vec<String>| -> String {
        let cells = row.iter().enumerate();
        let cells = cells
            .map(|(column, cell)| format!("{cell:width$}   ", width = widths.get(column).copied().unwrap_or_default()));
        cells.collect::<String>().trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

fn row(columns: &[&str], cells: &[&str]) -> Vec<String> {
    if cells.iter().all(|cell| is_elision(cell)) {
        return vec!["[...]".into()];
    }
    let passes = cells.iter().any(|cell| PASSING.contains(cell) || cell.starts_with("Init:"));
    let cell = |(index, cell): (usize, &&str)| match columns.get(index) {
        Some(&"STATUS" | &"READY" | &"AVAILABLE" | &"UP-TO-DATE" | &"RESTARTS" | &"IP" | &"NODE") if passes => {
            "[...]".to_owned()
        }
        Some(column) => value(column, cell),
        None => with_wildcards(cell),
    };
    cells.iter().enumerate().map(cell).collect()
}

fn value(column: &str, cell: &str) -> String {
    static NODE_PORT: LazyLock<Regex> = LazyLock::new(|| regex(r"(\d+):\d+/"));
    let is_none = cell.starts_with('<') || cell == "None";
    match column {
        _ if cell.is_empty() => String::new(),
        "AGE" | "LAST SEEN" | "DURATION" if cell.ends_with(['s', 'm', 'h', 'd']) => "[AGE]".into(),
        "IP" | "CLUSTER-IP" | "INTERNAL-IP" | "NODE" | "NOMINATED NODE" if is_none => cell.into(),
        "IP" | "CLUSTER-IP" | "INTERNAL-IP" => "[IP]".into(),
        "NODE" => "[NODE]".into(),
        "NAMESPACE" if cell == "default" => "[NAME]".into(),
        "SUSPEND" => cell.into(),
        column if column.starts_with("PORT") => NODE_PORT.replace_all(cell, "$1:[NUMBER]/").into_owned(),
        column if OF_ONE_RUN.contains(&column) => "[...]".into(),
        _ => with_wildcards(cell),
    }
}

/// Whether an expected text is neither empty nor one that matches any output.
fn is_telling(text: &str) -> bool {
    !text.trim().is_empty() && !wildcard::fits_anything(text)
}
