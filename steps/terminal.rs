//! The learner's terminal: one bash for each scenario, in which a lab's own commands run as they are printed.
//!
//! Variables, the folder and background jobs live as long as the scenario. Standard output, standard error and the
//! exit status of each command are kept apart. The shell has a process namespace of its own where the platform
//! grants one, so that a lab's `kill -9 $(lsof -i :3001 …)` finds its own processes and no others, see [`isolation`].
//! When the terminal is dropped, or labproof dies, everything in it dies, with or without a namespace.
//!
//! It judges nothing: a command that fails is an [`Output`] like any other.

pub mod dialogue;
pub mod isolation;
mod keeper;

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use self::{isolation::Isolation, keeper::Keeper};
use crate::{
    endpoint,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// What bash runs: it reads the path of a command file, runs the file in this very shell with empty input, and
/// answers with the exit status. Files take the output, so that a background job never holds a command up.
const LOOP: &str = r#"
exec {labproof_answers}>&1 1>/dev/null
while IFS= read -r -u 9 labproof_command; do
  . "$labproof_command.command" </dev/null >"$labproof_command.stdout" 2>"$labproof_command.stderr" 9<&- {labproof_answers}>&-
  echo $? >&$labproof_answers
  trap - ERR
done 9<&0 </dev/null
"#;

/// What stands before a command of several lines each of which has to end well: the first that does not ends it, and is
/// named by a line on standard error.
const EACH_LINE: &str = r#"trap 'labproof_status=$?; trap - ERR; echo "labproof: this line failed: $BASH_COMMAND" >&2; return $labproof_status' ERR
"#;

/// How much of a command's output is read, in bytes; a command that prints more is cut there.
const OUTPUT_LIMIT: u64 = 4 * 1024 * 1024;

/// How long it may take until everything that was started in a terminal has ended.
const ENDING: Duration = Duration::from_secs(5);

/// A running shell.
#[derive(Debug)]
pub struct Terminal {
    shell: Child,
    /// Ends what was started in it, where no process namespace does.
    keeper: Option<Keeper>,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    records: PathBuf,
    count: usize,
    over: bool,
}

/// What one command did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The command as it was typed.
    pub command: String,
    /// What it printed on standard output.
    pub stdout: String,
    /// What it printed on standard error.
    pub stderr: String,
    /// Its exit status; 128 plus the signal's number where a signal ended it.
    pub status: i32,
    /// How long it ran.
    pub took: Duration,
}

impl Terminal {
    /// Opens a terminal whose home and first folder is `home`, with a clean environment and these variables.
    /// `records` is a folder outside of `home` for the outputs.
    ///
    /// # Errors
    /// Where no shell can be started.
    pub async fn open(home: &Path, records: &Path, variables: &[(String, String)]) -> Outcome<Self> {
        Self::open_with(Isolation::of_this_machine().await, home, records, variables)
    }

    fn open_with(isolation: Isolation, home: &Path, records: &Path, variables: &[(String, String)]) -> Outcome<Self> {
        let keeper = if isolation == Isolation::None { Some(Keeper::start(ENDING)?) } else { None };
        let words = keeper.as_ref().map_or_else(|| isolation.words(), Keeper::words);
        let mut words =
            words.into_iter().chain(["bash", "--noprofile", "--norc", "-c", LOOP, "bash"].map(String::from));
        let mut shell = Command::new(words.next().unwrap_or_default())
            .args(words)
            .current_dir(home)
            .env_clear()
            .envs(inherited())
            .env("HOME", home)
            .env("LC_ALL", "C.UTF-8")
            .env("TERM", "dumb")
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| Fault::broken(format!("cannot start a shell: {error}")).hint("run `labproof setup`"))?;
        let (Some(commands), Some(answers)) = (shell.stdin.take(), shell.stdout.take()) else {
            return Err(Fault::broken("the shell has no pipes"));
        };
        let answers = BufReader::new(answers);
        Ok(Self { shell, keeper, commands, answers, records: records.into(), count: 0, over: false })
    }

    /// Types `command` and waits for its end; of several lines each has to end well, or the rest is not run.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn run_each_line(&mut self, command: &str, limit: Duration) -> Outcome<Output> {
        self.run_after(EACH_LINE, command, limit).await
    }

    /// Types `command` and waits for its end.
    ///
    /// # Errors
    /// Where it runs longer than `limit` (the terminal is closed then), or where the shell itself ended.
    pub async fn run(&mut self, command: &str, limit: Duration) -> Outcome<Output> {
        self.run_after("", command, limit).await
    }

    async fn run_after(&mut self, before: &str, command: &str, limit: Duration) -> Outcome<Output> {
        if self.over {
            return Err(Fault::failed("the terminal is closed: an earlier command ended its shell or ran too long"));
        }
        let record = self.next_record();
        let broken = |error: std::io::Error| Fault::broken(format!("cannot record a command: {error}"));
        tokio::fs::write(record.with_extension("command"), format!("{before}{command}\n")).await.map_err(broken)?;
        let started = Instant::now();
        // A shell that has gone is noticed by its missing answer.
        _ = self.commands.write_all(format!("{}\n", record.display()).as_bytes()).await;
        let mut answer = String::new();
        let answered = tokio::time::timeout(limit, self.answers.read_line(&mut answer)).await;
        let output = Output {
            command: command.to_owned(),
            stdout: read(&record.with_extension("stdout")).await,
            stderr: read(&record.with_extension("stderr")).await,
            status: answer.trim().parse().unwrap_or(-1),
            took: started.elapsed(),
        };
        match answered {
            Ok(Ok(count)) if count > 0 => Ok(output),
            Ok(_) => Err(self.close(format!("`{}` ended the shell it ran in", output.command), &output)),
            Err(_) => {
                let reason = format!("`{}` did not end within {} seconds", output.command, limit.as_secs());
                Err(self.close(reason, &output))
            }
        }
    }

    /// Where the next command's record is kept; endings tell its parts apart.
    fn next_record(&mut self) -> PathBuf {
        self.count += 1;
        self.records.join(self.count.to_string())
    }

    fn close(&mut self, reason: String, output: &Output) -> Fault {
        self.over = true;
        // It may be gone already.
        _ = self.shell.start_kill();
        if let Some(keeper) = &mut self.keeper {
            keeper.let_go();
        }
        Fault::failed(reason).seen("standard output", &output.stdout).seen("standard error", &output.stderr)
    }

    /// Ends the shell and everything that was started in it, and waits until all of it is gone.
    ///
    /// # Errors
    /// Where something still runs after five seconds.
    pub async fn end(mut self) -> Outcome {
        let ended = match self.keeper.take() {
            Some(keeper) => self.end_with(keeper).await,
            None => self.end_namespace().await,
        };
        if ended { Ok(()) } else { Err(Fault::broken("a process that a lab's commands started does not end")) }
    }

    /// The shell is waited for as well, because until then it is among the processes that bear the mark.
    async fn end_with(&mut self, mut keeper: Keeper) -> bool {
        keeper.let_go();
        let waited = tokio::time::timeout(2 * ENDING, async { tokio::join!(self.shell.wait(), keeper.ended()).1 });
        waited.await.unwrap_or(false)
    }

    /// The kernel ends what is in a process namespace with its first process, and `unshare` waits for that one; had
    /// `unshare` been killed, nobody would wait.
    async fn end_namespace(&mut self) -> bool {
        let mut ended = true;
        if let Some(first) = self.first().await
            && Tool::new("kill").args(["-KILL", &first]).output().await.is_ok()
        {
            ended = tokio::time::timeout(ENDING, self.shell.wait()).await.is_ok();
        }
        // Both fail only where the shell is gone, which is what is wanted.
        _ = self.shell.start_kill();
        _ = self.shell.wait().await;
        ended
    }

    /// The first process of the shell's namespace.
    async fn first(&self) -> Option<String> {
        let shell = self.shell.id()?;
        let children = tokio::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).await.ok()?;
        children.split_whitespace().next().map(str::to_owned)
    }
}

/// The variables that a terminal takes over from labproof's own environment: how programs are found, and how this
/// machine reaches the network. Programs that bring certificates of their own have to be told of this machine's.
fn inherited() -> impl Iterator<Item = (String, String)> {
    const KEPT: [&str; 17] = [
        "PATH",
        "XDG_RUNTIME_DIR", // the engine's socket of an ordinary user is there
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "CURL_CA_BUNDLE",
        "GIT_SSL_CAINFO",
        "NODE_EXTRA_CA_CERTS",
        "REQUESTS_CA_BUNDLE",
        "PIP_CERT",
    ];
    std::env::vars()
        .filter(|(name, _)| KEPT.contains(&&**name) || endpoint::VARIABLES.contains(&&**name) || is_of_npm(name))
}

/// Whether a variable says how npm reaches the network; npm reads its settings in any case of letters.
fn is_of_npm(name: &str) -> bool {
    const KEPT: [&str; 7] = ["registry", "proxy", "https_proxy", "noproxy", "cafile", "ca", "strict_ssl"];
    let name = name.to_ascii_lowercase();
    name.strip_prefix("npm_config_").is_some_and(|setting| KEPT.contains(&setting))
}

async fn read(file: &Path) -> String {
    use tokio::io::AsyncReadExt;
    let mut bytes = Vec::new();
    if let Ok(file) = tokio::fs::File::open(file).await {
        // What could not be read is missing from the output, and a check on the output will say so.
        _ = file.take(OUTPUT_LIMIT).read_to_end(&mut bytes).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(10);

    async fn terminal() -> (tempfile::TempDir, Terminal) {
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

    /// All ways in which this machine can keep a terminal's processes together.
    async fn ways() -> Vec<Isolation> {
        let mut ways = vec![Isolation::of_this_machine().await, Isolation::None];
        ways.dedup();
        ways
    }

    /// Whether a process runs that bears this name.
    fn runs(name: &str) -> bool {
        let found = std::process::Command::new("pgrep").args(["--full", name]).output().unwrap();
        !found.stdout.is_empty()
    }

    /// Starts a server by `words` in the background, and waits until it bears the name that is returned.
    async fn start(terminal: &mut Terminal, folder: &Path, words: &str) -> String {
        let name = folder.join("server").display().to_string();
        terminal.run(&format!("{words} bash -c 'exec -a {name} sleep 600' &"), SOON).await.unwrap();
        // A shell that was just forked has its parent's command line.
        while !runs(&name) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        name
    }

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
    async fn standard_input_is_empty() {
        let (_folder, mut terminal) = terminal().await;
        assert_eq!(terminal.run("cat; echo done", SOON).await.unwrap().stdout, "done\n");
    }

    #[tokio::test]
    async fn a_command_that_does_not_end_is_ended_and_named() {
        let (_folder, mut terminal) = terminal().await;
        let fault = terminal.run("echo so far; sleep 600", Duration::from_millis(300)).await.unwrap_err();
        assert!(fault.reason.contains("did not end within"), "{fault}");
        assert_eq!(fault.evidence[0].text, "so far\n");
        assert!(terminal.run("echo again", SOON).await.is_err());
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
            // In the background; in a session of its own, by a parent that has ended; without its variables.
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
                    terminal.run("sleep 600", Duration::from_millis(100)).await.unwrap_err();
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
        assert!(is_of_npm("npm_config_registry") && is_of_npm("NPM_CONFIG_HTTPS_PROXY"));
        assert!(!is_of_npm("npm_config_prefix") && !is_of_npm("registry"));
    }
}
