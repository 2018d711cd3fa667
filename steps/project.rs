//! The folder that holds labs: `features/`, `scenarios/` and `kind-config/` beside each other.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::verdict::{Fault, Outcome};

/// A folder of labs.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
}

/// What `scenarios/<lab>/lab.yaml` says of a lab.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LabFile {
    /// The lab's title, for people.
    pub title: String,
    /// The document that the lab is from.
    pub source: String,
    /// Images that the lab's Pods pull: names of the catalogue.
    #[serde(default)]
    pub pulls: Vec<String>,
    /// Images that the lab's Dockerfile begins with: names of the catalogue.
    #[serde(default)]
    pub bases: Vec<String>,
    /// Images that its manifests name and that nobody has: the lab shows what happens then.
    #[serde(default)]
    pub absent: Vec<String>,
    /// Images that the lab builds itself.
    #[serde(default)]
    pub builds: Vec<Build>,
}

/// An image that a lab builds itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Build {
    /// Its name.
    pub image: String,
    /// The folder that is given to the engine, relative to the lab's.
    #[serde(default)]
    pub folder: PathBuf,
    /// The Dockerfile in that folder.
    #[serde(default = "Build::dockerfile")]
    pub dockerfile: PathBuf,
    /// A shell command that makes what the Dockerfile copies; it runs in a copy of the folder.
    pub prepare: Option<String>,
    /// What it takes the place of, where nobody can pull what the document names.
    pub stands_for: Option<String>,
}

impl Build {
    fn dockerfile() -> PathBuf {
        "Dockerfile".into()
    }
}

/// One lab: its sheet, its files, and what is said of it.
#[derive(Clone, Debug)]
pub struct Lab {
    /// The lab's name: that of its feature file and of its folder.
    pub name: String,
    /// The feature file.
    pub feature: PathBuf,
    /// The folder of the lab's files.
    pub folder: PathBuf,
    /// What `lab.yaml` says.
    pub file: LabFile,
}

impl Project {
    /// The project that the current folder belongs to.
    ///
    /// # Errors
    /// Where neither the current folder nor one above it holds labs.
    pub fn find() -> Outcome<Self> {
        let here =
            std::env::current_dir().map_err(|error| Fault::broken(format!("there is no current folder: {error}")))?;
        let root =
            here.ancestors().find(|folder| folder.join("features").is_dir() && folder.join("scenarios").is_dir());
        root.map(Self::at).ok_or_else(|| {
            Fault::refused(format!(
                "no labs here: neither {} nor a folder above it has features/ and scenarios/",
                here.display()
            ))
            .hint("change into the folder that holds your labs")
        })
    }

    /// The project in the folder `root`.
    #[must_use]
    pub fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// A file of the project.
    #[must_use]
    pub fn file(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join(path)
    }

    /// A path as it is shown: relative to the project where it lies in it.
    #[must_use]
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }

    /// All feature files, in the order of their names.
    ///
    /// # Errors
    /// Where `features/` cannot be read.
    pub fn features(&self) -> Outcome<Vec<PathBuf>> {
        let folder = self.file("features");
        let entries = fs::read_dir(&folder)
            .map_err(|error| Fault::broken(format!("cannot read {}: {error}", folder.display())))?;
        let mut features: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        features.retain(|path| path.extension().is_some_and(|extension| extension == "feature"));
        features.sort();
        Ok(features)
    }

    /// The lab that a feature file describes.
    ///
    /// # Errors
    /// Where its folder or its `lab.yaml` is missing or cannot be understood.
    pub fn lab(&self, feature: &Path) -> Outcome<Lab> {
        let name = lab_name(feature);
        let folder = self.file("scenarios").join(&name);
        let path = folder.join("lab.yaml");
        let shown = self.shown(&path);
        let text = fs::read_to_string(&path).map_err(|_| {
            Fault::refused(format!("the lab {name} has no {shown}")).hint(format!(
                "write it with at least two lines, `title:` and `source:`, beside the lab's files in {}",
                self.shown(&folder)
            ))
        })?;
        let file = serde_yaml::from_str(&text)
            .map_err(|error| Fault::refused(format!("{shown} cannot be understood: {error}")))?;
        Ok(Lab { name, feature: feature.to_owned(), folder, file })
    }
}

/// The name of the lab that a feature file describes.
#[must_use]
pub fn lab_name(feature: &Path) -> String {
    feature.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
