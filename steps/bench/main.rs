//! Measures what people wait for: `just bench`, or `just bench load --runs 9`.
//!
//! Each figure is the median of several runs and stands beside its alternative, which does the same without labproof on
//! the same cluster in the same minute: one run of this, one of that. The table goes to standard output, progress to
//! standard error. What is measured lives in one file for each figure; nothing is judged here but a budget.

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

use labproof::{cli::exit::Status, verdict::Outcome};

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

async fn table_of(arguments: &Arguments) -> Outcome<String> {
    let bench = Bench::begin(arguments.runs, &arguments.config)?;
    let mut rows = Vec::new();
    for figure in arguments.figures() {
        rows.extend(figure.measure(&bench).await?);
    }
    Ok(table::of(&rows, &bench.circumstances()))
}

fn list() -> ExitCode {
    for figure in Figure::ALL {
        println!("{}: benchmark", figure.name());
    }
    ExitCode::SUCCESS
}
