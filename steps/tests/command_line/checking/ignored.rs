//! `labproof check` reports everything in a lab that would otherwise be silently ignored.

use super::{assert_problem, steps};
use crate::command_line::{
    architecture::imports::paths,
    project::{GOOD, Project, labproof, text},
};

#[test]
fn a_table_that_no_sentence_takes_is_found() {
    let project = Project::of(&steps(&["When I run \"echo hi\"", "Then it prints \"hi\"", "  | a |"]));
    assert_problem(&project, &["features/printing.feature:4: a table follows that the step does not use"]);
}

#[test]
fn an_empty_expectation_says_how_to_expect_nothing() {
    let whole = ["When I run \"true\"", "Then it prints:", "\"\"\"", "\"\"\""];
    assert_eq!(Project::of(&steps(&whole)).check().1, 0);
    let nothing = ["When I run \"true\"", "Then it prints:", "\"\"\"", "[...]", "\"\"\""];
    assert_problem(
        &Project::of(&steps(&nothing)),
        &["the expected text matches any output", "`Then it prints nothing`"],
    );
    let said = ["When I run \"true\"", "Then it prints nothing", "And it prints nothing on standard error"];
    assert_eq!(Project::of(&steps(&said)).check().1, 0);
}

#[test]
fn a_sentence_in_a_description_is_found() {
    let lost = GOOD.replace("  Scenario: A", "  Given I have run \"true\"\n  Scenario: A");
    assert_problem(&Project::of(&lost), &["features/printing.feature:2: this sentence is in a description"]);
}

#[test]
fn what_is_nearly_a_sentence_says_why_it_is_none() {
    let quotes = ["When I run \"echo hi\"", "Then it prints 'hi'"];
    assert_problem(&Project::of(&steps(&quotes)), &["hint: write double quotes: `Then it prints \"hi\"`"]);
    let space = ["When I run \"echo hi\"", "Then it\u{a0}prints \"hi\""];
    assert_problem(&Project::of(&steps(&space)), &["`Then it\\u{a0}prints \"hi\"`", "hint: write plain spaces"]);
    let and = ["When I run \"echo hi\"", "Then it prints \"hi\"", "And the Pod \"a\" runs busybox"];
    assert_problem(
        &Project::of(&steps(&and)),
        &[", in which And continues a Then", "hint: write `Given the Pod \"a\" runs busybox`"],
    );
    let given = ["When I run \"echo hi\"", "Given it prints \"hi\"", "Then it prints \"hi\""];
    assert_problem(&Project::of(&steps(&given)), &["hint: write `Then it prints \"hi\"`"]);
}

#[test]
fn what_the_lab_or_the_api_does_not_have_is_found() {
    let project = Project::of(&steps(&[
        "When I run \"kubectl apply -f wep.yaml\"",
        "And I run \"kubectl get pod web -o yaml > copy.yaml; kubectl replace -f copy.yaml\"",
        "Then within 5 seconds the Deployment \"web\" has replicas 3",
        "And the ServiceAccount \"viewer\" may list podds",
        "And the ServiceAccount \"viewer\" may frobnicate pods",
    ]))
    .file("scenarios/printing/web.yaml", "");
    let (said, _) = project.check();
    for part in [
        "features/printing.feature:3: the lab has no file wep.yaml, and no step before makes it\n  hint: did you mean web.yaml?",
        "printing.feature:5: a Deployment has no field replicas\n  hint: write the whole path",
        "printing.feature:6: the API has no resource podds\n  hint: did you mean pods?",
        "printing.feature:7: the API has no verb frobnicate",
        "scenarios/printing/web.yaml: it is empty",
    ] {
        assert!(said.contains(part), "`{part}` is not in:\n{said}");
    }
    assert!(!said.contains("copy.yaml"), "{said}");
}

#[test]
fn a_command_that_cannot_succeed_is_found() {
    let project = Project::of(&steps(&[
        "When I run \"kubectl rolout undo deployment web\"",
        "And I run \"if true; then\"",
        "And I run \"kubectl edit pod web\"",
        "And I run \"KUBE_EDITOR='sed -i s/a/b/' kubectl edit pod web\"",
        "Then it prints \"x\"",
    ]));
    let (said, _) = project.check();
    for part in [
        "printing.feature:3: kubectl has no command rolout\n  hint: did you mean kubectl rollout?",
        "printing.feature:4: bash cannot read the command",
        "printing.feature:5: this command does not end by itself: it opens an editor",
        "3 problems",
    ] {
        assert!(said.contains(part), "`{part}` is not in:\n{said}");
    }
}

#[test]
fn a_command_that_may_fail_needs_a_step_that_judges_it() {
    let ready = "Then within 5 seconds the Pod \"a\" is ready";
    let lost = ["Given the Pod \"a\" runs busybox", "When I try \"kubectl get pods x\"", ready];
    assert_problem(&Project::of(&steps(&lost)), &["printing.feature:4: no step says how this command must end"]);
    let judged = ["Given the Pod \"a\" runs busybox", "When I try \"false\"", ready, "And its exit status is 1"];
    assert!(!Project::of(&steps(&judged)).check().0.contains("no step says"));
}

#[test]
fn other_yaml_in_a_labs_folder_stops_nobody() {
    let project = Project::of(GOOD)
        .file("scenarios/printing/kustomization.yaml", "resources: [pod.yaml]\n")
        .file("scenarios/printing/values.yaml", "replicas: 2\n")
        .file("scenarios/printing/deploy.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{ .Values.x }}\n")
        .file("scenarios/printing/list.yaml", "apiVersion: v1\nkind: List\nitems: []\n");
    assert_eq!(project.check().1, 0, "{}", project.check().0);
}

#[test]
fn a_lab_may_be_in_a_folder_of_labs_and_a_feature_in_a_lab_may_not() {
    let project = Project::of(GOOD).file("features/topic/lab/sheet.feature", GOOD);
    assert_eq!(project.check(), ("2 scenarios in 2 labs: no problems found\n".into(), 0));
    let (output, status) = project.file("features/topic/lab/more/other.feature", GOOD).check();
    assert_eq!(status, 1, "{output}");
    assert!(output.contains("features/topic/lab/more/other.feature: it does not have the name"), "{output}");
}

#[test]
fn what_is_said_of_learners_and_attempts_is_checked() {
    let described = "title: A lab\nsource: a test\nsubmission: {files: {pod.yaml: x}, kinds: [Pod, pods, Bananas]}\n";
    let project = Project::of(&GOOD.replace("  Scenario", "  @points:2 @mine\n  Scenario"))
        .file("scenarios/printing/lab.yaml", described)
        .file(
            "scenarios/printing/attempts/a/verdict.yaml",
            "about: x\nloses: {A word is printd: y}\nwithout: [pod.yml]\n",
        )
        .file("scenarios/printing/attempts/b/verdict.yaml", "about: x\nlooses: {}\n")
        .file("scenarios/printing/attempts/c/verdict.yaml", "about: x\nexcused: [A word]\n")
        .file("scenarios/printing/attempts/notes.txt", "x")
        .file("scenarios/printing/attempts/e/verdict.yaml", "about: \"\"\n")
        .file("scenarios/printing/attempts/d/verdict.yaml", "about: x\nloses-everything: true\nloses: {A: b}\n");
    let (said, _) = project.check();
    for part in [
        "there is no kind \"pods\" in Kubernetes\n  hint: did you mean Pod?",
        "there is no kind \"Bananas\"",
        "attempts/a/verdict.yaml: `loses` names \"A word is printd\", which is not a graded scenario of the lab",
        "attempts/a/verdict.yaml: `without` names pod.yml, which the lab does not ask for\n  hint: did you mean \"pod.yaml\"?",
        "attempts/b/verdict.yaml:2: there is no field `looses`",
        "attempts/c/verdict.yaml: `excused` names \"A word\", which the attempt does not lose",
        "attempts/notes.txt: no attempt uses it",
        "attempts/e/verdict.yaml: `about` is empty",
        "attempts/d/verdict.yaml: `loses-everything` and `loses` exclude each other",
    ] {
        assert!(said.contains(part), "`{part}` is not in:\n{said}");
    }
}

#[test]
fn a_task_that_the_document_does_not_have_is_found() {
    let described = "title: A lab\nsource: a test\nsubmission: {files: {pod.yaml: x}, kinds: [Pod]}\n";
    let covered = "title: t\nfile: f\nlabs: [printing]\npieces:\n- {place: Task 2, says: s, not_shown: x}\n";
    let tagged = |task: u32| {
        Project::of(&GOOD.replace("  Scenario", &format!("  @points:2 @task:{task}\n  Scenario")))
            .file("scenarios/printing/lab.yaml", described)
            .file("docs/coverage/000.yaml", covered)
            .check()
            .0
    };
    assert!(tagged(3).contains("features/printing.feature:3: there is no task 3, as @task:3 says"), "{}", tagged(3));
    assert!(!tagged(2).contains("there is no task"));
}

#[test]
fn labs_can_be_named_from_outside_their_project() {
    let project = Project::of(GOOD);
    let outside =
        labproof(&["check", &project.path("features").display().to_string()]).current_dir("/").output().unwrap();
    assert!(outside.status.success(), "{}", text(&outside.stderr));
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let project = Project::of(GOOD);
    let learner = tempfile::tempdir().unwrap();
    let to = learner.path().to_str().unwrap();
    let root = env!("CARGO_MANIFEST_DIR");
    for (folder, arguments) in [
        (project.path(""), &["completions", "bash"][..]),
        (project.path(""), &["steps", "--markdown"]),
        (project.path(""), &["check"]),
        (root.into(), &["submission", "helloworld", to]),
    ] {
        // Nobody reads these pipes from the beginning: whatever is written to them fails.
        let [out, err] = [0, 1].map(|_| std::io::pipe().unwrap().1);
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_labproof"));
        let status = command.current_dir(folder).args(arguments).stdout(out).stderr(err).status().unwrap();
        assert!(status.success(), "{arguments:?}: {status}");
    }
}

/// A macro of the standard library or of anstream panics where its reader has gone.
#[test]
fn everything_is_printed_through_progress() {
    let steps = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("steps");
    let is_test = |path: &std::path::Path| path.iter().any(|part| part == "tests" || part == "bench");
    let code = paths(&steps).into_iter().filter(|path| !is_test(path.strip_prefix(&steps).unwrap()));
    let prints = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        ["print!(", "println!("].iter().any(|call| code.contains(call))
    };
    assert_eq!(code.filter(prints).collect::<Vec<_>>(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_file_with_nearly_the_right_name_is_found() {
    let rename = |wanted: &str| format!("labproof ignores it because of its name\n  hint: rename it to {wanted}");
    for (file, wanted) in [
        ("features/more.features", "more.feature"),
        ("features/shop/sheet.feature.txt", "sheet.feature"),
        ("kind-config/images.yml", "images.yaml"),
        ("scenarios/printing/attempt/a/verdict.yaml", "attempts"),
    ] {
        let shown = file.strip_suffix("/a/verdict.yaml").unwrap_or(file);
        assert_problem(&Project::of(GOOD).file(file, "images: []\n"), &[shown, &rename(wanted)]);
    }
    let described = Project::of(GOOD).file("scenarios/printing/lab.yml", "pulls: [redis]\n");
    std::fs::remove_file(described.path("scenarios/printing/lab.yaml")).unwrap();
    assert_problem(
        &described,
        &["scenarios/printing/lab.yaml: it does not exist, but lab.yml does: rename that to lab.yaml"],
    );
}

#[test]
fn a_step_that_runs_nothing_is_found() {
    let nothing = ["When I run:", "\"\"\"", "\"\"\"", "Then it prints nothing"];
    assert_problem(&Project::of(&steps(&nothing)), &["features/printing.feature:3: the step runs nothing"]);
}
