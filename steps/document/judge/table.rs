//! Tables as kubectl prints them: compared by column, and row by row by name.

mod cells;
mod columns;

use std::collections::BTreeMap;

use cells::{
    has_form, has_other_node_port, is_about_the_cluster, is_number, is_of_default, is_other_init, is_other_quantity,
    is_same_but_node_ports, is_same_count, keeps_failing, lacks_time, lists_nodes,
};

use super::{
    Finding, Judged, drift, scheduled,
    values::{World, are_other_quantities, same},
};
use crate::document::{
    defect::Defect,
    story::{self, ShownOutput},
};

/// Columns whose value is that of one run.
pub(in crate::document) const OF_ONE_RUN: &[&str] = &[
    "AGE",
    "IP",
    "CLUSTER-IP",
    "NODE",
    "LAST SEEN",
    "UID",
    "INTERNAL-IP",
    "OS-IMAGE",
    "KERNEL-VERSION",
    "CONTAINER-RUNTIME",
    "VERSION",
    "DURATION",
    "LAST SCHEDULE",
    "ACTIVE",
    "CPU(cores)",
    "MEMORY(bytes)",
    "CPU(CORES)",
    "MEMORY(BYTES)",
    "FIRST SEEN",
    "COUNT",
    "CREATED",
    "SIZE",
    "IMAGE ID",
    "CONTAINER ID",
];

/// States that pass: who types a command a moment later sees another.
pub(in crate::document) const PASSING: &[&str] =
    &["Pending", "ContainerCreating", "PodInitializing", "Terminating", "ErrImagePull", "NotReady"];

/// A table as text.
#[derive(Debug, Default)]
pub(in crate::document) struct Table<'a> {
    /// The header's line in the text.
    line: usize,
    /// The names of its columns.
    pub(in crate::document) columns: Vec<&'a str>,
    /// Its rows, each with its line in the text.
    pub(in crate::document) rows: Vec<(usize, Vec<&'a str>)>,
}

/// Judges the tables that a command printed. `kubectl get all` prints one for each kind.
pub(super) fn judge(expected: &ShownOutput, (command, seen): (&str, &str), world: &World) -> Judged {
    let mut judged = Judged::default();
    let mut rest = Table::all(seen);
    for wanted in Table::all(&expected.text) {
        let is_its_own = |found: &Table<'_>| found.kind() == wanted.kind();
        let index = rest.iter().position(is_its_own).or_else(|| (!rest.is_empty()).then_some(0));
        let found = index.map(|index| rest.remove(index)).unwrap_or_default();
        one(expected, &wanted, (command, &found), world, &mut judged);
    }
    let end = expected.line + expected.text.trim_end().lines().count().saturating_sub(1);
    let others =
        rest.iter().flat_map(|table| &table.rows).filter(|(_, cells)| !may_be_left_out(cells, expected, world));
    judged.findings.extend(others.map(|(_, cells)| Finding::of(end, "", &cells.join("   "))));
    judged
}

/// Whether a document leaves rows out.
fn is_partial(expected: &ShownOutput) -> bool {
    expected.text.contains("...")
}

/// Whether the document need not show a row.
fn may_be_left_out(cells: &[&str], expected: &ShownOutput, world: &World) -> bool {
    let is_aside = |cell: &&&str| world.asides.contains(cell.rsplit('/').next().unwrap_or(cell));
    is_partial(expected) || scheduled::is_name(cells[0]) || cells.iter().take(2).any(|cell| is_aside(&cell))
}

/// Judges one table.
fn one(
    expected: &ShownOutput,
    wanted: &Table<'_>,
    (command, found): (&str, &Table<'_>),
    world: &World,
    judged: &mut Judged,
) {
    let first = expected.line + wanted.line;
    judged.findings.extend(columns::of(first, wanted, found, command));
    let mut rest: Vec<&Vec<&str>> = found.rows.iter().map(|(_, cells)| cells).collect();
    for (at, cells) in &wanted.rows {
        let line = expected.line + at;
        if cells.iter().all(|cell| matches!(*cell, "..." | "…" | "")) {
            rest.clear();
            continue;
        }
        let whole = with_whole_kind(cells[0]);
        let cells = &[whole.as_deref().into_iter().collect(), cells[usize::from(whole.is_some())..].to_vec()].concat();
        if let Some(whole) = &whole {
            let advice = Some("kubectl prints whole names of kinds since 1.11".to_owned());
            judged.findings.push(Finding {
                kind: Defect::Drift,
                advice,
                may_change: false,
                ..Finding::of(line, wanted_name(wanted, line - expected.line), whole)
            });
        }
        // Generated names may fit several rows: the one that differs least is meant.
        let alike = |index: &usize| rest[*index].iter().zip(cells).filter(|(one, other)| one != other).count();
        let fitting = (0..rest.len()).filter(|index| is_row(cells, rest[*index], world));
        match fitting.min_by_key(alike).map(|index| rest.remove(index)) {
            Some(other) => row((line, command), wanted, cells, found, other, world, judged),
            None if is_of_default(cells, world) => {}
            None => judged.findings.push(Finding::of(line, &cells.join("   "), "")),
        }
    }
    let further = rest.iter().filter(|cells| !may_be_left_out(cells, expected, world));
    judged.findings.extend(further.map(|cells| {
        let end = expected.line + wanted.rows.last().map_or(wanted.line, |(at, _)| *at);
        let finding = Finding::of(end, "", &cells.join("   "));
        match drift::of("", &finding.seen) {
            Some(since) => Finding { kind: Defect::Drift, advice: Some(since.into()), may_change: false, ..finding },
            None => finding,
        }
    }));
}

/// The name in the row at this line, as written.
fn wanted_name<'a>(wanted: &Table<'a>, line: usize) -> &'a str {
    wanted.rows.iter().find(|(at, _)| *at == line).and_then(|(_, cells)| cells.first().copied()).unwrap_or_default()
}

/// A name with the whole name of its kind, if it has a short one as older versions printed it: `svc/web`.
fn with_whole_kind(name: &str) -> Option<String> {
    const KINDS: [(&str, &str); 9] = [
        ("po", "pod"),
        ("svc", "service"),
        ("deploy", "deployment.apps"),
        ("deployments", "deployment.apps"),
        ("rs", "replicaset.apps"),
        ("sts", "statefulset.apps"),
        ("statefulsets", "statefulset.apps"),
        ("ds", "daemonset.apps"),
        ("jobs", "job.batch"),
    ];
    let (kind, own) = name.split_once('/')?;
    KINDS.iter().find(|(short, _)| *short == kind).map(|(_, whole)| format!("{whole}/{own}"))
}

/// Whether two rows are about the same object.
fn is_row(wanted: &[&str], found: &[&str], world: &World) -> bool {
    let name = |cells: &[&str]| cells.first().copied().unwrap_or_default().to_owned();
    let is_time =
        |cell: &str| cell.ends_with(['s', 'm', 'h', 'd']) && cell.starts_with(|letter: char| letter.is_ascii_digit());
    if is_time(&name(wanted)) {
        let pairs = || wanted.iter().zip(found).skip(1);
        return wanted.len() == found.len() && pairs().all(|(one, other)| same(one, other, world).is_some());
    }
    same(&name(wanted), &name(found), world).is_some()
        || world.bound.get(&name(wanted)) == Some(&name(found))
        || world.nodes.contains(&name(found))
}

/// Compares the cells of a row.
fn row(
    (line, command): (usize, &str),
    wanted: &Table<'_>,
    cells: &[&str],
    found: &Table<'_>,
    others: &[&str],
    world: &World,
    judged: &mut Judged,
) {
    let real: BTreeMap<&str, &str> = found.columns.iter().copied().zip(others.iter().copied()).collect();
    // A Pod is NotReady only once one of its containers has completed.
    let may_pass = |state: &&&str| **state != "NotReady" || lists_nodes(command);
    let is_passing = |cell: &str| PASSING.iter().filter(may_pass).any(|state| cell.contains(state));
    let passes = cells.iter().any(|cell| is_passing(cell) || cell.starts_with("Init:"));
    let mut has_changed = false;
    let of_nodes = pods_of_nodes(wanted, cells, &real);
    for (name, cell) in wanted.columns.iter().zip(cells) {
        let Some(other) = real.get(name) else { continue };
        let is_set_otherwise = has_other_node_port(cell, other, world) || is_other_quantity(name, cell, other);
        match same(cell, other, world).filter(|_| !is_set_otherwise) {
            Some(bound) => judged.bound.extend(bound),
            // A CronJob may have begun by now, whenever its document was typed.
            None if *name == "LAST SCHEDULE" && *cell == "<none>" => {}
            None if OF_ONE_RUN.contains(name) && has_form(cell, other) => {
                if matches!(*name, "IP" | "CLUSTER-IP") {
                    judged.bound.insert((*cell).to_owned(), (*other).to_owned());
                }
            }
            None if *name == "EXTERNAL-IP" && *other == "<pending>" && *cell != "<none>" => {
                judged.notes.push(format!("line {line}: this cluster has no load balancer, so {cell} is not given"));
            }
            None if passes && PASSES.contains(name) && !is_other_init(cell, other) => has_changed = true,
            None if *name == "RESTARTS" && is_about_the_cluster(command) => {}
            None if lists_nodes(command) && [cell, other].iter().all(|cell| is_number(cell)) => {}
            None if of_nodes == Some((*cell, *other)) => {}
            None if *name == "RESTARTS" && keeps_failing(cells, cell, other) => has_changed = true,
            None if means_the_same(name, cell, other, world) => {}
            None => judged.findings.push(of_cell(line, name, cells[0], cell, other)),
        }
    }
    if has_changed {
        judged.notes.push(format!(
            "line {line} shows a state that passes: it is {} now",
            real.get("STATUS").or(real.get("READY")).unwrap_or(&"another")
        ));
    }
}

/// How many Pods a `DaemonSet` has in the document and here: one for each node of the cluster that takes them.
fn pods_of_nodes<'a>(
    wanted: &Table<'_>,
    cells: &[&'a str],
    real: &BTreeMap<&str, &'a str>,
) -> Option<(&'a str, &'a str)> {
    let desired = wanted.columns.iter().position(|name| *name == "DESIRED")?;
    let takes_all = real.get("NODE SELECTOR").is_some_and(|selector| *selector == "<none>");
    let here = *real.get("DESIRED").filter(|count| takes_all && **count != "0")?;
    Some((*cells.get(desired)?, here))
}

/// Columns whose value passes with a state.
const PASSES: [&str; 8] = ["STATUS", "READY", "RESTARTS", "AVAILABLE", "UP-TO-DATE", "IP", "NODE", "EXTERNAL-IP"];

/// Columns whose value may be another one a moment later.
const MAY_CHANGE: [&str; 12] = [
    "DESIRED",
    "CURRENT",
    "STATUS",
    "READY",
    "RESTARTS",
    "AVAILABLE",
    "UP-TO-DATE",
    "COMPLETIONS",
    "EXTERNAL-IP",
    "ENDPOINTS",
    "TARGETS",
    "REPLICAS",
];

/// Whether two cells differ only in what the cluster chooses or in what passes.
fn means_the_same(name: &str, cell: &str, other: &str, world: &World) -> bool {
    match name {
        "RESTARTS" => is_same_count(cell, other) && !lacks_time(cell, other),
        // Which node has which role depends on the cluster.
        "ROLES" => ["<none>", "worker", "control-plane"].contains(&cell),
        _ => name.starts_with("PORT") && is_same_but_node_ports(cell, other, world),
    }
}

/// What is wrong with a cell, and since when it is so.
fn of_cell(line: usize, name: &str, of: &str, cell: &str, other: &str) -> Finding {
    let finding = Finding::of(line, &format!("{name} of {of}: {cell}"), &format!("{name}: {other}"));
    let since = match name {
        "SECRETS" if (cell, other) == ("1", "0") => "a ServiceAccount has no token Secret since 1.24",
        "RESTARTS" if is_same_count(cell, other) => "kubectl prints how long ago the last restart was since 1.22",
        _ => {
            let may_change =
                finding.kind == Defect::Mistake && MAY_CHANGE.contains(&name) && !is_other_init(cell, other);
            return Finding { may_change, ..finding };
        }
    };
    Finding { kind: Defect::Drift, advice: Some(since.into()), may_change: false, ..finding }
}

impl<'a> Table<'a> {
    /// Reads a table.
    pub(in crate::document) fn of(text: &'a str) -> Self {
        Self::read(&text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).collect::<Vec<_>>())
    }

    /// Reads all tables of a text: a header behind an empty line begins another one.
    fn all(text: &'a str) -> Vec<Self> {
        let mut tables: Vec<Vec<(usize, &str)>> = Vec::new();
        let mut is_first = true;
        for (at, line) in text.lines().enumerate() {
            let begins = is_first && story::is_table(line);
            is_first = line.trim().is_empty();
            match tables.last_mut() {
                _ if is_first => {}
                Some(table) if !begins => table.push((at, line)),
                _ => tables.push(vec![(at, line)]),
            }
        }
        tables.iter().map(|lines| Self::read(lines)).collect()
    }

    /// Reads the lines of a table, each with its place in the text.
    fn read(lines: &[(usize, &'a str)]) -> Self {
        let Some(((at, header), lines)) = lines.split_first() else { return Self::default() };
        let columns = cells(header);
        let starts: Vec<usize> = columns.iter().map(|name| name.as_ptr() as usize - header.as_ptr() as usize).collect();
        let rows = lines.iter().map(|(at, line)| {
            let split = cells(line);
            (*at, if split.len() == columns.len() { split } else { by_position(line, &starts, split) })
        });
        Self { line: *at, rows: rows.collect(), columns }
    }

    /// The kind of its objects, as the first row names it before a slash; empty if it does not.
    fn kind(&self) -> &'a str {
        let name = self.rows.first().and_then(|(_, cells)| cells.first()).copied().unwrap_or_default();
        name.split_once('/').map_or("", |(kind, _)| kind.split('.').next().unwrap_or(kind))
    }
}

/// The cells of a line: two blanks or a tab separate them.
fn cells(line: &str) -> Vec<&str> {
    line.split("  ").flat_map(|part| part.split('\t')).map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

/// The cells of a line by the places of the header's columns, where their number differs.
fn by_position<'a>(line: &'a str, starts: &[usize], split: Vec<&'a str>) -> Vec<&'a str> {
    let at = |index: usize| starts.get(index).copied().unwrap_or(line.len()).min(line.len());
    let cells: Option<Vec<&str>> =
        (0..starts.len()).map(|index| line.get(at(index)..at(index + 1)).map(str::trim)).collect();
    cells.unwrap_or(split)
}
