//! What labproof is doing right now, on standard error: a spinner on a terminal, a line each in a log.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::escape;

/// Shows stages of long work. Cheap to clone; all clones share one line.
#[derive(Clone, Debug)]
pub struct Progress {
    bar: ProgressBar,
    shown: Shown,
}

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// As a line that changes.
    OnTerminal,
    /// As lines that follow each other.
    InLines,
    /// Not at all.
    Nowhere,
}

impl Progress {
    /// Progress on standard error.
    #[must_use]
    pub fn new() -> Self {
        let shown = if std::io::stderr().is_terminal() { Shown::OnTerminal } else { Shown::InLines };
        let bar = if shown == Shown::OnTerminal {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
        } else {
            ProgressBar::hidden()
        };
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed:.dim}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        Self { bar, shown }
    }

    /// Progress that nobody sees, of work beside other work.
    #[must_use]
    pub fn silent() -> Self {
        Self { bar: ProgressBar::hidden(), shown: Shown::Nowhere }
    }

    /// Says what begins now and, where it takes long, how long it usually takes.
    pub fn phase(&self, what: &str, usually: Option<&str>) {
        let line = usually.map_or_else(|| what.to_owned(), |usually| format!("{what} (usually {usually})"));
        if self.is_terminal() {
            self.bar.reset_elapsed();
            self.bar.enable_steady_tick(Duration::from_millis(120));
            self.bar.set_message(line);
        } else {
            self.line(&line);
        }
    }

    /// Says how far the present stage has come, also in a program's words.
    pub fn detail(&self, what: &str) {
        let what = escape::line(what);
        if self.is_terminal() {
            self.bar.set_message(what);
        } else {
            self.line(&format!("  {what}"));
        }
    }

    /// Whether there is a terminal to show progress on.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.shown == Shown::OnTerminal
    }

    /// Prints a line that stays, on standard error.
    pub fn line(&self, line: &str) {
        if self.shown != Shown::Nowhere {
            self.bar.suspend(|| anstream::eprintln!("{line}"));
        }
    }

    /// Prints text on standard output.
    pub fn print(&self, text: &str) {
        self.bar.suspend(|| anstream::print!("{text}"));
    }

    /// Takes the spinner away.
    pub fn done(&self) {
        self.bar.finish_and_clear();
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}
/// Prints on standard output. A reader that has gone, as `head` has when it has enough, is no error.
pub fn print(text: &str) {
    _ = std::io::Write::write_all(&mut anstream::stdout(), text.as_bytes());
}
