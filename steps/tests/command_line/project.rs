//! A temporary project, and the program in it with an engine that does not answer.

use std::{fs, path::PathBuf};

use assert_cmd::Command;
use snapbox::{Data, assert_data_eq};
use tempfile::TempDir;

/// A scenario that can run.
pub(super) const GOOD: &str = "\
Feature: Printing
  Scenario: A word is printed
    When I run \"echo hello\"
    Then it prints \"hello\"
";

/// A folder of labs.
pub(super) struct Project {
    folder: TempDir,
}

impl Project {
    /// A project without labs.
    pub(super) fn empty() -> Self {
        let project = Self { folder: TempDir::new().unwrap() };
        fs::create_dir(project.path("features")).unwrap();
        fs::create_dir(project.path("scenarios")).unwrap();
        let cluster = "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nname: of-no-cluster\n";
        project.file("kind-config/images.yaml", "[]\n").file("kind-config/demo.yaml", cluster)
    }

    /// A project with the lab `printing`.
    pub(super) fn of(feature: &str) -> Self {
        Self::empty().lab("printing", feature)
    }

    /// Adds a lab.
    pub(super) fn lab(self, name: &str, feature: &str) -> Self {
        self.file(&format!("features/{name}.feature"), feature)
            .file(&format!("scenarios/{name}/lab.yaml"), "title: A lab\nsource: a test\n")
    }

    /// Adds a file.
    pub(super) fn file(self, path: &str, text: &str) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// A path in the project.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The program with these arguments, in the project's folder.
    pub(super) fn labproof(&self, arguments: &[&str]) -> Command {
        let mut command = labproof(arguments);
        command.current_dir(self.folder.path()).env("LABPROOF_STATE", self.path("state"));
        command
    }

    /// The output of `check`, and its exit status.
    pub(super) fn check(&self) -> (String, i32) {
        let output = self.labproof(&["check"]).output().unwrap();
        (text(&output.stdout) + &text(&output.stderr), output.status.code().unwrap())
    }
}

/// The program with these arguments and without an engine; its output is 100 columns wide.
pub(super) fn labproof(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_labproof"));
    command.args(arguments).env("DOCKER_HOST", "unix:///nobody/listens.sock").env("COLUMNS", "100");
    let others =
        ["DOCKER_CONTEXT", "NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"];
    for variable in others {
        command.env_remove(variable);
    }
    command
}

/// Output as text.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Compares a text with a file of this repository, byte by byte.
#[track_caller]
pub(super) fn assert_golden(said: impl Into<String>, file: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file);
    let expected = Data::read_from(&path, Some(snapbox::data::DataFormat::Text)).raw();
    assert_data_eq!(said.into(), expected);
}

/// Checks that `check` finds exactly one problem, and that its text contains all of `said`.
#[track_caller]
pub(super) fn assert_problem(project: &Project, said: &[&str]) {
    let (output, status) = project.check();
    assert_eq!(status, 1, "{output}");
    for part in said {
        assert!(output.contains(part), "`{part}` is not in:\n{output}");
    }
    assert!(output.contains("\n1 problem in 1 lab\n"), "{output}");
}
