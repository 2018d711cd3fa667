//! What a command of Docker and its like changes that others use: containers, images, volumes, this machine's files.

pub(super) mod command;
mod options;

use std::{collections::BTreeSet, path::Path};

use self::command::EngineCommand;
use super::{credentials, files::Folder, rules, simple_commands, sources, unwrapped};
use crate::document::{
    bash::{Input, Simple, Word},
    kubectl,
};

/// Networks that others need.
const OWN_NETWORKS: [&str; 4] = ["bridge", "host", "kind", "none"];

/// Containers that a document has not made.
struct Bystanders<'a> {
    /// The nodes of the cluster, as far as they are known.
    nodes: &'a BTreeSet<String>,
}

impl Bystanders<'_> {
    fn is_node(&self, container: &str) -> bool {
        rules::is_node(container) || self.nodes.contains(container)
    }

    /// Whether this may be a node: a name that only running something could tell may be anything.
    fn may_be_node(&self, container: &Word) -> bool {
        self.is_node(&container.text) || !container.is_known()
    }
}

/// Why a command of an engine is not typed, if it is not.
pub(super) fn harm(command: &Simple, nodes: &BTreeSet<String>, folder: &Folder) -> Option<&'static str> {
    let read = EngineCommand::of(&command.words)?;
    let others = Bystanders { nodes };
    if read.is_elsewhere {
        return Some("it speaks with another engine");
    }
    if matches!(read.verb, "prune" | "reset") {
        return Some("it removes what others use");
    }
    if read.noun == "compose" && !matches!(read.verb, "" | "config" | "ls" | "ps" | "logs" | "version") {
        return Some("what a compose file starts may reach beyond its containers");
    }
    if matches!(read.verb, "swarm" | "node" | "service" | "stack" | "login" | "logout" | "push" | "context" | "plugin")
    {
        return Some("it reaches beyond this machine's own containers");
    }
    if read.removes()
        && let Some(why) = removal(&read, &others)
    {
        return Some(why);
    }
    let copies_to_a_node = read.verb == "cp" && read.operands.get(1).is_some_and(|to| is_on_node(to, &others));
    let replaces_the_node =
        read.verb == "tag" && read.operands.get(1).is_some_and(|to| to.text.contains("kindest/node"));
    if copies_to_a_node || replaces_the_node {
        return Some("it changes a node of the cluster");
    }
    match (read.verb, read.operands.split_first()) {
        ("exec", Some((container, program))) if others.may_be_node(container) => {
            let is_certain = others.is_node(&container.text);
            if is_certain && credentials::are_read(&line(program)) {
                return Some(credentials::WHY);
            }
            changes_node(program, is_certain, &command.input).then_some("it changes a node of the cluster")
        }
        ("cp", Some((from, _))) => from
            .text
            .split_once(':')
            .is_some_and(|(container, path)| others.is_node(container) && credentials::are_in(Path::new(path)))
            .then_some(credentials::WHY),
        ("export", Some((container, _))) => others.is_node(&container.text).then_some(credentials::WHY),
        ("create", _) if read.noun == "volume" => {
            let binds = |option: &String| option.contains("device=") || option.contains("o=bind");
            read.options.iter().any(binds).then_some("it reaches beyond its container")
        }
        ("run" | "create", _) => {
            let reaches_out = |option: &String| options::reaches_out(option, folder, &others);
            read.options.iter().any(reaches_out).then_some("it reaches beyond its container")
        }
        _ => None,
    }
}

/// Whether an option of `docker run`, such as `--pid=host`, lets every container that has it reach beyond itself.
#[must_use]
pub fn reaches_out(option: &str) -> bool {
    options::reaches_out(option, &Folder::default(), &Bystanders { nodes: &BTreeSet::new() })
}

/// Whether a file or a folder of a node holds the cluster's own credentials.
#[must_use]
pub fn holds_credentials(path: &Path) -> bool {
    credentials::are_in(path)
}

/// The images of containers and pulls in these commands, as far as they are known.
pub(in crate::document) fn images_used(text: &str) -> Vec<String> {
    let of_command = |simple: &Simple| {
        let commands = unwrapped(simple);
        let images = commands.iter().flat_map(|words| command::images(words));
        images.filter(|word| word.is_known()).map(|word| word.text.clone()).collect::<Vec<_>>()
    };
    simple_commands(text).iter().flat_map(of_command).collect()
}

/// Whether every container may read this path of its machine.
#[must_use]
pub fn is_readable(path: &Path) -> bool {
    path.to_str().is_some_and(options::is_readable)
}

/// Why a command that removes or stops objects is not typed, if it is not.
fn removal(read: &EngineCommand<'_>, others: &Bystanders<'_>) -> Option<&'static str> {
    if read.operands.iter().any(|operand| others.is_node(&operand.text)) {
        return Some("it ends a node of the cluster");
    }
    if read.noun == "network" && read.operands.iter().any(|operand| OWN_NETWORKS.contains(&operand.text.as_str())) {
        return Some("it removes what others use");
    }
    if read.operands.iter().any(|operand| operand.text.contains("kindest/node")) || read.is_about_all() {
        return Some("it removes what others use");
    }
    let is_own = |operand: &&Word| operand.is_known() || sources::are_own(operand) || is_one(operand);
    (!read.operands.iter().all(is_own)).then_some("it may remove what others use")
}

/// Whether a path of `docker cp` is on a node.
fn is_on_node(path: &Word, others: &Bystanders<'_>) -> bool {
    path.text.split_once(':').is_some_and(|(container, _)| {
        others.may_be_node(&Word { text: container.to_owned(), unknown: path.unknown.clone() })
    })
}

/// Whether a program changes the node on which it is run. What a shell reads there is not judged, so it may.
fn changes_node(program: &[&Word], is_certain: bool, input: &Input) -> bool {
    let line = line(program);
    let is_shell = program.first().is_some_and(|word| matches!(word.text.as_str(), "bash" | "sh"));
    let is_fed = is_shell && program.len() == 1 && *input != Input::Terminal;
    rules::changes_a_node(&line) || kubectl::changes_at_all(program.iter().copied()) || (is_certain && is_fed)
}

/// The words of a program as a line.
fn line(program: &[&Word]) -> String {
    program.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whether a word that is not known stands for one object: a variable of the document, not a list of all.
fn is_one(operand: &Word) -> bool {
    let is_named =
        operand.text.strip_prefix('$').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
    is_named && operand.unknown.iter().all(Vec::is_empty)
}
