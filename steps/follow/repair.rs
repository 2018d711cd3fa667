//! What a failed command would be without its mistake, as far as its message and the document tell. labproof types this
//! instead, because otherwise the first mistake would hide all later ones. Pure.

mod manifest;
mod options;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::Regex;

pub(super) use manifest::{ignoring, repaired as manifest};

use crate::{document::names, expression::regex};

/// How alike two names must be for one to be the other's misspelling.
const ALIKE: f32 = 0.7;

/// What the document has made so far.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    /// Its objects, each as `kind/name`.
    pub(super) objects: Option<&'a BTreeSet<String>>,
    /// Files that commands use and nothing makes, each with the one that is meant.
    pub(super) files: Option<&'a BTreeMap<String, String>>,
    /// Images that it builds.
    pub(super) images: Vec<String>,
}

/// The command without the mistake that its message names; [`None`] if labproof knows none.
pub(super) fn command(command: &str, said: &str, known: &Known<'_>) -> Option<String> {
    let repaired = typo(command, said)
        .or_else(|| container(command, said))
        .or_else(|| known.files.and_then(|files| file(command, said, files)))
        .or_else(|| known.objects.and_then(|objects| object(command, said, objects)))
        .or_else(|| image(command, said, &known.images))?;
    (repaired != command).then_some(repaired)
}

/// The same, if it means nothing else for later commands: a Deployment in place of a Pod has another label.
pub(super) fn safe(command: &str, said: &str) -> Option<String> {
    let makes_a_deployment = |text: &str| text.contains("create deployment");
    typo(command, said).filter(|repaired| makes_a_deployment(repaired) == makes_a_deployment(command))
}

/// The command without a typo: a misspelt subcommand or kind, an option that is gone or misspelt, a missing `--`.
fn typo(command: &str, said: &str) -> Option<String> {
    verb(command, said)
        .or_else(|| options::without(command, said))
        .or_else(|| separator(command, said))
        .or_else(|| kind(command, said))
}

/// A misspelt subcommand: `kubectl aply`.
fn verb(command: &str, said: &str) -> Option<String> {
    static UNKNOWN: LazyLock<Regex> = LazyLock::new(|| regex(r#"unknown command "([^"]+)" for "kubectl"#));
    let unknown = &UNKNOWN.captures(said)?[1];
    Some(with_word(command, unknown, names::subcommand_like(unknown)?))
}

/// `kubectl exec POD COMMAND`, which needs `--` today.
fn separator(command: &str, said: &str) -> Option<String> {
    static EXEC: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^(.*?\bexec\s+(?:(?:-n|--namespace|-c|--container)[ =]\S+\s+|-\S+\s+)*\S+\s+(?:(?:-n|--namespace|-c|--container)[ =]\S+\s+|-\S+\s+)*)(.+)$",
        )
    });
    if !said.contains("exec [POD] [COMMAND] is not supported") {
        return None;
    }
    Some(EXEC.replace(command, "$1-- $2").into_owned())
}

/// A container that the Pod does not have.
fn container(command: &str, said: &str) -> Option<String> {
    static NONE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"container (\S+) is not valid for pod \S+ out of: ([^\n]+)"));
    let found = NONE.captures(said)?;
    let has: Vec<&str> = found[2].split([',', ' ']).map(|name| name.trim_matches(['(', ')'])).collect();
    let real = has.iter().filter(|name| !name.is_empty() && !matches!(**name, "init" | "ephem"));
    let nearest = names::nearest(&found[1], real.copied(), 0.0)?;
    Some(with_word(command, &found[1], nearest))
}

/// A misspelt kind: `kubectl get pdos`.
fn kind(command: &str, said: &str) -> Option<String> {
    static NONE: LazyLock<Regex> = LazyLock::new(|| regex(r#"the server doesn't have a resource type "([^"]+)""#));
    let unknown = &NONE.captures(said)?[1];
    Some(with_word(command, unknown, names::kind_like(unknown)?))
}

/// A file that the document calls by another name.
fn file(command: &str, said: &str, files: &BTreeMap<String, String>) -> Option<String> {
    static NONE: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"the path "([^"]+)" does not exist|(?m)([\w./-]+): No such file or directory$"#));
    let found = NONE.captures(said)?;
    let missing = found.get(1).or(found.get(2))?.as_str();
    Some(with_word(command, missing, files.get(missing)?))
}

/// An object that the document calls by another name.
fn object(command: &str, said: &str, objects: &BTreeSet<String>) -> Option<String> {
    let (kind, name) = not_found(said).or_else(|| empty_namespace(said).map(|name| ("namespace", name)))?;
    Some(with_word(command, name, nearest_object(kind, name, objects)?))
}

/// An image that the document builds under a name that is much like this one.
fn image(command: &str, said: &str, images: &[String]) -> Option<String> {
    static NONE: LazyLock<Regex> = LazyLock::new(|| regex(r#"ERROR: image: "([^"]+)" not present locally"#));
    let missing = &NONE.captures(said)?[1];
    Some(with_word(command, missing, names::nearest(missing, images.iter().map(String::as_str), ALIKE)?))
}

/// The namespace in which a message finds nothing; kubectl says no more of one that does not exist.
pub(super) fn empty_namespace(said: &str) -> Option<&str> {
    static NOTHING: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?m)^No resources found in ([a-z0-9][a-z0-9-]*) namespace\.$"));
    Some(NOTHING.captures(said)?.get(1)?.as_str())
}

/// The kind and the name of what a message says is not there.
pub(super) fn not_found(said: &str) -> Option<(&str, &str)> {
    static NOT_FOUND: LazyLock<Regex> = LazyLock::new(|| regex(r#"([a-z]+)(?:\.[\w.]+)? "([\w.-]+)" not found"#));
    let found = NOT_FOUND.captures(said)?;
    Some((found.get(1)?.as_str(), found.get(2)?.as_str()))
}

/// The object of this kind whose name is most like this one: one that is much like it, or the only one.
pub(super) fn nearest_object<'a>(kind: &str, name: &str, objects: &'a BTreeSet<String>) -> Option<&'a str> {
    let singular = names::singular(kind);
    let same_kind = objects.iter().filter_map(|object| object.split_once('/'));
    let same_kind: Vec<&str> =
        same_kind.filter(|(kind, _)| names::singular(kind) == singular).map(|(_, name)| name).collect();
    let least = if same_kind.len() == 1 { 0.0 } else { ALIKE };
    names::nearest(name, same_kind.into_iter(), least)
}

/// The command with another word in the place of one.
pub(super) fn with_word(command: &str, word: &str, other: &str) -> String {
    with_words(command, [(word, other)].into_iter())
}

/// The command with other words in the place of some; what is put there is not replaced again.
pub(super) fn with_words<'a>(command: &str, words: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let ends = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric() && !"-_.".contains(letter));
    let ends_word = |rest: &str| ends(rest.chars().next());
    let mut words: Vec<(&str, &str)> = words.collect();
    words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    let (mut text, mut at) = (String::new(), 0);
    while at < command.len() {
        let rest = &command[at..];
        let begins = ends(command[..at].chars().next_back());
        let found = words.iter().find(|(word, _)| begins && rest.strip_prefix(word).is_some_and(&ends_word));
        let letter = rest.chars().next().map_or(1, char::len_utf8);
        let (put, length) = found.map_or((&rest[..letter], letter), |(word, other)| (*other, word.len()));
        text += put;
        at += length;
    }
    text
}

#[cfg(test)]
mod tests;
