//! `labproof check`: what is wrong with labs without a cluster.

use std::path::PathBuf;

use clap::Args;

use super::exit::Status;
use crate::{
    check::{self, pages},
    escape, loaded,
    project::Project,
    verdict::{Fault, Outcome},
};

/// What to check.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Labs by name, feature files, or folders of them; all labs where none is given
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Print what of the documents is shown, which is how docs/coverage.md is made
    #[arg(long, conflicts_with_all = ["paths", "errata"])]
    coverage: bool,
    /// Print where the documents are wrong, which is how docs/errata.md is made
    #[arg(long, conflicts_with = "paths")]
    errata: bool,
}

impl Check {
    pub(super) fn run(self) -> Outcome<Status> {
        let project = Project::find()?;
        if self.coverage || self.errata {
            let page = if self.coverage { pages::coverage(&project)? } else { pages::errata(&project)? };
            anstream::print!("{page}");
            return Ok(Status::Passed);
        }
        let features = if self.paths.is_empty() { project.features()? } else { features(&project, &self.paths)? };
        let checked = check::check(&project, loaded::load(&project, &features))?;
        for problem in &checked.problems {
            anstream::println!("{}", escape::text(&problem.to_string()));
        }
        if checked.problems.is_empty() && checked.scenarios == 0 {
            anstream::eprintln!(
                "error: there is nothing to check\n  hint: write a lab: a file in features/ and a folder of its name in scenarios/"
            );
            return Ok(Status::Nothing);
        }
        if checked.problems.is_empty() {
            anstream::println!(
                "{} in {}: nothing is wrong as far as can be told without a cluster",
                count(checked.scenarios, "scenario"),
                count(features.len(), "feature")
            );
            return Ok(Status::Passed);
        }
        anstream::println!("\n{} in {}", count(checked.problems.len(), "problem"), count(features.len(), "feature"));
        Ok(Status::Failed)
    }
}

fn features(project: &Project, paths: &[PathBuf]) -> Outcome<Vec<PathBuf>> {
    let mut features = Vec::new();
    for path in paths {
        let of_lab = project.file("features").join(path).with_extension("feature");
        let path = if !path.exists() && of_lab.is_file() { &of_lab } else { path };
        let path =
            path.canonicalize().map_err(|error| Fault::refused(format!("cannot read {}: {error}", path.display())))?;
        if path.is_dir() {
            let entries =
                path.read_dir().map_err(|error| Fault::refused(format!("cannot read {}: {error}", path.display())))?;
            features.extend(
                entries
                    .flatten()
                    .map(|entry| entry.path())
                    .filter(|path| path.extension().is_some_and(|extension| extension == "feature")),
            );
        } else {
            features.push(path);
        }
    }
    features.sort();
    Ok(features)
}

/// A number with its noun.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
