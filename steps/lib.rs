//! labproof proves that a hands-on Kubernetes lab works as it is written.
//!
//! A lab is described in Gherkin (`features/`). The steps drive a real kind cluster and judge what they see there.
//! The modules are declared in the order in which to read them; each uses only those below it.

pub mod actions;
pub mod check;
pub mod cli;
pub mod cluster;
pub mod conditions;
pub mod grade;
pub mod images;
pub mod machine;
pub mod marks;
pub mod progress;
pub mod project;
pub mod prove;
pub mod report;
pub mod run;
pub mod scene;
pub mod sheet;
pub mod start;
pub mod submission;
pub mod terminal;
pub mod tool;
pub mod verdict;
pub mod vocabulary;
