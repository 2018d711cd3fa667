//! A container with `BuildKit`, for the builds of one submission.

use std::path::{Path, PathBuf};

use super::Bases;
use crate::{
    images::engine,
    project::Network,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// The bounds of the container, and so of all that a build runs in it. What `BuildKit` itself needs is within them.
const BOUNDS: [&str; 8] = [
    "--privileged", // BuildKit makes the containers of RUN itself
    "--memory=1g",
    "--memory-swap=1g",
    "--cpu-period=100000",
    "--cpu-quota=150000",
    "--pids-limit=512",
    "--restart=no",
    "--detach",
];

/// What a single process of a build may do, over and above the bounds of the container.
const LIMITS: [&str; 3] = ["--ulimit=fsize=536870912", "--ulimit=core=0", "--ulimit=nofile=4096"];

/// A builder that runs. It bears the run's label, and is removed with the run at the latest.
#[derive(Debug)]
pub struct Own {
    name: String,
    network: Network,
    settings: PathBuf,
}

impl Own {
    /// Starts a builder called `name`, from an image of `BuildKit`; buildx keeps what it knows of it in `settings`.
    ///
    /// # Errors
    /// Where the engine does not start it.
    pub async fn start(name: String, image: &str, run: &str, network: Network, settings: &Path) -> Outcome<Self> {
        let label = format!("{}={run}", engine::RUN);
        let reaches = match network {
            Network::None => "none",
            Network::Engine => "bridge",
        };
        let container = Tool::new("docker")
            .args(["run", "--name", &name, "--label", &label, "--network", reaches])
            .args(BOUNDS)
            .args([image]);
        container.output().await.map_err(|fault| fault.hint("does this engine allow privileged containers?"))?;
        let own = Self { name, network, settings: settings.to_owned() };
        let endpoint = format!("docker-container://{}", own.name);
        let words = ["buildx", "create", "--name", &own.name, "--driver", "remote", "--bootstrap", &endpoint];
        match own.tool().args(words).output().await {
            Ok(_) => Ok(own),
            Err(fault) => {
                own.remove().await?;
                Err(fault)
            }
        }
    }

    /// A build of a folder with this Dockerfile on these bases, whose result is written to `archive` under `tag`.
    #[must_use]
    pub fn build(&self, tag: &str, dockerfile: &Path, folder: &Path, bases: &Bases, archive: &Path) -> Tool {
        let network = match self.network {
            Network::None => "none",
            Network::Engine => "default",
        };
        let output = format!("type=docker,dest={}", archive.display());
        self.tool()
            .args(["buildx", "build", "--builder", &self.name, "--progress", "plain", "--network", network])
            .args(["--provenance", "false", "--tag", tag, "--output", &output])
            .args(LIMITS)
            .args(bases.arguments())
            .args(["--file".as_ref(), dockerfile.as_os_str(), folder.as_os_str()])
    }

    /// Removes the container, with all that was built in it.
    ///
    /// # Errors
    /// Where the engine refuses.
    pub async fn remove(self) -> Outcome {
        engine::remove(&self.name).await.map_err(|fault| Fault {
            reason: format!("the builder {} cannot be removed: {}", self.name, fault.reason),
            ..fault
        })
    }

    /// What buildx knows of a builder is kept in a folder of the run, and not among the user's builders.
    fn tool(&self) -> Tool {
        Tool::new("docker").env("BUILDX_CONFIG", &self.settings)
    }
}
