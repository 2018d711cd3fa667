//! labproof proves that a hands-on Kubernetes lab works as it is written, and tells what a learner's work on it earns.
//!
//! A lab is described in Gherkin (`features/`). The steps drive a real kind cluster and judge what they see there.
//! The groups of modules stand in the order in which to read them; `ARCHITECTURE.md` has the picture.

// What a person types, and what comes of it.
pub mod check;
pub mod cli;
pub mod grade;
pub mod prove;
pub mod report;
pub mod run;
pub mod starter;

// The sentences, what they do, and how they judge.
pub mod actions;
pub mod conditions;
pub mod scene;
pub mod vocabulary;

// What is written down: sheets, labs, a learner's files.
pub mod grading_tags;
pub mod loaded;
pub mod project;
pub mod sheet;
pub mod submission;
pub mod yaml;

// The outside world.
pub mod cluster;
pub mod endpoint;
pub mod images;
pub mod machine;
pub mod terminal;
pub mod tool;

// What everything may need.
pub mod escape;
pub mod image_name;
pub mod progress;
pub mod verdict;

// What tests share.
#[cfg(test)]
mod testing;
