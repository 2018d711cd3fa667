//! Interrupts a command as Ctrl-C does; the terminal stays open for the next command.

use std::{collections::BTreeSet, iter, path::Path, time::Duration};

use tokio::io::AsyncBufReadExt;

use super::{INPUT, Terminal, processes};
use crate::tool::Tool;

/// How long an interrupted command may take to end before it is killed, and how long its shell may then take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The pause between two looks for a file.
const PAUSE: Duration = Duration::from_millis(10);

impl Terminal {
    /// Interrupts the shell, which runs the command of `record`, and the processes that it has started, except those of
    /// `before`, which existed before; kills those that do not end. `waiting` is the process that waits for input, if
    /// that is the reason. Returns whether the shell answers.
    pub(super) async fn interrupt(
        &mut self,
        record: &Path,
        before: &BTreeSet<String>,
        waiting: Option<&str>,
        answer: &mut String,
    ) -> bool {
        has_begun(record).await;
        let shell_waits = waiting.is_some() && waiting == self.bash().as_deref();
        for signal in ["-INT", "-KILL"] {
            // The shell comes first, because it must not start the next line before it is interrupted itself.
            for signal in ["-INT", "-URG"] {
                send(signal, self.bash()).await;
            }
            let begun = self.begun();
            send(signal, begun.difference(before).flat_map(|child| processes::from(child))).await;
            if shell_waits && signal == "-INT" {
                // A signal alone does not end bash's own `read`.
                _ = tokio::fs::write(self.records.join(INPUT), "\n").await;
            }
            let answered = tokio::time::timeout(PATIENCE, self.answers.read_line(answer)).await;
            if let Ok(answered) = answered {
                return answered.is_ok_and(|count| count > 0);
            }
        }
        false
    }

    /// The running processes that the shell has started.
    pub(super) fn begun(&self) -> BTreeSet<String> {
        let shell = self.bash();
        shell.into_iter().flat_map(|shell| processes::children(&shell)).collect()
    }

    /// The process id of bash itself.
    pub(super) fn bash(&self) -> Option<String> {
        if self.keeper.is_some() { self.shell.id().map(|id| id.to_string()) } else { self.first() }
    }

    /// The id of the first process in the shell's namespace.
    pub(super) fn first(&self) -> Option<String> {
        processes::children(&self.shell.id()?.to_string()).into_iter().next()
    }
}

/// Waits until the shell has begun with the command of a record, on a busy machine: an interrupt before that is lost.
async fn has_begun(record: &Path) {
    let output = record.with_extension("stdout");
    let begun = async {
        while !output.exists() {
            tokio::time::sleep(PAUSE).await;
        }
    };
    // An error is ignored: a shell that does not begin within this time does not answer either.
    _ = tokio::time::timeout(PATIENCE, begun).await;
}

/// Sends a signal to processes. An error is ignored, because a process may have ended already.
async fn send(signal: &str, processes: impl IntoIterator<Item = String>) {
    let mut processes = processes.into_iter().peekable();
    if processes.peek().is_some() {
        _ = Tool::new("kill").args(iter::once(signal.to_owned()).chain(processes)).output().await;
    }
}
