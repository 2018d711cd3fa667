//! `labproof check`: finds errors in labs without a cluster.

use clap::Args;

use super::{annotate, defaults, exit::Status};
use crate::{
    check::{self, pages},
    document::doubt::Doubt,
    escape,
    follow::{self, Page},
    loaded, progress,
    project::Project,
    verdict::Outcome,
};

/// What to check.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Lab names, feature files or folders of them [default: all labs]. Always checks all files of a lab. For
    /// a course document, such as page.md, prints what `verify` would run, and the mistakes that show without running it
    #[arg(value_name = "LAB")]
    labs: Vec<String>,
    /// Print which parts of the documents the labs cover; docs/coverage.md is generated with this
    #[arg(long, conflicts_with_all = ["labs", "errata"])]
    coverage: bool,
    /// Print the errors in the documents; docs/errata.md is generated with this
    #[arg(long, conflicts_with = "labs")]
    errata: bool,
}

impl Check {
    pub(super) fn run(self) -> Outcome<Status> {
        if self.labs.iter().any(|name| follow::is_document(name)) {
            return self.documents();
        }
        let project = Project::find_with(&self.labs)?;
        defaults::check_versions(&project)?;
        if self.coverage || self.errata {
            let page = if self.coverage { pages::coverage(&project)? } else { pages::errata(&project)? };
            progress::print(&page);
            return Ok(Status::Passed);
        }
        let labs = loaded::load(&project, &project.named(&self.labs)?);
        let checked = check::check(&project, &labs)?;
        // Who names labs wants to know which they are.
        for lab in labs.iter().filter(|_| !self.labs.is_empty()).filter_map(|loaded| loaded.lab.as_ref().ok()) {
            progress::print_line(&format!("{}{}", lab.name, escape::line(&lab.file.about())));
        }
        for problem in &checked.problems {
            progress::print(&(escape::text(&problem.to_string()) + "\n"));
        }
        annotate::problems(&project, &checked.problems);
        if checked.problems.is_empty() && checked.scenarios == 0 {
            progress::eprint_line(
                "error: no lab found\n  hint: write a lab: features/NAME/sheet.feature, and a folder scenarios/NAME for its files",
            );
            return Ok(Status::Nothing);
        }
        if checked.problems.is_empty() {
            progress::print(&format!(
                "{} in {}: no problems found\n",
                count(checked.scenarios, "scenario"),
                count(labs.len(), "lab")
            ));
            return Ok(Status::Passed);
        }
        progress::print(&format!("\n{} in {}\n", count(checked.problems.len(), "problem"), count(labs.len(), "lab")));
        Ok(Status::Failed)
    }

    /// Shows how labproof understands documents: what it would run, write and skip, and what is wrong as it stands.
    fn documents(&self) -> Outcome<Status> {
        let project = Project::find_or_here()?;
        let mut found = 0;
        for path in &self.labs {
            let page = Page::read(&project, path)?;
            progress::print(&format!("{}: {}\n{}", page.shown, page.summary(), escape::text(&page.story.listing())));
            let doubts: Vec<&Doubt> = page.story.acts.iter().flat_map(|act| &act.doubts).collect();
            annotate::doubts(&project, &page.shown, &doubts);
            found += doubts.len();
        }
        if found == 0 {
            return Ok(Status::Passed);
        }
        progress::print(&format!(
            "\n{} found without running {}\n",
            count(found, "mistake"),
            the_documents(&self.labs)
        ));
        Ok(Status::Failed)
    }
}

fn the_documents(documents: &[String]) -> &'static str {
    if documents.len() == 1 { "the document" } else { "the documents" }
}

/// A number with its noun.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
