//! The files that the scenarios of a lab use: the lab's own, or those that a learner handed in.
//!
//! The server gets the judged objects of a learner's manifest; the files are not read again.

use std::{collections::BTreeMap, fs, io, path::Path, sync::Arc};

use super::{Lab, SubmissionSpec};
use crate::{
    escape,
    image_name::ImageName,
    machine::content,
    submission::{Submission, manifest::Object},
    verdict::{Fault, Outcome},
    yaml,
};

/// The files that the scenarios of a lab use.
#[derive(Clone, Debug, Default)]
pub enum Work {
    /// The lab's own.
    #[default]
    Own,
    /// A learner's files replace those that the lab marks as the learner's.
    Submitted(Arc<Submitted>),
}

/// A learner's submission in one run.
#[derive(Clone, Debug)]
pub struct Submitted {
    /// The judged submission.
    pub submission: Submission,
    /// The beginning of the names of its images. No other image's name begins with it.
    pub image_prefix: String,
}

/// A manifest, in the form in which the server gets it.
#[derive(Clone, Debug)]
pub enum Manifest<'a> {
    /// The lab's own: its text.
    Own(String),
    /// A learner's: the judged objects.
    Submitted(&'a [Object]),
}

impl Work {
    /// The submission, if the files are not the lab's own.
    #[must_use]
    pub fn submission(&self) -> Option<&Submission> {
        match self {
            Self::Own => None,
            Self::Submitted(submitted) => Some(&submitted.submission),
        }
    }

    /// Whether the files are a learner's and therefore untrusted.
    #[must_use]
    pub fn is_submitted(&self) -> bool {
        matches!(self, Self::Submitted(_))
    }
}

impl Lab {
    /// A manifest of the lab: its own, or the learner's.
    ///
    /// # Errors
    /// `refused` if the learner's breaks a rule; `failed` if it does not exist or cannot be read.
    pub fn manifest(&self, file: &str) -> Outcome<Manifest<'_>> {
        let Some(submission) = self.handed_in(file) else {
            let bytes = fs::read(self.folder.join(file)).map_err(|error| absent(file, &error))?;
            let text = yaml::text(&bytes).map_err(|error| Fault::failed(format!("{file}: {error}")))?;
            return Ok(Manifest::Own(text.into_owned()));
        };
        self.check_exists(file)?;
        let objects = submission.objects(file).map_err(|why| Fault::failed(format!("{file}: {why}")))?;
        Ok(Manifest::Submitted(objects))
    }

    /// Checks that a file of the lab exists and may be used: the lab's own, or the learner's.
    ///
    /// # Errors
    /// `refused` if the learner's breaks a rule; `failed` if it does not exist.
    pub fn check_exists(&self, file: &str) -> Outcome {
        let Some(submission) = self.handed_in(file) else {
            return fs::metadata(self.folder.join(file)).map(|_| ()).map_err(|error| absent(file, &error));
        };
        self.may_use(file)?;
        if submission.files.contains_key(file) {
            return Ok(());
        }
        Err(Fault::failed(format!("the submission has no {file}{}", not_taken(submission))))
    }

    /// Fails if the file belongs to a submission and was refused.
    ///
    /// # Errors
    /// `refused`, with the file, the line and the rule.
    pub fn may_use(&self, file: &str) -> Outcome {
        let Some(refusal) = self.work.submission().and_then(|submission| submission.refusal(file)) else {
            return Ok(());
        };
        let line = if refusal.line > 0 { format!(":{}", refusal.line) } else { String::new() };
        let file = escape::short_line(&refusal.file, 80);
        Err(Fault::refused(format!("{file}{line}: {} (rule {})", refusal.message, refusal.rule)))
    }

    /// The submission, if the learner writes this file.
    #[must_use]
    pub fn handed_in(&self, file: &str) -> Option<&Submission> {
        let asked = self.file.submission.as_ref()?;
        self.work.submission().filter(|_| asked.holds(file))
    }

    /// The learner's files by name: those that exist and break no rule.
    ///
    /// # Errors
    /// If one of the lab's own files cannot be read.
    pub fn learners_files(&self) -> io::Result<BTreeMap<String, Vec<u8>>> {
        match &self.work {
            Work::Own => {
                self.file.submission.as_ref().map_or_else(|| Ok(BTreeMap::new()), |asked| own(asked, &self.folder))
            }
            Work::Submitted(submitted) => {
                let files = submitted.submission.usable_files();
                Ok(files.map(|(name, bytes)| (name.clone(), bytes.clone())).collect())
            }
        }
    }

    /// The name that an image of the lab has in the engine and on the nodes: its own, or a unique one for a submission.
    #[must_use]
    pub fn tag(&self, image: &ImageName) -> ImageName {
        match &self.work {
            Work::Own => image.full().into(),
            Work::Submitted(submitted) => image.below(&submitted.image_prefix),
        }
    }

    /// Whether the learners of the lab write `NetworkPolicies`.
    #[must_use]
    pub fn makes_network_policies(&self) -> bool {
        self.file.submission.as_ref().is_some_and(|spec| spec.kinds.contains("NetworkPolicy"))
    }

    /// The image that runs for each name that the lab allows.
    #[must_use]
    pub fn table(&self) -> BTreeMap<ImageName, ImageName> {
        let own = self.file.builds.iter().map(|build| (build.image.clone(), self.tag(&build.image)));
        self.file.pulls.iter().map(|image| (image.clone(), image.clone())).chain(own).collect()
    }
}

/// Files that were handed in but not used, for example because of a wrong name. Hidden files are ignored.
fn not_taken(submission: &Submission) -> String {
    const SOME: usize = 10;
    let files = submission.ignored.iter().filter(|file| !file.starts_with('.')).take(SOME);
    let files = files.map(String::as_str).collect::<Vec<_>>().join(", ");
    if files.is_empty() { files } else { format!("; handed in and not asked for: {files}") }
}

/// The lab's own files that the learner's files replace.
fn own(asked: &SubmissionSpec, folder: &Path) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for path in content::files(folder)? {
        let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        if asked.holds(&name) {
            files.insert(name, fs::read(&path)?);
        }
    }
    Ok(files)
}

fn absent(file: &str, error: &io::Error) -> Fault {
    Fault::failed(format!("the lab has no file {file}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{project::LabFile, submission::dockerfile::Builder, verdict::Verdict};

    const POD: &str = "kind: Pod\nmetadata: {name: hello}\n";

    fn lab(folder: &Path, work: Work) -> Lab {
        let file: LabFile =
            serde_yaml::from_str("{title: t, source: s, submission: {files: {pod.yaml: x}, kinds: [Pod]}}").unwrap();
        let (folder, builder) = (folder.to_owned(), Builder::default());
        Lab { name: "lab".into(), features: Vec::new(), folder, file, work, builder }
    }

    /// A lab whose files come from a submission; its folder has none of them.
    fn submitted(text: &str) -> Lab {
        let nowhere = Path::new("/nowhere/at/all");
        let files = BTreeMap::from([("pod.yaml".to_owned(), text.as_bytes().to_vec())]);
        let submission = Submission::of("a", files, &lab(nowhere, Work::Own).rules());
        let submitted = Submitted { submission, image_prefix: "localhost/submission-r-0".into() };
        lab(nowhere, Work::Submitted(Arc::new(submitted)))
    }

    #[test]
    fn of_a_learners_manifest_the_judged_objects_are_used_without_any_file() {
        let lab = submitted("kind: Pod\nmetadata: {name: &name hello, labels: {run: *name}}\n");
        let Manifest::Submitted([object]) = lab.manifest("pod.yaml").unwrap() else { panic!() };
        assert_eq!(object.value()["metadata"]["labels"]["run"], "hello");
        assert_eq!(lab.learners_files().unwrap().keys().collect::<Vec<_>>(), ["pod.yaml"]);
    }

    #[test]
    fn a_missing_file_names_what_was_handed_in_instead() {
        let nowhere = Path::new("/nowhere/at/all");
        let mut submission = Submission::of("a", BTreeMap::new(), &lab(nowhere, Work::Own).rules());
        submission.ignored = vec![".git/".into(), "Pod.YAML".into(), "lab/pod.yaml".into()];
        let lab = lab(nowhere, Work::Submitted(Arc::new(Submitted { submission, image_prefix: "x".into() })));
        let reason = "the submission has no pod.yaml; handed in and not asked for: Pod.YAML, lab/pod.yaml";
        assert_eq!(lab.manifest("pod.yaml").unwrap_err().reason, reason);
    }

    #[test]
    fn a_refused_manifest_is_not_used() {
        let lab = submitted(&format!("{POD}spec: {{hostNetwork: true}}\n"));
        let fault = lab.manifest("pod.yaml").unwrap_err();
        assert_eq!(fault.verdict, Verdict::Refused);
        assert!(fault.reason.starts_with("pod.yaml:3: ") && fault.reason.contains("no-host-network"), "{fault}");
        assert!(lab.learners_files().unwrap().is_empty());
    }

    #[test]
    fn the_labs_own_manifest_is_used_as_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("pod.yaml"), "# mine\nkind:   Pod\n").unwrap();
        let lab = lab(folder.path(), Work::Own);
        let Manifest::Own(text) = lab.manifest("pod.yaml").unwrap() else { panic!() };
        assert_eq!(text, "# mine\nkind:   Pod\n");
        assert!(lab.manifest("other.yaml").unwrap_err().reason.starts_with("the lab has no file other.yaml"));
    }

    #[test]
    fn an_image_of_a_submission_has_a_name_of_its_own() {
        let own = ImageName::from("own");
        assert_eq!(submitted(POD).tag(&own).full(), "localhost/submission-r-0/own:latest");
        assert_eq!(lab(Path::new("f"), Work::Own).tag(&own), own);
    }
}
