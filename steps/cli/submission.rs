//! `labproof submission`: writes the folder that a learner starts from.

use std::path::PathBuf;

use clap::Args;

use super::exit::Status;
use crate::{grade, progress, project::Project, starter, verdict::Outcome};

/// Which lab, and which folder to create.
#[derive(Debug, Args)]
pub(super) struct Submission {
    /// The lab: its name or one of its feature files
    #[arg(value_name = "LAB")]
    lab: String,
    /// The folder to create; if it exists, it must be empty
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Submission {
    pub(super) fn run(self) -> Outcome<Status> {
        let lab = grade::lab(&Project::find()?, &self.lab)?.lab;
        starter::write(&lab, &self.folder)?;
        for file in starter::files(&lab).keys() {
            progress::print_line(&self.folder.join(file).display().to_string());
        }
        progress::eprint_line(&format!(
            "when the files are complete, run: labproof grade {} --work {}",
            self.lab,
            self.folder.display()
        ));
        Ok(Status::Passed)
    }
}
