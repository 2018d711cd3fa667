//! What sentences do to the cluster, the engine and the terminal: one small operation each, which returns what it saw
//! or a fault that explains itself.

pub mod commands;
pub mod containers;
pub mod pods;
