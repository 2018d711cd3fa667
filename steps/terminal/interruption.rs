//! Interrupts a command as Ctrl-C does; the terminal stays open for the next command.

use std::{collections::BTreeSet, iter, time::Duration};

use tokio::io::AsyncBufReadExt;

use super::{INPUT, Terminal, processes};
use crate::tool::Tool;

/// How long an interrupted command may take to end before it is killed, and how long its shell may then take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

impl Terminal {
    /// Interrupts the shell and the processes that it has started, except `children`, which existed before; kills those
    /// that do not end. `waiting` is the process that waits for input, if that is the reason. Returns whether the shell
    /// answers.
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
            // The shell comes first, because it must not start the next line before it is interrupted itself.
            let ended = shell.into_iter().chain(begun);
            // An error is ignored, because a process may have ended already.
            _ = Tool::new("kill").args(iter::once(signal.to_owned()).chain(ended)).output().await;
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
