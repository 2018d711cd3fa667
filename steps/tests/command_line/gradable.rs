//! `labproof check` for labs with grading, and the learner's starter folder.

use super::project::{Project, text};

const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: web\n    image: course/web\n";

/// The files that a learner hands in, and the image built from them.
const LAB: &str = "\
title: A lab
source: a test
builds:
- image: course/web
submission:
  files:
    Dockerfile: The image.
    pod.yaml: |
      The Pod \"web\".
      It serves.
  tasks:
    \"3\": Delete the Pod.
  kinds: [Pod]
";

/// A lab with these lines, and scenarios that use the manifest and the task.
fn lab(scenario: &str) -> Project {
    let sheet = format!(
        "Feature: Serving\n{scenario}\n  @points:1\n  Scenario: The task is done\n    Given \"pod.yaml\" is applied\n    When the task \"3\" is done\n    Then within 60 seconds no Pods remain\n"
    );
    Project::empty()
        .lab("serving", &sheet)
        .file("scenarios/serving/lab.yaml", LAB)
        .file("scenarios/serving/Dockerfile", "FROM scratch\n")
        .file("scenarios/serving/pod.yaml", POD)
        .file("scenarios/serving/tasks/3.sh", "kubectl delete pod web\n")
}

/// Checks that `check` finds exactly one problem, and that its text contains `said`.
#[track_caller]
fn assert_problem(project: &Project, said: &str) {
    let (output, status) = project.check();
    assert_eq!(status, 1, "{output}");
    assert!(output.contains(said) && output.contains("\n1 problem in "), "{output}");
}

fn scenario(tags: &str, steps: &[&str]) -> String {
    format!("  {tags}\n  Scenario: Something is served\n    {}\n", steps.join("\n    "))
}

#[test]
fn a_gradable_lab_is_good() {
    let (output, status) = lab("").check();
    assert_eq!(status, 0, "{output}");
}

#[test]
fn points_are_for_what_a_learner_wrote() {
    let steps = ["Given the Pod \"bb\" runs busybox", "Then within 60 seconds the Pod \"bb\" is ready"];
    assert_problem(&lab(&scenario("@points:1", &steps)), "uses nothing that a learner hands in");
    // An image without files of the learner is not worth points.
    let steps = ["Given the image \"course/web\" is built", "Then the engine has the image \"course/web\""];
    let own = LAB.replace("    Dockerfile: The image.\n", "");
    let project = lab(&scenario("@points:1", &steps)).file("scenarios/serving/lab.yaml", &own);
    assert_problem(&project, "uses nothing that a learner hands in");
}

#[test]
fn a_learners_files_do_not_come_to_this_machine() {
    for step in [
        "Given the lab's files are in the folder \"web\"",
        "Given a container of the image \"course/web\"",
        "Given port 3000 is free",
    ] {
        let steps = [step, "And \"pod.yaml\" is applied", "Then within 60 seconds the Pod \"web\" is ready"];
        assert_problem(&lab(&scenario("@points:1", &steps)), "a scenario with points cannot use");
    }
}

#[test]
fn a_learners_programs_do_not_testify_about_themselves() {
    let own = ["Given \"pod.yaml\" is applied", "Given the Pod \"asker\" runs busybox"];
    let with = |step| lab(&scenario("@points:1", &[own[0], own[1], step]));
    for step in [
        "Then in the Pod \"web\" \"id\" prints \"uid=42\"",
        "Then in the container \"a\" of the Pod \"web\" \"cat /x\" fails with \"Read-only\"",
        "Then \"kubectl exec web -- sh -c 'env | grep A'\" prints \"A=1\"",
        "Then within 5 seconds \"kubectl exec web -c a -- ls -l /data\" prints \"42\"",
    ] {
        assert_problem(&with(step), "about its own container");
    }
    for step in [
        "Then in the Pod \"asker\" \"cat /etc/hostname\" prints \"asker\"",
        "Then within 5 seconds \"kubectl exec asker -- wget -q -O - http://web\" prints \"Hello\"",
    ] {
        assert_eq!(with(step).check().1, 0, "{step}");
    }
}

#[test]
fn what_is_named_has_to_be_there() {
    let steps =
        ["Given \"pod.yaml\" is applied", "When the task \"4\" is done", "Then within 60 seconds no Pods remain"];
    assert_problem(&lab(&scenario("@points:1", &steps)), "there is no task 4 under `submission`");
    let steps = ["When I run \"true\"", "Then it prints \"a\""];
    assert_problem(&lab(&scenario("@hidden", &steps)), "@hidden has no effect without @points:…");
    assert_problem(
        &lab("")
            .file("scenarios/serving/lab.yaml", &LAB.replace("\"3\": Delete", "\"3\": D\n    \"5\": E"))
            .file("scenarios/serving/tasks/5.sh", "true\n"),
        "no scenario does it",
    );
}

#[test]
fn nothing_of_the_whole_cluster_is_handed_in() {
    let kinds = LAB.replace("kinds: [Pod]", "kinds: [Pod, PersistentVolume]");
    let project = lab("").file("scenarios/serving/lab.yaml", &kinds);
    assert_problem(&project, "a learner cannot hand in a PersistentVolume, which belongs to the whole cluster");
}

#[test]
fn what_prepares_an_image_on_this_machine_takes_nothing_of_a_learners() {
    let prepared = LAB.replace("- image: course/web\n", "- image: course/web\n  prepare: make\n");
    let project = lab("").file("scenarios/serving/lab.yaml", &prepared);
    assert_problem(&project, "would run with a learner's Dockerfile");
}

#[test]
fn a_learner_starts_from_files_that_say_what_they_are_to_be() {
    let project = lab("");
    let folder = project.path("handout").display().to_string();
    let output = project.labproof(&["submission", "serving", &folder]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let read = |file: &str| std::fs::read_to_string(project.path("handout").join(file)).unwrap();
    assert_eq!(read("pod.yaml"), "# The Pod \"web\".\n# It serves.\n");
    assert_eq!(read("tasks/3.sh"), "#!/bin/bash\n# Delete the Pod.\n");
    let again = project.labproof(&["submission", "serving", &folder]).output().unwrap();
    assert_eq!(again.status.code(), Some(4));
    assert!(text(&again.stderr).contains("is not empty: nothing was written"), "{}", text(&again.stderr));
}

#[test]
fn a_lab_that_is_not_graded_says_what_it_lacks() {
    let project = Project::of(super::project::GOOD);
    for arguments in
        [&["grade", "printing", "--work", "."][..], &["submission", "printing", "x"], &["prove", "printing"]]
    {
        let output = project.labproof(arguments).output().unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{arguments:?}: {stderr}");
        assert!(stderr.contains("is not graded") && stderr.contains("labproof new NAME"), "{stderr}");
    }
}
