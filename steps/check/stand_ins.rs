//! Finds the stand-ins of a course's `kind-config/images.yaml` that cannot be built.

use std::os::unix::fs::PermissionsExt;

use super::{Problem, problem};
use crate::{
    images::catalogue::{Catalogue, LIST},
    project::Project,
    settings,
    verdict::Outcome,
};

/// Each stand-in is a folder with an executable `build`.
pub(super) fn check(project: &Project) -> Outcome<Vec<Problem>> {
    let text = settings::text(&project.file(LIST)).unwrap_or_default();
    let mut problems = Vec::new();
    for folder in Catalogue::read(project)?.items().filter_map(|item| item.stand_in.as_ref()) {
        // labproof's own list is right.
        let Some(line) = text.lines().position(|line| line.contains(folder.as_str())) else { continue };
        let build = project.resource(folder)?.join("build");
        let wrong = match build.metadata() {
            Err(_) => Some((format!("{folder} has no file `build`"), "write the script that makes the stand-in")),
            Ok(file) if file.permissions().mode() & 0o111 == 0 => {
                Some((format!("{folder}/build is not executable"), "run `chmod +x` on it"))
            }
            Ok(_) => None,
        };
        problems.extend(wrong.map(|(why, hint)| problem(LIST.to_owned(), line + 1, why, Some(hint.to_owned()))));
    }
    Ok(problems)
}
