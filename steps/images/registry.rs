//! The offline registry: a container in the nodes' network, from which they pull if no other registry can be reached.

use super::engine;
use crate::verdict::Outcome;

/// The names of two containers: the one that takes images, and the one that the nodes use, under this name.
const NAMES: [&str; 2] = ["labproof-registry-push", "labproof-registry"];

/// Removes the registry if it exists. Its images are pushed again when they are needed.
///
/// # Errors
/// If the engine does not answer.
pub async fn remove() -> Outcome {
    for name in NAMES {
        if let Some(container) = engine::container(name).await? {
            engine::remove(&container.id).await?;
        }
    }
    Ok(())
}
