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
    collections::BTreeSet,
    io::SeekFrom,
    iter,
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
    tool::{Tool, bounded},
    verdict::{Fault, Outcome},
};

/// What bash runs: it reads the path of a command file, runs the file in this very shell with empty input, and
/// answers with the exit status. Files take the output, so that a background job never holds a command up. An interruption
/// ends the command file, as Ctrl-C does with what was typed.
const LOOP: &str = r#"
trap 'return 130' INT
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

/// How much of a command's output is read, in bytes: of one that prints more, the beginning and the end.
const OUTPUT_LIMIT: u64 = 4 * 1024 * 1024;

/// How long it may take until everything that was started in a terminal has ended.
const ENDING: Duration = Duration::from_secs(5);

/// How long a command that was interrupted may take to end, before it is killed; and then until its shell answers.
const INTERRUPTED: Duration = Duration::from_secs(2);

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
    /// Where it runs longer than `limit`, or where the shell itself ended. A command that runs too long is interrupted as by
    /// Ctrl-C; the terminal is closed only if that does not end it.
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
        let before = self.children().await;
        // A shell that has gone is noticed by its missing answer.
        _ = self.commands.write_all(format!("{}\n", record.display()).as_bytes()).await;
        let mut answer = String::new();
        let answered = tokio::time::timeout(limit, self.answers.read_line(&mut answer)).await;
        let is_interrupted = answered.is_err() && self.interrupt(&before, &mut answer).await;
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
                Err(if is_interrupted { with_output(reason, &output) } else { self.close(reason, &output) })
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
        with_output(reason, output)
    }

    /// Whether a command can be typed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.over
    }

    /// Interrupts the shell and what it has begun since it had only these children, as Ctrl-C does, and kills what does not
    /// end then. Whether the shell answers.
    async fn interrupt(&mut self, before: &BTreeSet<String>, answer: &mut String) -> bool {
        for (signal, shell) in [("-INT", self.bash().await), ("-KILL", None)] {
            let begun = self.children().await;
            // The shell comes first: it must not go on to the next line before it is interrupted itself.
            let ended = shell.into_iter().chain(begun.difference(before).cloned());
            // One that has ended since cannot be signalled, and need not be.
            _ = Tool::new("kill").args(iter::once(signal.to_owned()).chain(ended)).output().await;
            let answered = tokio::time::timeout(INTERRUPTED, self.answers.read_line(answer)).await;
            if let Ok(answered) = answered {
                return answered.is_ok_and(|count| count > 0);
            }
        }
        false
    }

    /// The processes that the shell has begun and that still run.
    async fn children(&self) -> BTreeSet<String> {
        match self.bash().await {
            Some(shell) => children(&shell).await.split_whitespace().map(str::to_owned).collect(),
            None => BTreeSet::new(),
        }
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

    /// The process of bash itself.
    async fn bash(&self) -> Option<String> {
        if self.keeper.is_some() { self.shell.id().map(|id| id.to_string()) } else { self.first().await }
    }

    /// The first process of the shell's namespace.
    async fn first(&self) -> Option<String> {
        let shell = self.shell.id()?.to_string();
        children(&shell).await.split_whitespace().next().map(str::to_owned)
    }
}

/// The children of a process; none where it is gone.
async fn children(process: &str) -> String {
    tokio::fs::read_to_string(format!("/proc/{process}/task/{process}/children")).await.unwrap_or_default()
}

fn with_output(reason: String, output: &Output) -> Fault {
    Fault::failed(reason).seen("standard output", &output.stdout).seen("standard error", &output.stderr)
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
    use tokio::io::AsyncSeekExt;
    // What could not be read is missing from the output, and a check on the output will say so.
    let Ok(mut file) = tokio::fs::File::open(file).await else { return String::new() };
    let length = file.metadata().await.map_or(0, |data| data.len());
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    let most = if length > OUTPUT_LIMIT { OUTPUT_LIMIT / 2 } else { OUTPUT_LIMIT };
    _ = (&mut file).take(most).read_to_end(&mut head).await;
    if length <= OUTPUT_LIMIT {
        return String::from_utf8_lossy(&head).into_owned();
    }
    let from = length - OUTPUT_LIMIT / 2;
    _ = file.seek(SeekFrom::Start(from)).await;
    _ = file.take(OUTPUT_LIMIT / 2).read_to_end(&mut tail).await;
    bounded::joined(&head, from - OUTPUT_LIMIT / 2, &tail)
}

#[cfg(test)]
mod tests;
