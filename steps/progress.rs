//! Shows on standard error what labproof is doing now: with a spinner on a terminal, line by line in a log.

use std::{borrow::Cow, io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    escape,
    log::{self, About},
};

/// Shows the phases of long work. Cheap to clone; all clones share one line.
#[derive(Clone, Debug)]
pub struct Progress {
    bar: ProgressBar,
    shown: Shown,
}

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// As one line that changes.
    OnTerminal,
    /// As a new line each time.
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

    /// Progress that shows nothing, for work in the background of other work.
    #[must_use]
    pub fn silent() -> Self {
        Self { bar: ProgressBar::hidden(), shown: Shown::Nowhere }
    }

    /// Shows that a phase begins and, if it takes long, how long it usually takes.
    pub fn phase(&self, what: &str, usually: Option<&str>) {
        let what = escape::line(what);
        let line = usually.map_or_else(|| what.clone(), |usually| format!("{what} (usually {usually})"));
        if self.is_terminal() {
            log::note(About::Said, &line, &[]);
            // Also a bar that was removed appears again.
            self.bar.reset();
            self.bar.enable_steady_tick(Duration::from_millis(120));
            self.bar.set_message(line);
        } else {
            self.line(&line);
        }
    }

    /// Shows how far the current phase is; the text may come from a program.
    pub fn detail(&self, what: &str) {
        let what = escape::line(what);
        if self.is_terminal() {
            log::note(About::Said, &what, &[]);
            self.bar.set_message(what);
        } else {
            self.line(&format!("  {what}"));
        }
    }

    /// Whether progress is shown on a terminal.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.shown == Shown::OnTerminal
    }

    /// Prints a permanent line on standard error; parts of it may come from a program or a learner.
    pub fn line(&self, line: &str) {
        self.styled_line(&escape::text(line));
    }

    /// Prints a permanent line that has colours, and in which all untrusted text is escaped.
    pub fn styled_line(&self, line: &str) {
        if self.shown != Shown::Nowhere {
            self.bar.suspend(|| eprint_styled_line(line));
        }
    }

    /// Prints text on standard output.
    pub fn print(&self, text: &str) {
        self.bar.suspend(|| print(text));
    }

    /// Removes the spinner.
    pub fn done(&self) {
        self.bar.finish_and_clear();
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

/// Prints on standard output. Ignores that the reader has closed the pipe, as `head` does when it has enough lines.
pub fn print(text: &str) {
    log::note(About::Said, "on standard output", &[text]);
    _ = std::io::Write::write_all(&mut anstream::stdout(), without_commands(text).as_bytes());
}

/// Prints commands for GitHub's runner on standard output.
pub fn print_commands(commands: &str) {
    _ = std::io::Write::write_all(&mut anstream::stdout(), commands.as_bytes());
}

/// Whether GitHub's runner reads the output, and obeys the commands in it.
#[must_use]
pub fn is_read_by_github() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// Prints a line on standard output.
pub fn print_line(line: &str) {
    print(&format!("{line}\n"));
}

/// Prints a line on standard error, likewise; parts of it may come from a program or a learner.
pub fn eprint_line(line: &str) {
    eprint_styled_line(&escape::text(line));
}

fn eprint_styled_line(line: &str) {
    log::note(About::Said, line, &[]);
    let line = format!("{line}\n");
    _ = std::io::Write::write_all(&mut anstream::stderr(), without_commands(&line).as_bytes());
}

/// A text as it is; where GitHub's runner reads it, nothing in it is a command, because programs and learners wrote parts
/// of it.
fn without_commands(text: &str) -> Cow<'_, str> {
    if is_read_by_github() { escape::commands(text).into() } else { text.into() }
}
