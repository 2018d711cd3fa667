//! Reports in GitHub's own forms: annotations on the lines of feature files, and the summary of a workflow's step.
//!
//! An annotation is a line that GitHub's runner obeys as a command. GitHub shows ten errors for each step
//! (<https://docs.github.com/actions/reference/workflow-commands>).

mod annotation;
mod summary;

use std::{
    env,
    fs::{self, OpenOptions},
    io::Write,
    path::PathBuf,
};

pub use annotation::{Annotation, limited, of_run};

use super::Report;
use crate::{
    progress,
    verdict::{Fault, Outcome},
};

/// The variable with the file for the summary of this step.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// The most that GitHub accepts as the summary of a step, in bytes: 1 MiB, of which a part is kept free.
const LARGEST: usize = 1000 * 1024;

/// Prints the annotations of a run, and adds its summary to that of the step.
///
/// # Errors
/// If the summary cannot be written.
pub fn write(report: &Report) -> Outcome {
    progress::print_commands(&limited(&of_run(report)));
    add(|most| summary::render(report, most))
}

/// Prints the annotation of the error that ends the program, and adds it to the summary of the step.
///
/// # Errors
/// If the summary cannot be written.
pub fn write_fault(fault: &Fault) -> Outcome {
    let message = fault.to_string();
    let text = summary::error(&message);
    progress::print_commands(&Annotation { title: "labproof".into(), message, ..Annotation::default() }.command());
    add(|most| if text.len() > most { String::new() } else { text })
}

/// Adds a text to the summary of the step, where there is one. Its length is limited by what the summary already has.
fn add(text: impl FnOnce(usize) -> String) -> Outcome {
    let Some(file) = env::var_os(SUMMARY).filter(|file| !file.is_empty()).map(PathBuf::from) else { return Ok(()) };
    let used = fs::metadata(&file).map_or(0, |data| usize::try_from(data.len()).unwrap_or(LARGEST));
    let written = OpenOptions::new().create(true).append(true).open(&file);
    written
        .and_then(|mut file| file.write_all(text(LARGEST.saturating_sub(used)).as_bytes()))
        .map_err(|error| Fault::broken(format!("cannot write the summary {}: {error}", file.display())))
}
