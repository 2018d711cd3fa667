//! What a command of Docker and its like changes that others use: containers, images, volumes, this machine's files.

pub(super) mod command;

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use self::command::Command;
use super::{kubectl, rules, sources};
use crate::document::{
    bash::{Simple, Word},
    regex,
};

/// Networks that others need.
const OWN_NETWORKS: [&str; 4] = ["bridge", "host", "kind", "none"];

/// Why a command of an engine is not typed, if it is not.
pub(super) fn harm(command: &Simple, nodes: &BTreeSet<String>) -> Option<&'static str> {
    let read = Command::of(&command.words)?;
    let is_node = |container: &str| rules::is_node(container) || nodes.contains(container);
    if read.verb == "prune" {
        return Some("it removes what others use");
    }
    if matches!(read.verb, "swarm" | "node" | "service" | "stack" | "login" | "logout" | "push" | "context" | "plugin")
    {
        return Some("it reaches beyond this machine's own containers");
    }
    if read.removes() {
        if read.operands.iter().any(|operand| is_node(&operand.text)) {
            return Some("it ends a node of the cluster");
        }
        if read.noun == "network" && read.operands.iter().any(|operand| OWN_NETWORKS.contains(&operand.text.as_str())) {
            return Some("it removes what others use");
        }
        if read.operands.iter().any(|operand| operand.text.contains("kindest/node")) || read.is_about_all() {
            return Some("it removes what others use");
        }
        if !read.operands.iter().all(|operand| operand.is_known() || sources::are_own(operand) || is_one(operand)) {
            return Some("it may remove what others use");
        }
    }
    let copies_to_a_node = read.verb == "cp"
        && read.operands.get(1).is_some_and(|to| to.text.split_once(':').is_some_and(|(name, _)| is_node(name)));
    let replaces_the_node =
        read.verb == "tag" && read.operands.get(1).is_some_and(|to| to.text.contains("kindest/node"));
    if copies_to_a_node || replaces_the_node {
        return Some("it changes a node of the cluster");
    }
    match (read.verb, read.operands.split_first()) {
        ("exec", Some((container, program))) if is_node(&container.text) => {
            let line = program.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
            let changes = rules::changes_a_node(&line) || kubectl::changes_at_all(program.iter().copied());
            changes.then_some("it changes a node of the cluster")
        }
        ("run" | "create", _) => reaches_out(&read.options).then_some("it reaches beyond its container"),
        _ => None,
    }
}

/// Whether a word that is not known stands for one object: a variable of the document, not a list of all.
fn is_one(operand: &Word) -> bool {
    let is_named =
        operand.text.strip_prefix('$').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
    is_named && operand.unknown.iter().all(Vec::is_empty)
}

/// Whether options let a container reach this machine.
fn reaches_out(options: &[String]) -> bool {
    static REACHES: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^(?:--privileged(?:=true)?$|--(?:pid|ipc|uts|userns|cgroupns)=host|--cap-add=(?:ALL|all|SYS_\w+|NET_ADMIN)|--device(?:-\w+)*=|--security-opt=\S*unconfined|(?:--volumes-from|--net|--network|--pid|--ipc)=\S*(?:control-plane|worker)|(?:-v|--volume)=?(?:/(?:[ :]|(?:etc|var|root|usr|bin|sbin|lib|boot|dev|proc|sys|run|home|opt|srv)\b)|~/?:|~/\.|\.\.(?:/|:))|--mount=\S*(?:source|src)=/(?:,|$|(?:etc|var|root|usr|bin|sbin|lib|boot|dev|proc|sys|run|home|opt|srv)\b))",
        )
    });
    options.iter().any(|option| REACHES.is_match(option))
}
