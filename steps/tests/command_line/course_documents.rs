//! How labproof understands course documents, without a cluster: `labproof check page.md`.

use std::fs;

use super::{
    architecture::root,
    project::{Project, assert_golden, text},
};

/// The documents in `steps/tests/documents/`, one for each format.
const DOCUMENTS: [&str; 3] = ["web.md", "server.rst", "job.adoc"];

#[test]
fn each_block_of_a_document_is_run_or_left_for_a_reason() {
    for name in DOCUMENTS {
        let document = fs::read_to_string(root().join("steps/tests/documents").join(name)).unwrap();
        let project = Project::empty().file(name, &document);
        let output = project.labproof(&["check", name]).output().unwrap();
        let status = i32::from(text(&output.stdout).contains("found without running"));
        assert_eq!(output.status.code(), Some(status), "{}", text(&output.stderr));
        assert_golden(text(&output.stdout), &format!("steps/tests/golden/document.{name}.txt"));
    }
}

#[test]
fn a_mistake_that_shows_without_running_is_an_error_with_a_place() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: a\n    image: b\n";
    let page = format!("```yaml\n{pod}    volumeMounts: [{{name: x, mountPath: /x}}]\n```\n");
    let project = Project::empty().file("page.md", &page);
    let mut command = project.labproof(&["check", "page.md"]);
    let output = command.env("GITHUB_ACTIONS", "true").output().unwrap();
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("wrong: the Pod web mounts the volume x"), "{said}");
    assert!(said.contains("1 mistake found without running the document"), "{said}");
    assert!(said.contains("::error file=page.md,line=9"), "{said}");
}

#[test]
fn a_file_beside_the_document_is_used() {
    let page = "```bash\nkubectl apply -f k8s/pod.yaml\nkubectl apply -f other.yaml\n```\n";
    let project = Project::empty().file("page.md", page).file("k8s/pod.yaml", "kind: Pod\n");
    let output = project.labproof(&["check", "page.md"]).output().unwrap();
    let said = text(&output.stdout);
    assert!(said.contains("run         kubectl apply -f k8s/pod.yaml"), "{said}");
    assert!(said.contains("it needs a file that the document does not contain: other.yaml"), "{said}");
}

#[test]
fn documents_and_labs_run_separately_and_as_a_whole() {
    let project = Project::of(super::project::GOOD).file("page.md", "```bash\nls\n```\n");
    for (arguments, said) in [
        (&["verify", "page.md", "printing"][..], "printing is not a document"),
        (&["verify", "page.md", "--name", "x"], "a document runs once, from its first line to its last"),
        (&["verify", "printing", "--fix"], "--fix corrects documents, not labs"),
        (&["verify", "page.md", "--fix=nowhere/x.patch"], "--fix: the folder nowhere does not exist"),
        (&["verify", "other.md"], "the document other.md does not exist"),
    ] {
        let output = project.labproof(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(4), "{arguments:?}");
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
    }
}

#[test]
fn a_draft_has_no_errors_and_overwrites_nothing() {
    for (name, lab) in [("web.md", "web"), ("job.adoc", "job")] {
        let document = fs::read_to_string(root().join("steps/tests/documents").join(name)).unwrap();
        let project = Project::empty().file(name, &document);
        let output = project.labproof(&["draft", name]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_golden(
            fs::read_to_string(project.path(&format!("features/{lab}/sheet.feature"))).unwrap(),
            &format!("steps/tests/golden/draft.{lab}.feature"),
        );
        let checked = project.labproof(&["check"]).output().unwrap();
        assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stdout));
        let again = project.labproof(&["draft", name]).output().unwrap();
        assert_eq!(again.status.code(), Some(4));
        assert!(text(&again.stderr).contains("already exists: nothing was written"), "{}", text(&again.stderr));
    }
}

#[test]
fn a_change_of_the_document_is_found_in_its_draft() {
    let page = "# Page\n\n## Nodes\n\n```bash\nkubectl get nodes\n```\n";
    let project = Project::empty().file("page.md", page);
    assert!(project.labproof(&["draft", "page.md", "--lab", "mine"]).output().unwrap().status.success());
    let project = project.file("page.md", &page.replace("nodes", "nodes -o wide"));
    let checked = project.labproof(&["check"]).output().unwrap();
    assert_eq!(checked.status.code(), Some(1));
    let said = "docs/coverage/mine.yaml: the section \"Nodes\" of page.md has changed; the scenarios that this concerns: \"Nodes\"";
    assert!(text(&checked.stdout).contains(said), "{}", text(&checked.stdout));
}

#[test]
fn what_no_lab_can_run_is_not_drafted() {
    let project = Project::empty().file("page.md", "# Nothing\n\nOnly words.\n");
    for (arguments, said) in [
        (&["draft", "page.md"][..], "page.md has nothing that a lab could run"),
        (&["draft", "none.md"], "none.md is not a document"),
        (&["draft", "page.md", "--lab", "A b"], "a lab cannot be called A b"),
    ] {
        let output = project.labproof(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(4), "{arguments:?}");
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
    }
}
