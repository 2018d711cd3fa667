//! Values that differ from run to run: times, ages, addresses, ids, generated names, versions, nodes. Two lines are the
//! same if they are equal except for values of the same type.

mod elided;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::{Captures, Match, Regex};

use crate::{conditions::wildcard, expression::regex};

/// What is known about the world in which a command ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct World {
    /// The namespace that stands for the document's `default`; empty if it is `default`.
    pub namespace: String,
    /// The nodes of the cluster.
    pub nodes: BTreeSet<String>,
    /// Values of the document, each with the real one.
    pub bound: BTreeMap<String, String>,
    /// The node ports that the document sets itself.
    pub node_ports: BTreeSet<String>,
    /// The names that `kubectl run` gave to Deployments once, and gives to Pods.
    pub pods_of_runs: BTreeSet<String>,
    /// The objects that another way has made, or a mere example: a reader who takes one way has none of them.
    pub asides: BTreeSet<String>,
}

/// The types of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Time,
    Id,
    Ip,
    Amount,
    Version,
    /// A name with a generated end.
    Generated,
    /// A port that the cluster chose.
    NodePort,
    /// A token of a `ServiceAccount`.
    Token,
    /// The number of a process.
    Process,
    /// The hash of a template.
    Hash,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part<'a> {
    Text(String),
    Value(Type, &'a str, &'a str),
}

static VALUE: LazyLock<Regex> = LazyLock::new(|| {
    let (time, ip, id) = (wildcard::pattern_of("TIME"), wildcard::pattern_of("IP"), wildcard::pattern_of("ID"));
    regex(&format!(
        r#"(?<token>\beyJ[\w-]{{8,}}(?:\.[\w-]+)*(?:\.\.\.|…)?)|(?<process>\bprocess \d+\b)|\bpod-template-hash=(?<hash>[a-z0-9]{{6,10}})\b|(?<day>\b\d{{4}}[-/]\d\d[-/]\d\d(?: \d\d:\d\d(?::\d\d)?)?\b|{listed})|(?<time>{time}|[+-](?:0\d|1[0-4])[0-5]\d [A-Z]{{3,5}}\b|\(x\d+ over [^)]*\))|(?<generated>\b[a-z0-9][a-z0-9.-]*-(?:[a-f0-9]{{6,10}}-[a-z0-9]{{5}}|[bcdfghjklmnpqrstvwxz2456789]{{5}})\b)|\b(?<id>{id})\b|(?<ip>\b(?:\d{{1,3}}\.){{3}}\d{{1,3}}\b|{ip6})|:(?<port>3[0-2]\d{{3}})/|(?i:nodeport)"?[:=]\s*(?<nodeport>3[0-2]\d{{3}})\b|(?<version>\bv\d+\.\d+(?:\.\d+)?[-+.\w]*)|(?<amount>\b(?:\d+(?:\.\d+)?\s?(?:[kKMGT]i?B|Ki|ms|us|µs|[smhdy]))(?:\d+[smhdy])*\b)"#,
        // As `ls -l` prints it.
        listed = r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2} +(?:\d\d:\d\d(?::\d\d)?|\d{4})\b",
        ip6 = r"(?:[\da-fA-F]{1,4}:){3,7}[\da-fA-F]{1,4}",
    ).replace("{ip}", ip))
});

/// States of an image that cannot be pulled, in turn.
const FAILED_PULL: [&str; 2] = ["ErrImagePull", "ImagePullBackOff"];

/// Compares two lines, and returns the values of the first with those of the second if they are the same. Where the
/// first has dots between its words, anything may stand.
pub(super) fn same(expected: &str, seen: &str, world: &World) -> Option<BTreeMap<String, String>> {
    same_whole(expected, seen, world).or_else(|| elided::same(expected, seen, world))
}

fn same_whole(expected: &str, seen: &str, world: &World) -> Option<BTreeMap<String, String>> {
    if let (Some(wanted), Some(found)) = (without_counts(expected), without_counts(seen)) {
        return same_whole(&wanted, &found, world);
    }
    let is_failed_pull = |state: &str| FAILED_PULL.contains(&state.trim());
    if is_equal(expected, seen)
        || is_image_id(expected) && is_image_id(seen)
        || is_failed_pull(expected) && is_failed_pull(seen)
    {
        return Some(BTreeMap::new());
    }
    if sets_other_values(expected, seen) {
        return None;
    }
    let (wanted, found) = (parts(expected), parts(seen));
    if wanted.len() != found.len() {
        return word_by_word(expected, seen, world);
    }
    let mut bound = BTreeMap::new();
    for pair in wanted.iter().zip(&found) {
        match pair {
            (Part::Text(wanted), Part::Text(found)) if wanted == found => {}
            (Part::Value(Type::Generated, all, stem), Part::Value(Type::Generated, real, real_stem))
                if stem == real_stem =>
            {
                bound.insert((*all).to_owned(), (*real).to_owned());
            }
            (Part::Value(Type::Ip, wanted, _), Part::Value(Type::Ip, found, _)) => {
                bound.insert((*wanted).to_owned(), (*found).to_owned());
            }
            (Part::Value(Type::NodePort, wanted, _), Part::Value(Type::NodePort, found, _)) => {
                if wanted != found && world.node_ports.contains(*found) {
                    return None;
                }
                bound.insert((*wanted).to_owned(), (*found).to_owned());
            }
            (Part::Value(kind, _, _), Part::Value(other, _, _)) if kind == other && *kind != Type::Generated => {}
            _ => return word_by_word(expected, seen, world),
        }
    }
    Some(bound)
}

/// Whether a line of a description has the id of an image, which each engine writes differently.
fn is_image_id(line: &str) -> bool {
    line.trim_start().strip_prefix("Image ID:").is_some_and(|id| !id.trim().is_empty())
}

/// Whether two texts are different amounts of memory or CPU, as a manifest sets them: `64Mi`, `250m`.
pub(super) fn are_other_quantities(one: &str, other: &str) -> bool {
    // Only nodes count in `Ki`, and their amounts are those of this machine.
    static QUANTITY: LazyLock<Regex> = LazyLock::new(|| regex(r"^\d+(?:\.\d+)?(?:m|[kMGTPE]|[MGTPE]i)$"));
    one != other && QUANTITY.is_match(one) && QUANTITY.is_match(other)
}

/// Whether two lines of a description tell different values that a manifest sets: amounts, and the times of a probe.
pub(super) fn sets_other_values(wanted: &str, found: &str) -> bool {
    static AMOUNTS: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"^\s*(?:(?:requests|limits)\.[\w./-]+|cpu|memory|storage|ephemeral-storage|Container|Pod):?\s+[^%]*$")
    });
    static PROBE: LazyLock<Regex> = LazyLock::new(|| regex(r"\b(?:delay|timeout|period)=\d+s"));
    if AMOUNTS.is_match(wanted) && AMOUNTS.is_match(found) {
        let (wanted, found) = (wanted.split_whitespace(), found.split_whitespace());
        return wanted.zip(found).any(|(wanted, found)| are_other_quantities(wanted, found));
    }
    let times = |line| PROBE.find_iter(line).map(|time| time.as_str()).collect::<Vec<_>>();
    let (wanted, found) = (times(wanted), times(found));
    !wanted.is_empty() && !found.is_empty() && wanted != found
}

/// What the scheduler says of a Pod that has no node, without the numbers of nodes: the reader's cluster has as many as it
/// has. `None` if it says something else.
fn without_counts(line: &str) -> Option<String> {
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"\b\d+/\d+ nodes are available|\b\d+ (?:node\(s\)|Insufficient|Preemption|No preemption)")
    });
    const CHANGED: &str = "nodes are available";
    if !line.contains(CHANGED) || !COUNT.is_match(line) {
        return None;
    }
    let digits = |found: &Captures<'_>| {
        found[0].trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == '/').to_owned()
    };
    Some(COUNT.replace_all(line, digits).into_owned())
}

/// Compares word by word, where a word may also be the name of a node.
fn word_by_word(expected: &str, seen: &str, world: &World) -> Option<BTreeMap<String, String>> {
    let (wanted, found): (Vec<&str>, Vec<&str>) =
        (expected.split_whitespace().collect(), seen.split_whitespace().collect());
    if wanted.len() != found.len() {
        return None;
    }
    let mut bound = BTreeMap::new();
    for (wanted, found) in wanted.into_iter().zip(found) {
        if wanted == found || is_same_place_at_home(wanted, found) {
            continue;
        }
        if let Some(node) = other_node(wanted, found, world) {
            bound.insert(node.0.to_owned(), node.1.to_owned());
        } else if parts(wanted).iter().any(|part| matches!(part, Part::Value(..))) && is_unlike_itself(wanted, found) {
            bound.extend(same(wanted, found, &World::default())?);
        } else {
            return None;
        }
    }
    Some(bound)
}

/// Whether two words name the same place in the home of a person and in that of labproof's terminal.
fn is_same_place_at_home(wanted: &str, found: &str) -> bool {
    static HOME: LazyLock<Regex> = LazyLock::new(|| regex(r"^(\W?)(?:/home/[\w.-]+|/Users/[\w.-]+|/root)(/.*)$"));
    HOME.captures(wanted).is_some_and(|place| {
        found.starts_with(&place[1]) && found.contains("/labproof-") && found.ends_with(&format!("/home{}", &place[2]))
    })
}

/// The names of nodes in which two words differ: `node/kind-worker` and `node/demo-worker`. `None` if they differ in more.
fn other_node<'a>(wanted: &'a str, found: &'a str, world: &World) -> Option<(&'a str, &'a str)> {
    let node = world.nodes.iter().filter(|node| found.contains(node.as_str())).max_by_key(|node| node.len())?;
    let (before, after) = found.split_once(node.as_str())?;
    let name = wanted.strip_prefix(before)?;
    // Behind a node's name stands its address, which is another one, too.
    let name = if after.starts_with('/') { name.split('/').next()? } else { name.strip_suffix(after)? };
    is_name(name).then(|| (name, &found[before.len()..before.len() + node.len()]))
}

/// Whether two words have the same number of parts, so that comparing them does not come back here.
fn is_unlike_itself(wanted: &str, found: &str) -> bool {
    let (wanted, found) = (parts(wanted), parts(found));
    wanted.len() == found.len()
        && wanted.iter().zip(&found).all(|pair| match pair {
            (Part::Text(one), Part::Text(other)) => one == other,
            (Part::Value(Type::Generated, _, one), Part::Value(Type::Generated, _, other)) => one == other,
            (Part::Value(one, _, _), Part::Value(other, _, _)) => one == other,
            _ => false,
        })
}

/// Whether two lines are equal except for blanks.
pub(super) fn is_equal(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

fn is_name(word: &str) -> bool {
    !word.is_empty()
        && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-.".contains(letter))
}

fn parts(line: &str) -> Vec<Part<'_>> {
    let (mut parts, mut next) = (Vec::new(), 0);
    for (kind, value) in values(line) {
        let before = text(&line[next..value.start()]);
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        parts.push(Part::Value(kind, value.as_str(), stem(value.as_str())));
        next = value.end();
    }
    let rest = text(&line[next..]);
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

/// Whether a line has a value that differs from run to run.
pub(super) fn has_values(line: &str) -> bool {
    values(line).next().is_some()
}

/// The values of a line, in order.
fn values(line: &str) -> impl Iterator<Item = (Type, Match<'_>)> {
    let groups = [
        ("token", Type::Token),
        ("process", Type::Process),
        ("time", Type::Time),
        ("generated", Type::Generated),
        ("hash", Type::Hash),
        ("id", Type::Id),
        ("ip", Type::Ip),
        ("port", Type::NodePort),
        ("nodeport", Type::NodePort),
        ("day", Type::Time),
        ("version", Type::Version),
        ("amount", Type::Amount),
    ];
    let found = VALUE.captures_iter(line);
    let found = found.filter_map(move |found| groups.iter().find_map(|(name, kind)| Some((*kind, found.name(name)?))));
    found.filter(|(kind, value)| *kind != Type::Id || value.as_str().contains(|letter: char| letter.is_ascii_digit()))
}

/// The line as an expected text: with wildcards in place of its values.
#[must_use]
pub(in crate::document) fn with_wildcards(line: &str) -> String {
    let (mut text, mut next) = (String::new(), 0);
    for (kind, value) in values(line) {
        let all = value.as_str();
        let is_age = all.ends_with(['s', 'm', 'h', 'd', 'y']) && !all.ends_with(" s");
        let wildcard = match kind {
            Type::Time if all.len() > 10 => "[TIME]".to_owned(),
            Type::Id => "[ID]".to_owned(),
            Type::Ip if all.starts_with("127.") || all == "0.0.0.0" => all.to_owned(),
            Type::Ip => "[IP]".to_owned(),
            Type::NodePort => "[NUMBER]".to_owned(),
            Type::Generated => format!("{}-[NAME]", stem(all)),
            Type::Hash => "[NAME]".to_owned(),
            Type::Amount if is_age => "[AGE]".to_owned(),
            Type::Amount => all.to_owned(),
            Type::Process => "process [NUMBER]".to_owned(),
            Type::Time | Type::Version | Type::Token => "[...]".to_owned(),
        };
        text += &line[next..value.start()];
        text += &wildcard;
        next = value.end();
    }
    text + &line[next..]
}

/// The first name with a generated end in a text, and what comes before that end.
#[must_use]
pub fn generated(text: &str) -> Option<(&str, &str)> {
    values(text).find(|(kind, _)| *kind == Type::Generated).map(|(_, value)| (value.as_str(), stem(value.as_str())))
}

/// Text with each run of blanks as one; blanks at the ends do not count, because columns differ in width.
fn text(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A generated name without its end.
fn stem(name: &str) -> &str {
    let stem = name.rsplit_once('-').map_or(name, |(stem, _)| stem);
    match stem.rsplit_once('-') {
        Some((before, hash)) if hash.len() >= 6 && hash.chars().all(|letter| letter.is_ascii_hexdigit()) => before,
        _ => stem,
    }
}

/// How alike two lines are, from 0 to 1.
pub(super) fn likeness(one: &str, other: &str) -> f32 {
    let cut = |text: &str| text.trim().chars().take(300).collect::<String>();
    similar::TextDiff::from_chars(cut(one), cut(other)).ratio()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_authors_home_is_one_in_the_terminals() {
        let real = "error: no file in directory '/tmp/labproof-d06721/default/home/kanban/overlays'";
        for home in ["/home/taro", "/Users/taro", "/root"] {
            let shown = format!("error: no file in directory '{home}/kanban/overlays'");
            assert!(same(&shown, real, &World::default()).is_some(), "{shown}");
        }
        assert!(same("error: no file in directory '/home/taro/other'", real, &World::default()).is_none());
    }
}
