//! The option `--log`.

use std::path::PathBuf;

use clap::Args;

use crate::{
    log,
    verdict::{Fault, Outcome},
};

/// Where the log goes.
#[derive(Debug, Args)]
pub(super) struct LogFile {
    /// Write everything that labproof does and says to this file, with times
    #[arg(long = "log", value_name = "FILE", value_parser = file)]
    file: Option<PathBuf>,
}

impl LogFile {
    /// Begins the log, if one is wanted.
    ///
    /// # Errors
    /// `refused` if the file cannot be written.
    pub(super) fn begin(&self) -> Outcome {
        let Some(file) = &self.file else { return Ok(()) };
        log::begin(file).map_err(|error| {
            Fault::refused(format!("cannot write the log {}: {error}", file.display()))
                .hint("give the path of a file in a folder that exists and that you may write to")
        })
    }
}

fn file(text: &str) -> Result<PathBuf, String> {
    if text == "-" || text.is_empty() {
        return Err("expected a file, because standard output is for reports".into());
    }
    Ok(text.into())
}
