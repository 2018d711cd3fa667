//! The `labproof` program: see `labproof --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    labproof::course::main(&[])
}
