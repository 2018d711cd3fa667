//! The learner's terminal: one bash for each scenario, in which a lab's own commands run as they are printed.
//!
//! Variables, the folder and background jobs live as long as the scenario. Standard output, standard error and the
//! exit status of each command are kept apart. The shell has a process namespace of its own where the platform
//! grants one, so that a lab's `kill -9 $(lsof -i :3001 …)` finds its own processes and no others; when the terminal
//! is dropped, or labproof dies, everything in it dies.
//!
//! It judges nothing: a command that fails is an [`Output`] like any other.

pub mod dialogue;

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::OnceCell,
};

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

/// How long the kernel may take to end what is in a namespace.
const ENDING: Duration = Duration::from_secs(5);

/// A running shell.
#[derive(Debug)]
pub struct Terminal {
    shell: Child,
    /// Whether it has process and mount namespaces of its own.
    is_isolated: bool,
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
        let isolation = isolation().await;
        let mut words = isolation.iter().copied().chain(["bash", "--noprofile", "--norc", "-c", LOOP, "bash"]);
        let mut shell = Command::new(words.next().unwrap_or("bash"))
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
        Ok(Self {
            shell,
            is_isolated: !isolation.is_empty(),
            commands,
            answers: BufReader::new(answers),
            records: records.into(),
            count: 0,
            over: false,
        })
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
        Fault::failed(reason).seen("standard output", &output.stdout).seen("standard error", &output.stderr)
    }

    /// Ends the shell and everything that was started in it, and waits until all of it is gone.
    ///
    /// The kernel ends what is in a process namespace with its first process, and `unshare` waits for that one; had
    /// `unshare` been killed, nobody would wait.
    pub async fn end(mut self) {
        if let Some(first) = self.first().await
            && Tool::new("kill").args(["-KILL", &first]).output().await.is_ok()
        {
            _ = tokio::time::timeout(ENDING, self.shell.wait()).await;
        }
        // Both fail only where the shell is gone, which is what is wanted.
        _ = self.shell.start_kill();
        _ = self.shell.wait().await;
    }

    /// The first process of the shell's namespace, where it has one of its own.
    async fn first(&self) -> Option<String> {
        let shell = self.shell.id().filter(|_| self.is_isolated)?;
        let children = tokio::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).await.ok()?;
        children.split_whitespace().next().map(str::to_owned)
    }
}

/// The command's variables that a terminal takes over from labproof's own environment: how programs are found,
/// and how this machine reaches the network.
fn inherited() -> impl Iterator<Item = (String, String)> {
    const KEPT: [&str; 7] = ["PATH", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
    std::env::vars().filter(|(name, _)| KEPT.contains(&&**name) || endpoint::VARIABLES.contains(&&**name))
}

/// The words before `bash` that give it namespaces of its own: as root, or as a user whom the kernel lets map itself,
/// or none at all. Tried once.
async fn isolation() -> &'static [&'static str] {
    const AS_ROOT: &[&str] =
        &["setpriv", "--pdeathsig", "KILL", "unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];
    const AS_USER: &[&str] = &[
        "setpriv",
        "--pdeathsig",
        "KILL",
        "unshare",
        "--user",
        "--map-current-user",
        "--pid",
        "--fork",
        "--mount-proc",
        "--kill-child",
    ];
    static CHOSEN: OnceCell<&[&str]> = OnceCell::const_new();
    CHOSEN
        .get_or_init(|| async {
            for words in [AS_ROOT, AS_USER] {
                if Tool::new(words[0]).args(&words[1..]).args(["true"]).output().await.is_ok() {
                    return words;
                }
            }
            &[][..]
        })
        .await
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
        let folder = tempfile::tempdir().unwrap();
        let (home, records) = (folder.path().join("home"), folder.path().join("records"));
        std::fs::create_dir(&home).unwrap();
        std::fs::create_dir(&records).unwrap();
        let terminal = Terminal::open(&home, &records, &[("LAB".into(), "hello".into())]).await.unwrap();
        (folder, terminal)
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
        if isolation().await.is_empty() {
            return; // This platform has no process namespaces for us.
        }
        let (_folder, mut terminal) = terminal().await;
        let output = terminal.run("ls /proc | grep -c '^[0-9]'", SOON).await.unwrap();
        assert!(output.stdout.trim().parse::<u32>().unwrap() < 10, "{}", output.stdout);
    }

    #[tokio::test]
    async fn what_was_started_dies_with_the_terminal() {
        let (folder, mut terminal) = terminal().await;
        let marker = folder.path().join("marker").display().to_string();
        let found = || !std::process::Command::new("pgrep").args(["-f", &marker]).output().unwrap().stdout.is_empty();
        terminal.run(&format!("bash -c 'exec -a {marker} sleep 600' &"), SOON).await.unwrap();
        // A shell that was just forked has its parent's command line.
        while !found() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        terminal.end().await;
        assert!(!found());
    }
}
