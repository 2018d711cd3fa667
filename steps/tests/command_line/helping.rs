//! The help, and the errors for an invalid command line.

use super::project::{Project, assert_golden, labproof, text};

fn help(arguments: &[&str]) -> String {
    let output = labproof(arguments).output().unwrap();
    assert!(output.status.success());
    text(&output.stdout)
}

const COMMANDS: [&str; 18] = [
    "setup",
    "up",
    "down",
    "clean",
    "status",
    "verify",
    "grade",
    "prove",
    "submission",
    "export",
    "new",
    "draft",
    "check",
    "images",
    "steps",
    "schema",
    "completions",
    "man",
];

#[test]
fn the_help_of_the_program_and_of_each_command_is_the_one_that_was_accepted() {
    assert_golden(help(&["--help"]), "steps/tests/golden/help.txt");
    for command in COMMANDS {
        assert_golden(help(&[command, "--help"]), &format!("steps/tests/golden/help-{command}.txt"));
    }
}

#[test]
fn each_command_that_the_help_names_has_a_golden_help() {
    let help = help(&["--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    for command in commands.filter_map(|line| line.split_whitespace().next()).filter(|command| *command != "help") {
        let file = format!("{}/steps/tests/golden/help-{command}.txt", env!("CARGO_MANIFEST_DIR"));
        assert!(std::path::Path::new(&file).is_file(), "{command} is not among the commands whose help is tested");
    }
}

#[test]
fn a_command_line_that_is_wrong_exits_with_2_and_says_what_was_expected() {
    for (arguments, said) in [
        (&["verfy"][..], "a similar subcommand exists: 'verify'"),
        (&["verify", "--jobs", "0"], "expected a number of at least 1"),
        (&["verify", "--shard", "3/2"], "expected I/N, such as 1/3"),
        (&["verify", "--shard", "0/2"], "expected I/N, such as 1/3"),
        (
            &["verify", "--report", "pdf"],
            "expected terminal, github or NAME=FILE, where NAME is one of json, junit, page",
        ),
        (
            &["verify", "--report", "json="],
            "expected terminal, github or NAME=FILE, where NAME is one of json, junit, page",
        ),
        (&["verify", "--name", "("], "unclosed group"),
        (&["verify", "--tags", "and"], "invalid value 'and'"),
        (&["completions", "ksh"], "possible values"),
        (&[], "Usage: labproof"),
    ] {
        let output = labproof(arguments).output().unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(said), "{arguments:?}: {stderr}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn outside_of_a_project_the_hint_says_where_to_go() {
    let nowhere = tempfile::TempDir::new().unwrap();
    for command in ["check", "verify", "prove"] {
        let output = labproof(&[command]).current_dir(nowhere.path()).output().unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{command}: {stderr}");
        assert!(stderr.starts_with("error: no labs here") && stderr.contains("hint: change to the folder"), "{stderr}");
    }
}

#[test]
fn the_sentences_are_narrowed_by_a_word() {
    let all = help(&["steps"]);
    let some = help(&["steps", "READY"]);
    assert!(some.contains("the Pod {which} is ready") && some.len() < all.len());
    assert!(some.contains("PARAMETERS") && !some.contains("{key}"), "only those of the sentences that are shown");
    let output = labproof(&["steps", "spaceship"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stdout.is_empty() && text(&output.stderr).contains("no sentence contains the word spaceship"));
    let output = labproof(&["steps", "--markdown", "spaceship"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "Markdown of nothing is nothing too: {}", text(&output.stdout));
    for words in [&["rolled", "out"][..], &["rbac"]] {
        let output = labproof(&["steps"]).args(words).output().unwrap();
        assert!(output.status.success() && text(&output.stdout).contains("Then "), "{words:?}");
    }
}

#[test]
fn a_shell_that_reads_the_completions_knows_the_commands() {
    let script = help(&["completions", "bash"]);
    assert!(script.contains("complete -F _labproof"));
    std::process::Command::new("bash").args(["-n", "-c", &script]).status().unwrap().success().then_some(()).unwrap();
}

#[test]
fn the_manual_has_a_page_for_each_command_and_names_files_and_variables() {
    let page = help(&["man"]);
    for part in [".SH NAME", "labproof\\-verify(1)", ".SH \"EXIT STATUS\"", "labproof.toml", "LABPROOF_STATE", "130"] {
        assert!(page.contains(part), "{part} is not in:\n{page}");
    }
    let folder = tempfile::TempDir::new().unwrap();
    help(&["man", &folder.path().display().to_string()]);
    for command in COMMANDS {
        let page = std::fs::read_to_string(folder.path().join(format!("labproof-{command}.1"))).unwrap();
        assert!(page.contains(&format!("labproof\\-{command} \\-")), "{page}");
    }
    let output = labproof(&["man", "/dev/null/pages"]).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(text(&output.stderr).starts_with("error: cannot write to /dev/null/pages"));
}

#[test]
fn a_mistake_in_the_projects_options_stops_only_commands_that_need_them() {
    let project = Project::of(super::project::GOOD).file("labproof.toml", "[verify");
    for arguments in [&["schema", "lab"][..], &["completions", "bash"], &["steps", "ready"], &["man"]] {
        let output = project.labproof(arguments).output().unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {stderr}");
        assert!(stderr.starts_with("warning: labproof.toml is ignored: labproof.toml is not valid"), "{stderr}");
    }
    for arguments in [&["help"][..], &["verify", "--help"], &["--version"]] {
        assert!(project.labproof(arguments).output().unwrap().stderr.is_empty(), "{arguments:?}");
    }
    for arguments in [&["down"][..], &["status"], &["clean"]] {
        let stderr = text(&project.labproof(arguments).output().unwrap().stderr);
        assert!(stderr.starts_with("warning: labproof.toml is ignored") && stderr.contains("\nerror: "), "{stderr}");
    }
    let output = project.labproof(&["check"]).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(text(&output.stderr).starts_with("error: labproof.toml is not valid"));
}

#[test]
fn a_log_that_cannot_be_written_is_refused_before_anything_else() {
    let project = Project::of(super::project::GOOD);
    let output = project.labproof(&["verify", "--log", "none/log.txt"]).output().unwrap();
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    assert!(stderr.starts_with("error: cannot write the log none/log.txt") && !project.path("state").exists());
    let output = project.labproof(&["verify", "--log", "-"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("expected a file, because standard output is for reports"));
}

#[test]
fn a_log_contains_what_was_done_and_said() {
    let project = Project::of(super::project::GOOD);
    let output = project.labproof(&["verify", "--log", "log.txt"]).output().unwrap();
    let log = std::fs::read_to_string(project.path("log.txt")).unwrap();
    let said = text(&output.stderr);
    assert!(log.contains(" program: ") && log.contains(" said: error: "), "{log}");
    assert!(log.contains(said.lines().next().unwrap()) && !log.contains('\u{1b}'), "{log}");
}

#[test]
fn what_is_piped_has_no_escape_codes_and_neither_has_what_no_color_forbids() {
    let project = Project::of(&super::project::GOOD.replace("it prints", "it prnts"));
    for (variable, value) in [("NO_COLOR", "1"), ("TERM", "xterm-256color")] {
        for arguments in [&["check"][..], &["verify"], &["steps"], &["--help"], &["verify", "--nonsense"]] {
            let output = project.labproof(arguments).env(variable, value).output().unwrap();
            assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b), "{arguments:?}");
        }
    }
}
