//! What a kubectl command is about: its verb, its objects, and its namespace.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    document::{
        bash::Word,
        names::{is_subcommand, takes_a_value},
    },
    expression::regex,
};

/// Verbs that change what exists.
const CHANGES: &[&str] =
    &["annotate", "delete", "edit", "label", "patch", "replace", "rollout", "scale", "set", "autoscale", "taint"];

/// Verbs that make something, or act in a container.
pub(super) const MAKES: &[&str] = &["apply", "attach", "create", "run", "expose", "exec", "cp", "debug"];

/// Of `rollout`, what only reads.
const READS: &[&str] = &["status", "history"];

/// Kinds of objects that belong to the whole cluster, as a command may call them.
pub(super) const OF_THE_CLUSTER: &[&str] = &[
    "node",
    "no",
    "crd",
    "customresourcedefinition",
    "pv",
    "persistentvolume",
    "sc",
    "storageclass",
    "clusterrole",
    "clusterrolebinding",
    "apiservice",
    "namespace",
    "ns",
    "priorityclass",
    "pc",
    "ingressclass",
    "csinode",
    "csr",
    "certificatesigningrequest",
    "flowschema",
    "prioritylevelconfiguration",
    "runtimeclass",
    "csidriver",
    "volumeattachment",
    "validatingadmissionpolicy",
    "validatingadmissionpolicybinding",
    "mutatingwebhookconfiguration",
    "validatingwebhookconfiguration",
];

pub(super) static ALL_NAMESPACES: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^-[iRtwq]*A|^--all-namespaces(=(1|t|true|T|TRUE|True))?$"));

/// All objects of a kind, or those with a label.
pub(super) static MANY: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^--all(=(1|t|true|T|TRUE|True))?$|^(-l|--selector|--field-selector)"));

pub(super) static ONLY_ASKS: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^--dry-run(=(client|server|true))?$|^--help$|^-h$"));

/// A kubectl command, as far as its harm depends on it.
#[derive(Debug, Default)]
pub(super) struct KubectlCommand<'a> {
    /// The verb, and what it is about.
    pub(super) words: Vec<&'a Word>,
    pub(super) options: Vec<&'a str>,
    pub(super) namespace: Option<&'a str>,
}

/// Where `kubectl cp` copies to; `None` for all other commands.
pub(super) fn copies_to(words: &[Word]) -> Option<&Word> {
    let read = KubectlCommand::of(words)?;
    if read.verb() == "cp" { read.words.get(2).copied() } else { None }
}

impl<'a> KubectlCommand<'a> {
    pub(super) fn of(words: &'a [Word]) -> Option<Self> {
        let mut read = Self::default();
        let (program, rest) = words.split_first()?;
        if program.text != "kubectl" {
            return None;
        }
        let mut rest = rest.iter().take_while(|word| word.text != "--");
        while let Some(word) = rest.next() {
            let text = word.text.as_str();
            match text {
                "-n" | "--namespace" => read.namespace = rest.next().map(|word| word.text.as_str()),
                _ if takes_a_value(text) => {
                    read.options.push(text);
                    read.options.extend(rest.next().map(|word| word.text.as_str()));
                }
                _ if text.starts_with('-') => {
                    read.options.push(text);
                    let name = text.strip_prefix("--namespace=").or_else(|| text.strip_prefix("-n"));
                    read.namespace = name.map(|name| name.trim_start_matches('=')).or(read.namespace);
                }
                // What stands before the verb is the value of an option.
                _ if read.words.is_empty() && !is_subcommand(text) => {}
                _ => read.words.push(word),
            }
        }
        Some(read)
    }

    pub(super) fn verb(&self) -> &str {
        self.words.first().map_or("", |word| &word.text)
    }

    pub(super) fn changes(&self) -> bool {
        let is_reading = self.words.get(1).is_some_and(|word| READS.contains(&word.text.as_str()));
        CHANGES.contains(&self.verb()) && !(self.verb() == "rollout" && is_reading)
    }

    pub(super) fn has(&self, options: &LazyLock<Regex>) -> bool {
        self.options.iter().any(|option| options.is_match(option))
    }

    /// The kinds that the command names, in one form.
    fn kinds(&self) -> Vec<String> {
        let named = self.words.iter().skip(1).take(1).flat_map(|word| word.text.split(','));
        let with_slash = self.words.iter().skip(2).map(|word| word.text.as_str()).filter(|word| word.contains('/'));
        named.chain(with_slash).map(kind).collect()
    }

    pub(super) fn is_about(&self, kinds: &[&str]) -> bool {
        self.kinds().iter().any(|kind| kinds.contains(&kind.as_str()))
    }

    /// The names of objects that the command names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let words = self.words.iter().skip(1).enumerate();
        words.flat_map(|(index, word)| word.text.split('/').skip(usize::from(index == 0)))
    }
}

/// A kind in one form: without its group, in small letters, in the singular.
fn kind(word: &str) -> String {
    let kind = word.split(['/', '.']).next().unwrap_or_default().to_ascii_lowercase();
    if let Some(stem) = kind.strip_suffix("sses") {
        return format!("{stem}ss");
    }
    if let Some(stem) = kind.strip_suffix("ies") {
        return format!("{stem}y");
    }
    kind.strip_suffix('s')
        .filter(|kind| kind.len() > 1 && *kind != "n" && !kind.ends_with('s'))
        .unwrap_or(&kind)
        .to_owned()
}

/// Whether a namespace holds what the cluster needs.
pub(super) fn is_of_the_cluster(namespace: &str) -> bool {
    namespace.starts_with("kube-") || namespace == "local-path-storage"
}

/// Whether a command lists objects of the document's namespace only.
pub(super) fn lists_own(line: &str) -> bool {
    let words: Vec<Word> = line.split(' ').map(Word::known).collect();
    KubectlCommand::of(&words).is_some_and(|read| {
        let is_elsewhere = read.has(&ALL_NAMESPACES) || read.namespace.is_some_and(is_of_the_cluster);
        read.verb() == "get" && !is_elsewhere && !read.is_about(OF_THE_CLUSTER)
    })
}

/// Whether a command changes anything, as one that is run on a node.
pub(super) fn changes_at_all<'a>(words: impl Iterator<Item = &'a Word>) -> bool {
    let words: Vec<Word> = words.cloned().collect();
    KubectlCommand::of(&words).is_some_and(|read| read.changes() || MAKES.contains(&read.verb()))
}
