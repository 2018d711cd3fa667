//! labproof proves that a hands-on Kubernetes lab works as written, and grades a learner's work on it.
//!
//! Labs are written in Gherkin (`features/`). Their steps use a real kind cluster and judge what they observe. The
//! modules are in the order in which to read them; `ARCHITECTURE.md` has the picture.
//!
//! The public interface is [`course`]: sentences of one's own, and labs as tests. All other modules are the program's.

// The commands that a person types.
mod check;
mod cli;
pub mod course;
mod export;
mod follow;
mod grade;
mod prove;
mod report;
mod run;
mod schema;
mod starter;
mod template;
mod update;

// The sentences, their actions and their conditions.
mod actions;
mod conditions;
mod scene;
mod vocabulary;

// The files: sheets, labs, submissions.
mod document;
mod grading_tags;
mod loaded;
mod project;
mod sheet;
mod submission;
mod yaml;

// Everything outside the program: cluster, engine, machine.
mod cluster;
mod endpoint;
mod images;
mod machine;
mod terminal;
mod tool;

// Basics that all modules may use.
mod escape;
mod expression;
mod image_name;
mod kinds;
mod log;
mod once_each;
mod progress;
mod settings;
mod verdict;

// Shared by tests.
#[cfg(test)]
mod testing;

/// What labproof's own tests, benchmarks and fuzz targets use. It may change at any time.
#[doc(hidden)]
pub mod internal {
    macro_rules! publish {
        ($($module:ident)*) => { $(pub mod $module { pub use crate::$module::*; })* };
    }
    publish!(
        cli cluster conditions document escape image_name images loaded log machine progress project report run sheet
        submission terminal tool verdict vocabulary yaml
    );
}
