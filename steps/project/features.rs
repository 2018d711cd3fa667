//! The feature files of labs: one file for a lab, or a folder with a file for each audience.
//!
//! It finds files by their names, and reads none of them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::Project;
use crate::verdict::{Fault, Outcome};

/// Whom a feature file is for. The order is that of scenarios in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Everybody: the lab has only this file.
    All,
    /// Learners: the file is the lab sheet.
    Sheet,
    /// The document's authors and trainers: the file shows what happens where the document says otherwise.
    Errata,
    /// Whoever grades: the file has the scenarios that carry points.
    Grading,
}

/// How deep folders are looked into.
const DEEPEST: usize = 8;

impl Audience {
    /// The audiences that have a file each in the folder of a lab.
    const WITH_FILES: [Self; 3] = [Self::Sheet, Self::Errata, Self::Grading];

    /// The feature file of a lab for this audience, in the folder `features`.
    #[must_use]
    pub fn file(self, features: &Path, lab: &str) -> PathBuf {
        let name = match self {
            Self::All => return features.join(format!("{lab}.feature")),
            Self::Sheet => "sheet.feature",
            Self::Errata => "errata.feature",
            Self::Grading => "grading.feature",
        };
        features.join(lab).join(name)
    }
}

/// A feature file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeatureFile {
    /// Where it is.
    pub path: PathBuf,
    /// Whom it is for.
    pub audience: Audience,
}

/// A lab by its name, with its feature files in the order of their audiences.
#[derive(Clone, Debug)]
pub struct LabFeatures {
    /// The lab's name: that of its feature file without the ending, or of the folder of its feature files.
    pub lab: String,
    /// Its feature files.
    pub files: Vec<FeatureFile>,
    /// What is wrong with the names of its files, if something is.
    wrong: Option<Fault>,
}

impl LabFeatures {
    /// Whether the names of the files are right.
    ///
    /// # Errors
    /// `refused` where the lab has both one file and a folder, or a file for no audience.
    pub fn named_well(&self) -> Outcome {
        self.wrong.clone().map_or(Ok(()), Err)
    }

    fn of(project: &Project, lab: String, paths: &[PathBuf]) -> Self {
        let features = project.file("features");
        let audience = |path: &Path| {
            let all = [&[Audience::All][..], &Audience::WITH_FILES].concat();
            all.into_iter().find(|audience| audience.file(&features, &lab) == path)
        };
        let stray = paths.iter().find(|path| audience(path).is_none());
        // A file for no audience keeps the lab from being used; nobody asks whom it is for.
        let file =
            |path: &PathBuf| FeatureFile { path: path.clone(), audience: audience(path).unwrap_or(Audience::All) };
        let mut files: Vec<FeatureFile> = paths.iter().map(file).collect();
        files.sort_by(|one, other| (one.audience, &one.path).cmp(&(other.audience, &other.path)));
        let wrong = stray.map(|path| stray_file(project, path)).or_else(|| both_forms(project, &lab, &files));
        Self { lab, files, wrong }
    }
}

impl Project {
    /// All labs with their feature files, in the order of the labs' names.
    ///
    /// # Errors
    /// `broken` where `features/` cannot be read.
    pub fn labs(&self) -> Outcome<Vec<LabFeatures>> {
        let features = self.file("features");
        let mut labs: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for path in entries(&features)? {
            if is_feature(&path) {
                labs.entry(name(path.file_stem())).or_default().push(path);
            } else if path.is_dir() {
                let files = features_in(&path, DEEPEST)?;
                if !files.is_empty() {
                    labs.entry(name(path.file_name())).or_default().extend(files);
                }
            }
        }
        Ok(labs.into_iter().map(|(lab, paths)| LabFeatures::of(self, lab, &paths)).collect())
    }
}

/// All feature files in a folder of `features/`, so that none is passed over; those of its own folders are misplaced.
fn features_in(folder: &Path, depth: usize) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        if is_feature(&path) {
            found.push(path);
        } else if depth > 0 && path.is_dir() && !name(path.file_name()).starts_with('.') {
            found.extend(features_in(&path, depth - 1)?);
        }
    }
    Ok(found)
}

fn stray_file(project: &Project, path: &Path) -> Fault {
    if path.parent().and_then(Path::parent).is_some_and(|folder| folder != project.file("features")) {
        let shown = project.shown(path);
        return Fault::refused(format!("{shown} is too deep: a lab is a file or a folder directly in features/"))
            .hint("move the lab's folder into features/ itself");
    }
    Fault::refused(format!("{} does not have the name of a lab's feature file", project.shown(path)))
        .hint("name the files in a lab's folder sheet.feature, errata.feature and grading.feature")
}

fn both_forms(project: &Project, lab: &str, files: &[FeatureFile]) -> Option<Fault> {
    let [first, .., last] = files else { return None };
    (first.audience == Audience::All && last.audience != Audience::All).then(|| {
        let [one, other] = [first, last].map(|file| project.shown(&file.path));
        Fault::refused(format!("the lab {lab} has both {one} and {other}"))
            .hint("keep the scenarios in the one file, or in the files of the folder")
    })
}

fn entries(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).map_err(|error| Fault::broken(format!("cannot read {}: {error}", folder.display())))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

fn is_feature(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("feature"))
}

fn name(part: Option<&std::ffi::OsStr>) -> String {
    part.unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
