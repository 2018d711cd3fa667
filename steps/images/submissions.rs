//! The images that are built from submissions: each has a name of its own, and none outlives its run.

use futures::future::try_join_all;

use crate::{tool::Tool, verdict::Outcome};

/// Removes the images on a node whose names begin so.
const REMOVE: &str = r#"ctr -n k8s.io images ls -q | grep "^$0" | xargs --no-run-if-empty ctr -n k8s.io images rm"#;

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
    let names = Tool::new("docker").args(["images", "--format", "{{.Repository}}:{{.Tag}}"]).output().await?;
    let ours: Vec<&str> = names.lines().filter(|name| name.starts_with(&prefix)).collect();
    if !ours.is_empty() {
        Tool::new("docker").args(["rmi", "--force"]).args(&ours).output().await?;
    }
    let on_node =
        async |node: &String| Tool::new("docker").args(["exec", node, "sh", "-c", REMOVE, &prefix]).output().await;
    try_join_all(nodes.iter().map(on_node)).await.map(|_| ())
}
