//! The starter folder for learners: each file that the lab asks for, containing only a comment that says what to write
//! there.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{
    project::{Lab, SubmissionSpec},
    submission::pattern::Pattern,
    verdict::{Fault, Outcome},
};

/// The files of the folder. Their content earns no points.
#[must_use]
pub fn files(lab: &Lab) -> BTreeMap<String, Vec<u8>> {
    let Some(spec) = &lab.file.submission else { return BTreeMap::new() };
    let files =
        spec.files.iter().filter(|(file, _)| Pattern::of(file).is_none()).map(|(file, what)| (file.clone(), what));
    let tasks = spec.tasks.iter().map(|(task, what)| (SubmissionSpec::task(task), what));
    files
        .chain(tasks)
        .map(|(file, what)| {
            let text = text(&file, what);
            (file, text.into_bytes())
        })
        .collect()
}

/// Writes the folder, which must be empty or not exist yet.
///
/// # Errors
/// If the folder is not empty, or if it cannot be written.
pub fn write(lab: &Lab, folder: &Path) -> Outcome {
    let cannot = |error: std::io::Error| Fault::broken(format!("cannot write {}: {error}", folder.display()));
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Fault::refused(format!("{} is not empty: nothing was written", folder.display())));
    }
    for (file, text) in files(lab) {
        let path = folder.join(file);
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(cannot)?;
        fs::write(path, text).map_err(cannot)?;
    }
    Ok(())
}

fn text(file: &str, what: &str) -> String {
    let ending = Path::new(file).extension().and_then(|ending| ending.to_str());
    let comment = match ending {
        Some("json") => return "{}\n".into(),
        Some("js" | "ts" | "go" | "java") => "//",
        _ => "#",
    };
    let lines = what.lines().map(|line| format!("{comment} {line}\n"));
    let head = if ending == Some("sh") { "#!/bin/bash\n" } else { "" };
    format!("{head}{}", lines.collect::<String>())
}
