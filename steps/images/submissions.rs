//! The images that are built from submissions: each has a name of its own, and none outlives its run.

use std::collections::BTreeSet;

use futures::future::try_join_all;

use super::engine;
use crate::{tool::Tool, verdict::Outcome};

/// Removes from a node the images whose names begin so, and those of the ids that follow.
const REMOVE: &str = r#"prefix=$0
{ ctr -n k8s.io images ls -q | grep "^$prefix"; ctr -n k8s.io images ls -q | grep -Fx "$(printf '%s\n' none "$@")"; } |
  xargs --no-run-if-empty ctr -n k8s.io images rm"#;

/// What the names of all images begin with that a run builds from submissions. The name of a registry on the node itself
/// keeps a node from asking any other.
#[must_use]
pub fn prefix(run: &str) -> String {
    format!("localhost/submission-{run}-")
}

/// Removes the images that a run built from submissions, from the engine and from these nodes.
///
/// # Errors
/// Where the engine or a node refuses.
pub async fn forget(run: &str, nodes: &[String]) -> Outcome {
    let prefix = prefix(run);
    let format = "{{.Repository}}:{{.Tag}} {{.ID}}";
    let listed = Tool::new("docker").args(["images", "--no-trunc", "--format", format]).output().await?;
    let images: Vec<(&str, &str)> = listed.lines().filter_map(|line| line.split_once(' ')).collect();
    let (ours, others): (Vec<_>, Vec<_>) = images.into_iter().partition(|(name, _)| name.starts_with(&prefix));
    let names: Vec<&str> = ours.iter().map(|(name, _)| *name).collect();
    // A node keeps an image by its id as well. One that is also a lab's own, with the same content, stays.
    let kept: BTreeSet<&str> = others.into_iter().map(|(_, id)| id).collect();
    let ids: BTreeSet<&str> = ours.iter().map(|(_, id)| *id).filter(|id| !kept.contains(id)).collect();
    let remove = async |node: &String| {
        let command = Tool::new("docker").args(["exec", node, "sh", "-c", REMOVE, &prefix]).args(&ids);
        command.output().await
    };
    try_join_all(nodes.iter().map(remove)).await?;
    if !names.is_empty() {
        Tool::new("docker").args(["rmi", "--force"]).args(&names).output().await?;
    }
    forget_unfinished(run).await
}

/// Removes the layers of builds that did not come to an end. No build of the run may be going on.
///
/// # Errors
/// Where the engine refuses.
pub async fn forget_unfinished(run: &str) -> Outcome {
    let label = format!("label={}={run}", engine::RUN);
    let filters = ["images", "--quiet", "--no-trunc", "--filter", "dangling=true", "--filter", &label];
    let ids = Tool::new("docker").args(filters).output().await?;
    if !ids.is_empty() {
        Tool::new("docker").args(["rmi"]).args(ids.lines()).output().await?;
    }
    Ok(())
}
