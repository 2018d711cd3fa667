//! What the prose says of the blocks, and none of them has: names with a wrong letter, containers, mount paths, numbers
//! of replicas, subcommands of kubectl.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;
use serde_json::Value;

use super::{
    Doubt,
    containers::mounts,
    misspelt::{Shown, misspelt},
    objects::ReviewedObject,
};
use crate::{
    document::{
        Block, Document, Piece, names,
        safety::WhyNotRun,
        story::{Deed, Story},
        words::{CONTAINERS, MOUNTS, NUMBERS, REPLICAS},
    },
    expression::regex,
};

/// Words for what a container does in a Pod, which are no names.
const ROLES: &str = "init sidecar main app application pause helper proxy ephemeral debug first second other";

/// What is wrong in the prose.
pub(super) fn doubts(document: &Document, all: &[ReviewedObject], story: &Story) -> Vec<Doubt> {
    let shown = Shown::of(story);
    let (mut doubts, mut last) = (Vec::new(), String::new());
    // The block before, if only prose comes after it.
    let mut manifest: Option<&str> = None;
    // The line of the last words before a block.
    let mut words = 0;
    for piece in &document.pieces {
        match piece {
            Piece::Prose(first, prose) => {
                if let Some(manifest) = manifest.take() {
                    doubts.extend(replicas_after(manifest, prose, *first, &shown));
                }
                for (index, line) in prose.lines().enumerate() {
                    doubts.extend(of_line(line, first + index, all, &shown));
                    words = if line.trim().is_empty() { words } else { first + index };
                }
                last += prose;
            }
            Piece::Block(block) if is_prose(block, story) => {
                for (index, line) in block.text.lines().enumerate() {
                    doubts.extend(of_line(line, block.line + index, all, &shown));
                }
            }
            Piece::Block(block) => {
                let before = last.trim().rsplit("\n\n").next().unwrap_or_default();
                doubts.extend(replicas(before, &block.text, words));
                last.clear();
                manifest = Some(&block.text);
            }
            Piece::Heading(_) => {
                last.clear();
                manifest = None;
            }
            Piece::Remark(..) => {}
        }
    }
    let mut reported = BTreeSet::new();
    doubts.retain(|doubt| reported.insert(doubt.text.clone()));
    doubts
}

/// Whether a block is an indented text without a command.
fn is_prose(block: &Block, story: &Story) -> bool {
    let mut acts = story.acts.iter().filter(|act| act.line == block.line);
    block.is_indented && acts.any(|act| matches!(&act.deed, Deed::Leave(_, WhyNotRun::Shown(_))))
}

fn of_line(line: &str, number: usize, all: &[ReviewedObject], shown: &Shown) -> Vec<Doubt> {
    let mut found = misspelt(line, shown);
    if found.is_empty() {
        found = containers(line, all, shown);
    }
    found.extend(mount_paths(line, all, shown));
    found.extend(subcommands(line));
    found.into_iter().map(|text| Doubt::mistake(number, text)).collect()
}

/// Containers that no Pod of the document has, if one has several.
fn containers(line: &str, all: &[ReviewedObject], shown: &Shown) -> Vec<String> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        regex(&format!("(?i)`([a-z0-9][a-z0-9-]*)`\\s*(?:{CONTAINERS})|(?:{CONTAINERS})\\s*`([a-z0-9][a-z0-9-]*)`"))
    });
    let has_several = all.iter().any(|object| object.containers().len() > 1);
    let has: BTreeSet<&str> = all
        .iter()
        .flat_map(ReviewedObject::containers)
        .filter_map(|container| container.get("name").and_then(Value::as_str))
        .collect();
    let named = NAMED.captures_iter(line).filter_map(|found| Some(found.get(1).or(found.get(2))?.as_str()));
    let missing = named.filter(|name| {
        has_several
            && !has.contains(name)
            && !ROLES.split(' ').any(|role| role == *name)
            && !shown.has_command_word(name)
    });
    let all: Vec<&str> = has.iter().copied().collect();
    missing.map(|name| format!("no Pod of the document has a container {name}: they have {}", all.join(", "))).collect()
}

/// Paths that a sentence about mounting names, and at which no container mounts anything.
fn mount_paths(line: &str, all: &[ReviewedObject], shown: &Shown) -> Vec<String> {
    static MOUNTING: LazyLock<Regex> = LazyLock::new(|| regex(&format!("(?i){MOUNTS}")));
    static PATH: LazyLock<Regex> = LazyLock::new(|| regex(r"`(/[\w.-]+(?:/[\w.-]+)*)/?`"));
    let containers = all.iter().flat_map(ReviewedObject::containers);
    let mounted: Vec<String> = containers.flat_map(mounts).collect();
    if mounted.is_empty() || !MOUNTING.is_match(line) {
        return Vec::new();
    }
    let is_below = |path: &str, folder: &str| {
        path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is_known = |path: &str| shown.has(path) || mounted.iter().any(|folder| is_below(path, folder));
    let paths = PATH.captures_iter(line).map(|found| found[1].to_owned()).filter(|path| !is_known(path));
    paths
        .map(|path| {
            format!("no container of the document mounts a volume at {path}: they mount at {}", mounted.join(", "))
        })
        .collect()
}

/// Subcommands that kubectl does not have.
fn subcommands(line: &str) -> Vec<String> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"`kubectl ([a-z][a-z-]+)(?:\s[^`]*)?`|\bkubectl ([a-z][a-z-]+) (?:command|subcommand)\b")
    });
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| regex(r"`kubectl (-[a-z]) ([a-z-]+)(?:\s[^`]*)?`"));
    let named = NAMED.captures_iter(line).filter_map(|found| Some(found.get(1).or(found.get(2))?.as_str()));
    let unknown = named.filter(|word| !names::is_subcommand(word));
    let unknown = unknown
        .filter_map(|word| Some(format!("kubectl has no command {word}; it has {}", names::subcommand_like(word)?)));
    let before = BEFORE.captures_iter(line).map(|found| (found[1].to_owned(), found[2].to_owned()));
    let misplaced = before.filter(|(option, verb)| names::is_subcommand(verb) && !names::is_general(option));
    let misplaced = misplaced.map(|(option, verb)| {
        format!("kubectl takes {option} only after the command: write `kubectl {verb} {option}`")
    });
    unknown.chain(misplaced).collect()
}

/// Another number of replicas in the first paragraph after a manifest. A number that any block of the document has may be
/// that of a later change.
fn replicas_after(manifest: &str, prose: &str, first: usize, shown: &Shown) -> Option<Doubt> {
    let before = prose.lines().take_while(|line| line.trim().is_empty()).count();
    let paragraph: Vec<&str> = prose.lines().skip(before).take_while(|line| !line.trim().is_empty()).collect();
    let text = paragraph.join("\n");
    let (word, count) = other_replicas(&text, manifest)?;
    let is_set = |before: &str| shown.contains(&format!("{before}{}", number(&word)));
    let comes_later =
        text.trim_end().ends_with([':', '：']) || ["replicas: ", "replicas=", "replicas "].into_iter().any(is_set);
    (!comes_later).then(|| of_replicas(first + before, &word, &count))
}

/// Another number of replicas than that of the manifest which the paragraph introduces.
fn replicas(paragraph: &str, manifest: &str, line: usize) -> Option<Doubt> {
    let (word, count) = other_replicas(paragraph, manifest)?;
    // A general remark ends where it began; a paragraph about the manifest leads to it, or names it.
    let leads = paragraph.trim_end().ends_with([':', '：']);
    let names = || manifest_names(manifest).any(|name| paragraph.contains(name));
    (leads || names()).then(|| of_replicas(line, &word, &count))
}

/// The names that a manifest has.
fn manifest_names(manifest: &str) -> impl Iterator<Item = &str> {
    let names = manifest.lines().filter_map(|line| line.trim_start().strip_prefix("name:"));
    names.map(|name| name.trim().trim_matches(['"', '\''])).filter(|name| name.len() > 1)
}

fn of_replicas(line: usize, word: &str, count: &str) -> Doubt {
    Doubt::mistake(line, format!("the prose says {word} replicas, and the manifest has `replicas: {count}`"))
}

/// The number of replicas that a paragraph names, as written, and the other one that a manifest sets, if each has one.
fn other_replicas(paragraph: &str, manifest: &str) -> Option<(String, String)> {
    static SAID: LazyLock<Regex> = LazyLock::new(|| {
        let numbers: Vec<&str> = NUMBERS.iter().map(|(_, words)| *words).collect();
        regex(&format!(r"(?i)(\d+|{})\s*(?:個の|つの|個|个|개의|개)?\s*(?:{REPLICAS})", numbers.join("|")))
    });
    static SET: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)^\s*replicas:\s*(\d+)\s*$"));
    let (mut said, mut set) = (SAID.captures_iter(paragraph), SET.captures_iter(manifest));
    let (word, count) = (said.next()?[1].to_lowercase(), set.next()?[1].to_owned());
    let is_one = said.next().is_none() && set.next().is_none() && manifest.contains("kind:");
    (is_one && number(&word) != count).then_some((word, count))
}

/// A number as digits.
fn number(word: &str) -> String {
    let found = NUMBERS.iter().find(|(_, words)| words.split('|').any(|other| other == word));
    found.map_or(word, |(digit, _)| digit).to_owned()
}
