//! `labproof setup`: shows what this machine has and what is missing, and can install it.
//!
//! A missing part prevents labproof from working and decides the exit status. A note does not; it is only for the user.

mod engine;
mod finding;
mod machine;
mod programs;

use std::time::Duration;

use clap::Args;

use self::finding::{Finding, State};
use super::exit::Status;
use crate::{
    endpoint,
    images::node::{Choice, Table},
    machine::folders,
    progress::{self, Progress},
    project::Project,
    tool::Tool,
    verdict::Outcome,
};

/// Whether to install.
#[derive(Debug, Args)]
pub(super) struct Setup {
    /// Install what is missing (on Debian, as root)
    #[arg(long)]
    install: bool,
}

impl Setup {
    pub(super) async fn run(self, progress: &Progress) -> Outcome<Status> {
        let project = Project::find_or_here()?;
        let installed = if self.install { install(&project, progress).await } else { Ok(()) };
        progress.done();
        let findings = look(&project).await?;
        // With --install, print only what is still wrong.
        for finding in findings.iter().filter(|finding| !self.install || finding.state != State::Fine) {
            progress::print_line(&finding.to_string());
        }
        installed?;
        if !findings.iter().any(|finding| finding.state == State::Missing) {
            progress::print_line("nothing is missing: run `labproof verify`");
            return Ok(Status::Passed);
        }
        if !self.install {
            progress::print_line("hint: on Debian, as root, `labproof setup --install` installs all of it");
        }
        Ok(Status::Broken)
    }
}

async fn look(project: &Project) -> Outcome<Vec<Finding>> {
    let release = kind_release(project)?;
    let (engine, programs, machine) = tokio::join!(engine::look(), programs::look(&release), machine::look());
    Ok(engine.into_iter().chain(programs).chain(machine).collect())
}

/// The release of kind for which the project's node images are made.
fn kind_release(project: &Project) -> Outcome<String> {
    Ok(Table::read(project, &Choice::default())?.kind)
}

/// Installs what is missing, and keeps everything that exists already. Only root can start an engine or change the
/// kernel's settings for the nodes.
async fn install(project: &Project, progress: &Progress) -> Outcome {
    let is_root = folders::is_root();
    // An engine on another machine, or in another container, is not made by installing one here.
    let makes_engine = is_root && !endpoint::is_remote();
    let lacks_engine = makes_engine && !engine::answers().await;
    let lacks_kind = programs::lacks_kind(&kind_release(project)?).await;
    let groups = [("labs", true), ("engine", lacks_engine), ("kind", lacks_kind)];
    let groups: Vec<&str> = groups.iter().filter(|(_, is_wanted)| *is_wanted).map(|(group, _)| *group).collect();
    call(project, "packages", &groups, "checking for missing Debian packages", progress).await?;
    if makes_engine {
        call(project, "docker-engine", &["start"], "starting a Docker engine", progress).await?;
    }
    if lacks_kind {
        call(project, "kind", &[], "building kind", progress).await?;
    }
    Ok(())
}

async fn call(project: &Project, script: &str, words: &[&str], what: &str, progress: &Progress) -> Outcome {
    progress.phase(what, Some("less than a minute"));
    Tool::new(project.resource("kind-config/offline")?.join(script))
        .args(words)
        .limit(Duration::from_mins(30))
        .follow(|line| progress.detail(line))
        .await
}
