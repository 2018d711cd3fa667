//! `labproof check` finds each error, and reports its place and what to do.

mod beginnings;
mod course;
mod ignored;
mod refused;

use std::{fmt::Write, fs, time::Instant};

use super::project::{GOOD, Project, assert_problem, labproof};

/// A feature with one scenario with these steps, which begin on line 3.
fn steps(steps: &[&str]) -> String {
    let mut text = String::from("Feature: Printing\n  Scenario: A word is printed\n");
    for step in steps {
        _ = writeln!(text, "    {step}");
    }
    text
}

#[test]
fn a_good_project_is_counted() {
    let (output, status) = Project::of(GOOD).check();
    assert_eq!((output.as_str(), status), ("1 scenario in 1 lab: no problems found\n", 0));
}

#[test]
fn the_labs_of_this_repository_are_good() {
    let (features, scenarios) = (format!("{}/features", env!("CARGO_MANIFEST_DIR")), env!("CARGO_MANIFEST_DIR"));
    let output = labproof(&["check", &features]).current_dir(scenarios).output().unwrap();
    assert!(output.status.success(), "{}", super::project::text(&output.stdout));
}

#[test]
fn a_misspelt_step_gets_a_suggestion() {
    let project =
        Project::of(&steps(&["When I run \"echo hello\"", "Then it prints \"hello\"", "And it print \"hello\""]));
    assert_problem(
        &project,
        &["features/printing.feature:5: no sentence fits", "hint: write `And it prints \"hello\"`"],
    );
}

#[test]
fn a_scenario_without_a_then_shows_nothing() {
    assert_problem(&Project::of(&steps(&["When I run \"echo hello\""])), &["features/printing.feature:2: "]);
}

#[test]
fn a_keyword_that_does_not_exist_is_found_on_its_line() {
    let project =
        Project::of(&steps(&["When I run \"echo hello\"", "The it prints \"hello\"", "Then it prints \"hello\""]));
    assert_problem(&project, &["features/printing.feature:4: "]);
}

#[test]
fn a_keyword_in_the_wrong_place_is_found_by_its_sentence() {
    let project =
        Project::of(&steps(&["When I run \"echo hello\"", "When it prints \"hello\"", "Then it prints \"hello\""]));
    assert_problem(
        &project,
        &["features/printing.feature:4: no sentence fits", "hint: write `Then it prints \"hello\"`"],
    );
}

#[test]
fn a_manifest_that_is_not_there_is_missed() {
    let project = Project::of(&steps(&[
        "Given the Pod \"hello\" runs from \"pod.yaml\"",
        "Then within 60 seconds the Pod \"hello\" is ready",
    ]));
    assert_problem(
        &project,
        &["features/printing.feature:3: the lab has no file pod.yaml", "hint: put it into scenarios/printing"],
    );
}

#[test]
fn a_manifest_with_another_name_or_in_another_encoding_says_so() {
    let named = |file: &str| {
        Project::of(&steps(&[&format!("Given \"{file}\" is applied"), "Then for 5 seconds there is no Pod \"x\""]))
            .file("scenarios/printing/web.yaml", "kind: Pod\napiVersion: v1\nmetadata: {name: web}\n")
    };
    for (file, hint) in [
        ("Web.yaml", "hint: did you mean web.yaml?"),
        ("web.yml", "hint: did you mean web.yaml?"),
        ("scenarios/printing/web.yaml", "hint: name a file by its path from scenarios/printing"),
    ] {
        assert_problem(&named(file), &[&format!("features/printing.feature:3: the lab has no file {file}"), hint]);
    }
    let json = named("web.json").file("scenarios/printing/web.json", "{\"kind\": \"Pod\",");
    assert_problem(&json, &["scenarios/printing/web.json: "]);
    assert_eq!(named("web.yaml").check().1, 0);
}

#[test]
fn a_manifest_that_cannot_be_read_is_found() {
    let project =
        Project::of(GOOD).file("scenarios/printing/pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: hello\n");
    assert_problem(&project, &["scenarios/printing/pod.yaml: "]);
}

#[test]
fn each_document_of_a_manifest_is_checked() {
    let pod = |name: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}}}, spec: {{containers: [{{name: x, image: {name}}}]}}}}"
        )
    };
    let text = format!(
        "a: b: c\n---\n{}\n---\napiVersion: v1\nkind: List\nitems: [{}]\n---\n{}\n---\n{}\n",
        pod("one"),
        pod("two"),
        "{apiVersion: apps/v1beta1, kind: Deployment, metadata: {name: three}}",
        "{apiVersion: v1, kind: Pdo, metadata: {name: four}}",
    );
    let project = Project::of(&steps(&["Given \"all.yaml\" is applied", "Then within 1m no Pods remain"]));
    let project = project.file("scenarios/printing/all.yaml", &text);
    let (output, _) = project.check();
    for said in [
        "scenarios/printing/all.yaml: line 1: a field begins",
        "`pulls` in lab.yaml does not list one\n",
        "`pulls` in lab.yaml does not list two\n",
        "Deployment three: apiVersion: apps/v1beta1 has no Deployment",
        "hint: write apiVersion: apps/v1\n",
        "Pdo four: there is no kind \"Pdo\"",
        "did you mean Pod?",
    ] {
        assert!(output.contains(said), "`{said}` is not in:\n{output}");
    }
    assert!(output.contains("\n5 problems in 1 lab\n"), "{output}");
}

#[test]
fn a_lab_needs_nothing_but_its_feature_file() {
    let folder = tempfile::TempDir::new().unwrap();
    fs::create_dir(folder.path().join("features")).unwrap();
    fs::write(folder.path().join("features/printing.feature"), GOOD).unwrap();
    labproof(&["check"]).current_dir(folder.path()).assert().success();
}

#[test]
fn a_folder_of_files_that_belongs_to_no_lab_is_found() {
    let project = Project::of(GOOD).file("scenarios/pinting/pod.yaml", "");
    assert_problem(&project, &["scenarios/pinting: no lab has the name of this folder", "hint: rename it to printing"]);
}

#[test]
fn a_description_with_a_misspelt_key_is_found() {
    let project =
        Project::of(GOOD).file("scenarios/printing/lab.yaml", "title: A lab\nsource: a test\nimage: [busybox]\n");
    let (said, _) = project.check();
    assert!(said.starts_with("scenarios/printing/lab.yaml:3: there is no field `image`"), "{said}");
}

#[test]
fn any_image_may_be_used() {
    let project = Project::of(GOOD).file("scenarios/printing/lab.yaml", "pulls: [shop.example/tool:1.0]\n");
    project.labproof(&["check"]).assert().success();
}

#[test]
fn a_lab_that_builds_an_image_needs_a_dockerfile() {
    let project = Project::of(GOOD)
        .file("scenarios/printing/lab.yaml", "title: A lab\nsource: a test\nbuilds: [{image: mine}]\n");
    assert_problem(&project, &["the lab builds mine, but has no Dockerfile"]);
}

#[test]
fn a_wildcard_that_nobody_knows_is_found() {
    let project = Project::of(&steps(&["When I run \"echo hello\"", "Then it prints \"hello [AGES]\""]));
    assert_problem(&project, &["features/printing.feature:4: there is no wildcard [AGES]", "[AGE]"]);
}

#[test]
fn an_attempt_has_to_be_judged_by_the_next_step() {
    let judged_late = ["When I try \"false\"", "When I run \"echo hello\"", "Then it prints \"hello\""];
    assert_problem(
        &Project::of(&steps(&judged_late)),
        &["features/printing.feature:3: no step says how this command must end"],
    );
}

#[test]
fn two_scenarios_may_not_have_one_name() {
    let again = GOOD.lines().skip(1).collect::<Vec<_>>().join("\n");
    assert_problem(
        &Project::of(&format!("{GOOD}\n{again}\n")),
        &["features/printing.feature:6: a second scenario \"A word is printed\""],
    );
}

#[test]
fn a_step_that_takes_text_needs_it() {
    let project = Project::of(&steps(&["When I run:", "Then it prints \"hello\""]));
    assert_problem(&project, &["features/printing.feature:3: the step ends with a colon, but no text follows"]);
}

#[test]
fn a_malformed_value_is_found_with_its_line() {
    for (wrong, said) in [
        (&["Given port 99999 is free", "Then it prints nothing"][..], ":3: 99999 is not a number from 1 to 65535"),
        (&["Then within 9999999 minutes no Pods remain"], ":3: 9999999 minutes is longer than a step may take"),
        (&["Then within 9 seconds the Pod \"a\" has metadata.generation 007"], ":3: 007 is not the value of a field"),
        (&["Then the CPU of the Pod \"a\" is limited to \"1.2.3Qx\""], ":3: 1.2.3Qx is not a quantity"),
    ] {
        let (output, status) = Project::of(&steps(wrong)).check();
        assert!(status == 1 && output.contains(said), "{output}");
    }
}

#[test]
fn what_asserts_nothing_or_comes_too_early_is_found() {
    for (wrong, said) in [
        (&["When I run \"echo hello\"", "Then it prints \"[...]\""][..], ":4: the expected text matches any output"),
        (
            &["When I run \"echo hello\"", "Then it fails with \"hello\""],
            ":4: the command before this step must succeed",
        ),
        (&["Then it prints \"hello\""], ":3: no command was run before"),
        (&["When I run \"true\"", "And I run \"true\""], ":2: the scenario asserts nothing: it has no Then"),
        (&["Then in the Pod \"bb\" \"id\" prints \"root\"", "And it prints \"root\""], ":4: no command was run before"),
        (&["When I type \"exit\"", "Then within 5 seconds the session ends"], ":3: no session is open here"),
        (&["When I run \"echo 1 1\"", "Then it prints \"[NUMBER:n] [NUMBER:n]\""], ":4: the text keeps n twice"),
        (&["When I run \"echo 1\"", "Then it prints \"[NUMBER:my-n]\""], ":4: there is no wildcard [NUMBER:my-n]"),
        (&["When I run \"echo [=n]\"", "Then it prints \"1\""], ":3: [=n] is not replaced here"),
    ] {
        let (output, status) = Project::of(&steps(wrong)).check();
        assert!(status == 1 && output.contains(said), "{output}");
    }
}

#[test]
fn an_image_that_is_there_by_chance_is_found() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: redis}]}\n";
    let project = Project::of(GOOD).file("scenarios/printing/web.yaml", pod);
    assert_problem(&project, &["scenarios/printing/web.yaml: `pulls` in lab.yaml does not list redis"]);
    let project = project.file("scenarios/printing/lab.yaml", "title: A lab\nsource: a test\npulls: ['redis:7']\n");
    assert_problem(&project, &["does not list redis\n", "hint: did you mean redis:7? If not, add it to `pulls`"]);
    let project = project.file("scenarios/printing/lab.yaml", "title: A lab\nsource: a test\nabsent: [redis]\n");
    assert_eq!(project.check().1, 0);
}

#[test]
fn an_image_that_the_lab_builds_by_a_command_is_there() {
    let pod =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: 'me/web:1'}]}\n";
    let steps = |build: &str| {
        steps(&[
            &format!("When I run \"{build}\""),
            "And I run \"kubectl run a --image=me/web:1\"",
            "Then it prints \"a\"",
        ])
    };
    for build in ["docker build -q -t me/web:1 .", "docker tag busybox me/web:1"] {
        let project = Project::of(&steps(build)).file("scenarios/printing/web.yaml", pod);
        assert_eq!(project.check().1, 0, "{}", project.check().0);
    }
    let project = Project::of(&steps("docker build -t me/web:2 ."));
    assert_problem(&project, &["does not list me/web:1\n", "hint: did you mean me/web:2? If not, add it to `pulls`"]);
}

#[test]
fn a_manifest_makes_the_pod_that_is_waited_for() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: wep}\nspec: {containers: [{name: a, image: busybox}]}\n";
    let sheet =
        steps(&["Given the Pod \"web\" runs from \"web.yaml\"", "Then within 5 seconds the Pod \"web\" is ready"]);
    let described = "title: A lab\nsource: a test\npulls: [busybox]\n";
    let project =
        Project::of(&sheet).file("scenarios/printing/web.yaml", pod).file("scenarios/printing/lab.yaml", described);
    assert_problem(
        &project,
        &["features/printing.feature:3: web.yaml makes the Pod wep, but the step waits for the Pod web"],
    );
}

#[test]
fn what_is_expected_again_was_kept_before() {
    let project = Project::of(&steps(&["When I run \"echo 10.0.0.1\"", "Then it does not print \"[=address]\""]));
    assert_problem(&project, &["features/printing.feature:4: [=address] has no value"]);
    let kept = ["When I run \"echo 10.0.0.1\"", "Then it prints \"[IP:address]\"", "And it prints \"[=address]\""];
    assert_eq!(Project::of(&steps(&kept)).check().1, 0);
}

#[test]
fn a_long_expected_text_is_a_file_of_the_lab() {
    let names_it = steps(&["When I run \"date\"", "Then it prints the file \"date.txt\""]);
    assert_problem(
        &Project::of(&names_it),
        &[
            "features/printing.feature:4: the lab has no file expected/date.txt",
            "hint: put it into scenarios/printing/expected",
        ],
    );
    let of = |text: &str| Project::of(&names_it).file("scenarios/printing/expected/date.txt", text);
    assert_eq!(of("[TIME]\n").check().1, 0);
    assert_problem(&of("[DATE]\n"), &["features/printing.feature:4: there is no wildcard [DATE]"]);
    assert_problem(&of("[=date]\n"), &["features/printing.feature:4: [=date] has no value"]);
    assert_problem(&of("[...]\n"), &["features/printing.feature:4: the expected text matches any output"]);
    let with_text = format!("{names_it}      \"\"\"\n      now\n      \"\"\"\n");
    let project = Project::of(&with_text).file("scenarios/printing/expected/date.txt", "[TIME]\n");
    assert_problem(&project, &["features/printing.feature:4: the step names a file and shows a text as well"]);
}

#[test]
fn an_expected_text_that_no_step_names_is_found() {
    let project = Project::of(GOOD).file("scenarios/printing/expected/date.txt", "[TIME]\n");
    assert_problem(
        &project,
        &["scenarios/printing/expected/date.txt: no step names this file", "`it prints the file \"…\"`"],
    );
}

#[test]
fn coverage_names_scenarios_that_exist() {
    let project = Project::of(GOOD).file(
        "docs/coverage/000.yaml",
        "title: t\nfile: f\nlabs: [printing]\npieces:\n- place: task 1\n  says: echo hello\n  shown_by: [A word is sung]\n",
    );
    assert_problem(&project, &["no scenario is called \"A word is sung\""]);
}

#[test]
fn all_problems_are_reported_at_once() {
    let project = Project::of("Feature: Printing\n").lab("typing", &GOOD.replace("it prints", "it prnts"));
    let (output, status) = project.check();
    assert_eq!(status, 1);
    assert!(
        output.contains("features/printing.feature:1: ") && output.contains("features/typing.feature:4: "),
        "{output}"
    );
    assert!(output.ends_with("\n2 problems in 2 labs\n"), "{output}");
}

#[test]
fn a_project_without_labs_has_nothing_to_check() {
    let (output, status) = Project::empty().check();
    assert_eq!(status, 3);
    assert!(output.contains("no lab found"), "{output}");
}

#[test]
fn one_feature_or_a_folder_of_them_can_be_named() {
    let project = Project::of(GOOD).lab("typing", "Feature: Typing\n");
    assert_eq!(project.labproof(&["check", "features/printing.feature"]).output().unwrap().status.code(), Some(0));
    assert_eq!(project.labproof(&["check", "features"]).output().unwrap().status.code(), Some(1));
    assert_eq!(project.labproof(&["check", "features/singing.feature"]).output().unwrap().status.code(), Some(4));
}

#[test]
fn a_thousand_features_are_checked_before_a_person_looks_away() {
    let mut project = Project::empty();
    for number in 0..1000 {
        project = project.lab(&format!("lab-{number}"), GOOD);
    }
    let started = Instant::now();
    let (output, status) = project.check();
    let took = started.elapsed();
    assert!(output.starts_with("1000 scenarios in 1000 labs") && status == 0, "{output}");
    assert!(took.as_secs() < 5, "it took {took:?}");
}
