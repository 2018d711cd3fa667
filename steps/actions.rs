//! The actions of sentences on the cluster, the engine and the terminal. Each is one small operation. It returns what
//! it saw, or a fault that explains itself.

pub mod access;
mod blame;
mod claims;
pub mod clusters;
pub mod commands;
pub mod connections;
pub mod container_ref;
pub mod containers;
pub mod diagnostics;
pub mod events;
pub mod logs;
pub mod namespaces;
pub mod nodes;
pub mod objects;
pub mod pods;
pub mod repeated;
pub mod runtime;
pub mod services;
pub mod sessions;
pub mod subject;
pub mod tasks;
pub mod workloads;
