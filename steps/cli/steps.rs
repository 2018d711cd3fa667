//! `labproof steps`: the vocabulary, from the code itself.

use clap::Args;

use super::exit::Status;
use crate::{progress, vocabulary::reference};

/// Which sentences to show.
#[derive(Debug, Args)]
pub(super) struct Steps {
    /// Only sentences that have this word in them
    word: Option<String>,
    /// As Markdown, which is how docs/steps.md is made
    #[arg(long)]
    markdown: bool,
}

impl Steps {
    pub(super) fn run(self) -> Status {
        let word = self.word.unwrap_or_default().to_lowercase();
        let text = if self.markdown { reference::markdown(&word) } else { reference::plain(&word) };
        if text.is_empty() {
            anstream::eprintln!("error: no sentence has the word {word}\n  hint: `labproof steps` shows all of them");
            return Status::Nothing;
        }
        progress::print(&text);
        Status::Passed
    }
}
