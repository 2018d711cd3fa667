//! `labproof new`: writes a new lab.

use std::path::PathBuf;

use clap::Args;

use super::exit::Status;
use crate::{
    check, escape, progress,
    project::Project,
    template::{self, Ci},
    verdict::{Fault, Outcome},
};

/// What to write.
#[derive(Debug, Args)]
pub(super) struct New {
    /// The lab's name: lower-case letters, digits and hyphens
    #[arg(value_name = "NAME")]
    lab: String,
    /// Leave out grading: no points, no attempts
    #[arg(long)]
    sheet_only: bool,
    /// Begin from the manifests in this folder, without grading
    #[arg(long, value_name = "DIR", conflicts_with = "sheet_only")]
    from: Option<PathBuf>,
    /// Also write a workflow that runs the labs after each push
    #[arg(long, value_name = "SERVICE")]
    ci: Option<Ci>,
}

impl New {
    pub(super) fn run(self) -> Outcome<Status> {
        let project = Project::find_or_here()?;
        if !check::is_lab_name(&self.lab) {
            return Err(Fault::refused(format!("a lab cannot be called {}", self.lab))
                .hint("use lower-case letters, digits and hyphens, at most 40: namespaces begin with this name"));
        }
        if project.labs().is_ok_and(|labs| labs.iter().any(|labs| labs.lab == self.lab)) {
            return Err(Fault::refused(format!("the lab {} already exists", self.lab)).hint("choose another name"));
        }
        let (mut files, others) = match &self.from {
            Some(folder) => template::from_manifests(&self.lab, folder)?,
            None if self.sheet_only => (template::sheet_only(&self.lab), Vec::new()),
            None => (template::graded(&self.lab), Vec::new()),
        };
        files.extend(template::schemas());
        files.extend(self.ci.map(|ci| template::workflow(ci, project.has_own_program())));
        template::write(&project, &files)?;
        let written: String = files.keys().map(|path| format!("{}\n", project.file(path).display())).collect();
        progress::print(&escape::text(&written));
        if !others.is_empty() {
            progress::eprint_line(&format!("left out: {}", others.join(", ")));
        }
        let is_graded = self.from.is_none() && !self.sheet_only;
        let prove = if is_graded { format!(", then `labproof prove {}`", self.lab) } else { String::new() };
        progress::eprint_line(&format!("next: `labproof verify {}`{prove}", self.lab));
        Ok(Status::Passed)
    }
}
