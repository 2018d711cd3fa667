//! What sentences do to the cluster, the engine and the terminal: one small operation each, which returns what it saw
//! or a fault that explains itself.

pub mod clusters;
pub mod commands;
pub mod containers;
pub mod events;
pub mod limits;
pub mod logs;
pub mod namespaces;
pub mod place;
pub mod pods;
pub mod services;
pub mod sessions;
pub mod tasks;
pub mod traces;
