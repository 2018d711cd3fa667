//! What GitHub's runner reads, where it runs the program.

use std::fs;

use super::project::{GOOD, Project, text};

/// The lines of the output that the runner obeys.
fn commands(output: &str) -> Vec<&str> {
    output.lines().filter(|line| line.trim_start().starts_with("::") || line.contains("##[")).collect()
}

/// The output of a command, and the summary that it wrote.
fn on_github(project: &Project, arguments: &[&str]) -> (String, String) {
    let summary = project.path("summary.md");
    let mut command = project.labproof(arguments);
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", &summary);
    let output = command.output().unwrap();
    (text(&output.stdout) + &text(&output.stderr), fs::read_to_string(summary).unwrap_or_default())
}

#[test]
fn errors_of_labs_are_shown_at_their_lines() {
    let project = Project::empty().file("course/kind-config/images.yaml", "[]\n");
    let wrong = GOOD.replace("it prints \"hello\"", "it prnts \"::error::a\"");
    let project = project.file("course/features/printing.feature", &wrong);
    fs::create_dir(project.path(".git")).unwrap();
    for command in ["check", "verify"] {
        let mut command = project.labproof(&[command]);
        let output = command.current_dir(project.path("course")).env("GITHUB_ACTIONS", "true").output().unwrap();
        let stdout = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{stdout}");
        let commands = commands(&stdout);
        let expected = "::error file=course/features/printing.feature,line=4,title=labproof::no sentence fits";
        assert!(commands[0].starts_with(expected), "{stdout}");
        assert!(commands.iter().all(|command| command.starts_with("::error ")), "{stdout}");
    }
}

#[test]
fn elsewhere_nothing_is_written_for_github() {
    let project = Project::of(&GOOD.replace("it prints", "it prnts"));
    let output = project.labproof(&["check"]).output().unwrap();
    assert_eq!(commands(&text(&output.stdout)), [""; 0]);
}

#[test]
fn an_error_that_ends_the_program_is_in_the_summary() {
    let project = Project::of(GOOD).file("summary.md", "of an earlier command\n");
    let (output, summary) = on_github(&project, &["verify"]);
    assert_eq!(commands(&output).len(), 1, "{output}");
    assert!(commands(&output)[0].starts_with("::error title=labproof::no Docker engine answers"), "{output}");
    assert!(summary.starts_with("of an earlier command\n<h3>labproof: error</h3>\n\n<pre>no Docker"), "{summary}");
}

#[test]
fn versions_that_cannot_run_for_the_same_reason_have_one_annotation() {
    let (output, summary) = on_github(&Project::of(GOOD), &["verify", "--kubernetes", "1.34,1.35"]);
    let expected =
        "::error file=features/printing.feature,line=3,title=broken on Kubernetes 1.34%3A A word is printed::";
    assert_eq!(commands(&output).len(), 1, "{output}");
    assert!(commands(&output)[0].starts_with(expected), "{output}");
    assert!(commands(&output)[0].contains("2 scenarios are broken for this reason"), "{output}");
    assert!(summary.starts_with("<h3>labproof: 0 passed, 0 failed, 2 broken</h3>"), "{summary}");
}

#[test]
fn a_report_for_a_program_is_not_mixed_with_commands() {
    let (output, summary) =
        on_github(&Project::of(GOOD), &["verify", "--kubernetes", "1.34,1.35", "--report", "json=-"]);
    assert_eq!((commands(&output).len(), &*summary), (0, ""), "{output}");
}

#[test]
fn what_others_wrote_is_no_command() {
    let project = Project::of(GOOD);
    for argument in ["::add-mask::a", "a##[error]b"] {
        let (output, _) = on_github(&project, &["verify", argument]);
        assert!(commands(&output).iter().all(|line| line.starts_with("::error title=labproof::")), "{output}");
    }
}
