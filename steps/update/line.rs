//! Changes one line of an expected text so that it matches what was seen: what still matches stays as it is written,
//! wildcards included.

use regex::Regex;

use super::volatile::{Output, Word, words};
use crate::{
    conditions::wildcard::{self, Kept, Part},
    vocabulary::versions,
};

/// What it costs to give up a wildcard, in characters of plain text.
const WILDCARD: u32 = 8;

/// The largest table of costs. A longer line is replaced as a whole.
const LARGEST: usize = 500_000;

/// The smallest unit of an expected line.
enum Atom<'a> {
    /// Brackets for a version, and what is meant for others.
    Silent(&'a str),
    Word(Word<'a>),
    Wildcard(&'a str, Regex),
    /// `[...]`
    Any(&'a str),
}

/// How an atom and a place in the seen line continue.
#[derive(Clone, Copy)]
enum Choice {
    /// The atom stays, and stands for the text up to this place.
    Keep(usize),
    /// The atom goes.
    Drop,
    /// The text up to this place is new.
    Insert(usize),
}

/// What is known about the expected line.
pub(super) struct Known<'a> {
    /// The version of Kubernetes.
    pub(super) version: &'a str,
    /// What was kept before the text.
    pub(super) kept: &'a Kept,
    /// The names that the text keeps, each with its wildcard.
    pub(super) kinds: &'a Kept,
}

/// The new line; `expected` is the line as written.
pub(super) fn changed(expected: &str, seen: &str, known: &Known<'_>, output: Output<'_>) -> String {
    let (atoms, new) = (atoms(expected, known), words(seen, output));
    if (atoms.len() + 1) * (seen.len() + 1) > LARGEST {
        return literal(&new);
    }
    assembled(&atoms, &new, seen, &choices(&atoms, &new, seen))
}

/// The line as a new expected text, without an old one.
pub(super) fn literal(words: &[Word<'_>]) -> String {
    words.iter().map(|word| word.wildcard.unwrap_or(word.text)).collect()
}

fn atoms<'a>(expected: &'a str, known: &Known<'_>) -> Vec<Atom<'a>> {
    let mut atoms = Vec::new();
    for part in versions::parts(expected, known.version) {
        let text = match part {
            versions::Part::Silent(silent) => {
                atoms.push(Atom::Silent(silent));
                continue;
            }
            versions::Part::Text(text) => text,
        };
        for part in wildcard::parts(text) {
            match part {
                Part::Wildcard(any @ "[...]") => atoms.push(Atom::Any(any)),
                Part::Wildcard(written) => {
                    let regex = wildcard::matcher(&wildcard::filled(written, known.kinds), known.kept);
                    atoms.extend(regex.map(|regex| Atom::Wildcard(written, regex)));
                }
                Part::Text(text) => atoms.extend(words(text, Output::default()).into_iter().map(Atom::Word)),
            }
        }
    }
    atoms
}

/// The cheapest choice for each atom and each place, computed from the end.
fn choices(atoms: &[Atom<'_>], new: &[Word<'_>], seen: &str) -> Vec<Vec<(u32, Choice)>> {
    let end = seen.len();
    let mut table = vec![vec![(0_u32, Choice::Drop); end + 1]; atoms.len() + 1];
    for number in (0..=atoms.len()).rev() {
        for index in (0..=end).rev().filter(|index| seen.is_char_boundary(*index)) {
            let mut best = (u32::MAX, Choice::Drop);
            let mut offer = |cost: u32, choice| {
                if cost < best.0 {
                    best = (cost, choice);
                }
            };
            if let Some(atom) = atoms.get(number) {
                for (to, cost) in stands_for(atom, seen, index, number == 0) {
                    offer(table[number + 1][to].0.saturating_add(cost), Choice::Keep(to));
                }
            }
            if index < end {
                let to = word_end(new, index);
                offer(table[number][to].0.saturating_add(size(&seen[index..to])), Choice::Insert(to));
            } else if number == atoms.len() {
                offer(0, Choice::Drop);
            }
            // Last: where a word takes another's place, it comes before that one goes, and stays in its brackets.
            if let Some(atom) = atoms.get(number) {
                offer(table[number + 1][index].0.saturating_add(price(atom)), Choice::Drop);
            }
            table[number][index] = best;
        }
    }
    table
}

/// The places up to which an atom can stand for the text from `place`, each with its cost.
fn stands_for(atom: &Atom<'_>, seen: &str, index: usize, is_first: bool) -> Vec<(usize, u32)> {
    let rest = &seen[index..];
    match atom {
        Atom::Silent(_) => vec![(index, 0)],
        Atom::Any(_) => (index..=seen.len()).filter(|to| seen.is_char_boundary(*to)).map(|to| (to, 0)).collect(),
        Atom::Word(word) if word.is_blank() && !is_first => {
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            if blanks > 0 { vec![(index + blanks, 0)] } else { Vec::new() }
        }
        Atom::Word(word) if rest.starts_with(word.text) => vec![(index + word.text.len(), 0)],
        Atom::Word(_) => Vec::new(),
        Atom::Wildcard(_, regex) => {
            let found = regex.find_at(seen, index).filter(|found| found.start() == index && !found.is_empty());
            found.map(|found| (found.end(), 0)).into_iter().collect()
        }
    }
}

fn price(atom: &Atom<'_>) -> u32 {
    match atom {
        Atom::Silent(_) => u32::MAX / 4,
        Atom::Word(word) => size(word.text),
        Atom::Wildcard(..) | Atom::Any(_) => WILDCARD,
    }
}

/// The size of a text; blanks count once, because their number says nothing.
fn size(text: &str) -> u32 {
    if text.trim().is_empty() { 1 } else { u32::try_from(text.chars().count()).unwrap_or(u32::MAX / 4) }
}

/// Where the word at this place ends.
fn word_end(words: &[Word<'_>], index: usize) -> usize {
    let next = words.partition_point(|word| word.at <= index);
    words[next.saturating_sub(1)].at + words[next.saturating_sub(1)].text.len()
}

fn assembled(atoms: &[Atom<'_>], new: &[Word<'_>], seen: &str, table: &[Vec<(u32, Choice)>]) -> String {
    let (mut number, mut index, mut line) = (0, 0, String::new());
    while number < atoms.len() || index < seen.len() {
        match table[number][index].1 {
            Choice::Keep(to) => {
                line += written(&atoms[number]);
                (number, index) = (number + 1, to);
            }
            Choice::Drop => number += 1,
            Choice::Insert(to) => {
                let word = new.iter().find(|word| word.at == index && word.at + word.text.len() == to);
                line += word.and_then(|word| word.wildcard).unwrap_or(&seen[index..to]);
                index = to;
            }
        }
    }
    line
}

fn written<'a>(atom: &Atom<'a>) -> &'a str {
    match atom {
        Atom::Silent(text) | Atom::Any(text) | Atom::Wildcard(text, _) => text,
        Atom::Word(word) => word.text,
    }
}
