//! labproof proves that a hands-on Kubernetes lab works as written, and grades a learner's work on it.
//!
//! Labs are written in Gherkin (`features/`). Their steps use a real kind cluster and judge what they observe. The
//! modules are in the order in which to read them; `ARCHITECTURE.md` has the picture.

// The commands that a person types.
pub mod check;
pub mod cli;
pub mod course;
pub mod follow;
pub mod grade;
pub mod prove;
pub mod report;
pub mod run;
pub mod schema;
pub mod starter;
pub mod template;

// The sentences, their actions and their conditions.
pub mod actions;
pub mod conditions;
pub mod scene;
pub mod vocabulary;

// The files: sheets, labs, submissions.
pub mod document;
pub mod grading_tags;
pub mod loaded;
pub mod project;
pub mod sheet;
pub mod submission;
pub mod yaml;

// Everything outside the program: cluster, engine, machine.
pub mod cluster;
pub mod endpoint;
pub mod images;
pub mod machine;
pub mod terminal;
pub mod tool;

// Basics that all modules may use.
pub mod escape;
pub mod image_name;
pub mod progress;
pub mod verdict;

// Shared by tests.
#[cfg(test)]
mod testing;
