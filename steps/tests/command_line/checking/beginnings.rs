//! What somebody meets who begins a course: folders that nothing uses yet, kustomizations, stand-ins and own sentences.

use std::{fs, os::unix::fs::PermissionsExt};

use super::{assert_problem, steps};
use crate::command_line::project::{GOOD, Project, text};

#[test]
fn a_folder_without_a_lab_is_told_how_to_become_one() {
    let project = Project::empty().file("scenarios/web/web.yaml", "apiVersion: v1\n");
    let (output, _) = project.check();
    assert!(output.contains("hint: write the lab: features/web.feature"), "{output}");
}

#[test]
fn a_kustomization_is_applied_by_kubectl_only() {
    let written = steps(&["Given \"kustomization.yaml\" is applied", "Then for 5 seconds there is no Pod \"x\""]);
    let project = Project::of(&written).file("scenarios/printing/kustomization.yaml", "resources:\n- web.yaml\n");
    assert_problem(&project, &["it is a kustomization", "`When I run \"kubectl apply -k .\"`"]);
}

#[test]
fn a_stand_in_needs_an_executable_build() {
    let list = "- name: tea:1\n  stand-in: kind-config/stand-ins/tea\n";
    let project = Project::of(GOOD).file("kind-config/images.yaml", list);
    assert_problem(&project, &["kind-config/images.yaml:2: kind-config/stand-ins/tea has no file `build`"]);
    let project = project.file("kind-config/stand-ins/tea/build", "#!/bin/sh\n");
    assert_problem(&project, &["kind-config/images.yaml:2: kind-config/stand-ins/tea/build is not executable"]);
    let build = project.path("kind-config/stand-ins/tea/build");
    fs::set_permissions(build, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(project.check().1, 0);
}

#[test]
fn a_course_with_its_own_program_is_told_to_run_it() {
    let feature = steps(&["When I run \"echo hello\"", "Then the namespace belongs to the team \"shop\""]);
    let crate_of = |dependency: &str| format!("[package]\nname = \"course\"\n[dependencies]\n{dependency}\n");
    let project = Project::of(&feature).file("Cargo.toml", &crate_of("labproof = { git = \"x\" }"));
    assert_problem(&project, &["no sentence fits", "run the course's own program: `cargo run -- check`"]);
    let project = project.file("Cargo.toml", &crate_of("serde = \"1\""));
    assert!(!project.check().0.contains("cargo run"));
}

#[test]
fn the_workflow_of_a_course_with_its_own_program_runs_that() {
    let project = Project::empty().file("Cargo.toml", "[dependencies]\nlabproof = \"0.1\"\n");
    let output = project.labproof(&["new", "first", "--ci", "github"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let workflow = fs::read_to_string(project.path(".github/workflows/labs.yml")).unwrap();
    assert!(workflow.contains("run: cargo run -- verify"), "{workflow}");
}
