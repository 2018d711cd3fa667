//! `labproof check` finds errors in the files of a course beside its sheets, and reports each mistake once.

use super::{assert_problem, steps};
use crate::command_line::project::{GOOD, Project};

const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: hello}\nspec: {containers: [{name: a, image: busybox}]}\n";

/// A lab with a Pod that a scenario with this last step runs.
fn with_pod(last: &str) -> Project {
    let sheet = steps(&["Given the Pod \"hello\" runs from \"hello.yaml\"", last]);
    Project::of(&sheet)
        .file("scenarios/printing/hello.yaml", POD)
        .file("scenarios/printing/lab.yaml", "title: A lab\nsource: a test\npulls: [busybox]\n")
}

/// The only problem of a project.
#[track_caller]
fn assert_only(project: &Project, said: &[&str]) {
    assert_problem(project, said);
    let (output, _) = project.check();
    assert!(output.contains("\n1 problem in "), "the mistake is reported once: {output}");
}

#[test]
fn the_configurations_of_clusters_are_checked() {
    let own =
        ["Given I work on a cluster of its own, called \"twins\"", "When I run \"true\"", "Then it prints nothing"];
    let lab = || Project::of(&steps(&own));
    assert_only(&lab(), &["features/printing.feature:3: there is no kind-config/twins.yaml for the cluster twins"]);
    let head = "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n";
    let wrong = lab().file("kind-config/twins.yaml", &format!("{head}nodes:\n- roles: worker\n"));
    assert_only(&wrong, &["kind-config/twins.yaml:4: kind has no field nodes[0].roles", "hint: did you mean role?"]);
    let right = lab().file("kind-config/twins.yaml", &format!("{head}nodes:\n- role: control-plane\n- role: worker\n"));
    assert_eq!(right.check().1, 0);
    let demo = Project::of(GOOD).file("kind-config/demo.yaml", &format!("{head}nods: []\n"));
    assert_only(&demo, &["kind-config/demo.yaml:3: kind has no field nods"]);
}

#[test]
fn a_dockerfile_that_cannot_be_built_is_found_at_its_line() {
    let built = steps(&["Given the image \"app:1\" is built", "When I run \"true\"", "Then it prints nothing"]);
    let described = "title: A lab\nsource: a test\nbases: [busybox]\nbuilds:\n- image: app:1\n";
    let lab = |dockerfile: &str| {
        Project::of(&built)
            .file("scenarios/printing/lab.yaml", described)
            .file("scenarios/printing/server.js", "\n")
            .file("scenarios/printing/Dockerfile", dockerfile)
    };
    for (dockerfile, said) in [
        ("FRON busybox\n", ":1: a Dockerfile has no instruction FRON"),
        ("RUN true\nFROM busybox\n", ":1: the Dockerfile does not begin with FROM"),
        ("FROM busybox\nCOPY serve.js /\n", ":2: COPY copies serve.js, which is not in the folder of the build"),
        ("FROM alpine\n", ":1: `bases` in lab.yaml does not list alpine"),
    ] {
        assert_only(&lab(dockerfile), &[&format!("scenarios/printing/Dockerfile{said}")]);
    }
    let right = "ARG V=1\nFROM busybox AS one\nCOPY [\"server.js\", \"/\"]\nRUN <<end\nFRON\nend\nFROM one\nCOPY --from=one /a /a\n";
    let (output, status) = lab(right).check();
    assert_eq!(status, 0, "{output}");
}

#[test]
fn the_names_of_images_are_checked() {
    let lab = |described: &str| Project::of(GOOD).file("scenarios/printing/lab.yaml", described);
    let named = lab("title: A lab\nsource: a test\npulls:\n- Busy Box:1\n");
    assert_only(&named, &["scenarios/printing/lab.yaml:4: no image can be called \"Busy Box:1\""]);
    let both = lab("title: A lab\nsource: a test\npulls: [redis]\nabsent: [redis]\n");
    assert_only(&both, &["scenarios/printing/lab.yaml:3: redis is in `pulls` and in `absent`"]);
}

#[test]
fn a_name_that_nothing_has_is_found_if_it_is_nearly_another() {
    let wrong = with_pod("Then within 5 seconds the Pod \"helo\" is ready");
    assert_only(&wrong, &["features/printing.feature:4: nothing in the lab is called helo", "did you mean hello?"]);
    for last in ["Then within 5 seconds the Pod \"hello\" is ready", "Then within 5 seconds the Pod \"other\" exists"] {
        assert!(!with_pod(last).check().0.contains("is called"), "{last}");
    }
}

#[test]
fn what_follows_from_one_mistake_is_not_reported() {
    let renamed = with_pod("Then within 5 seconds the Pod \"hello\" is ready");
    std::fs::rename(renamed.path("scenarios/printing"), renamed.path("scenarios/printin")).unwrap();
    assert_only(&renamed, &["scenarios/printin: no lab has the name of this folder", "hint: rename it to printing"]);
    let kind = with_pod("Then within 5 seconds the Pod \"hello\" is ready")
        .file("scenarios/printing/hello.yaml", &POD.replace("kind: Pod", "kind: pod"));
    assert_only(&kind, &["scenarios/printing/hello.yaml: pod hello: there is no kind \"pod\""]);
    let tag = GOOD.replace("  Scenario: A", "  @point:1\n  Scenario: A");
    assert_only(&Project::of(&tag), &["@point:1 means nothing: did you mean @points:1?"]);
}

#[test]
fn a_hint_for_learners_that_is_none_is_found() {
    for (written, said) in [("hint: look", "this line is not a hint for learners"), ("Hint:", "the hint says nothing")]
    {
        let sheet = GOOD.replace("    When", &format!("    {written}\n    When"));
        assert_only(&Project::of(&sheet), &[said, &format!("not `{written}`")]);
    }
}

#[test]
fn a_file_in_another_encoding_is_reported_with_its_line() {
    for file in ["features/printing.feature", "scenarios/printing/lab.yaml"] {
        let project = Project::of(GOOD);
        let text = std::fs::read_to_string(project.path(file)).unwrap();
        let line = 1 + text.lines().count();
        let bytes = [text.as_bytes(), b"# caf\xe9\n"].concat();
        std::fs::write(project.path(file), bytes).unwrap();
        assert_only(&project, &[file, &format!("line {line} is not in UTF-8: save the file as UTF-8")]);
    }
}

#[test]
fn all_options_of_the_course_are_checked() {
    let wrong = Project::of(GOOD).file("labproof.toml", "[verify]\njobs = \"four\"\n");
    let (output, status) = wrong.check();
    assert!(status == 4 && output.contains("labproof.toml: invalid value 'four' for '--jobs <N>'"), "{output}");
}

#[test]
fn a_file_that_no_step_has_copied_is_found() {
    let typed = ["When I run \"kubectl apply -f hello.yaml\"", "Then it prints \"pod/hello created\""];
    let lab = |steps: &str| {
        Project::of(steps)
            .file("scenarios/printing/hello.yaml", POD)
            .file("scenarios/printing/lab.yaml", "title: A lab\nsource: a test\npulls: [busybox]\n")
    };
    let hint = "hint: put `Given the lab's files are in the folder \"printing\"` before it";
    assert_only(&lab(&steps(&typed)), &["features/printing.feature:3: the terminal's folder has no hello.yaml", hint]);
    let copied = [&["Given the lab's files are in the folder \"printing\""], &typed[..]].concat();
    assert_eq!(lab(&steps(&copied)).check().1, 0);
}

#[test]
fn a_field_that_the_kind_does_not_have_is_found() {
    for (step, said) in [
        ("for 5 seconds the Pod \"hello\" lacks spec.nodename", "spec has no field nodename"),
        ("within 5 seconds the Pod \"hello\" has metadata.lables[\"a\"] \"b\"", "metadata has no field lables"),
        ("within 5 seconds the Deployment \"a\" has spec.replica 3", "spec has no field replica"),
    ] {
        assert_only(&with_pod(&format!("Then {step}")), &[":4: ", said, "hint: did you mean"]);
    }
    for step in [
        "for 5 seconds the Pod \"hello\" lacks metadata.labels[\"nodename\"]",
        "within 5 seconds the Pod \"hello\" has status.conditions[type=\"Ready\"].status \"True\"",
        "within 5 seconds the Pod \"hello\" has spec.containers[0].resources.limits.cpu \"1\"",
        "within 5 seconds the Node \"a\" has spec.taints[key=\"b\"].effect \"NoSchedule\"",
        "within 5 seconds the Pod \"hello\" has spec.brandNewField \"x\"",
    ] {
        let (output, status) = with_pod(&format!("Then {step}")).check();
        assert_eq!(status, 0, "{step}: {output}");
    }
}

#[test]
fn images_of_commands_are_declared_like_those_of_manifests() {
    for command in ["run a --image=redis:7", "create deployment a --image redis:7", "set image deployment/a a=redis:7"]
    {
        let typed = [&format!("When I run \"kubectl {command}\""), "Then it prints \"a\""];
        let said = "features/printing.feature:3: `pulls` in lab.yaml does not list redis:7";
        assert_only(&Project::of(&steps(&typed)), &[said]);
        let declared = Project::of(&steps(&typed)).file("scenarios/printing/lab.yaml", "title: A\npulls: [redis:7]\n");
        assert_eq!(declared.check().1, 0);
    }
}

#[test]
fn a_solution_that_no_learner_may_hand_in_is_found() {
    let graded = "Feature: f\n  @points:1\n  Scenario: s\n    Given \"hello.yaml\" is applied\n    Then within 5 seconds the Pod \"hello\" is ready\n";
    let described = "title: A\npulls: [busybox]\nsubmission: {files: {hello.yaml: x}, kinds: [Pod]}\n";
    let lab = |pod: &str| {
        Project::of(graded).file("scenarios/printing/lab.yaml", described).file("scenarios/printing/hello.yaml", pod)
    };
    assert_eq!(lab(POD).check().1, 0);
    let host = POD.replace("spec: {", "spec: {hostNetwork: true, ");
    assert_only(&lab(&host), &["scenarios/printing/hello.yaml:", "a submission with this is refused: "]);
    let attempt = lab(POD)
        .file("scenarios/printing/attempts/a/helo.yaml", POD)
        .file("scenarios/printing/attempts/a/verdict.yaml", "about: x\nalone: true\nloses-everything: true\n");
    assert_only(
        &attempt,
        &["attempts/a/verdict.yaml: the attempt has helo.yaml", "hint: did you mean \"hello.yaml\"?"],
    );
}

#[test]
fn manifests_in_folders_are_checked_where_a_command_uses_them() {
    let typed = [
        "Given the lab's files are in the folder \"printing\"",
        "When I run \"kubectl apply -f base/web.yaml\"",
        "Then it prints \"configmap/a created\"",
    ];
    let wrong = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  port: 8080\n";
    let project = Project::of(&steps(&typed)).file("scenarios/printing/base/web.yaml", wrong);
    assert_only(&project, &["scenarios/printing/base/web.yaml:5: data.port is a number"]);
    let other = Project::of(GOOD).file("scenarios/printing/base/web.yaml", wrong);
    assert_eq!(other.check().1, 0);
}
