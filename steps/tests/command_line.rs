//! The command line as a user sees it, without a cluster, a network or an engine.
//!
//! Golden files are in `steps/tests/golden/` and `docs/`. `SNAPSHOTS=overwrite cargo test --test command_line` accepts
//! the program's current output; read the difference before you commit it.

mod command_line {
    mod architecture;
    mod audiences;
    mod checking;
    mod clusters;
    mod course_documents;
    mod dependencies;
    mod documents;
    mod exporting;
    mod formats;
    mod github;
    mod gradable;
    mod grading_page;
    mod helping;
    mod known_findings;
    mod kubectl;
    mod listing;
    mod project;
    mod reporting;
    mod verifying;
}
