//! The images built from submissions: each has a name of its own, and is removed at the end of its run.

use std::time::{Duration, Instant};

use futures::future::try_join_all;

use super::{engine, load};
use crate::{
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// How long the engine may take to store the layer of one step.
const LONGEST_STEP: Duration = Duration::from_mins(5);

/// How often to look whether it has.
const LOOK: Duration = Duration::from_millis(500);

/// Removes from a node the images whose names have this prefix, and Kubernetes' names for the same content. Keeps
/// content that also has a lab's own name.
const REMOVE: &str = r#"ctr -n k8s.io images ls | awk -v prefix="$0" '
  NR > 1 { target[$1] = $3 }
  NR > 1 && index($1, prefix) == 1 { ours[$3] = 1; next }
  NR > 1 && $1 !~ /^sha256:/ && $1 !~ /(^|\/)import-[0-9-]+@/ { kept[$3] = 1 }
  END { for (name in target) if (index(name, prefix) == 1 || (ours[target[name]] && !kept[target[name]])) print name }' |
  xargs --no-run-if-empty ctr -n k8s.io images rm"#;

/// The prefix of the names of all images that a run builds from submissions. It names a registry on the node itself, so
/// no node asks another registry.
#[must_use]
pub fn prefix(run: &str) -> String {
    format!("localhost/submission-{run}-")
}

/// The prefix of the names of the images that a run builds from the submission with this number.
#[must_use]
pub fn name_prefix(run: &str, number: usize) -> String {
    format!("{}{number}", prefix(run))
}

/// Removes the images that a run built from submissions from the engine and from these nodes.
///
/// # Errors
/// If the engine or a node refuses.
pub async fn forget(run: &str, nodes: &[String]) -> Outcome {
    // An import that goes on may use layers that only these images keep on a node, or bring one of these images.
    let _turn = load::alone(nodes).await?;
    let prefix = prefix(run);
    let format = "{{.Repository}}:{{.Tag}}";
    let listed = Tool::new("docker").args(["images", "--format", format]).output().await?;
    let names: Vec<&str> = listed.lines().filter(|name| name.starts_with(&prefix)).collect();
    let remove =
        async |node: &String| Tool::new("docker").args(["exec", node, "sh", "-c", REMOVE, &prefix]).output().await;
    try_join_all(nodes.iter().map(remove)).await?;
    if !names.is_empty() {
        Tool::new("docker").args(["rmi", "--force"]).args(&names).output().await?;
    }
    forget_unfinished(run).await
}

/// Waits until the engine builds nothing for the run. It goes on with a step whose build was ended, and stores its layer,
/// however large that is; then it removes the step's container.
async fn until_built(run: &str) -> Outcome {
    let [of_run, of_build] = [format!("label={}={run}", engine::RUN), format!("label={}", engine::BUILD)];
    let list = ["ps", "--all", "--quiet", "--filter", &of_run, "--filter", &of_build];
    let until = Instant::now() + LONGEST_STEP;
    while !Tool::new("docker").args(list).output().await?.is_empty() {
        if Instant::now() > until {
            return Err(Fault::broken("the engine still builds a submission's image after labproof ended that build"));
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

/// Removes the layers of unfinished builds. labproof must have ended all builds of the run.
///
/// # Errors
/// If the engine refuses.
pub async fn forget_unfinished(run: &str) -> Outcome {
    until_built(run).await?;
    let label = format!("label={}={run}", engine::RUN);
    let filters = ["images", "--quiet", "--no-trunc", "--filter", "dangling=true", "--filter", &label];
    let ids = Tool::new("docker").args(filters).output().await?;
    if !ids.is_empty() {
        Tool::new("docker").args(["rmi"]).args(ids.lines()).output().await?;
    }
    Ok(())
}
