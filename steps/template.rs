//! A first lab: the files that `labproof new` writes. A comment in each file says what the file is for.

mod folder;
mod promises;
mod workflow;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    project::Project,
    schema::File,
    verdict::{Fault, Outcome},
};
pub use folder::from_manifests;
pub use workflow::{Ci, workflow};

/// Files by their paths in a project.
pub type TemplateFiles = BTreeMap<PathBuf, String>;

/// A graded lab about one Pod, with a sheet, grading and the first attempts.
#[must_use]
pub fn graded(lab: &str) -> TemplateFiles {
    let scenarios = Path::new("scenarios").join(lab);
    let hello = include_str!("template/hello.yaml");
    let attempt = |name: &str, file: &str| scenarios.join("attempts").join(name).join(file);
    let changed = |from: &str, to: &str| {
        let own: String = hello.lines().skip(1).map(|line| format!("{line}\n")).collect();
        own.replace(from, to)
    };
    TemplateFiles::from([
        (Path::new("features").join(lab).join("sheet.feature"), named(include_str!("template/sheet.feature"), lab)),
        (Path::new("features").join(lab).join("grading.feature"), named(include_str!("template/grading.feature"), lab)),
        (scenarios.join("lab.yaml"), named(include_str!("template/lab.yaml"), lab)),
        (scenarios.join("hello.yaml"), hello.to_owned()),
        (attempt("another-port", "hello.yaml"), changed("8080", "8081")),
        (attempt("another-port", "verdict.yaml"), named(include_str!("template/another-port.yaml"), lab)),
        (attempt("ends-at-once", "hello.yaml"), changed("exec httpd -f -p 8080 -h /www", "exit 1")),
        (attempt("ends-at-once", "verdict.yaml"), include_str!("template/ends-at-once.yaml").to_owned()),
    ])
}

/// The schemas of a lab's files, to which these refer, so that editors complete and check them.
#[must_use]
pub fn schemas() -> TemplateFiles {
    let folder = Path::new("scenarios/.schemas");
    TemplateFiles::from([
        (folder.join("lab.json"), File::Lab.schema()),
        (folder.join("verdict.json"), File::Verdict.schema()),
    ])
}

/// A lab with a sheet only.
#[must_use]
pub fn sheet_only(lab: &str) -> TemplateFiles {
    let scenarios = Path::new("scenarios").join(lab);
    TemplateFiles::from([
        (feature(lab), named(include_str!("template/sheet.feature"), lab)),
        (scenarios.join("lab.yaml"), named(include_str!("template/sheet-only.yaml"), lab).replace("PULLS", "busybox")),
        (scenarios.join("hello.yaml"), include_str!("template/hello.yaml").to_owned()),
    ])
}

/// Writes files to a project; writes none if one of them exists.
///
/// # Errors
/// `refused` if a file exists, `broken` if one cannot be written.
pub fn write(project: &Project, files: &TemplateFiles) -> Outcome {
    // Schemas belong to the program, so they are replaced.
    let is_own = |path: &&PathBuf| !path.starts_with("scenarios/.schemas") && project.file(path).exists();
    if let Some(path) = files.keys().find(is_own) {
        return Err(Fault::refused(format!("{} already exists: nothing was written", path.display()))
            .hint("choose another name, or remove the file"));
    }
    for (path, text) in files {
        let path = project.file(path);
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| Fault::broken(format!("cannot write {}: {error}", path.display())))?;
    }
    Ok(())
}

fn feature(lab: &str) -> PathBuf {
    Path::new("features").join(format!("{lab}.feature"))
}

fn named(template: &str, lab: &str) -> String {
    template.replace("NAME", lab)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The problems that `labproof check` finds in these files.
    pub(super) fn checked(files: &TemplateFiles) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::at(folder.path());
        write(&project, files).unwrap();
        assert!(write(&project, files).unwrap_err().reason.ends_with("nothing was written"));
        let labs = crate::loaded::load(&project, &project.named(&[]).unwrap());
        crate::check::check(&project, &labs).unwrap().problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_new_lab_has_no_errors() {
        assert_eq!(checked(&graded("first")), [""; 0]);
        assert_eq!(checked(&sheet_only("first")), [""; 0]);
    }
}
