//! Interrupts a command, as Ctrl-C does: the terminal stays open for the next one.

use std::{collections::BTreeSet, iter, time::Duration};

use tokio::io::AsyncBufReadExt;

use super::{INPUT, Terminal, processes};
use crate::tool::Tool;

/// How long a command that was interrupted may take to end, before it is killed; and then until its shell answers.
const PATIENCE: Duration = Duration::from_secs(2);

impl Terminal {
    /// Interrupts the shell and what it has begun since it had only these children, and kills what does not end then;
    /// `waiting` is the process that waits for input, if that is why. Whether the shell answers.
    pub(super) async fn interrupt(
        &mut self,
        before: &BTreeSet<String>,
        waiting: Option<&str>,
        answer: &mut String,
    ) -> bool {
        let shell_waits = waiting.is_some() && waiting == self.bash().as_deref();
        for (signal, shell) in [("-INT", self.bash()), ("-KILL", None)] {
            let begun = self.begun();
            let begun = begun.difference(before).flat_map(|child| processes::from(child));
            // The shell comes first: it must not go on to the next line before it is interrupted itself.
            let ended = shell.into_iter().chain(begun);
            // One that has ended since cannot be signalled, and need not be.
            _ = Tool::new("kill").args(iter::once(signal.to_owned()).chain(ended)).output().await;
            if shell_waits && signal == "-INT" {
                // Bash does not leave its own `read` for a signal alone.
                _ = tokio::fs::write(self.records.join(INPUT), "\n").await;
            }
            let answered = tokio::time::timeout(PATIENCE, self.answers.read_line(answer)).await;
            if let Ok(answered) = answered {
                return answered.is_ok_and(|count| count > 0);
            }
        }
        false
    }

    /// The processes that the shell has begun and that still run.
    pub(super) fn begun(&self) -> BTreeSet<String> {
        let shell = self.bash();
        shell.into_iter().flat_map(|shell| processes::children(&shell)).collect()
    }

    /// The process of bash itself.
    pub(super) fn bash(&self) -> Option<String> {
        if self.keeper.is_some() { self.shell.id().map(|id| id.to_string()) } else { self.first() }
    }

    /// The first process of the shell's namespace.
    pub(super) fn first(&self) -> Option<String> {
        processes::children(&self.shell.id()?.to_string()).into_iter().next()
    }
}
