//! The image of a kind cluster's nodes: one that is there, else a pulled one, else one built from packages.

use std::time::Duration;

use super::engine;
use crate::{progress::Progress, project::Project, tool::Tool, verdict::Outcome};

/// The node image that kind publishes for the Kubernetes version of the labs.
const PUBLISHED: &str = "kindest/node:v1.34.4";

/// The node image that is built where no registry is in reach.
pub const OFFLINE: &str = "labproof/node:v1.34.4";

/// The name of the node image to use; it is in the engine when this returns.
///
/// # Errors
/// Where there is none and none can be made.
pub async fn image(project: &Project, offline: bool, progress: &Progress) -> Outcome<String> {
    let built_before = engine::image(OFFLINE).await?.is_some();
    if !offline && !built_before && (engine::image(PUBLISHED).await?.is_some() || pulled(progress).await) {
        return Ok(PUBLISHED.to_owned());
    }
    if built_before {
        progress.stage("looking whether the node image is current", None);
    } else {
        let usually = Some("8 minutes the first time, 90 seconds later");
        progress.stage("building the node image from packages, since no registry is in reach", usually);
    }
    Tool::new(project.file("kind-config/offline/node-image"))
        .args([OFFLINE])
        .limit(Duration::from_hours(1))
        .follow(|line| progress.detail(line))
        .await?;
    Ok(OFFLINE.to_owned())
}

async fn pulled(progress: &Progress) -> bool {
    progress.stage(&format!("pulling {PUBLISHED}"), Some("1 minute, where a registry is in reach"));
    Tool::new("docker").args(["pull", "--quiet", PUBLISHED]).limit(Duration::from_mins(10)).output().await.is_ok()
}
