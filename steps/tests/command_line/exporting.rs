//! `labproof export`: the files of a task, and what an agent does not see.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use super::project::{GOOD, Project, assert_golden, text};

const GRADING: &str = "\
Feature: Grading
  @points:1
  Scenario: The learner's image is built | from a Dockerfile
    Given the image \"course/web\" is built
    Then the engine has the image \"course/web\"

  @points:2 @lenient
  Scenario: The learner's Pod is ready
    Hint: a hint for later
    Given \"pod.yaml\" is applied
    Then within 60 seconds the Pod \"web\" is ready

  @points:1 @hidden
  Scenario: The secret check
    Given \"pod.yaml\" is applied
    When the task \"3\" is done
    Then within 60 seconds no Pods remain
";

const LAB: &str = "\
title: A lab about \"serving\"
source: a document
pulls: [busybox]
bases: [busybox]
builds:
- image: course/web
submission:
  files:
    Dockerfile: The image course/web.
    pod.yaml: |
      The Pod \"web\".
      It serves.
    \"more-*.yaml\": Other Pods.
  tasks:
    \"3\": Delete the Pod.
  kinds: [Pod]
";

const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: course/web}]}\n";

const VERDICT: &str = "about: nothing is deleted\nloses: {The secret check: \"\"}\nwithout: [Dockerfile]\n";

fn project() -> Project {
    Project::empty()
        .file("features/web/sheet.feature", GOOD)
        .file("features/web/grading.feature", GRADING)
        .file("scenarios/web/lab.yaml", LAB)
        .file("scenarios/web/Dockerfile", "FROM busybox\n")
        .file("scenarios/web/pod.yaml", POD)
        .file("scenarios/web/tasks/3.sh", "kubectl delete pod web\n")
        .file("scenarios/web/attempts/idle/verdict.yaml", VERDICT)
        .file("scenarios/web/attempts/idle/tasks/3.sh", "true\n")
        .file("kind-config/images.yaml", "[{name: busybox, lacks: nothing}]\n")
        .lab("printing", GOOD)
}

fn exported(project: &Project, labs: &[&str]) -> (String, i32) {
    let output = project.labproof(&[&["export", "--to", "tasks"], labs].concat()).output().unwrap();
    (text(&output.stdout) + &text(&output.stderr), output.status.code().unwrap())
}

/// The files below a folder, by their paths in it.
fn files(folder: &Path) -> BTreeMap<String, String> {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { collect(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    collect(folder, &mut found);
    let name = |path: &Path| path.strip_prefix(folder).unwrap().display().to_string();
    found.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn a_task_of_harbor_is_the_one_that_was_accepted() {
    let project = project();
    // Without names, all graded labs.
    let (said, status) = exported(&project, &[]);
    assert_eq!((said.as_str(), status), ("tasks/web\nnext: harbor run -p tasks/web -a oracle\n", 0));
    let all = files(&project.path("tasks/web"));
    let shown: String = all.iter().map(|(path, text)| format!("--- {path}\n{text}")).collect();
    assert_golden(shown, "steps/tests/golden/export.harbor.txt");
    for script in ["tests/test.sh", "solution/solve.sh"] {
        let mode = fs::metadata(project.path("tasks/web").join(script)).unwrap().permissions().mode();
        assert_eq!(mode & 0o111, 0o111, "{script}");
    }
}

#[test]
fn an_agent_sees_neither_hidden_checks_nor_attempts_nor_solutions() {
    let project = project();
    exported(&project, &["web"]);
    let all = files(&project.path("tasks/web"));
    let seen: Vec<_> =
        all.iter().filter(|(path, _)| *path == "instruction.md" || path.starts_with("environment/")).collect();
    let names: Vec<&str> = seen.iter().map(|(path, _)| path.as_str()).collect();
    let starter = ["Dockerfile", "pod.yaml", "tasks/3.sh"].map(|file| format!("environment/submission/{file}"));
    assert_eq!(names[0], "environment/Dockerfile");
    assert_eq!(names[1..4], starter);
    assert_eq!(names[4..], ["instruction.md"]);
    for (path, text) in seen {
        for secret in ["secret check", "a hint for later", "kubectl delete", "kind: Pod", "FROM busybox"] {
            assert!(!text.contains(secret), "{path} contains {secret}");
        }
    }
    let tests = all.keys().filter(|path| path.starts_with("tests/"));
    assert!(tests.clone().any(|path| path == "tests/course/features/web/grading.feature"));
    assert!(!tests.clone().any(|path| path.contains("attempts")));
}

#[test]
fn the_oracle_hands_in_the_attempt_that_is_named() {
    let project = project();
    exported(&project, &["web"]);
    let task = project.path("tasks/web");
    for (attempt, handed_in) in
        [("golden", &["Dockerfile", "pod.yaml", "tasks/3.sh"][..]), ("idle", &["pod.yaml", "tasks/3.sh"])]
    {
        let submission = project.path(attempt);
        let copied = Command::new("cp").arg("-R").arg(task.join("environment/submission")).arg(&submission).status();
        assert!(copied.unwrap().success());
        let mut solve = Command::new(task.join("solution/solve.sh"));
        assert!(solve.env("ATTEMPT", attempt).env("SUBMISSION", &submission).status().unwrap().success());
        let files = files(&submission);
        assert_eq!(files.keys().collect::<Vec<_>>(), handed_in, "{attempt}");
        assert_eq!(files["pod.yaml"], POD);
        assert_eq!(files["tasks/3.sh"], if attempt == "idle" { "true\n" } else { "kubectl delete pod web\n" });
    }
    let unknown = Command::new(task.join("solution/solve.sh")).env("ATTEMPT", "unknown").output().unwrap();
    assert_eq!(text(&unknown.stderr), "there is no attempt unknown; there are: golden\nidle\n");
    assert!(!unknown.status.success());
}

#[test]
fn an_export_replaces_nothing_and_takes_only_graded_labs() {
    let project = project().file("tasks/web/mine", "mine");
    let (said, status) = exported(&project, &["web"]);
    assert!(said.contains("tasks/web already exists: nothing was written") && status == 4, "{said}");
    assert_eq!(files(&project.path("tasks")).len(), 1);
    let (said, status) = exported(&project, &["printing"]);
    assert!(said.contains("the lab printing is not graded") && status == 4, "{said}");
    let (said, status) = exported(&Project::of(GOOD), &[]);
    assert!(said.starts_with("no lab is graded") && status == 3, "{said}");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let project = project().file("tasks", "a file in place of a folder");
    let (said, status) = exported(&project, &["web"]);
    assert!(said.contains("cannot export the lab web to tasks/web: ") && status == 5, "{said}");
    assert_eq!(fs::read_to_string(project.path("tasks")).unwrap(), "a file in place of a folder");
}
