//! `labproof verify` if nothing can run: the exit status and the reports say why.

use std::time::{Duration, Instant};

use labproof::internal::{report::Report, verdict::Verdict};

use super::project::{GOOD, Project, text};

const TWO: &str = "\
Feature: Printing
  @slow
  Scenario: A word is printed
    When I run \"echo hello\"
    Then it prints \"hello\"
  Scenario Outline: A number is printed
    When I run \"echo <number>\"
    Then it prints \"<number>\"
    Examples:
      | number |
      | 1      |
      | 2      |
";

#[test]
fn a_selection_that_selects_nothing_is_not_a_pass() {
    let project = Project::of(TWO);
    for narrowed in [&["--tags", "@fast"][..], &["--name", "^sung$"], &["--tags", "@slow", "--shard", "2/2"]] {
        let output = project.labproof(&["verify"]).args(narrowed).output().unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{narrowed:?}: {stderr}");
        assert!(stderr.contains("no scenario was selected") && stderr.contains("hint: "), "{stderr}");
    }
    let output = Project::empty().labproof(&["verify"]).output().unwrap();
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("hint: the folder features/ has no lab: `labproof new NAME` writes one"), "{stderr}");
}

#[test]
fn an_unknown_lab_is_refused_and_the_known_ones_are_named() {
    let project = Project::of(GOOD).lab("typing", &GOOD.replace("printed", "typed"));
    let output = project.labproof(&["verify", "printing", "singing"]).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(text(&output.stderr), "error: the lab singing does not exist\n  hint: the labs are: printing, typing\n");
}

#[test]
fn labs_with_problems_are_not_run() {
    let project = Project::of(&GOOD.replace("it prints", "it prnts"));
    let output = project.labproof(&["verify"]).output().unwrap();
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("features/printing.feature:4: no sentence fits"), "{stderr}");
    assert!(!project.path("state").exists(), "the machine was touched");
}

#[test]
fn without_an_engine_everything_is_broken_at_once_and_the_reports_are_complete() {
    let project = Project::of(TWO);
    let started = Instant::now();
    let output = project
        .labproof(&["verify", "--report", "json=report.json", "--report", "junit=report.xml", "--report", "terminal"])
        .output()
        .unwrap();
    assert!(started.elapsed() < Duration::from_secs(10), "it took {:?}", started.elapsed());
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{stderr}");
    assert!(stderr.contains("error: no Docker engine answers"), "{stderr}");
    assert!(stderr.contains("or correct DOCKER_HOST"), "{stderr}");
    let json = std::fs::read_to_string(project.path("report.json")).unwrap();
    let report: Report = serde_json::from_str(&json).unwrap();
    let ids: Vec<&str> = report.scenarios.iter().map(|scenario| scenario.id.as_str()).collect();
    assert_eq!(ids, ["printing/a-word-is-printed", "printing/a-number-is-printed-1", "printing/a-number-is-printed-2"]);
    assert!(report.scenarios.iter().all(|scenario| scenario.verdict == Verdict::Broken));
    assert_eq!((report.summary.broken, report.summary.passed, report.finished), (3, 0, false));
    let said = report.scenarios[1].culprit().unwrap();
    assert!(said.reason.as_ref().unwrap().contains("no Docker engine answers") && said.hint.is_some());
    let xml = std::fs::read_to_string(project.path("report.xml")).unwrap();
    let xml = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    assert_eq!((xml.tests, xml.errors, xml.failures), (3, 3, 0));
}

#[test]
fn the_reports_of_a_document_name_its_lines() {
    let page =
        "# Pods\n\n```\nkubectl get pods\n```\n\n```\nrm -rf /\n```\n\n```yaml\nkind: Pod\napiVersion: v1\n```\n";
    let project = Project::empty().file("page.md", page);
    let reports = ["--report", "json=report.json", "--report", "junit=report.xml", "--report", "terminal"];
    let output = project.labproof(&["verify", "page.md"]).args(reports).output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    let json = std::fs::read_to_string(project.path("report.json")).unwrap();
    let report: Report = serde_json::from_str(&json).unwrap();
    let entries: Vec<(usize, &str)> = report.scenarios.iter().map(|one| (one.line, one.name.as_str())).collect();
    assert_eq!(
        entries,
        [(4, "4: kubectl get pods"), (8, "8: rm -rf /"), (12, "12: the manifest")],
        "each command, file and left-out block"
    );
    let xml = std::fs::read_to_string(project.path("report.xml")).unwrap();
    for line in [4, 8, 12] {
        assert!(xml.contains(&format!("file=\"page.md\" line=\"{line}\"")), "{xml}");
    }
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let project = Project::of(GOOD);
    let output = project.labproof(&["verify", "--report", "json=no/such/folder/report.json"]).output().unwrap();
    assert!(text(&output.stderr).contains("warning: cannot write the report"), "{}", text(&output.stderr));
}

#[test]
fn what_needs_an_engine_says_so() {
    for command in ["up", "down", "status"] {
        let output = Project::of(GOOD).labproof(&[command]).output().unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(5), "{command}: {stderr}");
        assert!(stderr.contains("no Docker engine answers"), "{command}: {stderr}");
    }
}

#[test]
fn an_engine_that_a_context_names_is_named_with_it() {
    // The folder is called as the SHA-256 of the context's name.
    let file = "docker/contexts/meta/378ce56a9d146d5174c89d1c0353d7f8e2244e89bb83935a5b1bdcf5e74b4e7f/meta.json";
    let described = r#"{"Name":"away","Endpoints":{"docker":{"Host":"unix:///nobody/listens.sock"}}}"#;
    let project = Project::of(GOOD).file(file, described);
    let mut labproof = project.labproof(&["verify"]);
    labproof.env_remove("DOCKER_HOST").env("DOCKER_CONTEXT", "away").env("DOCKER_CONFIG", project.path("docker"));
    let stderr = text(&labproof.output().unwrap().stderr);
    let said = "no Docker engine answers at unix:///nobody/listens.sock, which is the Docker context away";
    assert!(stderr.contains(said) && stderr.contains("`docker context use` chooses"), "{stderr}");
}

#[test]
fn a_cluster_that_is_not_defined_is_refused() {
    let project = Project::of(GOOD);
    let output = project.labproof(&["up", "--config", "kind-config/none.yaml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    let output = project.labproof(&["up", "--adopt", "other"]).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
}

#[test]
fn setup_names_what_is_missing() {
    let output = Project::of(GOOD).labproof(&["setup"]).output().unwrap();
    let stdout = text(&output.stdout);
    assert_eq!(output.status.code(), Some(5), "{stdout}");
    assert!(stdout.contains("missing  a Docker engine that answers"), "{stdout}");
    assert!(stdout.contains("hint: on Debian, as root, `labproof setup --install`"), "{stdout}");
}

/// A running `verify --watch`, and what it prints on standard error.
fn watching(project: &Project) -> (std::process::Child, impl FnMut(&str) -> String) {
    use std::io::BufRead;
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_labproof"))
        .args(["verify", "--watch"])
        .current_dir(project.path(""))
        .env("DOCKER_HOST", "unix:///nobody/listens.sock")
        .env("LABPROOF_STATE", project.path("state"))
        .stdout(std::fs::File::create(project.path("stdout")).unwrap())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufReader::new(child.stderr.take().unwrap()).lines();
    let until =
        move |part: &str| lines.find_map(|line| line.ok().filter(|line| line.contains(part))).unwrap_or_default();
    (child, until)
}

#[test]
fn a_watch_shows_mistakes_as_check_does_and_ends_when_it_is_interrupted() {
    let project = Project::of(&GOOD.replace("it prints", "it prnts"));
    let (mut child, mut until) = watching(&project);
    until("waiting for changes");
    std::fs::write(project.path("features/new.feature"), "Feature: half\n").unwrap();
    assert_eq!(until("changed: "), "changed: features/new.feature");
    until("waiting for changes");
    let shown = std::fs::read_to_string(project.path("stdout")).unwrap();
    assert!(shown.contains("features/printing.feature:4: no sentence fits"), "{shown}");
    assert!(shown.contains("features/new.feature:"), "{shown}");
    std::fs::write(project.path("labproof.toml"), "[verify").unwrap();
    assert!(until("error: ").starts_with("error: labproof.toml is not valid"));
    until("waiting for changes");
    let interrupt = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupt.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(!project.path("state").exists(), "the machine was touched");
}

#[test]
fn a_watch_without_an_engine_ends_at_once() {
    let project = Project::of(GOOD);
    let (mut child, mut until) = watching(&project);
    assert!(until("error: ").contains("engine"));
    assert_eq!(child.wait().unwrap().code(), Some(5));
    let output = project.labproof(&["verify", "--watch", "singing"]).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    let output = project.labproof(&["verify", "--update", "--kubernetes", "1.34,1.35"]).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
}
