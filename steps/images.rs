//! Images: where each comes from, how a course's own is built, and how it gets onto the nodes.

pub mod build;
pub mod catalogue;
pub mod disk;
pub mod engine;
pub mod load;
pub mod needed;
pub mod node;
pub mod registry;
pub mod submissions;
