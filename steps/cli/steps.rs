//! `labproof steps`: prints the sentences.

use clap::Args;

use super::exit::Status;
use crate::{progress, vocabulary::reference};

/// Which sentences to show.
#[derive(Debug, Args)]
pub(super) struct Steps {
    /// Show only sentences that contain these words
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    /// Print Markdown; docs/steps.md is generated with this
    #[arg(long)]
    markdown: bool,
    /// Print a file for the Cucumber extension of an editor; write it to features/labproof.js
    #[arg(long, conflicts_with_all = ["markdown", "words"])]
    glue: bool,
}

impl Steps {
    pub(super) fn run(self) -> Status {
        if self.glue {
            progress::print(&reference::glue());
            return Status::Passed;
        }
        let word = self.words.join(" ").trim().to_lowercase();
        let text = if self.markdown { reference::markdown(&word) } else { reference::plain(&word) };
        if text.is_empty() {
            let words = if word.contains(' ') { "words" } else { "word" };
            progress::eprint_line(&format!(
                "error: no sentence contains the {words} {word}\n  hint: `labproof steps` shows all of them"
            ));
            return Status::Nothing;
        }
        progress::print(&text);
        Status::Passed
    }
}
