//! The offline registry: a container beside the nodes, from which they pull where no other registry is in reach.

use super::engine;
use crate::verdict::Outcome;

/// The container's name, which is the nodes' name for it as well, and that of the one which takes images meanwhile.
const NAMES: [&str; 2] = ["labproof-registry-push", "labproof-registry"];

/// Removes the registry, if it is there; its images are pushed again when they are needed.
///
/// # Errors
/// Where the engine does not answer.
pub async fn remove() -> Outcome {
    for name in NAMES {
        if let Some(container) = engine::container(name).await? {
            engine::remove(&container.id).await?;
        }
    }
    Ok(())
}
