//! When two cells of a table mean the same although they differ.

use std::sync::LazyLock;

use regex::Regex;

use super::{OF_ONE_RUN, World, are_other_quantities};
use crate::expression::{kubectl_regex, regex};

/// Whether two states tell of another number of init containers, which does not pass.
pub(super) fn is_other_init(cell: &str, other: &str) -> bool {
    let count = |cell: &str| Some(cell.strip_prefix("Init:")?.split_once('/')?.1.to_owned());
    count(cell).zip(count(other)).is_some_and(|(one, other)| one != other)
}

/// Whether a command lists what the cluster itself needs. The document makes none of it, so it decides no numbers.
pub(super) fn is_about_the_cluster(command: &str) -> bool {
    static OF_CLUSTER: LazyLock<Regex> = LazyLock::new(|| regex(r"\s(?:-n|--namespace)[= ]?kube-"));
    OF_CLUSTER.is_match(command)
}

/// Whether a command lists nodes: how many processors and Pods they have is the machine's.
pub(super) fn lists_nodes(command: &str) -> bool {
    static NODES: LazyLock<Regex> = LazyLock::new(|| kubectl_regex(r"^KUBECTL\s+get\s+(?:nodes?|no)\b"));
    NODES.is_match(command.trim())
}

pub(super) fn is_number(cell: &str) -> bool {
    cell.starts_with(|letter: char| letter.is_ascii_digit())
}

/// Whether two cells are different amounts of memory or CPU that a document sets itself.
pub(super) fn is_other_quantity(name: &str, cell: &str, other: &str) -> bool {
    const OF_QUOTAS: [&str; 6] = ["Used", "Hard", "Min", "Max", "Default Request", "Default Limit"];
    let is_amount = OF_QUOTAS.contains(&name) || !cell.ends_with('m') && !OF_ONE_RUN.contains(&name);
    is_amount && are_other_quantities(cell, other)
}

/// Whether a row is about a Pod that fails again and again: its restarts only grow.
pub(super) fn keeps_failing(cells: &[&str], cell: &str, other: &str) -> bool {
    let count = |cell: &str| cell.split_whitespace().next()?.parse::<u32>().ok();
    let fails = cells.iter().any(|cell| cell.contains("CrashLoopBackOff") || cell.ends_with("Error"));
    fails && count(cell).zip(count(other)).is_some_and(|(shown, real)| (1..=real).contains(&shown))
}

/// Whether a count of restarts does not say how long ago the last one was.
pub(super) fn lacks_time(cell: &str, other: &str) -> bool {
    !cell.contains('(') && other.contains('(') && cell != "0"
}

/// Whether both are values, and neither says that there is none.
pub(super) fn has_form(cell: &str, other: &str) -> bool {
    let is_none = |cell: &str| cell == "None" || cell.starts_with('<') && cell != "<unknown>" && cell != "<invalid>";
    !is_none(cell) && !is_none(other)
}

pub(super) fn is_same_count(cell: &str, other: &str) -> bool {
    let count = |cell: &str| cell.split(' ').next().unwrap_or_default().to_owned();
    count(cell) == count(other)
}

/// Whether a row is that of the Service `kubernetes`, which only the namespace `default` has.
pub(super) fn is_of_default(cells: &[&str], world: &World) -> bool {
    let name = cells.first().copied().unwrap_or_default();
    let is_service = cells.iter().any(|cell| matches!(*cell, "ClusterIP" | "443/TCP"));
    matches!(name, "kubernetes" | "service/kubernetes") && is_service && !world.namespace.is_empty()
}

/// Whether a port of the cluster's nodes is another one, although the document sets it itself.
pub(super) fn has_other_node_port(cell: &str, other: &str, world: &World) -> bool {
    let node_port = |port: &str| port.split([':', '/']).nth(1).map(str::to_owned);
    let is_set = |port: &str| node_port(port).is_some_and(|port| world.node_ports.contains(&port));
    let mut pairs = cell.split(',').zip(other.split(','));
    pairs.any(|(shown, real)| is_set(real) && node_port(shown) != node_port(real))
}

pub(super) fn is_same_but_node_ports(cell: &str, other: &str, world: &World) -> bool {
    if has_other_node_port(cell, other, world) {
        return false;
    }
    let ports = |cell: &str| {
        let each = cell.split(',').map(|port| port.split([':', '/']).next().unwrap_or_default().to_owned());
        each.collect::<Vec<_>>()
    };
    ports(cell) == ports(other) && cell.contains(':') == other.contains(':')
}
