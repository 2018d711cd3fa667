//! What a folder of a submission holds.

use std::{fs, io, path::Path};

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Its name; what is no UTF-8 in it is replaced.
    pub(super) name: String,
    /// Whether its name is UTF-8.
    pub(super) utf8: bool,
    /// Whether it is a folder; a link to one is not.
    pub(super) folder: bool,
}

/// What a folder holds, by name; no more than `most` entries are looked at, so that a huge folder does not take long.
pub(super) fn list(folder: &Path, most: usize) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)?.take(most) {
        let entry = entry?;
        let name = entry.file_name();
        let folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        entries.push(Entry { utf8: name.to_str().is_some(), name: name.to_string_lossy().into_owned(), folder });
    }
    entries.sort();
    Ok(entries)
}
