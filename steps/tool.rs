//! Runs the programs that labproof itself needs (`docker`, `kind`, the scripts in `kind-config/`).
//!
//! An error shows the command in a form that can be pasted into a shell, and the end of its output. A lab's own
//! commands run in `terminal`, not here.

pub mod bounded;
mod group;

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
};

pub use self::group::kill_all;
use self::{
    bounded::{Bounded, Lines, MOST, drain_into},
    group::Group,
};
use crate::{
    log::{self, About},
    verdict::{Fault, Outcome, seconds},
};

/// A call of a program; complete it, then run it.
#[derive(Clone, Debug)]
pub struct Tool {
    program: OsString,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    folder: Option<PathBuf>,
    input: Vec<u8>,
    holds: Option<Arc<File>>,
    limit: Duration,
}

/// The result of a finished program.
#[derive(Clone, Debug)]
pub struct Finished {
    /// Its exit status.
    pub status: ExitStatus,
    /// Its standard output, as text.
    pub stdout: String,
    /// Its standard error, as text.
    pub stderr: String,
}

impl Tool {
    /// A call of `program`, found on the PATH, with a time limit of one minute.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            folder: None,
            input: Vec::new(),
            holds: None,
            limit: Duration::from_mins(1),
        }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().into()));
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name.as_ref().into(), value.as_ref().into()));
        self
    }

    /// Sets the current folder.
    #[must_use]
    pub fn current_dir(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Sets the standard input, which is empty otherwise.
    #[must_use]
    pub fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Has the program hold this locked file, as its standard input: the lock lasts until the program ends, even where
    /// labproof is killed before.
    #[must_use]
    pub fn holding(mut self, lock: Arc<File>) -> Self {
        self.holds = Some(lock);
        self
    }

    /// Sets the time limit. A program that takes longer is ended, and the call fails.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs the program and returns its standard output without the trailing newline.
    ///
    /// # Errors
    /// If the program cannot be started, takes too long, or ends with a status other than 0.
    pub async fn output(self) -> Outcome<String> {
        let shown = self.to_string();
        let (finished, is_cut) = self.end(Stdio::piped()).await?;
        match (finished.status.success(), is_cut) {
            (true, false) => Ok(finished.stdout.trim_end().to_owned()),
            (true, true) => Err(Fault::broken(format!("`{shown}` printed more than {} MiB", MOST >> 20))),
            (false, _) => Err(failure(&shown, &finished)),
        }
    }

    /// Runs the program to its end and accepts any status. Keeps only the beginning and the end of a long output.
    ///
    /// # Errors
    /// If the program cannot be started or takes too long.
    pub async fn finish(self) -> Outcome<Finished> {
        self.end(Stdio::piped()).await.map(|(finished, _)| finished)
    }

    /// Runs the program and writes its standard output to a file.
    ///
    /// # Errors
    /// If the program cannot be started, takes too long, or ends with a status other than 0.
    pub async fn output_to(self, file: File) -> Outcome {
        let shown = self.to_string();
        let (finished, _) = self.end(file.into()).await?;
        if finished.status.success() { Ok(()) } else { Err(failure(&shown, &finished)) }
    }

    /// Runs the program to its end. The boolean is true if its standard output was too long to keep completely.
    async fn end(self, stdout: Stdio) -> Outcome<(Finished, bool)> {
        let (shown, started) = (self.to_string(), Instant::now());
        let ended = self.run_to_end(stdout).await;
        match &ended {
            Ok((finished, _)) => finished.note(&shown, started),
            Err(fault) => log::note(About::Program, &fault.reason, &[]),
        }
        ended
    }

    async fn run_to_end(self, stdout: Stdio) -> Outcome<(Finished, bool)> {
        let mut group = self.spawn(stdout)?;
        let child = &mut group.leader;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let input = async {
            if let Some(mut stdin) = stdin {
                // A write error is ignored: a program need not read all its input.
                _ = stdin.write_all(&self.input).await;
            }
        };
        let (mut printed, mut complained) = (Bounded::of(MOST), Bounded::of(MOST));
        let outputs = async { tokio::join!(drain_into(&mut printed, stdout), drain_into(&mut complained, stderr)) };
        // The program may end before what it started. Until it is waited for, its group can be killed.
        let run = Box::pin(async {
            tokio::join!(input, outputs);
            child.wait().await
        });
        let ended = tokio::time::timeout(self.limit, run).await;
        let (stdout, stderr) = (printed.text(), complained.text());
        let Ok(status) = ended else { return Err(self.too_slow().seen("it printed so far", end_of(&stdout, &stderr))) };
        let status = status.map_err(|error| Fault::broken(format!("cannot wait for `{self}`: {error}")))?;
        Ok((Finished { status, stdout, stderr }, printed.is_cut()))
    }

    /// Runs the program and passes each line of its standard error to `progress` at once; ignores its standard output.
    /// Lines that begin with a bar quote a failed program; they appear only in the fault.
    ///
    /// # Errors
    /// If the program cannot be started, takes too long, or ends with a status other than 0.
    pub async fn follow(self, mut progress: impl FnMut(&str)) -> Outcome {
        let (mut group, started) = (self.spawn(Stdio::null())?, Instant::now());
        let mut said = Bounded::of(MOST);
        let stderr = group.leader.stderr.take();
        let mut show = |line: &String| {
            if !line.starts_with("  | ") {
                progress(line);
            }
        };
        let reading = async {
            let (mut lines, mut bytes) = (Lines::default(), vec![0; 16 * 1024]);
            if let Some(mut stderr) = stderr {
                while let Ok(count @ 1..) = stderr.read(&mut bytes).await {
                    lines.take(&bytes[..count]).iter().for_each(&mut show);
                    said.take(&bytes[..count]);
                }
            }
            lines.last().iter().for_each(&mut show);
            group.leader.wait().await
        };
        let status = tokio::time::timeout(self.limit, reading)
            .await
            .map_err(|_| self.too_slow())?
            .map_err(|error| Fault::broken(format!("cannot wait for `{self}`: {error}")))?;
        let finished = Finished { status, stdout: String::new(), stderr: said.text() };
        finished.note(&self.to_string(), started);
        if status.success() { Ok(()) } else { Err(failure(&self.to_string(), &finished)) }
    }

    fn spawn(&self, stdout: Stdio) -> Outcome<Group> {
        let mut command = Command::new(&self.program);
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        let input = match &self.holds {
            Some(lock) => lock.try_clone().map_err(|error| self.cannot_run(&error))?.into(),
            None if self.input.is_empty() => Stdio::null(),
            None => Stdio::piped(),
        };
        command
            .args(&self.arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(input)
            .stdout(stdout)
            .stderr(Stdio::piped())
            .process_group(0) // Ctrl-C is for labproof to handle, not for every program it runs.
            .kill_on_drop(true)
            .spawn()
            .map(Group::of)
            .map_err(|error| self.cannot_run(&error))
    }

    fn cannot_run(&self, error: &std::io::Error) -> Fault {
        let program = Path::new(&self.program).display();
        Fault::broken(format!("cannot run `{program}`: {error}")).hint("run `labproof setup` to see what is missing")
    }

    fn too_slow(&self) -> Fault {
        Fault::broken(format!("`{self}` did not end within {}", seconds(self.limit)))
    }
}

impl Finished {
    fn note(&self, command: &str, started: Instant) {
        let line = format!("`{command}` ended after {} ms: {}", started.elapsed().as_millis(), self.status);
        log::note(About::Program, &line, &[&self.stdout, &self.stderr]);
    }
}

impl std::fmt::Display for Tool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = std::iter::once(&self.program).chain(&self.arguments);
        f.write_str(&shell_words::join(words.map(|word| word.to_string_lossy())))
    }
}

/// The last lines of a text, for a message.
#[must_use]
pub fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.trim_end().lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

fn failure(command: &str, finished: &Finished) -> Fault {
    let status = finished.status.code().map_or_else(|| "by a signal".to_owned(), |code| format!("with status {code}"));
    Fault::broken(format!("`{command}` ended {status}")).seen("it printed", end_of(&finished.stdout, &finished.stderr))
}

/// The last lines of both outputs, for a message.
fn end_of(stdout: &str, stderr: &str) -> String {
    tail(format!("{stdout}\n{stderr}").trim_start_matches('\n'), 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_failure_shows_the_command_and_what_it_printed() {
        let fault =
            Tool::new("sh").args(["-c", "echo out; echo 'no such thing' >&2; exit 3"]).output().await.unwrap_err();
        assert_eq!(fault.reason, "`sh -c 'echo out; echo '\\''no such thing'\\'' >&2; exit 3'` ended with status 3");
        assert!(fault.evidence[0].text.contains("no such thing"));
    }

    #[tokio::test]
    async fn a_program_that_takes_too_long_shows_what_it_printed_so_far() {
        let slow = Tool::new("sh").args(["-c", "echo step 1; echo stuck >&2; sleep 60"]).limit(Duration::from_secs(1));
        let fault = slow.finish().await.unwrap_err();
        assert!(fault.reason.ends_with("did not end within 1 second"), "{fault}");
        assert_eq!(fault.evidence[0].text, "step 1\n\nstuck");
    }

    #[tokio::test]
    async fn what_a_program_started_ends_with_it_when_it_takes_too_long() {
        for script in ["sleep 61 & echo $!; wait", "sleep 61 & echo $!; exit 0"] {
            ends_with_it(script).await;
        }
    }

    async fn ends_with_it(script: &str) {
        let fault = Tool::new("sh").args(["-c", script]).limit(Duration::from_secs(1)).finish().await.unwrap_err();
        let child = Path::new("/proc").join(fault.evidence[0].text.trim());
        let state = || std::fs::read_to_string(child.join("stat")).unwrap_or_default();
        for _moment in 0..50 {
            if state().is_empty() || state().contains(") Z ") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{script}: it still runs: {}", state());
    }

    #[tokio::test]
    async fn what_a_script_quotes_of_a_failure_is_shown_once() {
        let mut shown = Vec::new();
        let script = Tool::new("sh").args(["-c", "echo building >&2; echo '  | no space left' >&2; exit 1"]);
        let fault = script.follow(|line| shown.push(line.to_owned())).await.unwrap_err();
        assert_eq!(shown, ["building"]);
        assert!(fault.evidence[0].text.contains("no space left"), "{fault}");
    }

    #[tokio::test]
    async fn a_file_gets_the_output_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("output");
        let write = |script| Tool::new("sh").args(["-c", script]).output_to(File::create(&path).unwrap());
        write("echo out; echo err >&2").await.unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "out\n");
        let fault = write("echo 'no such image' >&2; exit 1").await.unwrap_err();
        assert!(fault.evidence[0].text.contains("no such image"), "{fault}");
    }

    /// The peak memory use of this process so far, in KiB.
    fn peak() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    #[tokio::test]
    async fn an_output_of_600_megabytes_takes_no_more_memory_than_a_short_one() {
        let before = peak();
        let script = "echo begin; head -c 600000000 /dev/zero | tr '\\0' x; echo; echo end";
        let finished = Tool::new("sh").args(["-c", script]).finish().await.unwrap();
        assert!(finished.stdout.starts_with("begin") && finished.stdout.ends_with("end\n"));
        assert!(finished.stdout.contains("[labproof left out") && finished.stdout.len() < MOST + 100);
        assert!(peak() - before < 100 * 1024, "{} KiB more", peak() - before);
        let fault = Tool::new("sh").args(["-c", "head -c 9000000 /dev/zero"]).output().await.unwrap_err();
        assert!(fault.reason.ends_with("printed more than 4 MiB"), "{fault}");
        let mut longest = 0;
        let line = Tool::new("sh").args(["-c", "head -c 50000000 /dev/zero | tr '\\0' x >&2"]);
        line.follow(|line| longest = line.len().max(longest)).await.unwrap();
        assert!(longest < 100_000, "{longest}");
    }

    #[tokio::test]
    async fn a_program_holds_a_lock_until_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let (fifo, lock) = (folder.path().join("fifo"), folder.path().join("lock"));
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let held = Arc::new(File::create(&lock).unwrap());
        held.try_lock().unwrap();
        let program = tokio::spawn(Tool::new("cat").args([&fifo]).holding(held.clone()).finish());
        // Opening the pipe waits until the program has opened it.
        let open = tokio::task::spawn_blocking(move || File::options().write(true).open(fifo));
        let end = open.await.unwrap().unwrap();
        drop(held);
        let another = File::open(&lock).unwrap();
        assert!(another.try_lock().is_err());
        drop(end);
        assert!(program.await.unwrap().unwrap().status.success());
        another.try_lock().unwrap();
    }

    #[tokio::test]
    async fn a_program_that_takes_too_long_is_ended() {
        let fault = Tool::new("sleep").args(["60"]).limit(Duration::from_millis(20)).output().await.unwrap_err();
        assert!(fault.reason.contains("did not end within"), "{fault}");
    }

    #[tokio::test]
    async fn a_program_that_is_missing_names_the_next_step() {
        let fault = Tool::new("labproof-has-no-such-program").output().await.unwrap_err();
        assert!(fault.hint.unwrap().contains("labproof setup"));
    }
}
