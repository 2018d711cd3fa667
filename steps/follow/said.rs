//! What a program said, as text in which causes are looked for.

use std::sync::LazyLock;

use regex::Regex;

use crate::{expression::regex, terminal::Output};

/// Everything that a command said, its errors first.
pub(super) fn of(output: &Output) -> String {
    format!("{}\n{}", output.stderr, output.stdout)
}

/// The first line that says something; [`None`] if a program has said nothing.
pub(super) fn message(said: &str) -> Option<&str> {
    said.lines().map(str::trim).find(|line| !line.is_empty() && !is_log(line))
}

/// Whether a line is one that kubectl prints beside its message: a log of its libraries, or that it has no terminal, which a
/// reader has.
fn is_log(line: &str) -> bool {
    static LOG: LazyLock<Regex> = LazyLock::new(|| regex(r"^[IWE]\d{4} \d\d:"));
    LOG.is_match(line) || line.starts_with("Unable to use a TTY")
}
