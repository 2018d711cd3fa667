//! `labproof setup`: what is missing on this machine, and installing it.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use super::exit::Status;
use crate::{cluster::kind, images::engine, progress::Progress, project::Project, tool::Tool, verdict::Outcome};

/// Whether to install.
#[derive(Debug, Args)]
pub(super) struct Setup {
    /// Install what is missing (on Debian, as root)
    #[arg(long)]
    install: bool,
}

/// The programs that labproof and the labs need.
const PROGRAMS: [(&str, &str); 8] = [
    ("docker", "the labs build and run containers"),
    ("bash", "the labs' commands run in it"),
    ("unshare", "each scenario's processes are kept to themselves"),
    ("setpriv", "a scenario's processes end with labproof"),
    ("npm", "the labs run Node.js applications"),
    ("curl", "the labs ask servers with it"),
    ("lsof", "the labs find processes by their port with it"),
    ("awk", "the labs take output apart with it"),
];

impl Setup {
    pub(super) async fn run(self, progress: &Progress) -> Outcome<Status> {
        let project = Project::find()?;
        if self.install {
            install(&project, progress).await?;
        }
        progress.done();
        let missing = missing().await;
        for line in &missing {
            anstream::println!("missing: {line}");
        }
        if missing.is_empty() {
            anstream::println!("nothing is missing: run `labproof verify`");
            return Ok(Status::Passed);
        }
        if !self.install {
            anstream::println!("hint: on Debian, as root, `labproof setup --install` installs all of it");
        }
        Ok(Status::Broken)
    }
}

async fn missing() -> Vec<String> {
    let mut missing: Vec<String> = PROGRAMS
        .iter()
        .filter(|(program, _)| on_path(program).is_none())
        .map(|(program, why)| format!("{program} ({why})"))
        .collect();
    if !kind::program().is_file() && on_path("kind").is_none() {
        missing.push("kind (it makes the cluster)".into());
    }
    if engine::version().await.is_err() {
        missing.push("a Docker engine that answers".into());
    }
    missing
}

async fn install(project: &Project, progress: &Progress) -> Outcome {
    for (script, words, what) in [
        ("packages", &[][..], "installing Debian packages"),
        ("docker-engine", &["start"][..], "starting a Docker engine"),
        ("kind", &[][..], "building kind"),
    ] {
        progress.stage(what, Some("less than a minute"));
        Tool::new(project.file("kind-config/offline").join(script))
            .args(words)
            .limit(Duration::from_mins(30))
            .follow(|line| progress.detail(line))
            .await?;
    }
    Ok(())
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
