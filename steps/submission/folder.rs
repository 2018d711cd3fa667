//! Takes only those files from a submission's folder that the lab asks for.
//!
//! The folder is untrusted: an entry may be a link to another place, a pipe without a writer, or a file larger than the
//! disk. This module checks only names, types and sizes; `manifest` and `dockerfile` judge the content.

mod list;
mod names;
mod read;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::{Path, PathBuf},
};

use list::{FolderEntry, list};

use super::{Refusal, pattern::Pattern, rule::Rule, shown};

/// The maximum total size of the files, in bytes.
const LARGEST_SUM: usize = 1024 * 1024;

/// The maximum number of files that a pattern may match.
const MOST_FOUND: usize = 50;

/// The maximum number of entries of a folder to look at.
const MOST_LISTED: usize = 1000;

/// The maximum number of ignored names to report.
const MOST_IGNORED: usize = 50;

/// The files taken from a submission's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The files, by the relative path that the lab asks for; all are UTF-8.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The relative path of each file in the folder, by the path that the lab asks for. They are equal unless `pod.yml`
    /// or `pod.json` was taken for `pod.yaml`.
    pub found: BTreeMap<String, String>,
    /// The requested files that were refused.
    pub refusals: Vec<Refusal>,
    /// The other entries of the folder: at most 50 names, escaped. A folder's name ends with a slash.
    pub ignored: Vec<String>,
}

/// Takes the files that the lab asks for. `wanted` contains relative paths, such as `pod.yaml` or `tasks/18.sh`, and
/// patterns with one `*` in the last component, such as `src/*.js`. A missing file is missing in the result.
///
/// # Errors
/// If the folder itself cannot be read. It may be a link, because the trainer named it.
pub fn take(folder: &Path, wanted: &[String]) -> io::Result<Taken> {
    let entries = list(folder, MOST_LISTED)?;
    let all: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
    let (taken, asked_for, looked_into) = (Taken::default(), BTreeSet::new(), BTreeSet::new());
    let mut taking = Taking { folder, taken, asked_for, looked_into };
    for name in &all {
        match Pattern::of(name) {
            Some(pattern) => taking.all_that_fit(pattern),
            None => taking.one(name, &names::candidates(name, &all)),
        }
        if taking.is_too_large() {
            break;
        }
    }
    let mut ignored: Vec<String> = entries.iter().flat_map(|entry| taking.others("", entry, &all)).collect();
    ignored.truncate(MOST_IGNORED);
    Ok(Taken { ignored, ..taking.taken })
}

struct Taking<'a> {
    folder: &'a Path,
    taken: Taken,
    /// The paths of all entries that belong to a requested name; the others are ignored.
    asked_for: BTreeSet<String>,
    /// The folders that may contain requested files.
    looked_into: BTreeSet<String>,
}

impl Taking<'_> {
    /// Takes a file under the first of its names that exists.
    fn one(&mut self, wanted: &str, names: &[String]) {
        self.asked_for.extend(names.iter().cloned());
        for name in names {
            self.looks_into(name);
        }
        if let Some(why) = names::wrong_with_name(wanted) {
            return self.refuse(wanted, Rule::FileName, why);
        }
        let is_there = |name: &&String| !matches!(read::metadata_of(self.folder, name), Ok(None));
        let there: Vec<&String> = names.iter().filter(is_there).collect();
        match there.as_slice() {
            [] => {}
            [name] => self.file(wanted, name),
            [name, other, ..] => {
                let message = format!("{} also exists: keep only one of the two", shown(other));
                self.refuse(name, Rule::OneFile, message);
            }
        }
    }

    /// Takes all files of a folder that match a pattern.
    fn all_that_fit(&mut self, pattern: Pattern<'_>) {
        let inside = pattern.folder();
        let entries = match self.entries(inside) {
            Ok(entries) => entries,
            Err((rule, message)) => return self.refuse(inside, rule, message),
        };
        let crowded = entries.len() > MOST_LISTED;
        let fitting = entries.into_iter().filter(|entry| !entry.folder && pattern.fits_name(&entry.name));
        let fitting: Vec<(bool, String)> =
            fitting.map(|entry| (entry.utf8, format!("{inside}/{}", entry.name))).collect();
        let fitting: Vec<(bool, &str)> =
            fitting.iter().map(|(utf8, path)| (*utf8, path.trim_start_matches('/'))).collect();
        self.looks_into(&format!("{inside}/"));
        self.asked_for.extend(fitting.iter().map(|(_, path)| (*path).to_owned()));
        if crowded || fitting.len() > MOST_FOUND {
            let place = if inside.is_empty() { "." } else { inside };
            let message = format!(
                "more than {MOST_FOUND} of its files match, or it has more than {MOST_LISTED} in all: remove some"
            );
            return self.refuse(place, Rule::FileCount, message);
        }
        for (utf8, path) in fitting {
            match names::wrong_with_name(path) {
                _ if !utf8 => self.refuse(path, Rule::FileName, "the name is not UTF-8: use letters and digits"),
                Some(why) => self.refuse(path, Rule::FileName, why),
                None => self.file(path, path),
            }
        }
    }

    /// The entries of a folder of the submission; empty if it does not exist.
    fn entries(&self, inside: &str) -> Result<Vec<FolderEntry>, read::Unfit> {
        let place = if inside.is_empty() { Some(self.folder.to_owned()) } else { self.inner(inside)? };
        let Some(place) = place else { return Ok(Vec::new()) };
        let wrong = "its files cannot be listed: give everyone the right to read it (chmod a+rx)";
        list(&place, MOST_LISTED + 1).map_err(|_| (Rule::Unreadable, wrong.to_owned()))
    }

    fn inner(&self, inside: &str) -> Result<Option<PathBuf>, read::Unfit> {
        if let Some(why) = names::wrong_with_name(inside) {
            return Err((Rule::FileName, why.to_owned()));
        }
        Ok(read::metadata_of(self.folder, inside)?.filter(|(_, seen)| seen.is_dir()).map(|(place, _)| place))
    }

    fn file(&mut self, wanted: &str, name: &str) {
        match read::read(self.folder, name) {
            Ok(None) => {}
            Err((rule, message)) => self.refuse(name, rule, message),
            Ok(Some(bytes)) => {
                self.taken.files.insert(wanted.to_owned(), bytes);
                self.taken.found.insert(wanted.to_owned(), name.to_owned());
            }
        }
    }

    /// Whether the files together are too large; if so, none is taken.
    fn is_too_large(&mut self) -> bool {
        let most = LARGEST_SUM / 1024;
        let too_large = self.taken.files.values().map(Vec::len).sum::<usize>() > LARGEST_SUM;
        if too_large {
            self.taken.files.clear();
            self.taken.found.clear();
            self.refuse(
                ".",
                Rule::TotalSize,
                format!("its files have more than {most} KiB together: hand in the sources only"),
            );
        }
        too_large
    }

    fn looks_into(&mut self, path: &str) {
        let ends = path.match_indices('/').map(|(end, _)| path[..end].to_owned());
        self.looked_into.extend(ends.filter(|folder| !folder.is_empty()));
    }

    /// The names to report for an entry that was not taken, escaped. A folder without requested files is reported by
    /// its own name, or by the files in it that have a requested name.
    fn others(&self, inside: &str, entry: &FolderEntry, wanted: &BTreeSet<&str>) -> Vec<String> {
        let path = if inside.is_empty() { entry.name.clone() } else { format!("{inside}/{}", entry.name) };
        let is_looked_into = self.looked_into.contains(&path);
        if self.asked_for.contains(&path) || is_looked_into && !entry.folder {
            return Vec::new();
        }
        let within = || list(&self.folder.join(&path), MOST_LISTED).unwrap_or_default();
        if is_looked_into {
            return within().iter().flat_map(|inner| self.others(&path, inner, wanted)).collect();
        }
        let has_wanted_name =
            |inner: &FolderEntry| wanted.iter().any(|wanted| wanted.rsplit('/').next() == Some(&inner.name));
        let mut lost = Vec::new();
        if entry.folder && !entry.name.starts_with('.') {
            lost = within()
                .into_iter()
                .filter(has_wanted_name)
                .map(|inner| shown(&format!("{path}/{}", inner.name)))
                .collect();
        }
        if lost.is_empty() { vec![format!("{}{}", shown(&path), if entry.folder { "/" } else { "" })] } else { lost }
    }

    fn refuse(&mut self, file: &str, rule: Rule, message: impl Into<String>) {
        let refusal = Refusal { file: file.to_owned(), line: 0, rule, message: message.into() };
        self.taken.refusals.push(refusal);
    }
}
