//! Reads the feature files of labs: their scenarios, with the long expected texts that stand in files of their own.

pub mod expected;

use std::{fs, path::Path};

use crate::sheet::{self, Problem, Sheet};

/// Reads a feature file of the lab whose own files are in `lab_folder`.
///
/// # Errors
/// All that is wrong with it, by line; 0 for the file as a whole.
pub fn feature(path: &Path, lab_folder: &Path) -> Result<Sheet, Vec<Problem>> {
    let text = fs::read_to_string(path)
        .map_err(|error| vec![Problem { line: 0, message: format!("cannot be read: {error}"), hint: None }])?;
    let mut sheet = sheet::read(&text)?;
    expected::put_beneath(&mut sheet.scenarios, lab_folder);
    Ok(sheet)
}
