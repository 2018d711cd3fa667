//! Which commands of a document are not typed, and why: what harms this machine or the cluster, what needs a person, what
//! the reader must fill in, and what prepares a machine that labproof has prepared already.
//!
//! Commands are read as bash reads them, and each is judged with what it starts: a shell with its script, `xargs` with
//! what it is given. The rules list known programs; they are no sandbox.

mod cluster;
mod credentials;
mod engine;
mod files;
mod interpreters;
mod manifests;
mod namespace;
mod placeholders;
mod reasons;
mod rules;
mod sources;
mod wrappers;

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use regex::{Captures, Regex};

use super::{
    bash::{Input, Shell, Simple, Unread, Word, line},
    shell,
};
use crate::expression::{ALIASES, regex};
pub(super) use engine::images_used;
pub use engine::{holds_credentials, is_readable, reaches_out};
use files::Folder;
pub use namespace::chosen_namespace;
use placeholders::placeholder;
pub use reasons::{Edit, WhyNotRun};
pub(super) use wrappers::unwrapped;

/// The reader's terminal, as far as its earlier commands decide what a command means.
#[derive(Clone, Debug, Default)]
pub struct ReaderTerminal {
    shell: Shell,
    folder: Folder,
    /// The files that commands wrote: their content, or `None` if the document does not show it.
    written: HashMap<String, Option<String>>,
    /// The cluster's nodes, as far as they are known.
    nodes: BTreeSet<String>,
    /// How many scripts are being judged within each other.
    depth: usize,
}

/// Programs that every reader has.
const INSTALLED: [&str; 5] = ["kubectl", "helm", "docker", "kind", "kustomize"];

/// How deep scripts are judged within each other.
const DEPTH: usize = 10;

impl ReaderTerminal {
    /// A terminal for a cluster with these nodes.
    #[must_use]
    pub fn of(nodes: BTreeSet<String>) -> Self {
        Self { nodes, ..Self::default() }
    }

    /// Why a command is not typed into this terminal, if it is not. `later` has the lines of the commands after it, where
    /// one may undo it.
    pub fn judge(&mut self, command: &str, later: &[Vec<String>]) -> Option<WhyNotRun> {
        if let Some(found) = placeholder(&shell::without_here_documents(command)) {
            return Some(found);
        }
        let folder = self.folder.clone();
        // Nothing is replaced in a here-document.
        let mut as_written = Self { depth: 1, ..self.clone() };
        let in_here_document = command.contains("<<").then(|| as_written.harm(command, later)).flatten();
        let found = self.harm(command, later).or(in_here_document);
        if found.is_some() {
            // A command that is not typed changes nothing; its variables stay, since later commands use them.
            self.folder = folder;
        }
        found
    }

    /// The same for a text that may be a script.
    fn harm(&mut self, text: &str, later: &[Vec<String>]) -> Option<WhyNotRun> {
        // What a shell reads from elsewhere has nothing that the reader replaces.
        let text = if self.depth == 0 { readable(text) } else { with_plain_blanks(text) };
        let commands = match self.shell.read(&text) {
            Ok(commands) => commands,
            Err(Unread::NotBash) => as_words(&text),
            Err(Unread::TooMuch) => {
                return Some(WhyNotRun::NotUnderstood(
                    "it has more than labproof can judge: too long, or too deep".into(),
                ));
            }
        };
        let own: Vec<String> = commands.iter().map(plain_line).collect();
        for (index, simple) in commands.iter().enumerate() {
            let after = Later { own: &own[index + 1..], others: later };
            if let Some(found) = self.simple(simple, &after) {
                return Some(found);
            }
        }
        None
    }

    fn simple(&mut self, simple: &Simple, later: &Later<'_>) -> Option<WhyNotRun> {
        if let Some(found) = simple.outputs.iter().find_map(|target| self.folder.written(target)) {
            return Some(found);
        }
        if let Some(found) = rules::assigned(simple, &self.folder) {
            return Some(found);
        }
        if simple.words.first().is_some_and(|word| ["http://", "https://"].iter().any(|way| word.text.starts_with(way)))
        {
            return Some(WhyNotRun::Interactive("it is opened in a browser".into()));
        }
        if self.leads_elsewhere(&simple.words) || self.is_called_as_kubectl(&simple.words) {
            return Some(interpreters::hidden());
        }
        for words in wrappers::unwrapped(simple) {
            let command = Simple { words, ..simple.clone() };
            if let Some(found) = self.program(&command, later) {
                return Some(found);
            }
        }
        self.note(simple);
        None
    }

    /// One program with its arguments, without what stands before it.
    fn program(&mut self, command: &Simple, later: &Later<'_>) -> Option<WhyNotRun> {
        let program = command.words.first()?;
        if !program.is_known() {
            return Some(WhyNotRun::NotUnderstood("labproof cannot tell which program it runs".into()));
        }
        let inner = match interpreters::inner(command, &self.written).filter(|_| !self.is_installed(program)) {
            Some(interpreters::Inner::Text(text)) if self.depth < DEPTH => {
                self.depth += 1;
                let found = self.harm(&text, later.others);
                self.depth -= 1;
                found
            }
            Some(_) => Some(interpreters::hidden()),
            None => None,
        };
        let found = inner
            .or_else(|| rules::set_up(command))
            .or_else(|| engine::harm(command, &self.nodes, &self.folder).map(unsafe_because))
            .or_else(|| cluster::harm(command, later, &self.folder).map(unsafe_because))
            .or_else(|| manifests::harm(command, &self.written).map(unsafe_because))
            .or_else(|| self.folder.changed_by(command))
            .or_else(|| rules::harm(command).map(unsafe_because));
        found.or_else(|| rules::waits(command, &self.shell))
    }

    /// Whether a command runs a file outside of the reader's folder that is none of the system's, perhaps by a shell.
    fn leads_elsewhere(&self, words: &[Word]) -> bool {
        const RUN_ANOTHER: [&str; 7] = ["sudo", "bash", "sh", "zsh", "source", ".", "exec"];
        let of_system = ["/bin/", "/sbin/", "/usr/", "/etc/", "/dev/"];
        let is_before = |word: &&Word| word.text.starts_with('-') || RUN_ANOTHER.contains(&word.text.as_str());
        words.iter().find(|word| !is_before(word)).is_some_and(|file| {
            let is_of_system = of_system.iter().any(|folder| file.text.starts_with(folder));
            file.is_known() && file.text.contains('/') && !is_of_system && self.folder.is_outside(file)
        })
    }

    /// Whether a command runs a file of the document's that has a name of kubectl, or of another program that every reader
    /// has.
    fn is_called_as_kubectl(&self, words: &[Word]) -> bool {
        let is_written = |word: &Word| self.written.contains_key(sources::name(&word.text));
        let is_alias = |word: &Word| ALIASES.contains(&sources::name(&word.text));
        let is_copy = |word: &Word| word.text.contains('/') && INSTALLED.contains(&sources::name(&word.text));
        let program = words.iter().find(|word| !matches!(word.text.as_str(), "sudo" | "exec" | "time" | "env"));
        words.iter().any(|word| is_alias(word) && is_written(word))
            || program.is_some_and(|word| is_copy(word) && is_written(word))
    }

    /// Whether a bare word is a program that every reader has, whatever file of that name the document downloads.
    fn is_installed(&self, program: &Word) -> bool {
        INSTALLED.contains(&program.text.as_str()) && self.shell.value("PATH").is_none()
    }

    /// Keeps what a command does to the folder and to files.
    fn note(&mut self, simple: &Simple) {
        let Some(program) = simple.words.first() else { return };
        self.folder.follow(simple);
        if let Some(name) = sources::downloaded(simple) {
            self.write(&name, None);
        }
        let targets = simple.outputs.iter().chain(simple.words[1..].iter().filter(|_| program.text == "tee"));
        for target in targets {
            self.write(&target.text, self.printed(simple));
        }
        if let ("cp" | "mv" | "ln", [.., from, to]) = (program.text.as_str(), &simple.words[1..]) {
            let content = self.written.get(sources::name(&from.text)).cloned();
            let name = if to.text.ends_with(['/', '.']) { &from.text } else { &to.text };
            if let Some(content) = content {
                self.write(name, content);
            }
        }
    }

    /// What a command prints, if the document shows it.
    fn printed(&self, simple: &Simple) -> Option<String> {
        let words = &simple.words[1..];
        match (&simple.input, simple.words[0].text.as_str()) {
            (Input::Text(text), "cat" | "tee") => Some(text.clone()),
            (_, "echo" | "printf") => Some(words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")),
            (Input::Terminal, "cat") => {
                words.iter().map(|file| self.written.get(sources::name(&file.text)).cloned().flatten()).collect()
            }
            _ => None,
        }
    }

    /// Keeps what is written to a file, after what it may have already: it may be appended, and files in two folders may
    /// have one name.
    fn write(&mut self, path: &str, content: Option<String>) {
        let before = self.written.remove(sources::name(path));
        let content = match (before, content) {
            (Some(Some(before)), Some(content)) if before != content => Some(format!("{before}\n---\n{content}")),
            (Some(None), _) | (_, None) => None,
            (_, content) => content,
        };
        self.written.insert(sources::name(path).to_owned(), content);
    }

    /// Keeps a file of the document that its reader writes.
    pub fn keep(&mut self, name: &str, text: &str) {
        self.write(name, Some(text.to_owned()));
    }
}

/// The lines of the commands after one: of its own text, and of the document.
struct Later<'a> {
    own: &'a [String],
    others: &'a [Vec<String>],
}

impl Later<'_> {
    fn lines(&self) -> impl Iterator<Item = &String> {
        self.own.iter().chain(self.others.iter().flatten())
    }
}

/// Why labproof itself does not give manifests of the document to the cluster, if it does not.
#[must_use]
pub fn in_manifests(text: &str) -> Option<WhyNotRun> {
    manifests::in_text(text).map(unsafe_because)
}

/// Why this command is not typed on this machine, if it is not, without regard to what stands before it.
#[must_use]
pub fn on_this_machine(command: &str, later: &str) -> Option<WhyNotRun> {
    ReaderTerminal::default().judge(command, &[lines(later)])
}

/// Why a command waits for a person, if it does.
#[must_use]
pub fn waits_for_a_person(command: &Simple) -> Option<String> {
    match rules::waits(command, &Shell::default())? {
        WhyNotRun::Interactive(why) => Some(why),
        _ => None,
    }
}

/// The simple commands of a text as lines, without what stands before the program.
#[must_use]
pub fn lines(text: &str) -> Vec<String> {
    simple_commands(text).iter().map(plain_line).collect()
}

/// The same for the commands that read what a person types.
#[must_use]
pub fn interactive_lines(text: &str) -> Vec<String> {
    simple_commands(text).iter().filter(|simple| simple.input == Input::Terminal).map(plain_line).collect()
}

/// Why no shell is opened by this command: it would be one on this machine, on a node, or in what the cluster needs, and
/// what is typed there could harm them.
#[must_use]
pub fn as_shell(command: &str) -> Option<WhyNotRun> {
    let why = "it opens a shell on this machine, on a node, or in what the cluster needs";
    interactive_lines(command).iter().any(|line| rules::is_shell_elsewhere(line)).then(|| unsafe_because(why))
}

pub(super) fn simple_commands(text: &str) -> Vec<Simple> {
    let text = readable(text);
    Shell::default().read(&text).unwrap_or_else(|_| as_words(&text))
}

/// The line of a command without what stands before its program.
fn plain_line(simple: &Simple) -> String {
    unwrapped(simple).iter().map(|words| line(words)).collect::<Vec<_>>().join(" ")
}

fn unsafe_because(why: &'static str) -> WhyNotRun {
    WhyNotRun::Unsafe(why.into())
}

/// A text as bash can read it: `<name>`, which the reader replaces, is no redirection.
fn readable(text: &str) -> String {
    static BLANK: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(^|[\s=/:'\x22@-])<([A-Za-z](?:[\w ./|-]*[A-Za-z0-9])?)>"));
    let text = with_plain_blanks(text);
    BLANK
        .replace_all(&text, |found: &Captures<'_>| found[1].to_owned() + &found[2].replace([' ', '|', '/'], "-"))
        .into_owned()
}

/// A text in which every blank is one to bash, which takes other characters that look like blanks for letters.
fn with_plain_blanks(text: &str) -> String {
    let is_other_blank = |character: char| character.is_whitespace() && !matches!(character, '\n' | '\t' | ' ');
    text.replace("\r\n", "\n").replace(is_other_blank, "_")
}

/// The words of a text that bash could not read, as commands.
fn as_words(text: &str) -> Vec<Simple> {
    let parts = text.split(['\n', ';', '|', '&', '(', ')', '`']).filter(|part| !part.trim().is_empty());
    let simple = |part: &str| {
        let (part, outputs) = part.split_once('>').map_or((part, ""), |(part, outputs)| (part, outputs));
        let words = |text: &str| -> Vec<Word> {
            text.split_whitespace().map(|word| Word::known(word.trim_matches(['"', '\'', '>', '|']))).collect()
        };
        Simple { words: words(part), outputs: words(outputs), ..Simple::default() }
    };
    parts.map(simple).collect()
}
