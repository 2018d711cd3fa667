//! Judges what a command printed by what the document shows: a table by its columns, YAML and JSON as data, everything
//! else line by line. Ages, addresses, ids and the like may differ without a word of the author.

mod changes;
mod data;
mod drift;
mod events;
pub(in crate::document) mod lines;
mod passing;
mod runs;
mod scheduled;
pub mod share;
pub(in crate::document) mod table;
pub mod values;

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use regex::Regex;

use super::story::ShownOutput;
use crate::document::defect::Defect;
use crate::expression::{kubectl_regex, regex};
pub use drift::outdated;
pub use runs::{shows_pod_of, with_pods};
pub use values::World;

/// What a command printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The command.
    pub command: String,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

/// One difference between the document and what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The line in the document.
    pub line: usize,
    /// What is wrong.
    pub kind: Defect,
    /// What the document says; empty if it leaves something out.
    pub says: String,
    /// What happened.
    pub seen: String,
    /// What to write instead, or since when the output differs.
    pub advice: Option<String>,
    /// Whether the same command may print something else a moment later.
    pub may_change: bool,
}

/// A judgement: what differs, and which of the document's values stand for which real ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// The differences.
    pub findings: Vec<Finding>,
    /// What the author should know, although it is no difference.
    pub notes: Vec<String>,
    /// Values of the document, each with the real one.
    pub bound: BTreeMap<String, String>,
}

/// Compares what the document shows with what a command printed.
#[must_use]
pub fn judge(expected: &ShownOutput, seen: &Seen, world: &World) -> Judged {
    if counts_nodes(expected, seen, world) {
        let note = format!("the number of nodes is that of this cluster: {}", seen.stdout.trim());
        return Judged { notes: vec![note], ..Judged::default() };
    }
    if is_about_the_machine(&seen.command) {
        return Judged { notes: vec!["what it prints depends on the machine".into()], ..Judged::default() };
    }
    let expected = &as_run(expected, world);
    let mut judged = compare(expected, seen, world);
    if judged.findings.is_empty() && asks_for_amounts(&seen.command) {
        judged.findings.extend(other_amounts(expected, &seen.stdout));
    }
    if describes(&seen.command) {
        passing::forgive(&mut judged);
        if is_excerpt(expected, &seen.stdout) {
            judged.findings.retain(|finding| !finding.says.is_empty());
        }
    }
    if tells_its_version(&seen.command) {
        for finding in judged.findings.iter_mut().filter(|finding| !is_other_scope(finding)) {
            finding.kind = Defect::Drift;
            finding.advice.get_or_insert_with(|| "what this command prints depends on its version alone".into());
        }
    }
    // Where an old row is all of a table, no table is printed.
    if judged
        .findings
        .iter()
        .any(|finding| finding.kind == Defect::Drift && finding.seen.contains("No resources found"))
    {
        judged.findings.retain(|finding| !(finding.seen.is_empty() && finding.says.trim_start().starts_with("NAME ")));
    }
    for finding in judged.findings.iter_mut().filter(|finding| finding.advice.is_none()) {
        if let Some(change) = drift::of_run(&seen.command, &finding.says, &finding.seen) {
            (finding.kind, finding.advice, finding.may_change) = (Defect::Drift, Some(change.into()), false);
        }
    }
    judged
}

/// What a document shows, with today's names of Pods that `kubectl run` makes.
fn as_run<'a>(expected: &'a ShownOutput, world: &World) -> Cow<'a, ShownOutput> {
    if world.pods_of_runs.is_empty() {
        return Cow::Borrowed(expected);
    }
    Cow::Owned(ShownOutput { text: with_pods(&expected.text, world.pods_of_runs.iter()), ..expected.clone() })
}

/// Whether a command asks for amounts that a manifest sets: `100m` is no time then.
fn asks_for_amounts(command: &str) -> bool {
    static ASKS: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:jsonpath|go-template|custom-columns).*(?:resources|requests|limits|\bcpu\b|memory|\.hard\b|sizeLimit)",
        )
    });
    ASKS.is_match(command)
}

/// The first line with another amount than the document's.
fn other_amounts(expected: &ShownOutput, seen: &str) -> Option<Finding> {
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let is_other = |one: &str, other: &str| {
        let (one, other) = (words(one), words(other));
        one.len() == other.len() && one.iter().zip(&other).any(|(one, other)| values::are_other_quantities(one, other))
    };
    let pairs = expected.text.lines().zip(seen.lines()).enumerate();
    let other = pairs.filter(|(_, (one, other))| is_other(one, other)).map(|(index, (one, other))| {
        let line = expected.line + index;
        Finding { may_change: false, ..Finding::of(line, one, other) }
    });
    other.take(1).next()
}

/// Whether a command prints what the machine is: its addresses, its memory, its kernel.
fn is_about_the_machine(command: &str) -> bool {
    static MACHINE: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:^|\s--\s)\s*(?:sudo )?(?:ip (?:-\S+ )*(?:a|addr|address|l|link|r|route)|ifconfig|free|uptime|lscpu|uname)(?:\s[^|]*)?$",
        )
    });
    MACHINE.is_match(command.trim())
}

/// Whether a line says of a kind that its objects belong to namespaces, and the other that they do not, which never changes.
fn is_other_scope(finding: &Finding) -> bool {
    let scope = |line: &str| line.split_whitespace().find(|word| matches!(*word, "true" | "false")).map(str::to_owned);
    scope(&finding.says).zip(scope(&finding.seen)).is_some_and(|(one, other)| one != other)
}

/// Whether a command asks for names in the network.
fn asks_the_network(command: &str) -> bool {
    static ASKS: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:^|\s)(?:nslookup|dig|host)\s"));
    ASKS.is_match(command)
}

/// Whether a command prints how many nodes the cluster has, and the document shows another number.
fn counts_nodes(expected: &ShownOutput, seen: &Seen, world: &World) -> bool {
    static LISTS: LazyLock<Regex> = LazyLock::new(|| kubectl_regex(r"^KUBECTL\s+get\s+(?:nodes?|no)\b.*\|"));
    let number = |text: &str| text.trim().parse::<usize>().ok();
    let is_number = number(&expected.text).is_some() && expected.text != seen.stdout;
    is_number && number(&seen.stdout) == Some(world.nodes.len()) && LISTS.is_match(seen.command.trim())
}

/// Whether a command is `kubectl describe`.
fn describes(command: &str) -> bool {
    static DESCRIBES: LazyLock<Regex> = LazyLock::new(|| kubectl_regex(r"^KUBECTL\s(?:[^|;&]*\s)?describe\s"));
    DESCRIBES.is_match(command.trim())
}

/// Whether a document shows only a later part of a description: it does not begin with the same field.
fn is_excerpt(expected: &ShownOutput, printed: &str) -> bool {
    let first = |text: &str| text.trim_start().split(':').next().unwrap_or_default().to_owned();
    first(&expected.text) != first(printed)
}

/// Whether a command prints only what its version knows.
fn tells_its_version(command: &str) -> bool {
    static TELLS: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(r"^KUBECTL\s+(?:explain|api-resources|api-versions|options|version|help)\b|\s--help\s*$")
    });
    TELLS.is_match(command.trim())
}

fn compare(expected: &ShownOutput, seen: &Seen, world: &World) -> Judged {
    let expected = &without_notices(expected, &seen.command);
    let seen = Seen {
        command: seen.command.clone(),
        stdout: as_shown(&seen.stdout, world),
        stderr: as_shown(&seen.stderr, world),
    };
    let seen = match scheduled::without(&seen.command, &seen.stdout, &expected.text) {
        Some(stdout) => Seen { stdout, ..seen },
        None => seen,
    };
    let expected = &with_header(expected, &seen);
    if super::story::is_table(&expected.text) && super::story::is_table(&seen.stdout) {
        return table::judge(expected, (&seen.command, &seen.stdout), world);
    }
    // A description and what a program for the network says look like YAML, and are none: their lines may repeat, and
    // authors leave some out.
    let is_text = || describes(&seen.command) || asks_the_network(&seen.command);
    if let Some(judged) = data::judge(expected, &seen, world).filter(|_| !is_text()) {
        return judged;
    }
    if let Some((head, events)) = events::split(expected) {
        let mut judged = lines::judge(&head, &Seen { stdout: events::head(&seen.stdout), ..seen.clone() }, world);
        judged.findings.extend(events::judge(&events, &seen.stdout, world));
        return judged;
    }
    lines::judge(expected, &seen, world)
}

/// Rows of a table with the header that the document leaves out.
fn with_header(expected: &ShownOutput, seen: &Seen) -> ShownOutput {
    static ROW: LazyLock<Regex> = LazyLock::new(|| regex(r"^[a-z0-9][\w./-]*(?: {2,}|\t)\S"));
    let are_rows = expected.text.lines().all(|line| ROW.is_match(line)) && !expected.text.trim().is_empty();
    let header = seen.stdout.trim_start().lines().next().unwrap_or_default();
    let columns = |line: &str| line.trim().split("  ").filter(|part| !part.trim().is_empty()).count();
    let fits = || expected.text.lines().all(|line| columns(line) == columns(header));
    if !are_rows || !super::story::is_table(&seen.stdout) || seen.command.contains("--no-headers") || !fits() {
        return expected.clone();
    }
    ShownOutput {
        line: expected.line.saturating_sub(1),
        text: format!("{header}\n{}", expected.text),
        ..expected.clone()
    }
}

/// The output without what a program in the background or the shell itself says in between: these lines are empty then.
fn without_notices(expected: &ShownOutput, command: &str) -> ShownOutput {
    static NOTICE: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?m)^(?:Handling connection for \d+|\[\d+\] \d+|\[\d+\][+-]? +(?:Done|Running|Terminated|Exit \d+).*)$")
    });
    // What chooses a context is not typed.
    static CONTEXT: LazyLock<Regex> = LazyLock::new(|| {
        regex(r#"(?m)^(?:Context "[^"]*" (?:modified|created)\.|Switched to (?:a new )?context "[^"]*"\.)$"#)
    });
    static FORWARDING: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)^Forwarding from \S+:\d+ -> \d+$"));
    // The author's own namespace, as a word for it.
    static OWN: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)^No resources found in [A-Z][A-Z_-]+ namespace\.$"));
    let text = OWN.replace_all(&expected.text, "No resources found in default namespace.");
    let text = NOTICE.replace_all(&text, "");
    let text = if command.contains("config") { text } else { CONTEXT.replace_all(&text, "").into_owned().into() };
    let text =
        if command.contains("port-forward") { text } else { FORWARDING.replace_all(&text, "").into_owned().into() };
    ShownOutput { text: text.into_owned(), ..expected.clone() }
}

/// Output as a terminal shows it at last, with the document's name for the namespace.
fn as_shown(text: &str, world: &World) -> String {
    let lines =
        text.lines().map(|line| line.trim_end_matches('\r').rsplit('\r').find(|part| !part.is_empty()).unwrap_or(""));
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    if world.namespace.is_empty() { text } else { in_default(&text, &world.namespace) }
}

/// A text with the namespace `default` in place of this one. Blanks keep the columns of tables.
fn in_default(text: &str, namespace: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(namespace) {
        let (word, behind) = after.split_at(after.find([' ', '\n']).unwrap_or(after.len()));
        let is_column = behind.starts_with("  ") && !word.contains(namespace);
        let blanks = if is_column { namespace.len().saturating_sub("default".len()) } else { 0 };
        kept += &format!("{before}default{}{}", if is_column { word } else { "" }, " ".repeat(blanks));
        rest = if is_column { behind } else { after };
    }
    kept + rest
}

impl Finding {
    fn of(line: usize, says: &str, seen: &str) -> Self {
        let (kind, advice) = match drift::of(says, seen) {
            Some(change) => (Defect::Drift, Some(change.to_owned())),
            None => (Defect::Mistake, None),
        };
        let may_change = kind == Defect::Mistake && !values::sets_other_values(says, seen);
        Self { line, kind, says: says.trim_end().into(), seen: seen.trim_end().into(), advice, may_change }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_a_table_stay_where_another_namespace_is_named() {
        let table = "NAME   CLAIM                  CLASS\na      readme-3fa9d3-1/pvc    nfs\n";
        let shown = "NAME   CLAIM                  CLASS\na      default/pvc            nfs\n";
        assert_eq!(in_default(table, "readme-3fa9d3-1"), shown);
        assert_eq!(
            in_default("pod \"a\" deleted from page-1 namespace\n", "page-1"),
            "pod \"a\" deleted from default namespace\n"
        );
    }
}
