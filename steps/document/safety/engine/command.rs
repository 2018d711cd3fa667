//! A command of Docker and its like: its verb, its options, and what it is about.

use crate::document::bash::Word;

const ENGINES: [&str; 4] = ["docker", "podman", "nerdctl", "docker-compose"];

/// Options of `run`, `create` and `exec` that have no value; all others have one.
const WITHOUT_VALUE: &[&str] = &[
    "--detach",
    "--disable-content-trust",
    "--init",
    "--interactive",
    "--no-healthcheck",
    "--no-hosts",
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

/// A command of an engine, as far as its harm depends on it.
#[derive(Debug, Default)]
pub(super) struct EngineCommand<'a> {
    pub(super) noun: &'a str,
    pub(super) verb: &'a str,
    /// The options of the verb, each with its value joined by `=`.
    pub(super) options: Vec<String>,
    /// What it is about: names, or an image or a container and what is run in it.
    pub(super) operands: Vec<&'a Word>,
    /// Whether it is for an engine that it names itself.
    pub(super) is_elsewhere: bool,
}

impl<'a> EngineCommand<'a> {
    pub(super) fn of(words: &'a [Word]) -> Option<Self> {
        let (program, rest) = words.split_first()?;
        if !ENGINES.contains(&program.text.as_str()) {
            return None;
        }
        let noun = if program.text == "docker-compose" { "compose" } else { "" };
        let mut read = Self { noun, ..Self::default() };
        let mut rest = rest.iter().peekable();
        while let Some(word) = rest.next() {
            let text = word.text.as_str();
            if read.verb.is_empty() {
                match text {
                    "-H" | "--host" | "-c" | "--context" => {
                        read.is_elsewhere |= rest.next().is_none_or(|value| value.text != "default");
                    }
                    "--config" | "-l" | "--log-level" | "-f" | "--file" | "-p" | "--project-name" | "--profile" => {
                        _ = rest.next();
                    }
                    _ if text.starts_with("-H") || text.starts_with("--host=") || text.starts_with("--context=") => {
                        read.is_elsewhere |= text != "--context=default";
                    }
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

    pub(super) fn is_about_all(&self) -> bool {
        self.options
            .iter()
            .any(|option| option == "--all" || (option.starts_with("-a") || option == "-fa") && option.len() < 4)
    }

    pub(super) fn removes(&self) -> bool {
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
    let index = letters.iter().position(|letter| !"ditPq".contains(*letter));
    index.is_some_and(|index| index + 1 == letters.len())
}

/// The images that a command needs: those of the containers that it makes, and those that it pulls, or that kind loads.
pub(in crate::document::safety) fn images(words: &[Word]) -> Vec<&Word> {
    if let [kind, load, image, operands @ ..] = words
        && (kind.text.as_str(), load.text.as_str(), image.text.as_str()) == ("kind", "load", "docker-image")
    {
        let has_value = |word: &Word| ["--name", "-n", "--nodes"].contains(&word.text.as_str());
        let is_value = |index: usize| index > 0 && has_value(&operands[index - 1]);
        let images =
            operands.iter().enumerate().filter(|(index, word)| !word.text.starts_with('-') && !is_value(*index));
        return images.map(|(_, word)| word).collect();
    }
    let Some(read) = EngineCommand::of(words) else { return Vec::new() };
    match read.verb {
        "run" | "create" if ["", "container"].contains(&read.noun) => read.operands.into_iter().take(1).collect(),
        "pull" if read.noun != "compose" => read.operands,
        _ => Vec::new(),
    }
}

/// Where `docker cp` copies to; `None` for all other commands.
pub(in crate::document::safety) fn copies_to(words: &[Word]) -> Option<&Word> {
    let read = EngineCommand::of(words)?;
    if read.verb == "cp" { read.operands.get(1).copied() } else { None }
}
