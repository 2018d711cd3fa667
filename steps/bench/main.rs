//! Measures the times that users wait for: `just bench`, or `just bench load --runs 9`.
//!
//! Each figure is the median of several runs, and is compared with an alternative: the same without labproof, on the
//! same cluster, in alternation. The table goes to standard output, progress to standard error. Each figure has a file
//! of its own. The only judgement is whether a figure is within its budget.

mod arguments;
mod bench;
mod check;
mod child;
mod figure;
mod flow;
mod load;
mod row;
mod table;
mod up;
mod wait;

use std::process::ExitCode;

use labproof::internal::{cli::exit::Status, verdict::Outcome};

use arguments::{Arguments, Invocation};
use bench::Bench;
use figure::Figure;

fn main() -> ExitCode {
    match arguments::invocation() {
        Invocation::Measure(arguments) => measure(&arguments),
        Invocation::List => list(),
        Invocation::Nothing => ExitCode::SUCCESS,
    }
}

/// Prints the table of the selected figures.
fn measure(arguments: &Arguments) -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start: {error}");
            return Status::Broken.into();
        }
    };
    match runtime.block_on(table_of(arguments)) {
        Ok(table) => {
            print!("{table}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("error: {fault}");
            Status::of(fault.verdict).into()
        }
    }
}

/// Measures one figure after the other.
async fn table_of(arguments: &Arguments) -> Outcome<String> {
    let bench = Bench::begin(arguments.runs, &arguments.config)?;
    let mut rows = Vec::new();
    for figure in arguments.figures() {
        rows.extend(figure.measure(&bench).await?);
    }
    Ok(table::of(&rows, &bench.circumstances()))
}

/// Lists the figures as `cargo bench -- --list` expects it.
fn list() -> ExitCode {
    for figure in Figure::ALL {
        println!("{}: benchmark", figure.name());
    }
    ExitCode::SUCCESS
}
