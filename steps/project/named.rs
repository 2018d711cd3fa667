//! Resolves the names on the command line: labs, feature files, or folders of feature files.

use std::path::{Path, PathBuf};

use super::{FeatureFile, LabFeatures, Project};
use crate::{
    document::Markup,
    verdict::{Fault, Outcome},
};

/// A lab that was named, completely or in part.
#[derive(Clone, Debug)]
pub struct Named {
    /// The lab.
    pub features: LabFeatures,
    /// The named feature files; all files if the lab itself was named.
    pub files: Vec<FeatureFile>,
}

/// The whole lab.
impl From<LabFeatures> for Named {
    fn from(features: LabFeatures) -> Self {
        Self { files: features.files.clone(), features }
    }
}

impl Project {
    /// Finds the labs of these names, sorted by name; all labs without names. A name is a lab's name, or the path of a
    /// feature file or of a folder of feature files.
    ///
    /// # Errors
    /// `refused` if there is no lab of a name.
    pub fn named(&self, names: &[String]) -> Outcome<Vec<Named>> {
        let labs = self.labs()?;
        let mut wanted = Vec::new();
        for name in names {
            wanted.push(self.place_named(name, &labs)?);
        }
        let is_wanted = |file: &FeatureFile| names.is_empty() || wanted.iter().any(|place| place.holds(file));
        let wanted_of = |features: LabFeatures| {
            let files: Vec<FeatureFile> = features.files.iter().filter(|file| is_wanted(file)).cloned().collect();
            (!files.is_empty()).then_some(Named { features, files })
        };
        Ok(labs.into_iter().filter_map(wanted_of).collect())
    }

    /// Finds the one lab of this name.
    ///
    /// # Errors
    /// `refused` if there is none or more than one.
    pub fn one_named(&self, name: &str) -> Outcome<LabFeatures> {
        let mut named = self.named(&[name.to_owned()])?;
        match (named.pop(), named.is_empty()) {
            (Some(named), true) => Ok(named.features),
            _ => Err(Fault::refused(format!("{name} matches several labs")).hint("name one of them")),
        }
    }

    fn place_named(&self, name: &str, labs: &[LabFeatures]) -> Outcome<Place> {
        if let Some(lab) = labs.iter().find(|lab| lab.lab == name) {
            return Ok(Place::Files(lab.files.clone()));
        }
        let place = self.path_named(name).map(Place::Path);
        let is_of_a_lab = |place: &Place| labs.iter().flat_map(|lab| &lab.files).any(|file| place.holds(file));
        place.filter(is_of_a_lab).ok_or_else(|| {
            if Markup::of(name, "").is_some() {
                return Fault::refused(format!("the document {name} does not exist")).hint("name a file that exists");
            }
            let known = labs.iter().map(|lab| lab.lab.as_str()).collect::<Vec<_>>().join(", ");
            Fault::refused(format!("the lab {name} does not exist")).hint(format!("the labs are: {known}"))
        })
    }

    /// A path as the path of a file in the project, in any spelling.
    fn path_named(&self, name: &str) -> Option<PathBuf> {
        let (path, root) = (Path::new(name).canonicalize().ok()?, self.root.canonicalize().ok()?);
        path.strip_prefix(root).ok().map(|path| self.file(path))
    }
}

/// What a name refers to.
enum Place {
    Files(Vec<FeatureFile>),
    Path(PathBuf),
}

impl Place {
    fn holds(&self, file: &FeatureFile) -> bool {
        match self {
            Self::Files(files) => files.contains(file),
            Self::Path(path) => file.path.starts_with(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn project() -> (tempfile::TempDir, Project) {
        let folder = tempfile::tempdir().unwrap();
        for file in ["a/sheet.feature", "a/grading.feature", "b.feature"] {
            let path = folder.path().join("features").join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let project = Project::at(folder.path());
        (folder, project)
    }

    /// The named files, without `features/`.
    fn files(project: &Project, names: &[String]) -> Vec<String> {
        let labs = project.named(names).unwrap();
        let files = labs.iter().flat_map(|lab| &lab.files).map(|file| project.shown(&file.path));
        files.map(|file| file.replace("features/", "")).collect()
    }

    #[test]
    fn a_lab_a_file_and_a_folder_can_be_named() {
        let (folder, project) = project();
        let path = |path: &str| folder.path().join(path).display().to_string();
        assert_eq!(files(&project, &[]), ["a/sheet.feature", "a/grading.feature", "b.feature"]);
        assert_eq!(files(&project, &["a".into()]), ["a/sheet.feature", "a/grading.feature"]);
        assert_eq!(files(&project, &[path("features/a")]), ["a/sheet.feature", "a/grading.feature"]);
        assert_eq!(files(&project, &[path("features")]), files(&project, &[]));
        assert_eq!(files(&project, &[path("features/a/grading.feature")]), ["a/grading.feature"]);
        let several = [path("features/a/../b.feature"), path("features/a/sheet.feature")];
        assert_eq!(files(&project, &several), ["a/sheet.feature", "b.feature"]);
    }

    #[test]
    fn an_unknown_name_lists_the_labs() {
        let (folder, project) = project();
        let scenarios = folder.path().display().to_string() + "/scenarios";
        for name in ["c", "features/c.feature", &scenarios] {
            let fault = project.named(&[name.to_owned()]).unwrap_err();
            assert_eq!(fault.reason, format!("the lab {name} does not exist"));
            assert_eq!(fault.hint.as_deref(), Some("the labs are: a, b"));
        }
    }

    #[test]
    fn one_lab_is_named_by_any_of_its_files() {
        let (folder, project) = project();
        let path = |path: &str| folder.path().join(path).display().to_string();
        assert_eq!(project.one_named(&path("features/a/grading.feature")).unwrap().lab, "a");
        assert!(project.one_named(&path("features")).unwrap_err().reason.ends_with("matches several labs"));
    }
}
