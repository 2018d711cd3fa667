//! What a learner hands in: a folder of files that take the place of the lab's own.
//!
//! A submission is untrusted. It is read without following links, checked against the lab's rules before anything of it
//! is used, and only the files that the lab asks for are taken from it. What is unfit is refused by file, line and rule;
//! what does not touch the refused file is judged all the same. It is judged once: a [`Submission`] carries what was parsed.

pub mod dockerfile;
pub mod folder;
pub mod manifest;
pub mod pattern;
pub mod rule;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use manifest::Object;
use rule::Rule;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{escape, image_name::ImageName};

/// Why something of a submission is not fit to be used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Refusal {
    /// The file, relative to the submission's folder; `.` for the folder as a whole.
    pub file: String,
    /// The line in it; 0 for the file as a whole.
    pub line: usize,
    /// The rule that it breaks, a name that `docs/grading.md` explains, such as `no-host-network`.
    #[schemars(with = "String")]
    pub rule: Rule,
    /// What was found, and what to write instead, in words a learner understands.
    pub message: String,
}

/// What a lab takes from a submission, and what it allows there.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The files, relative to the folder; `*` may stand in a file's name.
    pub files: Vec<String>,
    /// Those of them that are Dockerfiles.
    pub dockerfiles: BTreeSet<String>,
    /// The images that a Dockerfile may begin with.
    pub bases: BTreeSet<ImageName>,
    /// What builds what a Dockerfile describes.
    pub builder: dockerfile::Builder,
    /// What manifests may hold.
    pub manifests: manifest::Rules,
    /// A digest of the lab.
    pub lab: String,
}

/// A submission that was read and judged.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Its name: that of its folder.
    pub name: String,
    /// A digest of the files that were taken.
    pub digest: String,
    /// A digest of the lab that they are for.
    pub lab: String,
    /// What was taken, by the names that the lab has for it.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Under which name each was found.
    pub found: BTreeMap<String, String>,
    /// What of it is not fit to be used.
    pub refusals: Vec<Refusal>,
    /// What else is in the folder.
    pub ignored: Vec<String>,
    /// The objects of each manifest among the files, or what is wrong with its text.
    objects: BTreeMap<String, Result<Vec<Object>, String>>,
}

impl Submission {
    /// Reads a folder and judges what it holds.
    ///
    /// # Errors
    /// Where the folder itself cannot be read.
    pub fn read(name: &str, folder: &Path, rules: &Rules) -> io::Result<Self> {
        let taken = folder::take(folder, &rules.files)?;
        let mut submission = Self::of(name, taken.files, rules);
        for refusal in &mut submission.refusals {
            if let Some(found) = taken.found.get(&refusal.file) {
                refusal.file.clone_from(found);
            }
        }
        submission.refusals.extend(taken.refusals);
        submission.refusals.sort();
        submission.found = taken.found;
        submission.ignored = taken.ignored;
        Ok(submission)
    }

    /// A submission of which nothing could be read.
    #[must_use]
    pub fn unreadable(name: &str, error: &io::Error, rules: &Rules) -> Self {
        let mut submission = Self::of(name, BTreeMap::new(), rules);
        let message = format!("the folder cannot be read: {error}");
        submission.refusals.push(Refusal { file: ".".into(), line: 0, rule: Rule::Unreadable, message });
        submission
    }

    /// Judges files that were taken from somewhere.
    #[must_use]
    pub fn of(name: &str, files: BTreeMap<String, Vec<u8>>, rules: &Rules) -> Self {
        let (mut refusals, mut objects) = (Vec::new(), BTreeMap::new());
        for (file, bytes) in &files {
            let text = String::from_utf8_lossy(bytes);
            if rules.dockerfiles.contains(file) {
                refusals.extend(dockerfile::judge(file, &text, &rules.bases, rules.builder));
            } else if is_manifest(file) {
                let judged = manifest::judge(file, &text, &rules.manifests);
                refusals.extend(judged.refusals);
                objects.insert(file.clone(), judged.objects);
            }
        }
        refusals.sort();
        Self {
            name: name.to_owned(),
            digest: digest(&files),
            lab: rules.lab.clone(),
            files,
            found: BTreeMap::new(),
            refusals,
            ignored: Vec::new(),
            objects,
        }
    }

    /// The objects of a manifest that was taken: those that were judged, in the order of the file. [`Submission::refusal`]
    /// says whether they may be used.
    ///
    /// # Errors
    /// What is wrong with the manifest's text, with the line in its file.
    pub fn objects(&self, file: &str) -> Result<&[Object], &str> {
        match self.objects.get(file) {
            Some(objects) => objects.as_deref().map_err(String::as_str),
            None => Err("the submission has no such manifest"),
        }
    }

    /// Why a file of the lab, which the submission was to give, cannot be used, if it cannot.
    #[must_use]
    pub fn refusal(&self, file: &str) -> Option<&Refusal> {
        let found = self.found.get(file).map_or(file, String::as_str);
        self.refusals.iter().find(|refusal| [file, found, "."].contains(&refusal.file.as_str()))
    }

    /// The files that were taken and were not refused, by the names that the lab has for them.
    pub fn usable_files(&self) -> impl Iterator<Item = (&String, &Vec<u8>)> {
        self.files.iter().filter(|(file, _)| self.refusal(file).is_none())
    }

    /// Writes the files that were taken into a folder, for programs that read files there, such as the engine; those that
    /// were refused are left out.
    ///
    /// # Errors
    /// Where one cannot be written.
    pub fn write_into(&self, folder: &Path) -> io::Result<()> {
        for (file, bytes) in self.usable_files() {
            let path = folder.join(file);
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(path, bytes)?;
        }
        Ok(())
    }
}

/// Whether a file of this name is a manifest.
#[must_use]
pub fn is_manifest(file: &str) -> bool {
    [".yaml", ".yml"].iter().any(|ending| file.ends_with(ending))
}

/// A learner's own text, made fit to stand in a message: escaped, and cut after 80 characters.
fn shown(text: &str) -> String {
    escape::short_line(text, 80)
}

fn digest(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut hasher = Sha256::new();
    for (file, bytes) in files {
        hasher.update(format!("{file}\n{}\n", bytes.len()));
        hasher.update(bytes);
    }
    hasher.finalize().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> BTreeMap<String, Vec<u8>> {
        BTreeMap::from([("notes.txt".to_owned(), text.as_bytes().to_vec())])
    }

    #[test]
    fn the_digest_tells_contents_apart() {
        let one = Submission::of("a", files("one"), &Rules::default());
        assert_eq!(one.digest, Submission::of("b", files("one"), &Rules::default()).digest);
        assert_ne!(one.digest, Submission::of("a", files("two"), &Rules::default()).digest);
    }

    #[test]
    fn the_objects_of_a_manifest_are_carried() {
        let text = b"# a comment\nkind: Pod\n---\nkind: &kind Job\nx: *kind\n".to_vec();
        let files = BTreeMap::from([("pod.yaml".to_owned(), text), ("wrong.yaml".to_owned(), b"- 1\n".to_vec())]);
        let submission = Submission::of("a", files, &Rules::default());
        let objects = submission.objects("pod.yaml").unwrap();
        assert_eq!(objects.iter().map(Object::line).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(objects[1].value(), &serde_json::json!({"kind": "Job", "x": "Job"}));
        assert_eq!(submission.objects("wrong.yaml"), Err("line 1: this is no object"));
        assert!(submission.objects("other.yaml").is_err());
    }

    #[test]
    fn a_refused_file_is_not_laid() {
        let folder = tempfile::tempdir().unwrap();
        let mut submission = Submission::of("a", files("one"), &Rules::default());
        submission.write_into(folder.path()).unwrap();
        assert!(folder.path().join("notes.txt").is_file());
        fs::remove_file(folder.path().join("notes.txt")).unwrap();
        let refusal = Refusal { file: "notes.txt".into(), line: 0, rule: Rule::FileSize, message: "big".into() };
        submission.refusals.push(refusal);
        submission.write_into(folder.path()).unwrap();
        assert!(!folder.path().join("notes.txt").exists());
    }
}
