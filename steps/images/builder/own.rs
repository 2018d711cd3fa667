//! A container with `BuildKit`, for the builds of one submission.

use std::path::{Path, PathBuf};

use crate::{
    images::engine,
    project::Network,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// The limits of the container, and therefore of everything that a build runs in it. They include what `BuildKit`
/// itself needs.
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

/// The limits of each process of a build, in addition to those of the container.
const LIMITS: [&str; 3] = ["--ulimit=fsize=536870912", "--ulimit=core=0", "--ulimit=nofile=4096"];

/// A running builder. It carries the run's label, so the end of the run removes it if nothing did before.
#[derive(Debug)]
pub struct Own {
    name: String,
    network: Network,
    settings: PathBuf,
}

impl Own {
    /// Starts a builder named `name` from an image of `BuildKit`. buildx stores its settings for this builder in
    /// `settings`.
    ///
    /// # Errors
    /// If the engine cannot start it.
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

    /// A build of a folder with this Dockerfile and these arguments for its bases; it writes the result, tagged `tag`, to `archive`.
    #[must_use]
    pub fn build(&self, tag: &str, dockerfile: &Path, folder: &Path, bases: &[String], archive: &Path) -> Tool {
        let network = match self.network {
            Network::None => "none",
            Network::Engine => "default",
        };
        let output = format!("type=docker,dest={}", archive.display());
        self.tool()
            .args(["buildx", "build", "--builder", &self.name, "--progress", "plain", "--network", network])
            .args(["--provenance", "false", "--tag", tag, "--output", &output])
            .args(LIMITS)
            .args(bases)
            .args(["--file".as_ref(), dockerfile.as_os_str(), folder.as_os_str()])
    }

    /// Removes the container with everything that was built in it.
    ///
    /// # Errors
    /// If the engine refuses.
    pub async fn remove(self) -> Outcome {
        engine::remove(&self.name).await.map_err(|fault| Fault {
            reason: format!("the builder {} cannot be removed: {}", self.name, fault.reason),
            ..fault
        })
    }

    /// Makes buildx store its settings in a folder of the run, so this builder does not appear among the user's.
    fn tool(&self) -> Tool {
        Tool::new("docker").env("BUILDX_CONFIG", &self.settings)
    }
}
