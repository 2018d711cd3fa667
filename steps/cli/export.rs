//! `labproof export`: writes graded labs as tasks of another program.

use std::path::PathBuf;

use clap::Args;

use super::exit::Status;
use crate::{
    export::{
        self, TaskFormat,
        harbor::{Options, Task},
    },
    grade::{self, GradedLab},
    progress,
    project::Project,
    verdict::{Fault, Outcome},
};

/// Which labs, and where to write them.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The labs: names or feature files [default: all graded labs]
    #[arg(value_name = "LAB")]
    labs: Vec<String>,
    /// The folder for the tasks: one new folder in it for each lab
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// The program whose tasks to write
    #[arg(long, value_name = "FORMAT", default_value = "harbor")]
    format: TaskFormat,
    /// The organization in the tasks' names
    #[arg(long, value_name = "NAME", default_value = "labproof", value_parser = organization)]
    org: String,
    /// The image of the container in which an agent works
    #[arg(long, value_name = "IMAGE", default_value = "debian:bookworm-slim")]
    agent_image: String,
    /// The image with labproof, for the container that tests
    #[arg(long, value_name = "IMAGE", default_value = "labproof")]
    labproof_image: String,
}

impl Export {
    pub(super) fn run(self) -> Outcome<Status> {
        let project = Project::find_with(&self.labs)?;
        let labs = self.graded(&project)?;
        if labs.is_empty() {
            progress::eprint_line("no lab is graded: `labproof new NAME` writes a graded lab, which shows how");
            return Ok(Status::Nothing);
        }
        let folders: Vec<PathBuf> = labs.iter().map(|graded| self.to.join(&graded.lab.name)).collect();
        export::are_new(&folders)?;
        let TaskFormat::Harbor = self.format;
        let options =
            Options { organization: self.org, agent_image: self.agent_image, labproof_image: self.labproof_image };
        let tasks = labs.iter().map(|graded| Task::of(&project, graded, &options)).collect::<Outcome<Vec<_>>>()?;
        for (task, folder) in tasks.iter().zip(&folders) {
            task.write(folder)?;
            progress::print_line(&folder.display().to_string());
        }
        progress::eprint_line(&format!("next: harbor run -p {} -a oracle", folders[0].display()));
        Ok(Status::Passed)
    }

    /// The named labs, which must be graded; without names, all graded labs.
    fn graded(&self, project: &Project) -> Outcome<Vec<GradedLab>> {
        let mut names = self.labs.clone();
        if names.is_empty() {
            for features in project.labs()? {
                let lab = project.lab(&features)?;
                if lab.file.submission.is_some() && lab.has_grading() {
                    names.push(lab.name);
                }
            }
        }
        let mut labs = names.iter().map(|name| grade::gradable(project, name)).collect::<Outcome<Vec<_>>>()?;
        labs.sort_by(|one, other| one.lab.name.cmp(&other.lab.name));
        labs.dedup_by(|one, other| one.lab.name == other.lab.name);
        match labs.iter().find(|graded| graded.scenarios.is_empty()) {
            Some(graded) => Err(Fault::refused(format!(
                "the lab {} has no scenario with points: nothing was written",
                graded.lab.name
            ))
            .hint("give a scenario points, as in @points:2")),
            None => Ok(labs),
        }
    }
}

/// Letters, digits, `.`, `-` and `_`, as in the name of a task.
fn organization(text: &str) -> Result<String, String> {
    let is_good = |letter: char| letter.is_ascii_alphanumeric() || ['.', '-', '_'].contains(&letter);
    let begins_well = text.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    let message = || "expected letters, digits, and `.`, `-` or `_` after the first one".to_owned();
    (begins_well && text.chars().all(is_good) && !text.contains("..")).then(|| text.to_owned()).ok_or_else(message)
}
