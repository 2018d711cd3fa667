//! What only a cluster would refuse, found without one.

use super::{assert_problem, steps};
use crate::command_line::project::Project;

/// A manifest with a number where a text must be, on its fifth line.
const WRONG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata:\n  port: 8080\n";

/// A lab with this manifest and a scenario with these steps.
fn lab(manifest: &str, written: &[&str]) -> Project {
    let written = [&["Given the lab's files are in the folder \"printing\""], written].concat();
    Project::of(&steps(&written)).file("scenarios/printing/settings.yaml", manifest)
}

#[test]
fn a_manifest_that_the_server_would_refuse_is_found_at_its_line() {
    let said = [
        "scenarios/printing/settings.yaml:5: data.port is a number, and must be text",
        "hint: put it between quotes: \"8080\"",
    ];
    let by_command = ["When I run \"kubectl apply -f settings.yaml\"", "Then it prints \"configmap/settings created\""];
    assert_problem(&lab(WRONG, &by_command), &said);
    let by_sentence = ["Given \"settings.yaml\" is applied", "Then within 5 seconds the ConfigMap \"settings\" exists"];
    assert_problem(&lab(WRONG, &by_sentence), &said);
}

#[test]
fn a_manifest_that_shall_be_refused_or_is_mended_first_is_no_error() {
    let refused = ["When I try \"kubectl apply -f settings.yaml\"", "Then it fails with \"cannot be handled\""];
    let by_sentence = ["Then \"settings.yaml\" is refused with \"cannot be handled\""];
    let mended = [
        "When I run \"sed -i 's/8080/\\\"8080\\\"/' settings.yaml\"",
        "And I run \"kubectl apply -f settings.yaml\"",
        "Then it prints \"configmap/settings created\"",
    ];
    for steps in [&refused[..], &by_sentence, &mended] {
        let (output, status) = lab(WRONG, steps).check();
        assert_eq!(status, 0, "{output}");
    }
    let right = WRONG.replace("8080", "'8080'");
    let applied = ["When I run \"kubectl apply -f settings.yaml\"", "Then it prints \"configmap/settings created\""];
    assert_eq!(lab(&right, &applied).check().1, 0);
}

#[test]
fn slips_in_commands_are_found() {
    for (command, said) in [
        ("$ kubectl get pods", "the command begins with a prompt"),
        ("kubectl get pods –o wide", "begins with a long dash"),
        ("kubctl get pods", "hint: did you mean kubectl?"),
        ("kubectl get pdos", "hint: did you mean pods?"),
        ("kubectl get pods -w", "this command does not end by itself"),
    ] {
        let written = format!("When I run \"{command}\"");
        assert_problem(&Project::of(&steps(&[&written, "Then it prints \"web\""])), &[":3: ", said]);
        let tried = format!("When I try \"{command}\"");
        let (output, status) = Project::of(&steps(&[&tried, "Then it fails with \"error\""])).check();
        assert_eq!(status, 0, "a command may fail on purpose: {output}");
    }
}

/// A scenario that types these lines.
fn typed(lines: &[&str]) -> String {
    let lines: String = lines.iter().map(|line| format!("      {line}\n")).collect();
    let block = format!("    When I run:\n      \"\"\"\n{lines}      \"\"\"\n");
    let scenario =
        "Feature: Printing\n  Scenario: A word is printed\n    Given the lab's files are in the folder \"printing\"\n";
    format!("{scenario}{block}    Then it prints \"created\"\n")
}

#[test]
fn a_manifest_in_a_here_document_is_read() {
    let manifest = ["apiVersion: v1", "kind: ConfigMap", "metadata: {name: settings}", "data:", "  port: 8080", "EOF"];
    let at_once = [&["kubectl apply -f - <<EOF"][..], &manifest].concat();
    let said = ["features/printing.feature:11: data.port is a number, and must be text"];
    assert_problem(&Project::of(&typed(&at_once)), &said);
    let to_file = [&["cat > s.yaml <<EOF"][..], &manifest, &["kubectl apply -f s.yaml"]].concat();
    assert_problem(&Project::of(&typed(&to_file)), &said);
    let changed = [&to_file[..7], &["sed -i s/8080/a/ s.yaml", "kubectl apply -f s.yaml"]].concat();
    assert_eq!(Project::of(&typed(&changed)).check().1, 0);
    for handled in ["kubectl apply -f - <<EOF || echo refused", "! kubectl apply -f - <<EOF"] {
        let handled = Project::of(&typed(&[&[handled][..], &manifest].concat())).check();
        assert!(!handled.0.contains("data.port"), "{}", handled.0);
    }
    let another = [&to_file[..7], &["mkdir two; cp other.yaml two/s.yaml; kubectl apply -f two/s.yaml"]].concat();
    let another = Project::of(&typed(&another)).check();
    assert!(!another.0.contains("data.port"), "{}", another.0);
    let pod = [
        "kubectl apply -f - <<EOF",
        "apiVersion: v1",
        "kind: Pod",
        "metadata: {name: web}",
        "spec: {containers: [{name: web, image: redis}]}",
        "EOF",
    ];
    assert_problem(
        &Project::of(&typed(&pod)),
        &["features/printing.feature:4: `pulls` in lab.yaml does not list redis"],
    );
}

#[test]
fn a_manifest_in_a_folder_that_a_command_names_is_read() {
    let said = ["scenarios/printing/k8s/settings.yaml:5: data.port is a number, and must be text"];
    for command in ["kubectl apply -f k8s/", "kubectl apply -f .  -R", "kubectl apply -k k8s"] {
        let project = Project::of(&typed(&[command])).file("scenarios/printing/k8s/settings.yaml", WRONG);
        let project = project.file("scenarios/printing/k8s/kustomization.yaml", "resources:\n- settings.yaml\n");
        assert_problem(&project, &said);
    }
    let handled = typed(&["kubectl apply -f k8s/ || echo refused"]);
    let project = Project::of(&handled).file("scenarios/printing/k8s/settings.yaml", WRONG);
    assert!(!project.check().0.contains("data.port"));
    let project = Project::of(&typed(&["kubectl apply -f other/"])).file("scenarios/printing/k8s/settings.yaml", WRONG);
    assert!(!project.check().0.contains("data.port"));
}
