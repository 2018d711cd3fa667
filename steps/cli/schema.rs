//! `labproof schema`: prints the JSON Schema of a file that authors write.

use clap::Args;

use super::exit::Status;
use crate::{progress, schema::File};

/// Which file.
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// The file that the schema describes
    #[arg(value_name = "FILE")]
    file: File,
}

impl Schema {
    pub(super) fn run(self) -> Status {
        progress::print(&self.file.schema());
        Status::Passed
    }
}
