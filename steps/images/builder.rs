//! What builds the images of submissions: `BuildKit` in a container of labproof's own where the command line has buildx,
//! else the engine's own classic builder.
//!
//! Each submission gets a container of its own, so that neither layers nor cache mounts reach another learner. The
//! container bounds memory, processors and processes of all that a build runs, and has no network unless the lab grants
//! one. buildx only speaks to it: it makes no container that labproof would not find again by its label.

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

/// The image of `BuildKit` that its makers publish.
const PUBLISHED: &str = "moby/buildkit:v0.33.0";

/// The image of `BuildKit` that is built where no registry is in reach.
const OFFLINE: &str = "labproof/buildkit:v0.33.0";

/// Which builder this machine has for submissions.
///
/// # Errors
/// Where Docker's command line cannot be run.
pub async fn available() -> Outcome<Builder> {
    let has_buildx = Tool::new("docker").args(["buildx", "version"]).finish().await?.status.success();
    Ok(if has_buildx { Builder::BuildKit } else { Builder::Classic })
}

/// The name of an image of `BuildKit`, which is in the engine when this returns.
///
/// # Errors
/// Where there is none and none can be made.
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
