//! What a command of Docker and its like changes that others use: containers, images, volumes, this machine's files.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::{kubectl, rules, sources};
use crate::document::{
    bash::{Simple, Word},
    regex,
};

const ENGINES: [&str; 3] = ["docker", "podman", "nerdctl"];

/// Options of `run`, `create` and `exec` that have no value; all others have one.
const WITHOUT_VALUE: &[&str] = &[
    "--detach",
    "--disable-content-trust",
    "--init",
    "--interactive",
    "--no-healthcheck",
    "--oom-kill-disable",
    "--privileged",
    "--publish-all",
    "--quiet",
    "--read-only",
    "--rm",
    "--sig-proxy",
    "--tty",
    "--use-api-socket",
];

/// Words of Docker that say what the next word, its verb, is about.
const NOUNS: [&str; 8] = ["container", "image", "volume", "network", "builder", "buildx", "system", "compose"];

/// Networks that others need.
const OWN_NETWORKS: [&str; 4] = ["bridge", "host", "kind", "none"];

/// A command of an engine, as far as its harm depends on it.
#[derive(Debug, Default)]
struct Command<'a> {
    noun: &'a str,
    verb: &'a str,
    /// The options of the verb, each with its value joined by `=`.
    options: Vec<String>,
    /// What it is about: names, or an image or a container and what is run in it.
    operands: Vec<&'a Word>,
}

impl<'a> Command<'a> {
    fn of(words: &'a [Word]) -> Option<Self> {
        let (program, rest) = words.split_first()?;
        if !ENGINES.contains(&program.text.as_str()) {
            return None;
        }
        let mut read = Self::default();
        let mut rest = rest.iter().peekable();
        while let Some(word) = rest.next() {
            let text = word.text.as_str();
            if read.verb.is_empty() {
                match text {
                    "-H" | "--host" | "-c" | "--context" | "--config" | "-l" | "--log-level" => _ = rest.next(),
                    _ if text.starts_with('-') => {}
                    _ if read.noun.is_empty() && NOUNS.contains(&text) => read.noun = text,
                    _ => read.verb = text,
                }
            } else if text.starts_with('-') && (read.operands.is_empty() || !read.starts_a_program()) {
                let value = rest.next_if(|_| read.starts_a_program() && has_value(text));
                read.options.push(value.map_or(text.to_owned(), |value| format!("{text}={}", value.text)));
            } else {
                read.operands.push(word);
            }
        }
        Some(read)
    }

    /// Whether what follows the first operand is for a container.
    fn starts_a_program(&self) -> bool {
        matches!(self.verb, "run" | "create" | "exec")
    }

    fn is_about_all(&self) -> bool {
        self.options
            .iter()
            .any(|option| option == "--all" || (option.starts_with("-a") || option == "-fa") && option.len() < 4)
    }

    fn removes(&self) -> bool {
        matches!(
            self.verb,
            "rm" | "rmi" | "remove" | "stop" | "kill" | "restart" | "pause" | "update" | "rename" | "disconnect"
        )
    }
}

fn has_value(option: &str) -> bool {
    if option.contains('=') {
        return false;
    }
    if option.starts_with("--") {
        return !WITHOUT_VALUE.contains(&option);
    }
    // `-it` has none, `-p 80:80` and `-itp 80:80` have one; `-p80:80` has it in the same word.
    let letters: Vec<char> = option.chars().skip(1).collect();
    let place = letters.iter().position(|letter| !"ditPq".contains(*letter));
    place.is_some_and(|place| place + 1 == letters.len())
}

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
