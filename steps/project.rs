//! The folder that holds labs: `features/`, with `scenarios/` and `kind-config/` beside it where they are needed.

mod attempts;
mod builtin;
mod features;
mod named;
mod work;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

pub use attempts::Expected;
pub use features::{Audience, FeatureFile, LabFeatures};
pub use named::Named;
use serde::Deserialize;

use crate::{
    image_name::ImageName,
    machine::content,
    submission::{Rules, dockerfile::Builder, is_manifest, manifest, pattern},
    verdict::{Fault, Outcome},
};
pub use work::{Manifest, Submitted, Work};

/// The folder of a lab's long expected texts, within the lab's own.
pub const EXPECTED: &str = "expected";

/// A folder of labs.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
}

/// What `scenarios/<lab>/lab.yaml` says of a lab. Each field may be left out, and so may the file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LabFile {
    /// The lab's title, for people.
    pub title: String,
    /// The document that the lab is from.
    pub source: String,
    /// Images that the lab's Pods pull: names of the catalogue.
    #[serde(default)]
    pub pulls: Vec<ImageName>,
    /// Images that the lab's Dockerfile begins with: names of the catalogue.
    #[serde(default)]
    pub bases: Vec<ImageName>,
    /// Images that its manifests name and that nobody has: the lab shows what happens then.
    #[serde(default)]
    pub absent: Vec<ImageName>,
    /// Images that the lab builds itself.
    #[serde(default)]
    pub builds: Vec<Build>,
    /// What a learner hands in, where the lab is graded: `submission` in the file.
    pub submission: Option<SubmissionSpec>,
}

/// What a learner hands in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SubmissionSpec {
    /// The files that the learner writes, relative to the folder, each with what it is to be; `*` may stand in a name.
    pub files: BTreeMap<String, String>,
    /// The tasks where typing is the task, each with what is to be typed: the learner's `tasks/<task>.sh`.
    #[serde(default)]
    pub tasks: BTreeMap<String, String>,
    /// The kinds of objects that the learner may make.
    #[serde(default)]
    pub kinds: BTreeSet<String>,
    /// Whether builds reach a network.
    #[serde(default)]
    pub network: Network,
    /// Values of the lab's own manifests that make no difference, each with why: `pod.yaml: Pod spec.restartPolicy`.
    #[serde(default)]
    pub survivors: BTreeMap<String, String>,
}

/// What a build of a learner's Dockerfile reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Network {
    /// Nothing.
    #[default]
    None,
    /// What the engine's containers reach.
    Engine,
}

impl SubmissionSpec {
    /// The file of a task.
    #[must_use]
    pub fn task(task: &str) -> String {
        format!("tasks/{task}.sh")
    }

    /// All files, those of the tasks included.
    pub fn paths(&self) -> impl Iterator<Item = String> {
        self.files.keys().cloned().chain(self.tasks.keys().map(|task| Self::task(task)))
    }

    /// The files that an image is built from: those in its folder that are neither manifests nor tasks.
    pub fn of_image<'a>(&'a self, build: &'a Build) -> impl Iterator<Item = &'a String> {
        self.files.keys().filter(|file| build.takes(file))
    }

    /// Whether a file of the lab is one that the learner writes.
    #[must_use]
    pub fn holds(&self, file: &str) -> bool {
        self.paths().any(|path| pattern::means(&path, file))
    }
}

/// An image that a lab builds itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Build {
    /// Its name.
    pub image: ImageName,
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
    /// Whether a learner's file of this name goes into the image.
    #[must_use]
    pub fn takes(&self, file: &str) -> bool {
        let path = Path::new(file);
        path.starts_with(&self.folder) && !is_manifest(file) && !path.starts_with("tasks")
    }

    fn dockerfile() -> PathBuf {
        "Dockerfile".into()
    }
}

/// One lab: its feature files, its own files, and what is said of it.
#[derive(Clone, Debug)]
pub struct Lab {
    /// The lab's name: that of its feature file or of their folder, and of the folder of its own files.
    pub name: String,
    /// The feature files, in the order of their audiences.
    pub features: Vec<FeatureFile>,
    /// The folder of the lab's files.
    pub folder: PathBuf,
    /// What `lab.yaml` says.
    pub file: LabFile,
    /// Whose files are in the folder.
    pub work: Work,
    /// What builds the images of submissions.
    pub builder: Builder,
}

impl Lab {
    /// Whether the file for the scenarios that carry points is here: it may be kept from learners.
    #[must_use]
    pub fn has_grading(&self) -> bool {
        self.features.iter().any(|file| matches!(file.audience, Audience::All | Audience::Grading))
    }

    /// A digest of the feature files and of the lab's own files. A lab that cannot be read has none: it cannot be graded
    /// either, and says why there.
    fn digest(&self) -> String {
        let features = self.features.iter().map(|file| file.path.as_path());
        let paths: Vec<&Path> = features.chain([self.folder.as_path()]).collect();
        content::digest_of(&paths).unwrap_or_default()
    }

    /// What is taken from a submission to this lab, and what is allowed there.
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
                // What one builder refuses another may build: a grade holds for its own.
                (digest, Builder::BuildKit) => format!("{digest}-buildkit"),
            },
        }
    }
}

impl Project {
    /// The project that the current folder belongs to.
    ///
    /// # Errors
    /// `refused` if neither the current folder nor one above it has labs.
    pub fn find() -> Outcome<Self> {
        let here = current_folder()?;
        let root = here.ancestors().find(|folder| is_root(folder));
        root.map(Self::at).ok_or_else(|| {
            Fault::refused(format!("no labs here: neither {} nor a folder above it has features/", here.display()))
                .hint("change to the folder that contains your labs, or begin one with `labproof new NAME`")
        })
    }

    /// The project that the current folder belongs to, else the current folder without any labs: for commands that use
    /// only a cluster or this machine.
    ///
    /// # Errors
    /// `broken` if there is no current folder.
    pub fn find_or_here() -> Outcome<Self> {
        Self::find().or_else(|_| current_folder().map(|here| Self::at(&here)))
    }

    /// The project that the current folder belongs to; where it belongs to none, the one that holds the first of these
    /// names that is a path.
    ///
    /// # Errors
    /// Where neither is a project.
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

    /// A file or folder of `kind-config/`: the project's own if it has one, else the one that labproof brings along.
    /// `path` begins with `kind-config/`; a path that exists in neither is returned as the project's.
    ///
    /// # Errors
    /// `broken` if labproof's own files cannot be unpacked into the cache.
    pub fn resource(&self, path: impl AsRef<Path>) -> Outcome<PathBuf> {
        let own = self.file(&path);
        if own.exists() {
            return Ok(own);
        }
        builtin::unpacked(path.as_ref()).unwrap_or(Ok(own))
    }

    /// The texts of a file of `kind-config/`: the project's own if it has one, then the one that labproof brings along.
    ///
    /// # Errors
    /// `refused` if the project's own cannot be read, or if neither exists.
    pub fn resource_texts(&self, path: impl AsRef<Path>) -> Outcome<Vec<String>> {
        let (path, own) = (path.as_ref(), self.file(&path));
        let built_in = builtin::text(path).map(str::to_owned);
        match fs::read_to_string(&own) {
            Ok(text) => Ok([text].into_iter().chain(built_in).collect()),
            Err(error) if error.kind() == ErrorKind::NotFound && built_in.is_some() => {
                Ok(built_in.into_iter().collect())
            }
            Err(error) => Err(Fault::refused(format!("cannot read {}: {error}", self.shown(&own)))),
        }
    }

    /// A path as it is shown: relative to the project where it lies in it.
    #[must_use]
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }

    /// The folder of a lab's own files.
    #[must_use]
    pub fn folder_of(&self, lab: &str) -> PathBuf {
        self.file("scenarios").join(lab)
    }

    /// The lab that these feature files describe.
    ///
    /// # Errors
    /// If a feature file has a wrong name, or the lab's `lab.yaml` cannot be understood. A lab may have none.
    pub fn lab(&self, features: &LabFeatures) -> Outcome<Lab> {
        features.named_well()?;
        let name = features.lab.clone();
        let folder = self.folder_of(&name);
        let path = folder.join("lab.yaml");
        let shown = self.shown(&path);
        let file = match fs::read_to_string(&path) {
            Ok(text) => {
                serde_yaml::from_str(&text).map_err(|error| Fault::refused(format!("{shown} is not valid: {error}")))?
            }
            Err(error) if error.kind() == ErrorKind::NotFound => LabFile::default(),
            Err(error) => return Err(Fault::refused(format!("cannot read {shown}: {error}"))),
        };
        let (features, builder) = (features.files.clone(), Builder::default());
        Ok(Lab { name, features, folder, file, work: Work::Own, builder })
    }
}

fn is_root(folder: &Path) -> bool {
    folder.join("features").is_dir()
}

fn current_folder() -> Outcome<PathBuf> {
    std::env::current_dir().map_err(|error| Fault::broken(format!("there is no current folder: {error}")))
}
