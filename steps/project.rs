//! The folder with the labs: `features/` and, if needed, `scenarios/` and `kind-config/` beside it.

mod attempts;
mod builtin;
mod features;
mod named;
mod work;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::ErrorKind,
    path::{Path, PathBuf},
};

pub use attempts::ExpectedScore;
pub use features::{Audience, FeatureFile, LabFeatures, is_feature};
pub use named::Named;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    image_name::ImageName,
    machine::content,
    settings::{self, SettingsError},
    submission::{Rules, dockerfile::Builder, is_manifest, manifest, pattern},
    verdict::{Fault, Outcome},
};
pub use work::{Manifest, Submitted, Work};

/// The file with the project's options.
pub const OPTIONS: &str = "labproof.toml";

/// The folder with a lab's long expected texts, in the lab's own folder.
pub const EXPECTED: &str = "expected";

/// The folders of a lab that no command of a scenario uses.
pub const OURS: [&str; 2] = ["attempts", EXPECTED];

/// Whether a learner gets this entry of a lab's folder: all but what describes or tests the lab.
#[must_use]
pub fn is_for_learners(name: &Path) -> bool {
    let ours = OURS.into_iter().chain(["lab.yaml", "tasks"]);
    !ours.map(Path::new).any(|ours| name == ours)
}

/// A folder of labs.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
}

/// The content of `scenarios/<lab>/lab.yaml`. Every field is optional, and so is the file.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LabFile {
    /// The lab's title, for people.
    pub title: String,
    /// The document that the lab comes from.
    pub source: String,
    /// Images that the lab's Pods pull.
    #[serde(default)]
    pub pulls: Vec<ImageName>,
    /// Images that the lab's Dockerfiles use in `FROM`.
    #[serde(default)]
    pub bases: Vec<ImageName>,
    /// Images in its manifests that do not exist, because the lab shows what happens then.
    #[serde(default)]
    pub absent: Vec<ImageName>,
    /// Images that the lab builds itself.
    #[serde(default)]
    pub builds: Vec<Build>,
    /// What a learner hands in, if the lab is graded: `submission` in the file.
    pub submission: Option<SubmissionSpec>,
}

impl LabFile {
    /// Whether the lab's Pods pull this image, or one of its Dockerfiles begins with it.
    #[must_use]
    pub fn uses(&self, image: &str) -> bool {
        self.pulls.iter().chain(&self.bases).any(|name| name.full() == image)
    }

    /// The title and the document, in brackets; empty without both.
    #[must_use]
    pub fn about(&self) -> String {
        let source = if self.source.is_empty() { String::new() } else { format!("from {}", self.source) };
        let parts: Vec<&str> = [self.title.as_str(), &source].into_iter().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
    }
}

/// What a learner hands in.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SubmissionSpec {
    /// The files that the learner writes, relative to the folder, each with its description. A name may contain `*`.
    pub files: BTreeMap<String, String>,
    /// The tasks whose solution is a command, each with its description: the learner's `tasks/<task>.sh`.
    #[serde(default)]
    pub tasks: BTreeMap<String, String>,
    /// The kinds of objects that the learner may create.
    #[serde(default)]
    pub kinds: BTreeSet<String>,
    /// Which network builds can use.
    #[serde(default)]
    pub network: Network,
    /// Values of the lab's own manifests that make no difference, each with the reason: `pod.yaml: Pod
    /// spec.restartPolicy`.
    #[serde(default)]
    pub survivors: BTreeMap<String, String>,
}

/// The network of a learner's build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Network {
    /// No network.
    #[default]
    None,
    /// The network of the engine's containers.
    Engine,
}

impl SubmissionSpec {
    /// The path of a task's script.
    #[must_use]
    pub fn task(task: &str) -> String {
        format!("tasks/{task}.sh")
    }

    /// All files, including the scripts of tasks.
    pub fn paths(&self) -> impl Iterator<Item = String> {
        self.files.keys().cloned().chain(self.tasks.keys().map(|task| Self::task(task)))
    }

    /// The files from which an image is built: those in its folder except manifests and scripts of tasks.
    pub fn of_image<'a>(&'a self, build: &'a Build) -> impl Iterator<Item = &'a String> {
        self.files.keys().filter(|file| build.takes(file))
    }

    /// Whether the learner writes this file of the lab.
    #[must_use]
    pub fn holds(&self, file: &str) -> bool {
        self.paths().any(|path| pattern::means(&path, file))
    }
}

/// An image that a lab builds itself.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Build {
    /// Its name.
    pub image: ImageName,
    /// The build context: a folder, relative to the lab's.
    #[serde(default)]
    pub folder: PathBuf,
    /// The Dockerfile in that folder.
    #[serde(default = "Build::dockerfile")]
    pub dockerfile: PathBuf,
    /// A shell command that creates files for the Dockerfile to copy; it runs in a copy of the folder.
    pub prepare: Option<String>,
    /// What it replaces, if the document's image cannot be pulled.
    pub stands_for: Option<String>,
}

impl Build {
    /// Whether a learner's file of this name is part of the image.
    #[must_use]
    pub fn takes(&self, file: &str) -> bool {
        let path = Path::new(file);
        path.starts_with(&self.folder) && !is_manifest(file) && !path.starts_with("tasks")
    }

    fn dockerfile() -> PathBuf {
        "Dockerfile".into()
    }
}

/// One lab: its feature files, its own files, and its description.
#[derive(Clone, Debug)]
pub struct Lab {
    /// The lab's name: that of its only feature file or of the folder of its feature files, and that of the folder of
    /// its own files.
    pub name: String,
    /// The feature files, in the order of their audiences.
    pub features: Vec<FeatureFile>,
    /// The folder of the lab's files.
    pub folder: PathBuf,
    /// The content of `lab.yaml`.
    pub file: LabFile,
    /// Whether the lab's own files are used or a learner's.
    pub work: Work,
    /// The builder for the images of submissions.
    pub builder: Builder,
}

impl Lab {
    /// Whether the file with the graded scenarios exists here; a learner's copy may not contain it.
    #[must_use]
    pub fn has_grading(&self) -> bool {
        self.features.iter().any(|file| matches!(file.audience, Audience::All | Audience::Grading))
    }

    /// The digest of the feature files and of the lab's own files. It is empty if one of them cannot be read; then no
    /// earlier grade counts.
    fn digest(&self) -> String {
        let features = self.features.iter().map(|file| file.path.as_path());
        let paths: Vec<&Path> = features.chain([self.folder.as_path()]).collect();
        content::digest_of(&paths).unwrap_or_default()
    }

    /// Which files the lab takes from a submission, and what they may contain.
    #[must_use]
    pub fn rules(&self) -> Rules {
        let LabFile { pulls, bases, builds, submission: spec, .. } = &self.file;
        let spec = spec.clone().unwrap_or_default();
        let dockerfiles = builds.iter().map(|build| build.folder.join(&build.dockerfile).display().to_string());
        let images = builds.iter().map(|build| &build.image).chain(pulls);
        Rules {
            files: spec.paths().collect(),
            dockerfiles: dockerfiles.filter(|file| spec.holds(file)).collect(),
            bases: bases.iter().cloned().collect(),
            builder: self.builder,
            manifests: manifest::Rules { kinds: spec.kinds, images: images.cloned().collect() },
            lab: match (self.digest(), self.builder) {
                (digest, Builder::Classic) => digest,
                (unreadable, _) if unreadable.is_empty() => unreadable,
                // The builders refuse different things, so a grade is valid for only one of them.
                (digest, Builder::BuildKit) => format!("{digest}-buildkit"),
            },
        }
    }
}

impl Project {
    /// The project of the current folder.
    ///
    /// # Errors
    /// `refused` if neither the current folder nor one above it contains labs.
    pub fn find() -> Outcome<Self> {
        let here = current_folder()?;
        let root = here.ancestors().find(|folder| is_root(folder));
        root.map(Self::at).ok_or_else(|| {
            Fault::refused(format!("no labs here: neither {} nor a folder above it has features/", here.display()))
                .hint("change to the folder that contains your labs, or begin one with `labproof new NAME`")
        })
    }

    /// The project of the current folder, or otherwise the current folder without labs, for commands that use only a
    /// cluster or this machine.
    ///
    /// # Errors
    /// `broken` if the current folder does not exist.
    pub fn find_or_here() -> Outcome<Self> {
        Self::find().or_else(|_| current_folder().map(|here| Self::at(&here)))
    }

    /// The project of the current folder, or otherwise the project that contains the first of these names that is a
    /// path.
    ///
    /// # Errors
    /// If neither is a project.
    pub fn find_with(names: &[String]) -> Outcome<Self> {
        Self::find().or_else(|fault| {
            let paths = names.iter().filter_map(|name| Path::new(name).canonicalize().ok());
            let mut roots = paths.filter_map(|path| path.ancestors().find(|folder| is_root(folder)).map(Self::at));
            roots.next().ok_or(fault)
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

    /// A file or folder in `kind-config/`: the project's own if it has one, otherwise labproof's built-in one. `path`
    /// begins with `kind-config/`. A path that exists in neither is returned as the project's.
    ///
    /// # Errors
    /// `broken` if labproof's built-in files cannot be unpacked into the cache.
    pub fn resource(&self, path: impl AsRef<Path>) -> Outcome<PathBuf> {
        let own = self.file(&path);
        if own.exists() {
            return Ok(own);
        }
        builtin::unpacked(path.as_ref()).unwrap_or(Ok(own))
    }

    /// The texts of a file in `kind-config/`: the project's own if it has one, then labproof's built-in one.
    ///
    /// # Errors
    /// `refused` if the project's own cannot be read, or if neither exists.
    pub fn resource_texts(&self, path: impl AsRef<Path>) -> Outcome<Vec<String>> {
        let (path, own) = (path.as_ref(), self.file(&path));
        let built_in = builtin::text(path).map(str::to_owned);
        match settings::text(&own) {
            Ok(text) => Ok([text].into_iter().chain(built_in).collect()),
            Err(error) if error.kind() == ErrorKind::NotFound && built_in.is_some() => {
                Ok(built_in.into_iter().collect())
            }
            Err(error) => Err(Fault::refused(format!("cannot read {}: {error}", self.shown(&own)))),
        }
    }

    /// Whether the project is a crate that depends on labproof, so that its own program has more sentences.
    #[must_use]
    pub fn has_own_program(&self) -> bool {
        let manifest = settings::text(&self.file("Cargo.toml")).unwrap_or_default();
        let is_dependency = |line: &str| {
            let is_key = |rest: &str| rest.trim_start().starts_with('=') || rest.starts_with('.');
            line.strip_prefix("labproof").is_some_and(is_key) || line == "[dependencies.labproof]"
        };
        manifest.lines().any(|line| is_dependency(line.trim()))
    }

    /// A path for display: relative to the project if it is in it.
    #[must_use]
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }

    /// The folder of a lab's own files.
    #[must_use]
    pub fn folder_of(&self, lab: &str) -> PathBuf {
        self.file("scenarios").join(lab)
    }

    /// The description of a lab, `lab.yaml`; the default one if it has none.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn description(&self, lab: &str) -> Result<LabFile, SettingsError> {
        match settings::text(&self.folder_of(lab).join("lab.yaml")) {
            Ok(text) => settings::read(&text),
            Err(error) if error.kind() == ErrorKind::NotFound => match self.folder_of(lab).join("lab.yml") {
                other if other.is_file() => {
                    Err("it does not exist, but lab.yml does: rename that to lab.yaml".to_owned().into())
                }
                _ => Ok(LabFile::default()),
            },
            Err(error) => Err(format!("it cannot be read: {error}").into()),
        }
    }

    /// The lab that these feature files describe.
    ///
    /// # Errors
    /// If a feature file has a wrong name, or the lab's `lab.yaml` is invalid. The file may be missing.
    pub fn lab(&self, features: &LabFeatures) -> Outcome<Lab> {
        features.named_well()?;
        let name = features.lab.clone();
        let folder = self.folder_of(&name);
        let shown = self.shown(&folder.join("lab.yaml"));
        let file = self.description(&name).map_err(|wrong| Fault::refused(wrong.of(&shown)))?;
        let (features, builder) = (features.files.clone(), Builder::default());
        Ok(Lab { name, features, folder, file, work: Work::Own, builder })
    }
}

fn is_root(folder: &Path) -> bool {
    folder.join("features").is_dir()
}

fn current_folder() -> Outcome<PathBuf> {
    std::env::current_dir().map_err(|error| {
        Fault::broken(format!("cannot determine the current folder: {error}")).hint("change to a folder that exists")
    })
}
