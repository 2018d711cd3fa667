//! `labproof verify page.md --fix`: the safe corrections of documents, as a diff.

use std::{fs, path::Path};

use crate::{
    document::fix,
    follow::Page,
    progress,
    report::Report,
    verdict::{Fault, Outcome},
};

/// Checks before a long run that a file can be written in its folder.
pub(super) fn can_write(patch: &Path) -> Outcome {
    let folder = patch.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder.filter(|folder| !folder.is_dir()) {
        None => Ok(()),
        Some(folder) => Err(Fault::refused(format!("--fix: the folder {} does not exist", folder.display()))),
    }
}

/// Prints the safe corrections of the documents, or writes them to a file.
pub(super) fn write(patch: &Path, pages: &[Page], report: &Report) -> Outcome {
    let (mut difference, mut made) = (String::new(), 0);
    for page in pages {
        let of_page = report.scenarios.iter().filter(|entry| entry.feature == page.shown);
        let corrections = of_page.flat_map(|entry| &entry.steps).flat_map(|step| step.corrections.clone()).collect();
        let (after, corrected) = fix::corrected(&page.text, &corrections);
        difference += &fix::difference(&page.shown, &page.text, &after);
        made += corrected;
    }
    let is_printed = patch == Path::new("-");
    if is_printed {
        progress::print(&difference);
    } else {
        let failed = |error| Fault::broken(format!("cannot write {}: {error}", patch.display()));
        fs::write(patch, &difference).map_err(failed)?;
    }
    progress::eprint_line(&match made {
        0 => "no safe corrections".to_owned(),
        _ if is_printed => format!("safe corrections: {made}; `git apply` or `patch -p1` makes them"),
        _ => format!("safe corrections: {made}; `git apply {}` makes them", patch.display()),
    });
    Ok(())
}
