//! Lists a folder of a submission.

use std::{fs, io, path::Path};

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FolderEntry {
    /// Its name; bytes that are not UTF-8 are replaced.
    pub(super) name: String,
    /// Whether its name is valid UTF-8.
    pub(super) utf8: bool,
    /// Whether it is a folder; a link to a folder is not one.
    pub(super) folder: bool,
}

/// The entries of a folder, sorted by name. At most `most` entries are read, so a huge folder does not take long.
pub(super) fn list(folder: &Path, most: usize) -> io::Result<Vec<FolderEntry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)?.take(most) {
        let entry = entry?;
        let name = entry.file_name();
        let folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        entries.push(FolderEntry { utf8: name.to_str().is_some(), name: name.to_string_lossy().into_owned(), folder });
    }
    entries.sort();
    Ok(entries)
}
