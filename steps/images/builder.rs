//! The builder for the images of submissions: `BuildKit` in labproof's own container if Docker's command line has
//! buildx, otherwise the engine's classic builder.
//!
//! Each submission gets a container of its own, so no learner can reach another's layers or cache mounts. The container
//! limits the memory, processors and processes of the whole build, and has no network unless the lab grants one. buildx
//! only connects to it: labproof creates the container itself, so it can find it again by its label.

mod bases;
mod own;

use std::time::Duration;

pub use bases::Bases;
pub use own::Own;

use super::{
    engine,
    pull::{Pulled, pull},
};
use crate::{progress::Progress, project::Project, submission::dockerfile::Builder, tool::Tool, verdict::Outcome};

/// The `BuildKit` image that its project publishes.
const PUBLISHED: &str = "moby/buildkit:v0.33.0";

/// The `BuildKit` image that labproof builds if no registry can be reached.
const OFFLINE: &str = "labproof/buildkit:v0.33.0";

/// Finds out which builder this machine offers for submissions.
///
/// # Errors
/// If Docker's command line cannot be run.
pub async fn available() -> Outcome<Builder> {
    let has_buildx = Tool::new("docker").args(["buildx", "version"]).finish().await?.status.success();
    Ok(if has_buildx { Builder::BuildKit } else { Builder::Classic })
}

/// Puts a `BuildKit` image into the engine if necessary, and returns its name.
///
/// # Errors
/// If there is no image and none can be built.
pub async fn image(project: &Project, progress: &Progress) -> Outcome<String> {
    if engine::image(PUBLISHED).await?.is_some() {
        return Ok(PUBLISHED.to_owned());
    }
    if engine::image(OFFLINE).await?.is_none() {
        progress.phase(&format!("pulling {PUBLISHED}"), None);
        if pull(&PUBLISHED.into()).await? == Pulled::Yes {
            return Ok(PUBLISHED.to_owned());
        }
        let usually = Some("6 minutes the first time");
        progress.phase("building BuildKit from Go modules, because no registry can be reached", usually);
    }
    Tool::new(project.resource("kind-config/offline/buildkit")?)
        .args([OFFLINE])
        .limit(Duration::from_hours(1))
        .follow(|line| progress.detail(line))
        .await?;
    Ok(OFFLINE.to_owned())
}
