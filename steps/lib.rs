//! labproof proves that a hands-on Kubernetes lab works as it is written.
//!
//! A lab is described in Gherkin (`features/`). The steps drive a real kind cluster and judge what they see there.
//! The modules are declared in the order in which to read them; each uses only those below it.

pub mod cli;
pub mod run;
pub mod report;
pub mod check;
pub mod vocabulary;
pub mod actions;
pub mod scene;
pub mod conditions;
pub mod cluster;
pub mod images;
pub mod terminal;
pub mod sheet;
pub mod project;
pub mod machine;
pub mod tool;
pub mod progress;
pub mod verdict;
