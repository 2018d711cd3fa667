//! A first lab: the files that `labproof new` writes. A comment in each file says what the file is for.

mod workflow;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::{
    cluster::manifest::{self, Described},
    image_name::ImageName,
    project::Project,
    schema::File,
    verdict::{Fault, Outcome},
};
pub use workflow::{Ci, workflow};

/// Files by their paths in a project.
pub type Files = BTreeMap<PathBuf, String>;

/// A graded lab about one Pod, with a sheet, grading and the first attempts.
#[must_use]
pub fn graded(lab: &str) -> Files {
    let scenarios = Path::new("scenarios").join(lab);
    let hello = include_str!("template/hello.yaml");
    let attempt = |name: &str, file: &str| scenarios.join("attempts").join(name).join(file);
    let changed = |from: &str, to: &str| {
        let own: String = hello.lines().skip(1).map(|line| format!("{line}\n")).collect();
        own.replace(from, to)
    };
    Files::from([
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
pub fn schemas() -> Files {
    let folder = Path::new("scenarios/.schemas");
    Files::from([(folder.join("lab.json"), File::Lab.schema()), (folder.join("verdict.json"), File::Verdict.schema())])
}

/// A lab with a sheet only.
#[must_use]
pub fn sheet_only(lab: &str) -> Files {
    let scenarios = Path::new("scenarios").join(lab);
    Files::from([
        (feature(lab), named(include_str!("template/sheet.feature"), lab)),
        (scenarios.join("lab.yaml"), named(include_str!("template/sheet-only.yaml"), lab).replace("PULLS", "busybox")),
        (scenarios.join("hello.yaml"), include_str!("template/hello.yaml").to_owned()),
    ])
}

/// A lab that applies the manifests of a folder. The second value contains the names of its other files.
///
/// # Errors
/// If the folder cannot be read or contains no manifest.
pub fn from_manifests(lab: &str, folder: &Path) -> Outcome<(Files, Vec<String>)> {
    let cannot = |error: std::io::Error| Fault::refused(format!("cannot read {}: {error}", folder.display()));
    let entries = fs::read_dir(folder).map_err(cannot)?.collect::<Result<Vec<_>, _>>().map_err(cannot)?;
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    let (mut files, mut objects, mut names, mut others) = (Files::new(), Vec::new(), Vec::new(), Vec::new());
    for path in paths {
        let name = path.file_name().unwrap_or_default().display().to_string();
        let is_manifest = [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending));
        let text = fs::read_to_string(&path).unwrap_or_default();
        match manifest::read(&text) {
            Ok(described) if is_manifest => {
                objects.extend(described);
                files.insert(Path::new("scenarios").join(lab).join(&name), text);
                names.push(name);
            }
            _ => others.push(name),
        }
    }
    if names.is_empty() {
        return Err(Fault::refused(format!("no file in {} is a manifest", folder.display()))
            .hint("name a folder with .yaml, .yml or .json files that kubectl applies"));
    }
    let images: BTreeSet<ImageName> = objects.iter().flat_map(manifest::images).collect();
    let pulls = images.iter().map(|image| format!("\"{image}\"")).collect::<Vec<_>>().join(", ");
    let described = named(include_str!("template/sheet-only.yaml"), lab).replace("PULLS", &pulls);
    files.insert(Path::new("scenarios").join(lab).join("lab.yaml"), described);
    files.insert(feature(lab), sheet_of(lab, &names, &objects));
    Ok((files, others))
}

/// Writes files to a project; writes none if one of them exists.
///
/// # Errors
/// `refused` if a file exists, `broken` if one cannot be written.
pub fn write(project: &Project, files: &Files) -> Outcome {
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

/// A sheet that applies manifests in order, and checks the state of each object.
fn sheet_of(lab: &str, files: &[String], objects: &[Described]) -> String {
    let commands: String = files.iter().map(|file| format!("      kubectl apply -f {file}\n")).collect();
    let checks: Vec<String> = objects.iter().map(check).collect();
    let checks = checks.join("\n    And ");
    format!(
        "Feature: {lab}\n  What a learner does, in order, and the expected results. `labproof steps` lists all sentences.\n\n\
         \x20 Scenario: The manifests do what they promise\n    Given the lab's files are in the folder \"{lab}\"\n    \
         When I run:\n      \"\"\"\n{commands}      \"\"\"\n    Then {checks}\n"
    )
}

fn check(object: &Described) -> String {
    let Described { kind, name, .. } = object;
    match kind.as_str() {
        "Pod" => format!("within 60 seconds the Pod \"{name}\" is ready"),
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" => {
            format!("within 60 seconds the {kind} \"{name}\" is rolled out")
        }
        "Job" => format!("within 60 seconds the Job \"{name}\" is complete"),
        _ => format!("within 10 seconds the {kind} \"{name}\" exists"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(files: &Files) -> Vec<String> {
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

    #[test]
    fn a_lab_from_manifests_checks_each_object() {
        let folder = tempfile::tempdir().unwrap();
        let web = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  \
                   template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: nginx}]}}\n";
        fs::write(folder.path().join("web.yaml"), web).unwrap();
        fs::write(folder.path().join("b.yml"), "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\n").unwrap();
        fs::write(folder.path().join("values.yaml"), "replicas: 2\n").unwrap();
        fs::write(folder.path().join("notes.md"), "# Notes\n").unwrap();
        let (files, others) = from_manifests("shop", folder.path()).unwrap();
        assert_eq!(others, ["notes.md", "values.yaml"]);
        let sheet = &files[Path::new("features/shop.feature")];
        assert!(sheet.contains("kubectl apply -f b.yml\n      kubectl apply -f web.yaml\n"), "{sheet}");
        assert!(sheet.contains("within 60 seconds the Deployment \"web\" is rolled out"), "{sheet}");
        assert!(sheet.contains("within 10 seconds the Secret \"key\" exists"), "{sheet}");
        assert!(files[Path::new("scenarios/shop/lab.yaml")].contains("pulls: [\"nginx\"]"));
        assert_eq!(checked(&files), [""; 0]);
        let empty = tempfile::tempdir().unwrap();
        assert!(from_manifests("shop", empty.path()).is_err());
    }
}
