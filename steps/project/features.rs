//! Finds the feature files of labs: one file for a lab, or a folder with a file for each audience. Other folders group
//! labs.
//!
//! It uses only the names of files, and reads none of them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::{Lab, Project};
use crate::verdict::{Fault, Outcome};

/// The audience of a feature file. The order is that of the scenarios in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Everybody, because the lab has only this file.
    All,
    /// Learners: the file is the lab sheet.
    Sheet,
    /// The document's authors and trainers: the file shows what really happens where the document is wrong.
    Errata,
    /// Graders: the file contains the scenarios with points.
    Grading,
}

/// How deep folders are searched.
const DEEPEST: usize = 8;

impl Audience {
    /// The audiences that have a file of their own in a lab's folder.
    const WITH_FILES: [Self; 3] = [Self::Sheet, Self::Errata, Self::Grading];

    /// The name of this audience's file in a lab's folder; the file for everybody has the lab's name.
    fn file_name(self, lab: &str) -> String {
        match self {
            Self::All => format!("{lab}.feature"),
            Self::Sheet => "sheet.feature".into(),
            Self::Errata => "errata.feature".into(),
            Self::Grading => "grading.feature".into(),
        }
    }
}

impl Lab {
    /// The path of the lab's feature file for an audience, which may not exist.
    #[must_use]
    pub fn feature_for(&self, audience: Audience) -> PathBuf {
        let Some(first) = self.features.first() else { return PathBuf::new() };
        let folder = first.path.parent().unwrap_or(Path::new(""));
        let of_lab = if first.audience == Audience::All { folder.join(&self.name) } else { folder.to_owned() };
        of_lab.join(audience.file_name(&self.name))
    }
}

/// A feature file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureFile {
    /// Its path.
    pub path: PathBuf,
    /// Its audience.
    pub audience: Audience,
}

/// A lab, with its feature files in the order of their audiences.
#[derive(Clone, Debug)]
pub struct LabFeatures {
    /// The lab's name: that of its feature file without the extension, or that of the folder of its feature files.
    pub lab: String,
    /// Its feature files.
    pub files: Vec<FeatureFile>,
    /// An error in the names of its files, if there is one.
    wrong: Option<Fault>,
}

impl LabFeatures {
    /// Checks the names of the files.
    ///
    /// # Errors
    /// `refused` if the lab has both a single file and a folder, or a file for an unknown audience.
    pub fn named_well(&self) -> Outcome {
        self.wrong.clone().map_or(Ok(()), Err)
    }

    fn of(project: &Project, lab: String, found: Vec<Found>) -> Self {
        let wrong = Found::wrong_among(project, &lab, &found);
        // A file for an unknown audience makes the lab unusable, so the audience here does not matter.
        let file = |found: Found| FeatureFile { audience: found.audience().unwrap_or(Audience::All), path: found.path };
        let mut files: Vec<FeatureFile> = found.into_iter().map(file).collect();
        files.sort_by(|one, other| (one.audience, &one.path).cmp(&(other.audience, &other.path)));
        Self { lab, files, wrong }
    }
}

impl Project {
    /// All labs with their feature files, sorted by name.
    ///
    /// A folder that contains a file for an audience is a lab. Any other folder groups labs.
    ///
    /// # Errors
    /// `broken` if `features/` cannot be read.
    pub fn labs(&self) -> Outcome<Vec<LabFeatures>> {
        let mut labs: BTreeMap<String, Vec<Found>> = BTreeMap::new();
        find(&self.file("features"), DEEPEST, &mut labs)?;
        Ok(labs.into_iter().map(|(lab, found)| LabFeatures::of(self, lab, found)).collect())
    }
}

/// A feature file that was found.
struct Found {
    path: PathBuf,
    /// The folder of its lab; `None` if the lab consists of this one file.
    folder: Option<PathBuf>,
}

impl Found {
    fn audience(&self) -> Option<Audience> {
        let Some(folder) = &self.folder else { return Some(Audience::All) };
        Audience::WITH_FILES.into_iter().find(|audience| folder.join(audience.file_name("")) == self.path)
    }

    /// The first error in the names of a lab's files.
    fn wrong_among(project: &Project, lab: &str, found: &[Self]) -> Option<Fault> {
        let stray = found.iter().find(|found| found.audience().is_none());
        let place = |found: &Self| found.folder.as_ref().unwrap_or(&found.path).clone();
        let first = found.first()?;
        let other = found.iter().find(|other| place(other) != place(first));
        stray.map(|stray| stray_file(project, &stray.path)).or_else(|| {
            let mut both = [&first.path, &other?.path].map(|path| project.shown(path));
            both.sort();
            let [one, other] = both;
            Some(
                Fault::refused(format!("the lab {lab} has both {one} and {other}"))
                    .hint("give one of them another name, or put the scenarios of both into one file or folder"),
            )
        })
    }
}

/// Finds the feature files in a folder that is not a lab, each with the name of its lab.
fn find(folder: &Path, depth: usize, labs: &mut BTreeMap<String, Vec<Found>>) -> Outcome {
    for path in entries(folder)? {
        if is_feature(&path) {
            labs.entry(name(path.file_stem())).or_default().push(Found { path, folder: None });
        } else if is_lab(&path) {
            let files = features_in(&path, DEEPEST)?.into_iter();
            let found = files.map(|file| Found { path: file, folder: Some(path.clone()) });
            labs.entry(name(path.file_name())).or_default().extend(found);
        } else if depth > 0 && is_visible_folder(&path) {
            find(&path, depth - 1, labs)?;
        }
    }
    Ok(())
}

fn is_lab(folder: &Path) -> bool {
    let mut names = Audience::WITH_FILES.iter().map(|audience| audience.file_name(""));
    is_visible_folder(folder) && names.any(|name| folder.join(name).is_file())
}

fn is_visible_folder(path: &Path) -> bool {
    path.is_dir() && !name(path.file_name()).starts_with('.')
}

/// All feature files in a lab's folder, including subfolders: those are misplaced, but must not be ignored.
fn features_in(folder: &Path, depth: usize) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        if is_feature(&path) {
            found.push(path);
        } else if depth > 0 && is_visible_folder(&path) {
            found.extend(features_in(&path, depth - 1)?);
        }
    }
    Ok(found)
}

fn stray_file(project: &Project, path: &Path) -> Fault {
    Fault::refused(format!("{} does not have the name of a lab's feature file", project.shown(path)))
        .hint("name the files in a lab's folder sheet.feature, errata.feature and grading.feature")
}

fn entries(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).map_err(|error| Fault::broken(format!("cannot read {}: {error}", folder.display())))?;
    let paths: Result<Vec<PathBuf>, std::io::Error> = entries.map(|entry| Ok(entry?.path())).collect();
    paths.map_err(|error| Fault::broken(format!("cannot read {}: {error}", folder.display())))
}

/// Whether labproof reads this file as a feature, by its name.
#[must_use]
pub fn is_feature(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("feature"))
}

fn name(part: Option<&std::ffi::OsStr>) -> String {
    part.unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
