//! The learner's terminal: one bash for each scenario, which runs the lab's commands exactly as the lab prints them.
//!
//! Variables, the current folder and background jobs last as long as the scenario. The standard output, standard error
//! and exit status of each command are recorded separately. If the platform allows it, the shell has its own process
//! namespace, so a lab's `kill -9 $(lsof -i :3001 …)` affects only its own processes; see [`isolation`]. When the
//! terminal is dropped, or labproof dies, all processes in it die too, with or without a namespace.
//!
//! This module judges nothing: a command that fails is an [`Output`] like any other.

mod confinement;
pub mod dialogue;
mod environment;
mod input;
mod interruption;
pub mod isolation;
mod keeper;
mod processes;

use std::{
    io::SeekFrom,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use self::{input::Waiting, isolation::Isolation, keeper::Keeper};
use crate::{
    log::{self, About},
    tool::{Tool, bounded},
    verdict::{Fault, Outcome, seconds},
};

/// The loop that bash runs. It reads the path of a command file, runs that file in the same shell, and answers with the
/// exit status. The standard input of a command is a pipe to which nothing is written. Aliases work, as in a terminal.
/// Output goes to files, so a background job never delays a command. An interrupt ends the command file, as Ctrl-C ends
/// a typed command: with `extdebug`, status 2 of the trap DEBUG leaves each function and the file itself. URG does the
/// same, because bash treats SIGINT specially while it waits for a program, and might drop it.
const LOOP: &str = r#"
labproof_leave() { return 2; }
trap '((${#BASH_SOURCE[@]})) && { labproof_left=1; shopt -s extdebug; trap "((! \${#BASH_SOURCE[@]})) || labproof_leave" DEBUG; }' INT URG
shopt -s expand_aliases
mkfifo "$1"
exec {labproof_input}<>"$1"
set --
labproof_last=0
labproof_again() { return "$labproof_last"; }
exec {labproof_answers}>&1 1>/dev/null
while IFS= read -r -u 9 labproof_command; do
  . "$labproof_command.command" <&$labproof_input >"$labproof_command.stdout" 2>"$labproof_command.stderr" 9<&- {labproof_answers}>&- {labproof_input}<&-
  labproof_last=$?
  [[ ${labproof_left-} ]] && { trap - DEBUG; shopt -u extdebug; labproof_left= labproof_last=130; }
  echo "$labproof_last" >&$labproof_answers
  trap - ERR
done 9<&0 </dev/null
"#;

/// Put before a command whose every line must succeed: the first line that fails ends the command, and a line on
/// standard error names it.
const EACH_LINE: &str = r#"trap 'labproof_status=$?; if [[ $BASH_COMMAND != *labproof_last* ]]; then trap - ERR; echo "labproof: this line failed: $BASH_COMMAND" >&2; return $labproof_status; fi' ERR
"#;

/// Put before each command: `$?` is the exit status of the command before, as in a terminal.
const AGAIN: &str = "labproof_again; ";

/// The pipe that is the standard input of all commands; it is in the folder of the command records.
const INPUT: &str = "input";

/// The characters that clear a terminal's screen. The text before them is no longer visible.
const CLEAR: &str = "\u{1b}[H\u{1b}[2J";

/// The characters that clear the scrolled-away text; they may follow [`CLEAR`].
const CLEAR_SCROLLED: &str = "\u{1b}[3J";

/// How many bytes of a command's output are read; of a longer output, the beginning and the end.
const OUTPUT_LIMIT: u64 = 4 * 1024 * 1024;

/// How long the processes of a terminal may take to end.
const ENDING: Duration = Duration::from_secs(5);

/// A running shell.
#[derive(Debug)]
pub struct Terminal {
    shell: Child,
    /// Ends the terminal's processes if it has no process namespace.
    keeper: Option<Keeper>,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    records: PathBuf,
    count: usize,
    over: bool,
}

/// The result of one command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The command as it was typed.
    pub command: String,
    /// What it printed on standard output.
    pub stdout: String,
    /// What it printed on standard error.
    pub stderr: String,
    /// Its exit status; 128 plus the signal's number if a signal ended it.
    pub status: i32,
    /// How long it ran.
    pub took: Duration,
}

impl Terminal {
    /// Opens a terminal with a clean environment and these variables. `home` is its home folder and first current
    /// folder. `records` is a folder outside `home` for the outputs.
    ///
    /// # Errors
    /// If no shell can be started.
    pub async fn open(home: &Path, records: &Path, variables: &[(String, String)]) -> Outcome<Self> {
        Self::open_with(Isolation::of_this_machine().await, home, records, variables)
    }

    fn open_with(isolation: Isolation, home: &Path, records: &Path, variables: &[(String, String)]) -> Outcome<Self> {
        let keeper = if isolation == Isolation::None { Some(Keeper::start(ENDING)?) } else { None };
        let words = keeper.as_ref().map_or_else(|| isolation.words(), Keeper::words);
        let words = words.into_iter().chain(["bash", "--noprofile", "--norc", "-c", LOOP, "bash"].map(String::from));
        let mut words = words.chain([records.join(INPUT).display().to_string()]);
        let mut shell = Command::new(words.next().unwrap_or_default())
            .args(words)
            .current_dir(home)
            .env_clear()
            .envs(environment::inherited())
            .env("HOME", home)
            .env("LC_ALL", "C.UTF-8")
            .env("TERM", "xterm")
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

    /// Runs `command` and waits until it ends. If it has several lines, each must succeed; a failed line ends it.
    ///
    /// # Errors
    /// See [`run`](Self::run).
    pub async fn run_each_line(&mut self, command: &str, limit: Duration) -> Outcome<Output> {
        self.run_after(EACH_LINE, command, limit).await
    }

    /// Runs `command` and waits until it ends.
    ///
    /// # Errors
    /// If the command runs longer than `limit`, or if the shell itself ended. A command that runs too long is
    /// interrupted as by Ctrl-C; the terminal is closed only if that does not end the command.
    pub async fn run(&mut self, command: &str, limit: Duration) -> Outcome<Output> {
        self.run_after("", command, limit).await
    }

    async fn run_after(&mut self, before: &str, command: &str, limit: Duration) -> Outcome<Output> {
        if self.over {
            return Err(Fault::failed("the terminal is closed: an earlier command ended its shell or ran too long"));
        }
        let record = self.next_record();
        let broken = |error: std::io::Error| Fault::broken(format!("cannot record a command: {error}"));
        tokio::fs::write(record.with_extension("command"), format!("{before}{AGAIN}{command}\n"))
            .await
            .map_err(broken)?;
        let started = Instant::now();
        let before = self.begun();
        // A write error is ignored: if the shell has ended, no answer comes, which is detected below.
        _ = self.commands.write_all(format!("{}\n", record.display()).as_bytes()).await;
        let mut answer = String::new();
        let outermost = self.shell.id().unwrap_or_default().to_string();
        let input = self.records.join(INPUT);
        let answered = tokio::select! {
            answered = self.answers.read_line(&mut answer) => Ok(answered),
            () = tokio::time::sleep(limit) => Err((format!("did not end within {}", seconds(limit)), None)),
            Waiting { name, process } = input::awaited(&outermost, &input) => {
                Err((format!("waits for input: {name} reads its standard input, and a lab gives it no input"), Some(process)))
            }
        };
        let is_interrupted = match &answered {
            Ok(_) => false,
            Err((_, waiting)) => self.interrupt(&record, &before, waiting.as_deref(), &mut answer).await,
        };
        let output = Output {
            command: command.to_owned(),
            stdout: read(&record.with_extension("stdout")).await,
            stderr: read(&record.with_extension("stderr")).await,
            status: answer.trim().parse().unwrap_or(-1),
            took: started.elapsed(),
        };
        log::note(
            About::Command,
            &format!("`{command}` ended after {} ms with exit status {}", output.took.as_millis(), output.status),
            &[&output.stdout, &output.stderr],
        );
        match answered {
            Ok(Ok(count)) if count > 0 => here_document(output, &record).map(|output| as_bash_says(output, &record)),
            Ok(_) => Err(self.close(format!("`{}` ended the shell it ran in", output.command), &output)),
            Err((why, _)) => {
                let reason = format!("`{}` {why}", output.command);
                Err(if is_interrupted { with_output(reason, &output) } else { self.close(reason, &output) })
            }
        }
    }

    /// The path for the next command's record; its files differ in their extensions.
    fn next_record(&mut self) -> PathBuf {
        self.count += 1;
        self.records.join(self.count.to_string())
    }

    fn close(&mut self, reason: String, output: &Output) -> Fault {
        self.over = true;
        // An error is ignored, because the shell may have ended already.
        _ = self.shell.start_kill();
        if let Some(keeper) = &mut self.keeper {
            keeper.let_go();
        }
        with_output(reason, output)
    }

    /// Whether the shell can run another command.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.over
    }

    /// Ends the shell and all processes started in it, and waits until they have ended.
    ///
    /// # Errors
    /// If a process still runs after five seconds.
    pub async fn end(mut self) -> Outcome {
        let ended = match self.keeper.take() {
            Some(keeper) => self.end_with(keeper).await,
            None => self.end_namespace().await,
        };
        if ended { Ok(()) } else { Err(Fault::broken("a process that the lab's commands started is still running")) }
    }

    /// Also waits for the shell, because until then it is one of the processes that carry the terminal's mark.
    async fn end_with(&mut self, mut keeper: Keeper) -> bool {
        keeper.let_go();
        let waited = tokio::time::timeout(2 * ENDING, async { tokio::join!(self.shell.wait(), keeper.ended()).1 });
        waited.await.unwrap_or(false)
    }

    /// When the first process of a namespace ends, the kernel ends all others. `unshare` waits for that process, so it
    /// must not be killed itself.
    async fn end_namespace(&mut self) -> bool {
        let mut ended = true;
        if let Some(first) = self.first()
            && Tool::new("kill").args(["-KILL", &first]).output().await.is_ok()
        {
            ended = tokio::time::timeout(ENDING, self.shell.wait()).await.is_ok();
        }
        // Both calls fail only if the shell has ended already.
        _ = self.shell.start_kill();
        _ = self.shell.wait().await;
        ended
    }
}

/// Turns a command with an unfinished here-document into a fault: a real terminal would wait for its end.
fn here_document(output: Output, record: &Path) -> Outcome<Output> {
    if input::lacks_end_of_here_document(&output.stderr, &record.with_extension("command")) {
        let reason = format!("`{}` waits for input: its here-document has no end", output.command);
        return Err(with_output(reason, &output).hint("write the end of the here-document on a line of its own"));
    }
    Ok(output)
}

/// The messages of the shell without the file from which it reads the command.
fn as_bash_says(mut output: Output, record: &Path) -> Output {
    let file = format!("{}: line ", record.with_extension("command").display());
    output.stderr = output.stderr.replace(&file, "bash: line ");
    output
}

fn with_output(reason: String, output: &Output) -> Fault {
    Fault::failed(reason).seen("standard output", &output.stdout).seen("standard error", &output.stderr)
}

/// Reads a file as a terminal would show it: without the text before the last clearing of the screen.
async fn read(file: &Path) -> String {
    let text = read_bounded(file).await;
    let seen = text.rsplit_once(CLEAR).map_or(&*text, |(_, after)| after.trim_start_matches(CLEAR_SCROLLED));
    seen.to_owned()
}

async fn read_bounded(file: &Path) -> String {
    use tokio::io::AsyncReadExt;
    use tokio::io::AsyncSeekExt;
    // An unreadable file counts as empty; a check of the output then fails.
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
