//! Images: where each one comes from, how a lab's own images are built, and how images get onto the nodes.

pub mod build;
pub mod builder;
pub mod catalogue;
pub mod item;
pub mod needed;
pub mod node;
pub mod online;
mod pull;
pub mod registry;
mod stand_in;
pub mod submissions;

// Identifies an image in the engine and on a node.
pub mod handover;
pub mod id;
pub mod identity;
pub mod lacking;
pub mod load;
pub mod on_nodes;

pub mod archive;
pub mod disk;
pub mod engine;
mod oci;

use std::time::Duration;

/// How long the engine may take to export an image and all nodes to import it, together.
const LOAD_LIMIT: Duration = Duration::from_mins(4);
