//! The offline registry: a container beside the nodes, from which they pull where no other registry is in reach.

use super::engine;
use crate::verdict::Outcome;

/// The container's name, which is the nodes' name for it as well.
const NAME: &str = "labproof-registry";

/// Removes the registry, if it is there; its images are pushed again when they are needed.
///
/// # Errors
/// Where the engine does not answer.
pub async fn remove() -> Outcome {
    match engine::container(NAME).await? {
        Some(container) => engine::remove(&container.id).await,
        None => Ok(()),
    }
}
