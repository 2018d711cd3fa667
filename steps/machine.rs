//! What labproof stores on this machine: folders, claims on fixed names and ports, and the journals of runs.

pub mod claim;
pub mod content;
pub mod folders;
pub mod journal;
pub mod limits;
pub mod scratch;
