//! `labproof check`: what is wrong with labs without a cluster.

use clap::Args;

use super::exit::Status;
use crate::{
    check::{self, pages},
    escape, loaded, progress,
    project::Project,
    verdict::Outcome,
};

/// What to check.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Labs by name, feature files, or folders of them; all labs where none is given. A lab is checked with all its files
    #[arg(value_name = "LAB")]
    labs: Vec<String>,
    /// Print what of the documents is shown, which is how docs/coverage.md is made
    #[arg(long, conflicts_with_all = ["labs", "errata"])]
    coverage: bool,
    /// Print where the documents are wrong, which is how docs/errata.md is made
    #[arg(long, conflicts_with = "labs")]
    errata: bool,
}

impl Check {
    pub(super) fn run(self) -> Outcome<Status> {
        let project = Project::find_with(&self.labs)?;
        if self.coverage || self.errata {
            let page = if self.coverage { pages::coverage(&project)? } else { pages::errata(&project)? };
            progress::print(&page);
            return Ok(Status::Passed);
        }
        let labs = loaded::load(&project, &project.named(&self.labs)?);
        let checked = check::check(&project, &labs)?;
        for problem in &checked.problems {
            progress::print(&(escape::text(&problem.to_string()) + "\n"));
        }
        if checked.problems.is_empty() && checked.scenarios == 0 {
            anstream::eprintln!(
                "error: there is nothing to check\n  hint: write a lab: a folder with a sheet.feature in features/, and a folder of its name in scenarios/"
            );
            return Ok(Status::Nothing);
        }
        if checked.problems.is_empty() {
            progress::print(&format!(
                "{} in {}: nothing is wrong as far as can be told without a cluster\n",
                count(checked.scenarios, "scenario"),
                count(labs.len(), "lab")
            ));
            return Ok(Status::Passed);
        }
        progress::print(&format!("\n{} in {}\n", count(checked.problems.len(), "problem"), count(labs.len(), "lab")));
        Ok(Status::Failed)
    }
}

/// A number with its noun.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
