//! What a learner hands in: a folder of files that replace those of the lab.
//!
//! A submission is untrusted. labproof reads it without following links, takes only the files that the lab asks for,
//! and checks them against the lab's rules before it uses anything. It refuses unsuitable content by file, line and
//! rule, and still judges everything that does not use a refused file. Each file is judged once: a [`Submission`]
//! contains the parsed objects.

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

use folder::Taken;
use manifest::Object;
use rule::Rule;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{escape, image_name::ImageName};

/// Why labproof refuses to use part of a submission.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Refusal {
    /// The file or folder, relative to the submission's folder; `.` for the whole. A learner may have named it, so it may
    /// have any character.
    pub file: String,
    /// The line in the file; 0 if the whole file is refused.
    pub line: usize,
    /// The broken rule, which `docs/grading.md` explains, such as `no-host-network`.
    #[schemars(with = "String")]
    pub rule: Rule,
    /// What was found and what to write instead, in words that a learner understands.
    pub message: String,
}

impl Refusal {
    /// Whether this file is refused: by itself, or with a folder that it is in.
    fn concerns(&self, file: &str) -> bool {
        self.file == "." || Path::new(file).starts_with(&self.file)
    }
}

/// Which files a lab takes from a submission, and what they may contain.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The files, relative to the folder. A file's name may contain `*`.
    pub files: Vec<String>,
    /// Those of the files that are Dockerfiles.
    pub dockerfiles: BTreeSet<String>,
    /// The images that a Dockerfile may use in `FROM`.
    pub bases: BTreeSet<ImageName>,
    /// The builder that builds the Dockerfiles.
    pub builder: dockerfile::Builder,
    /// The rules for manifests.
    pub manifests: manifest::Rules,
    /// The lab's digest.
    pub lab: String,
}

/// A submission after reading and judging.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Its name, which is that of its folder.
    pub name: String,
    /// A digest of the files that were taken.
    pub digest: String,
    /// The digest of the lab.
    pub lab: String,
    /// The content of the files that were taken, by the lab's names for them.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The name under which each file was found.
    pub found: BTreeMap<String, String>,
    /// Everything that was refused.
    pub refusals: Vec<Refusal>,
    /// The other files in the folder, which the lab does not ask for.
    pub ignored: Vec<String>,
    /// The objects of each manifest, or what is wrong with its text.
    objects: BTreeMap<String, Result<Vec<Object>, String>>,
}

impl Submission {
    /// Reads a folder and judges its files.
    ///
    /// # Errors
    /// If the folder itself cannot be read.
    pub fn read(name: &str, folder: &Path, rules: &Rules) -> io::Result<Self> {
        Ok(Self::of_folder(name, folder::take(folder, &rules.files)?, rules))
    }

    /// Judges the files that were taken from a folder.
    #[must_use]
    pub fn of_folder(name: &str, taken: Taken, rules: &Rules) -> Self {
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
        submission
    }

    /// A submission that could not be read at all.
    #[must_use]
    pub fn unreadable(name: &str, error: &io::Error, rules: &Rules) -> Self {
        let mut submission = Self::of(name, BTreeMap::new(), rules);
        let message = format!("the folder cannot be read: {error}");
        submission.refusals.push(Refusal { file: ".".into(), line: 0, rule: Rule::Unreadable, message });
        submission
    }

    /// Judges files that are already in memory.
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

    /// The objects of a manifest, in the order of the file. These are the objects that were judged;
    /// [`Submission::refusal`] says whether they may be used.
    ///
    /// # Errors
    /// If the manifest cannot be parsed; the text contains the line.
    pub fn objects(&self, file: &str) -> Result<&[Object], &str> {
        match self.objects.get(file) {
            Some(objects) => objects.as_deref().map_err(String::as_str),
            None => Err("the submission has no such manifest"),
        }
    }

    /// Why a file that the submission provides cannot be used; `None` if it can.
    #[must_use]
    pub fn refusal(&self, file: &str) -> Option<&Refusal> {
        let found = self.found.get(file).map_or(file, String::as_str);
        self.refusals.iter().find(|refusal| refusal.concerns(file) || refusal.concerns(found))
    }

    /// The files that were taken and not refused, by the lab's names for them.
    pub fn usable_files(&self) -> impl Iterator<Item = (&String, &Vec<u8>)> {
        self.files.iter().filter(|(file, _)| self.refusal(file).is_none())
    }

    /// Writes the accepted files into a folder, for programs that read files, such as the engine. Leaves out refused
    /// files.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write_into(&self, folder: &Path) -> io::Result<()> {
        for (file, bytes) in self.usable_files() {
            let path = folder.join(file);
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(path, bytes)?;
        }
        Ok(())
    }
}

/// Whether this file name is that of a manifest.
#[must_use]
pub fn is_manifest(file: &str) -> bool {
    [".yaml", ".yml"].iter().any(|ending| file.ends_with(ending))
}

/// A learner's text for use in a message: escaped, and cut after 80 characters.
fn shown(text: &str) -> String {
    escape::short_line(text, 80)
}

fn digest(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut hasher = Sha256::new();
    for (file, bytes) in files {
        hasher.update(format!("{file}\n{}\n", bytes.len()));
        hasher.update(bytes);
    }
    hex::encode(hasher.finalize())
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
        let files =
            BTreeMap::from([("pod.yaml".to_owned(), text), ("wrong.yaml".to_owned(), b"- 1\n---\na: b: c\n".to_vec())]);
        let submission = Submission::of("a", files, &Rules::default());
        let objects = submission.objects("pod.yaml").unwrap();
        assert_eq!(objects.iter().map(Object::line).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(objects[1].value(), &serde_json::json!({"kind": "Job", "x": "Job"}));
        let wrong = submission.objects("wrong.yaml").unwrap_err();
        assert!(wrong.starts_with("line 1: this is not an object; line 3: a field begins"), "{wrong}");
        assert!(submission.objects("other.yaml").is_err());
    }

    #[test]
    fn a_refused_file_is_not_written() {
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

    #[test]
    fn a_refused_folder_refuses_what_is_in_it() {
        let refused = |folder: &str, file: &str| {
            let refusal = Refusal { file: folder.into(), line: 0, rule: Rule::FileCount, message: "many".into() };
            let submission =
                Submission { refusals: vec![refusal], ..Submission::of("a", files("one"), &Rules::default()) };
            submission.refusal(file).is_some()
        };
        assert!(refused(".", "src/app.js") && refused("src", "src/app.js") && refused("src", "src/*.js"));
        assert!(!refused("src", "srcs/app.js") && !refused("src/app.js", "src"));
    }
}
