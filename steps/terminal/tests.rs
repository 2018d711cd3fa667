use super::*;
use crate::tool::Tool;

const SOON: Duration = Duration::from_secs(10);

pub(super) async fn terminal() -> (tempfile::TempDir, Terminal) {
    terminal_with(Isolation::of_this_machine().await)
}

fn terminal_with(isolation: Isolation) -> (tempfile::TempDir, Terminal) {
    let folder = tempfile::tempdir().unwrap();
    let (home, records) = (folder.path().join("home"), folder.path().join("records"));
    std::fs::create_dir(&home).unwrap();
    std::fs::create_dir(&records).unwrap();
    let variables = [("LAB".into(), "hello".into())];
    let terminal = Terminal::open_with(isolation, &home, &records, &variables).unwrap();
    (folder, terminal)
}

/// All ways to isolate a terminal's processes that this machine allows.
async fn ways() -> Vec<Isolation> {
    let mut ways = vec![Isolation::of_this_machine().await, Isolation::None];
    ways.dedup();
    ways
}

/// Whether a process with this name runs.
fn runs(name: &str) -> bool {
    let found = std::process::Command::new("pgrep").args(["--full", name]).output().unwrap();
    !found.stdout.is_empty()
}

/// Starts a server with `words` in the background, and waits until it runs; returns its unique name.
async fn start(terminal: &mut Terminal, folder: &Path, words: &str) -> String {
    let name = folder.join("server").display().to_string();
    terminal.run(&format!("{words} bash -c 'exec -a {name} sleep 600' &"), SOON).await.unwrap();
    // A newly forked shell still has its parent's command line.
    while !runs(&name) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    name
}

/// A function that goes on after what it runs has ended.
const FUNCTION: &str = "f() { sleep 600; echo inside; }; f";

/// A command that Ctrl-C does not end.
const DEAF: &str = "bash -c 'trap \"\" INT; sleep 600; :' | cat";

/// A command that ends only if its shell is killed.
const UNSTOPPABLE: &str = "trap '' INT URG; while :; do :; done";

#[tokio::test]
async fn outputs_and_status_are_kept_apart() {
    let (_folder, mut terminal) = terminal().await;
    let output = terminal.run("echo to $LAB; echo sorry >&2; (exit 7)", SOON).await.unwrap();
    assert_eq!((&*output.stdout, &*output.stderr, output.status), ("to hello\n", "sorry\n", 7));
}

#[tokio::test]
async fn of_several_lines_the_first_that_fails_ends_them() {
    let (_folder, mut terminal) = terminal().await;
    let lines = "export a=1\nif false; then :; fi\nfalse || true\n(exit 3)\necho not reached";
    let output = terminal.run_each_line(lines, SOON).await.unwrap();
    assert_eq!((&*output.stdout, output.status), ("", 3));
    assert!(output.stderr.contains("this line failed: ( exit 3 )"), "{}", output.stderr);
    assert_eq!(terminal.run("(exit 4); echo $a", SOON).await.unwrap().stdout, "1\n");
    assert_eq!(terminal.run_each_line("echo one\necho two", SOON).await.unwrap().stdout, "one\ntwo\n");
}

#[tokio::test]
async fn a_command_knows_how_the_one_before_ended() {
    let (_folder, mut terminal) = terminal().await;
    terminal.run("(exit 42)", SOON).await.unwrap();
    assert_eq!(terminal.run_each_line("echo $?\necho $?", SOON).await.unwrap().stdout, "42\n0\n");
    terminal.run_each_line("true\n(exit 7)", SOON).await.unwrap();
    assert_eq!(terminal.run("echo $?", SOON).await.unwrap().stdout, "7\n");
}

#[tokio::test]
async fn variables_and_the_folder_outlive_a_command() {
    let (_folder, mut terminal) = terminal().await;
    terminal.run("export port=3001; mkdir deep; cd deep", SOON).await.unwrap();
    let output = terminal.run("echo $port in ${PWD##*/}", SOON).await.unwrap();
    assert_eq!(output.stdout, "3001 in deep\n");
}

#[tokio::test]
async fn a_background_job_holds_nothing_up_and_outlives_its_command() {
    let (_folder, mut terminal) = terminal().await;
    let output = terminal.run("sleep 600 &", SOON).await.unwrap();
    assert!(output.took < Duration::from_secs(5));
    assert_eq!(terminal.run("jobs -r | grep -c sleep", SOON).await.unwrap().stdout, "1\n");
}

#[tokio::test]
async fn what_waits_for_input_is_named_within_seconds() {
    for isolation in ways().await {
        let (_folder, mut terminal) = terminal_with(isolation);
        for (command, program) in
            [("cat > conf.yaml", "cat"), ("read -r answer", "bash"), ("sh -c 'cat | wc -l'", "cat")]
        {
            let fault = terminal.run(&format!("{command}; echo more"), Duration::from_mins(1)).await.unwrap_err();
            assert!(fault.reason.contains(&format!("waits for input: {program} reads")), "{fault}");
            assert!(terminal.is_open());
        }
        let output = terminal.run("sleep 3; echo a | cat; cat < /dev/null; cat <<< b", SOON).await.unwrap();
        assert_eq!(output.stdout, "a\nb\n");
    }
}

#[tokio::test]
async fn a_here_document_without_its_end_waits_for_input() {
    let (_folder, mut terminal) = terminal().await;
    let fault = terminal.run("cat > conf.yaml <<EOF\na: b", SOON).await.unwrap_err();
    assert!(fault.reason.contains("its here-document has no end"), "{fault}");
    let quotes = "echo 'x: line 1: warning: here-document at line 1 delimited by end-of-file' >&2";
    assert!(terminal.run(quotes, SOON).await.is_ok());
}

#[tokio::test]
async fn an_alias_works_from_the_next_line_on() {
    let (_folder, mut terminal) = terminal().await;
    assert_eq!(terminal.run("alias k='echo kubectl'\nk get pods", SOON).await.unwrap().stdout, "kubectl get pods\n");
    assert_eq!(terminal.run("k", SOON).await.unwrap().stdout, "kubectl\n");
}

#[tokio::test]
async fn what_is_cleared_is_not_seen() {
    let (_folder, mut terminal) = terminal().await;
    let output = terminal.run("echo before\nclear\necho after", SOON).await.unwrap();
    assert_eq!((output.status, &*output.stdout, &*output.stderr), (0, "after\n", ""));
}

#[tokio::test]
async fn a_command_that_does_not_end_is_interrupted_with_all_that_comes_after_it() {
    for isolation in ways().await {
        let (_folder, mut terminal) = terminal_with(isolation);
        terminal.run("sleep 600 &", SOON).await.unwrap();
        for hangs in ["sleep 600", "while :; do sleep 1; done", "while :; do :; done", FUNCTION, DEAF] {
            let fault = terminal.run(&format!("echo so far\n{hangs}\necho more"), Duration::from_millis(300)).await;
            let fault = fault.unwrap_err();
            assert!(fault.reason.contains("did not end within"), "{fault}");
            assert_eq!(fault.evidence[0].text, "so far\n", "{hangs}");
            let jobs = terminal.run("jobs -r | grep -c sleep", SOON).await;
            assert_eq!(jobs.unwrap().stdout, "1\n", "after {hangs}");
        }
    }
}

#[tokio::test]
async fn a_shell_that_is_late_is_interrupted_too() {
    let (_folder, mut terminal) = terminal().await;
    terminal.run("true", SOON).await.unwrap();
    let shell = terminal.bash().unwrap();
    let send = async |signal: &str| Tool::new("kill").args([signal, &shell]).output().await.unwrap();
    let pause = async |milliseconds| tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    let late = async {
        pause(200).await;
        send("-STOP").await;
        // Both the interrupt and the end of `sleep` wait for the shell.
        pause(700).await;
        send("-CONT").await;
    };
    let command = terminal.run("echo so far\nsleep 600\necho more", Duration::from_millis(400));
    let (ended, ()) = tokio::join!(command, late);
    let fault = ended.unwrap_err();
    assert!(fault.evidence.iter().all(|seen| !seen.text.contains("more")), "{fault}");
}

#[tokio::test]
async fn a_command_that_nothing_can_interrupt_closes_the_terminal() {
    let (_folder, mut terminal) = terminal().await;
    let fault = terminal.run(UNSTOPPABLE, Duration::from_millis(300)).await.unwrap_err();
    assert!(fault.reason.contains("did not end within"), "{fault}");
    assert!(!terminal.is_open() && terminal.run("echo again", SOON).await.is_err());
}

#[tokio::test]
async fn a_command_that_ends_the_shell_is_a_failure() {
    let (_folder, mut terminal) = terminal().await;
    assert!(terminal.run("exit 0", SOON).await.unwrap_err().reason.contains("ended the shell"));
}

#[tokio::test]
async fn a_terminal_sees_its_own_processes_only() {
    let isolation = Isolation::of_this_machine().await;
    let (_folder, mut terminal) = terminal_with(isolation);
    let output = terminal.run("ls /proc | grep -c '^[0-9]'", SOON).await.unwrap();
    let sees_few = output.stdout.trim().parse::<u32>().unwrap() < 10;
    assert!(sees_few || isolation == Isolation::None, "{}", output.stdout);
}

#[tokio::test]
async fn what_was_started_has_ended_when_the_terminal_has() {
    for isolation in ways().await {
        // In the background; in a new session, started by a parent that has ended; without its variables.
        for words in ["", "setsid --fork", "env --ignore-environment setsid --fork"] {
            let (folder, mut terminal) = terminal_with(isolation);
            let server = start(&mut terminal, folder.path(), words).await;
            terminal.end().await.unwrap();
            assert!(!runs(&server), "{isolation:?}: {words}");
        }
    }
}

#[tokio::test]
async fn what_was_started_ends_with_a_terminal_that_is_dropped_or_closed() {
    for isolation in ways().await {
        for closes in [false, true] {
            let (folder, mut terminal) = terminal_with(isolation);
            let server = start(&mut terminal, folder.path(), "setsid --fork").await;
            if closes {
                terminal.run(UNSTOPPABLE, Duration::from_millis(100)).await.unwrap_err();
            } else {
                drop(terminal);
            }
            let ended = async {
                while runs(&server) {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            };
            let ended = tokio::time::timeout(SOON, ended).await;
            assert!(ended.is_ok(), "{isolation:?}, closes: {closes}");
        }
    }
}

#[tokio::test]
async fn a_terminal_ends_no_process_of_another() {
    let (folder, mut one) = terminal_with(Isolation::None);
    let (other_folder, mut other) = terminal_with(Isolation::None);
    let server = start(&mut one, folder.path(), "setsid --fork").await;
    let other_server = start(&mut other, other_folder.path(), "setsid --fork").await;
    one.end().await.unwrap();
    assert!(!runs(&server) && runs(&other_server));
    other.end().await.unwrap();
}

#[test]
fn how_npm_reaches_the_network_is_taken_over() {
    assert!(environment::is_of_npm("npm_config_registry") && environment::is_of_npm("NPM_CONFIG_HTTPS_PROXY"));
    assert!(!environment::is_of_npm("npm_config_prefix") && !environment::is_of_npm("registry"));
}
