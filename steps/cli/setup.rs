//! `labproof setup`: shows what this machine has and what is missing, and can install it.
//!
//! A missing part prevents labproof from working and decides the exit status. A note does not; it is only for the user.

mod engine;
mod finding;
mod machine;
mod programs;

use std::time::Duration;

use clap::Args;

use self::finding::{SetupFinding, State};
use super::exit::Status;
use crate::{
    endpoint,
    images::node::{NodeChoice, NodeTable},
    machine::folders,
    progress::{self, Progress},
    project::Project,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// Whether to install.
#[derive(Debug, Args)]
pub(super) struct Setup {
    /// Install what is missing (on Debian, as root)
    #[arg(long)]
    install: bool,
    /// Why the engine that a context or `DOCKER_HOST` names cannot be used
    #[arg(skip)]
    pub(super) unusable: Option<Fault>,
}

/// What there is to know about this machine.
pub(super) struct Findings {
    /// Which engine there is, and how it stores and builds images.
    engine: Vec<SetupFinding>,
    /// Everything else.
    rest: Vec<SetupFinding>,
}

impl Findings {
    /// All of them.
    fn all(&self) -> impl Iterator<Item = &SetupFinding> {
        self.engine.iter().chain(&self.rest)
    }

    /// The lines about the engine, and about everything that is not as it should be.
    pub(super) fn brief(&self) -> impl Iterator<Item = String> {
        let notable = self.rest.iter().filter(|finding| finding.state != State::Fine);
        self.engine.iter().chain(notable).map(SetupFinding::to_string)
    }
}

impl Setup {
    pub(super) async fn run(self, progress: &Progress) -> Outcome<Status> {
        let project = Project::find_or_here()?;
        let installed = if self.install { self.install(&project, progress).await } else { Ok(()) };
        progress.done();
        let findings = findings(&project, self.unusable.as_ref()).await?;
        // With --install, print only what is still wrong.
        for finding in findings.all().filter(|finding| !self.install || finding.state != State::Fine) {
            progress::print_line(&finding.to_string());
        }
        installed?;
        if !findings.all().any(|finding| finding.state == State::Missing) {
            progress::print_line("nothing is missing: run `labproof verify`");
            return Ok(Status::Passed);
        }
        if !self.install {
            progress::print_line("hint: on Debian, as root, `labproof setup --install` installs all of it");
        }
        Ok(Status::Broken)
    }

    /// Installs what is missing, and keeps everything that exists already. Only root can start an engine or change the
    /// kernel's settings for the nodes.
    async fn install(&self, project: &Project, progress: &Progress) -> Outcome {
        // An engine on another machine, or in another container, is not made by installing one here.
        let makes_engine = folders::is_root() && !endpoint::is_remote() && self.unusable.is_none();
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
}

/// Looks at the whole machine. An engine that cannot be used is not asked.
pub(super) async fn findings(project: &Project, unusable: Option<&Fault>) -> Outcome<Findings> {
    let release = kind_release(project)?;
    let engine = async {
        match unusable {
            Some(fault) => (vec![SetupFinding::of(fault)], Vec::new()),
            None => engine::findings().await,
        }
    };
    let ((engine, about_it), programs, machine) =
        tokio::join!(engine, programs::findings(&release), machine::findings());
    Ok(Findings { engine, rest: about_it.into_iter().chain(programs).chain(machine).collect() })
}

/// The release of kind for which the project's node images are made.
fn kind_release(project: &Project) -> Outcome<String> {
    Ok(NodeTable::read(project, &NodeChoice::default())?.kind)
}

async fn call(project: &Project, script: &str, words: &[&str], what: &str, progress: &Progress) -> Outcome {
    progress.phase(what, Some("less than a minute"));
    Tool::new(project.resource("kind-config/offline")?.join(script))
        .args(words)
        .limit(Duration::from_mins(30))
        .follow(|line| progress.detail(line))
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_shows_the_engine_and_what_is_not_fine() {
        let engine = vec![SetupFinding::fine("Docker engine 29"), SetupFinding::fine("images are built by buildx")];
        let rest = vec![
            SetupFinding::fine("8 GiB of memory"),
            SetupFinding::note("1 GiB of disk"),
            SetupFinding::missing("kind"),
        ];
        let lines: Vec<String> = Findings { engine, rest }.brief().collect();
        let expected = [
            "ok       Docker engine 29",
            "ok       images are built by buildx",
            "note     1 GiB of disk",
            "missing  kind",
        ];
        assert_eq!(lines, expected);
    }
}
