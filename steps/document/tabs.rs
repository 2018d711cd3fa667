//! Tabs: parts of a page of which the reader sees one at a time, as generators of pages write them. Tabs for several systems
//! or tools are ways to do the same; others, such as those for two terminals, belong to one story.

mod choice;
mod lines;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use lines::regions;

use super::{Block, Piece};

/// A tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// The number of the set that it belongs to.
    pub set: usize,
    /// Its name, as the reader sees it.
    pub name: String,
}

/// A tab and its lines in the document, from the first one to the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    tab: Tab,
    from: usize,
    to: usize,
}

/// Tells the blocks in which tabs they stand.
pub(super) fn mark(pieces: &mut [Piece], regions: &[Region]) {
    let mut next = regions.iter().peekable();
    let mut open: Vec<&Region> = Vec::new();
    for piece in pieces {
        if let Piece::Block(block) = piece {
            while let Some(region) = next.next_if(|region| region.from <= block.line) {
                open.push(region);
            }
            open.retain(|region| region.to >= block.line);
            block.tabs = open.iter().map(|region| region.tab.clone()).collect();
        }
    }
}

/// The tabs of a document that labproof follows: one of each set whose tabs are ways to do the same.
#[derive(Debug, Default)]
pub(super) struct Choices(BTreeMap<usize, String>);

impl Choices {
    pub(super) fn of(pieces: &[Piece]) -> Self {
        let mut sets: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for piece in pieces {
            let Piece::Block(Block { tabs, .. }) = piece else { continue };
            for Tab { set, name } in tabs {
                let names = sets.entry(*set).or_default();
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
        }
        let mut choices = BTreeMap::new();
        let mut earlier: BTreeSet<&str> = BTreeSet::new();
        for (set, names) in sets {
            if let Some(name) = choice::among(&names, &earlier) {
                earlier.insert(name);
                choices.insert(set, name.to_owned());
            }
        }
        Self(choices)
    }

    /// The name of the tab that labproof follows in place of one of these.
    pub(super) fn instead_of(&self, tabs: &[Tab]) -> Option<&str> {
        tabs.iter().find_map(|tab| self.0.get(&tab.set).filter(|name| **name != tab.name)).map(String::as_str)
    }
}
