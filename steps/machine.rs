//! What labproof keeps on this machine: folders, claims on fixed names and ports, and the journal of a run.

pub mod claim;
pub mod content;
pub mod folders;
pub mod journal;
pub mod scratch;
