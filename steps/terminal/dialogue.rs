//! A program in a pseudo-terminal of its own, to which lines are typed and which shows what it wants, as `kubectl exec
//! -it` or `kubectl get --watch`.
//!
//! It is started from the scenario's bash, with that shell's folder and exported variables, and belongs to it: it dies
//! when the shell does. `script` of util-linux makes the pseudo-terminal; two named pipes lead to it and from it.

use std::{
    fs::OpenOptions,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::unix::pipe,
    sync::watch,
};

use super::{Output, Terminal};
use crate::verdict::{Fault, Outcome};

/// The size of the terminal: wide enough for any line to stay one.
const SIZE: &str = "cols 500 rows 100";

/// How long the program may take to be started.
const START: Duration = Duration::from_secs(10);

/// How long a terminal may take to show a line that was typed. A program that hides what is typed, as one that asks for a
/// password, shows none.
const ECHO: Duration = Duration::from_secs(5);

/// A key with which a terminal does more than to pass it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Interrupts the program.
    CtrlC,
    /// Ends the program's input.
    CtrlD,
}

/// How much of what a program has shown is kept, in bytes: the end.
const KEPT: usize = 2 * 1024 * 1024;

/// What a program has shown.
#[derive(Debug, Default)]
struct Shown {
    kept: Vec<u8>,
    /// How many bytes came before those that are kept.
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

    /// What came after the first `before` bytes, as far as it is kept.
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
}

impl Dialogue {
    /// Starts `command`, and waits until it shows something: then it listens.
    ///
    /// # Errors
    /// Where there is no `script`, or the program shows nothing within `limit`.
    pub async fn open(terminal: &mut Terminal, command: &str, limit: Duration) -> Outcome<Self> {
        let record = terminal.next_record();
        let [input, output] = ["input", "output"].map(|end| record.with_extension(end));
        let quoted = |path: &Path| shell_words::quote(&path.display().to_string()).into_owned();
        let program = shell_words::quote(&format!("stty {SIZE}\n{command}")).into_owned();
        // A shell that is not interactive has its background jobs ignore the signals of Ctrl-C and Ctrl-\\.
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
        let mut dialogue =
            Self { command: command.to_owned(), record, input, shown: follow(output), typed: String::new(), before: 0 };
        match dialogue.until(limit, |shown| !shown.trim().is_empty()).await {
            Ok(_) => Ok(dialogue),
            Err(_) => Err(Fault::failed(format!("`{command}` shows nothing within {} seconds", limit.as_secs()))
                .hint("where a program shows nothing at first, open a session with `bash` and type it")),
        }
    }

    /// Types a line, and waits until the terminal has taken it: what the program shows from then on comes after the line.
    ///
    /// # Errors
    /// Where the program has ended.
    pub async fn type_line(&mut self, line: &str) -> Outcome {
        line.clone_into(&mut self.typed);
        self.send(format!("{line}\n").as_bytes()).await?;
        let before = self.before;
        let is_taken = |shown: &Shown| after_echo(&text(shown.since(before)), line).is_some();
        _ = tokio::time::timeout(ECHO, self.shown.wait_for(is_taken)).await;
        Ok(())
    }

    /// Presses a key.
    ///
    /// # Errors
    /// Where the program has ended.
    pub async fn press(&mut self, key: Key) -> Outcome {
        self.typed.clear();
        let code = match key {
            Key::CtrlC => 3,
            Key::CtrlD => 4,
        };
        self.send(&[code]).await
    }

    /// Waits until what the program has shown since the last line was typed, the line itself left out, is as `judge`
    /// wants it.
    ///
    /// # Errors
    /// The same, when `limit` is over or the program has ended before it was so.
    pub async fn until(&mut self, limit: Duration, judge: impl Fn(&str) -> bool) -> Result<String, String> {
        let (before, typed) = (self.before, self.typed.clone());
        let holds = |shown: &Shown| judge(&since(shown, before, &typed));
        let held = tokio::time::timeout(limit, self.shown.wait_for(holds)).await.is_ok_and(|seen| seen.is_ok());
        // A program that has ended may have shown it at the very last.
        let seen = since(&self.shown.borrow(), before, &typed);
        if held || judge(&seen) { Ok(seen) } else { Err(seen) }
    }

    /// Waits until the program has ended, and says what it has shown in all.
    ///
    /// # Errors
    /// What it has shown, where it still runs after `limit`.
    pub async fn end(mut self, terminal: &mut Terminal, limit: Duration) -> Outcome<Output> {
        let ended = async { while self.shown.changed().await.is_ok() {} };
        let in_time = tokio::time::timeout(limit, ended).await.is_ok();
        let shown = since(&self.shown.borrow(), 0, "");
        if !in_time {
            let reason = format!("the session `{}` has not ended within {} seconds", self.command, limit.as_secs());
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

    /// The program, as it was typed.
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
            // What stays goes with the scenario's folder.
            _ = std::fs::remove_file(self.record.with_extension(end));
        }
    }
}

/// Our ends of the two pipes; each opening waits for the other side's.
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

/// Keeps the end of what comes from the program, until it ends.
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

/// What was shown after the first `before` bytes, as text, without the echo of the line that was typed then.
fn since(shown: &Shown, before: usize, typed: &str) -> String {
    without_echo(shown.since(before), typed)
}

/// What a terminal shows after a line was typed, as text, without the echo of the line; nothing before the echo.
#[must_use]
pub fn without_echo(shown: &[u8], typed: &str) -> String {
    let text = text(shown);
    // Nothing counts that was shown before the line was taken.
    if typed.is_empty() { text } else { after_echo(&text, typed).unwrap_or_default() }
}

fn text(shown: &[u8]) -> String {
    anstream::adapter::strip_str(&String::from_utf8_lossy(shown)).to_string().replace('\r', "")
}

/// What follows the line that ends with what was typed, if there is one.
fn after_echo(text: &str, typed: &str) -> Option<String> {
    let (mut lines, typed): (Vec<&str>, &str) = (text.split('\n').collect(), typed.trim_end());
    let whole = lines.iter().position(|line| line.trim_end().ends_with(typed));
    let torn = torn_echo(&lines, typed);
    // The answer to a torn echo may end with what was typed.
    let echo = [whole, torn].into_iter().flatten().min()?;
    Some(lines.split_off(echo + 1).join("\n"))
}

/// The line with the end of an echo into which an output of the program came: a line begins as the echo does, and the rest
/// stands at its end, or is one of the next lines. Of a short echo, any line might be a part.
fn torn_echo(lines: &[&str], typed: &str) -> Option<usize> {
    if typed.len() < 4 {
        return None;
    }
    (0..lines.len()).find_map(|place| {
        let line = lines[place].trim_end();
        let same = line.chars().zip(typed.chars()).take_while(|(seen, typed)| seen == typed);
        let begun: usize = same.map(|(_, character)| character.len_utf8()).sum();
        let rest = &typed[begun..];
        if begun == 0 {
            None
        } else if line.ends_with(rest) {
            Some(place)
        } else {
            let next = lines[place + 1..].iter().take(3).position(|line| line.trim_end() == rest)?;
            Some(place + 1 + next)
        }
    })
}

fn cannot(command: &str, why: &str) -> Fault {
    Fault::broken(format!("cannot open a session with `{command}`: {why}")).hint("run `labproof setup`")
}

#[cfg(test)]
mod tests;
