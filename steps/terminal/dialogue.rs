//! An interactive program in its own pseudo-terminal, such as `kubectl exec -it` or `kubectl get --watch`.
//!
//! The scenario's bash starts it, with that shell's folder and exported variables, and it ends with that shell. `script`
//! of util-linux makes the pseudo-terminal; two named pipes connect it with labproof.

use std::{
    fs::OpenOptions,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::unix::pipe,
    sync::watch,
    time::Instant,
};

use super::{Output, Terminal};
use crate::verdict::{Fault, Outcome, seconds};

/// The size of the terminal. It is so wide that no line wraps.
const SIZE: &str = "cols 500 rows 100";

/// How long the start of the program may take.
const START: Duration = Duration::from_secs(10);

/// How long a terminal may take to show a typed line. A program that hides its input, for example a password, shows none.
const ECHO: Duration = Duration::from_secs(5);

/// How long a program may take to begin after its line was typed, and a shell to go on after a key; neither can be watched
/// in a container. A key that comes earlier reaches the shell instead of the program.
const BEGINNING: Duration = Duration::from_millis(500);

/// A key that the terminal itself handles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Interrupts the program.
    CtrlC,
    /// Ends the program's input.
    CtrlD,
}

/// How long to wait between two judgements of an output that still grows.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// How many bytes of a program's output are kept, counted from the end.
const KEPT: usize = 2 * 1024 * 1024;

/// The output of a program.
#[derive(Debug, Default)]
struct Shown {
    kept: Vec<u8>,
    /// The number of bytes before the kept ones.
    dropped: usize,
}

impl Shown {
    fn take(&mut self, bytes: &[u8]) {
        self.kept.extend_from_slice(bytes);
        if self.kept.len() > 2 * KEPT {
            let too_many = self.kept.len() - KEPT;
            self.kept.drain(..too_many);
            self.dropped += too_many;
        }
    }

    fn len(&self) -> usize {
        self.dropped + self.kept.len()
    }

    /// The output after the first `before` bytes, as far as it is kept.
    fn since(&self, before: usize) -> &[u8] {
        &self.kept[before.saturating_sub(self.dropped).min(self.kept.len())..]
    }
}

/// A running program.
#[derive(Debug)]
pub struct Dialogue {
    command: String,
    record: PathBuf,
    input: pipe::Sender,
    shown: watch::Receiver<Shown>,
    typed: String,
    before: usize,
    /// When the last line or key was sent, and whether it was a key.
    sent: Option<(Instant, bool)>,
}

impl Dialogue {
    /// Starts `command` and waits for its first output: from then on it reads input.
    ///
    /// # Errors
    /// If `script` does not exist, or the program shows nothing within `limit`.
    pub async fn open(terminal: &mut Terminal, command: &str, limit: Duration) -> Outcome<Self> {
        let record = terminal.next_record();
        let [input, output] = ["input", "output"].map(|end| record.with_extension(end));
        let quoted = |path: &Path| shell_words::quote(&path.display().to_string()).into_owned();
        let program = shell_words::quote(&format!("stty {SIZE}\n{command}")).into_owned();
        // The background jobs of a non-interactive shell ignore the signals of Ctrl-C and Ctrl-\\.
        let start = format!(
            "mkfifo {input} {output} && {{ SHELL=$BASH env --default-signal=INT,QUIT script --quiet --flush --return --command {program} /dev/null <{input} >{output} 2>&1 & }}\n\
             labproof_dialogue=$!",
            input = quoted(&input),
            output = quoted(&output)
        );
        let started = terminal.run(&start, START).await?;
        if started.status != 0 {
            return Err(cannot(command, &started.stderr));
        }
        let (input, output) = ends(input, output).await.map_err(|error| cannot(command, &error))?;
        let mut dialogue = Self {
            command: command.to_owned(),
            record,
            input,
            shown: follow(output),
            typed: String::new(),
            before: 0,
            sent: None,
        };
        match dialogue.until(limit, |shown| !shown.trim().is_empty()).await {
            Ok(_) => Ok(dialogue),
            Err(_) => Err(Fault::failed(format!("`{command}` shows nothing within {}", seconds(limit)))
                .hint("where a program shows nothing at first, open a session with `bash` and type it")),
        }
    }

    /// Types a line and waits until the terminal has accepted it. Later output comes after the line.
    ///
    /// # Errors
    /// If the program has ended.
    pub async fn type_line(&mut self, line: &str) -> Outcome {
        line.clone_into(&mut self.typed);
        if let Some((at, true)) = self.sent {
            tokio::time::sleep_until(at + BEGINNING).await;
        }
        self.send(format!("{line}\n").as_bytes()).await?;
        let before = self.before;
        let is_taken = |shown: &Shown| after_echo(&text(shown.since(before)), line).is_some();
        _ = tokio::time::timeout(ECHO, self.shown.wait_for(is_taken)).await;
        self.sent = Some((Instant::now(), false));
        Ok(())
    }

    /// Presses a key.
    ///
    /// # Errors
    /// If the program has ended.
    pub async fn press(&mut self, key: Key) -> Outcome {
        self.typed.clear();
        let code = match key {
            Key::CtrlC => 3,
            Key::CtrlD => 4,
        };
        if let Some((at, _)) = self.sent {
            tokio::time::sleep_until(at + BEGINNING).await;
        }
        self.send(&[code]).await?;
        self.sent = Some((Instant::now(), true));
        Ok(())
    }

    /// Waits until `judge` accepts the output since the last typed line, without the line itself.
    ///
    /// # Errors
    /// The output, if `limit` passes or the program ends before that.
    pub async fn until(&mut self, limit: Duration, judge: impl Fn(&str) -> bool) -> Result<String, String> {
        let (before, typed) = (self.before, self.typed.clone());
        let holding = async {
            while !judge(&since(&self.shown.borrow_and_update(), before, &typed)) {
                // A long output comes in many pieces, and each judgement reads all of them.
                tokio::time::sleep(BETWEEN_LOOKS).await;
                if self.shown.changed().await.is_err() {
                    return false;
                }
            }
            true
        };
        let held = tokio::time::timeout(limit, holding).await.unwrap_or(false);
        // The program may have shown it just before it ended.
        let seen = since(&self.shown.borrow(), before, &typed);
        if held || judge(&seen) { Ok(seen) } else { Err(seen) }
    }

    /// Waits until the program has ended, and returns its whole output.
    ///
    /// # Errors
    /// Its output so far, if it still runs after `limit`.
    pub async fn end(mut self, terminal: &mut Terminal, limit: Duration) -> Outcome<Output> {
        let ended = async { while self.shown.changed().await.is_ok() {} };
        let in_time = tokio::time::timeout(limit, ended).await.is_ok();
        let shown = since(&self.shown.borrow(), 0, "");
        if !in_time {
            let reason = format!("the session `{}` has not ended within {}", self.command, seconds(limit));
            return Err(Fault::failed(reason).seen("it shows", shown));
        }
        let waited = terminal.run("wait $labproof_dialogue", START).await?;
        Ok(Output { command: self.command.clone(), stdout: shown, status: waited.status, ..Output::default() })
    }

    /// Whether the program has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.shown.has_changed().is_err()
    }

    /// The command line, as it was typed.
    #[must_use]
    pub fn command(&self) -> &str {
        &self.command
    }

    async fn send(&mut self, bytes: &[u8]) -> Outcome {
        self.before = self.shown.borrow().len();
        if !self.has_ended() && self.input.write_all(bytes).await.is_ok() {
            return Ok(());
        }
        let shown = since(&self.shown.borrow(), 0, "");
        Err(Fault::failed(format!("the session `{}` has ended", self.command)).seen("it showed", shown))
    }
}

impl Drop for Dialogue {
    fn drop(&mut self) {
        for end in ["input", "output"] {
            // What remains is removed with the scenario's folder.
            _ = std::fs::remove_file(self.record.with_extension(end));
        }
    }
}

/// labproof's ends of the two pipes. Opening one waits for the other side.
async fn ends(input: PathBuf, output: PathBuf) -> Result<(pipe::Sender, pipe::Receiver), String> {
    let opening = tokio::task::spawn_blocking(move || {
        let input = OpenOptions::new().write(true).open(input)?;
        let output = OpenOptions::new().read(true).open(output)?;
        Ok::<_, std::io::Error>((input, output))
    });
    let opened = tokio::time::timeout(START, opening).await.map_err(|_| "it was not started in time")?;
    let (input, output) = opened.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    let input = pipe::Sender::from_file(input).map_err(|error| error.to_string())?;
    let output = pipe::Receiver::from_file(output).map_err(|error| error.to_string())?;
    Ok((input, output))
}

/// Keeps the end of the program's output, until the program ends.
fn follow(mut output: pipe::Receiver) -> watch::Receiver<Shown> {
    let (sender, receiver) = watch::channel(Shown::default());
    tokio::spawn(async move {
        let mut bytes = [0; 4096];
        while let Ok(count) = output.read(&mut bytes).await {
            if count == 0 {
                return;
            }
            sender.send_modify(|shown| shown.take(&bytes[..count]));
        }
    });
    receiver
}

/// The output after the first `before` bytes, as text, without the echo of the typed line.
fn since(shown: &Shown, before: usize, typed: &str) -> String {
    without_echo(shown.since(before), typed)
}

/// The output after the echo of a typed line, as text. Before the echo, it is empty.
#[must_use]
pub fn without_echo(shown: &[u8], typed: &str) -> String {
    let text = text(shown);
    // Output from before the terminal accepted the line does not count.
    if typed.is_empty() { text } else { after_echo(&text, typed).unwrap_or_default() }
}

fn text(shown: &[u8]) -> String {
    anstream::adapter::strip_str(&String::from_utf8_lossy(shown)).to_string().replace('\r', "")
}

/// The text after the line that ends with the typed text, if there is one.
fn after_echo(text: &str, typed: &str) -> Option<String> {
    let (mut lines, typed): (Vec<&str>, &str) = (text.split('\n').collect(), typed.trim_end());
    let whole = lines.iter().position(|line| line.trim_end().ends_with(typed));
    let torn = torn_echo(&lines, typed);
    // The answer may end with the typed text, too.
    let echo = [whole, torn].into_iter().flatten().min()?;
    Some(lines.split_off(echo + 1).join("\n"))
}

/// The line with the end of an echo that was interrupted by the program's output: one line begins like the echo, and the
/// rest of the echo is at its end or is one of the next lines. Short echoes are excluded, because any line could match.
fn torn_echo(lines: &[&str], typed: &str) -> Option<usize> {
    if typed.len() < 4 {
        return None;
    }
    (0..lines.len()).find_map(|index| {
        let line = lines[index].trim_end();
        let same = line.chars().zip(typed.chars()).take_while(|(seen, typed)| seen == typed);
        let begun: usize = same.map(|(_, character)| character.len_utf8()).sum();
        let rest = &typed[begun..];
        if begun == 0 {
            None
        } else if line.ends_with(rest) {
            Some(index)
        } else {
            let next = lines[index + 1..].iter().take(3).position(|line| line.trim_end() == rest)?;
            Some(index + 1 + next)
        }
    })
}

fn cannot(command: &str, why: &str) -> Fault {
    Fault::broken(format!("cannot open a session with `{command}`: {why}")).hint("run `labproof setup`")
}

#[cfg(test)]
mod tests;
