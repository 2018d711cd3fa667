//! The command line, as a user sees it: no cluster, no network, no engine.
//!
//! Golden files stand in `steps/tests/golden/` and `docs/`. `SNAPSHOTS=overwrite cargo test --test command_line`
//! accepts what the program says now; read the difference before you commit it.

mod command_line {
    mod architecture;
    mod audiences;
    mod checking;
    mod dependencies;
    mod documents;
    mod formats;
    mod gradable;
    mod grading_page;
    mod helping;
    mod kubectl;
    mod listing;
    mod project;
    mod reporting;
    mod verifying;
}
