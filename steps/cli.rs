//! The command line: parse, act, report, exit.

mod annotate;
mod check;
mod clean;
mod cluster;
mod defaults;
mod draft;
pub mod exit;
mod export;
mod fix;
mod grade;
mod images;
mod log;
mod man;
mod new;
mod prove;
mod schema;
mod setup;
mod steps;
mod submission;
mod verify;
mod watch;

use std::{ffi::OsString, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand};

use crate::{
    endpoint, escape,
    progress::{self, Progress},
    run::{self, interrupt},
    verdict::{Fault, Outcome},
};
use exit::Status;

/// Tests that a hands-on Kubernetes lab works as written.
///
/// Labs are written in Gherkin in features/. Their steps run on a real kind cluster that labproof creates.
/// labproof changes only clusters that it created, or that `up --adopt` gave it. `grade --live` only reads a cluster.
#[derive(Debug, Parser)]
#[command(name = "labproof", version, max_term_width = 110, after_long_help = exit::help())]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List what this machine lacks, or install it
    Setup(setup::Setup),
    /// Create the cluster, unless it exists
    Up(cluster::Up),
    /// Remove the cluster; with the last one, also the offline registry
    Down(cluster::Down),
    /// List what labproof keeps on this machine for later runs, or remove it
    Clean(clean::Clean),
    /// Show the engine and the cluster
    Status(cluster::Status),
    /// Run labs on the cluster; create it first if it does not exist
    Verify(verify::Verify),
    /// Grade submissions to a lab
    Grade(grade::Grade),
    /// Test a lab's grading with sample submissions of known score
    Prove(prove::Prove),
    /// Write the folder that a learner starts from
    Submission(submission::Submission),
    /// Write graded labs as tasks of another program
    Export(export::Export),
    /// Write a new lab: its sheet, its grading and sample submissions
    New(new::New),
    /// Write a lab from a course document
    Draft(draft::Draft),
    /// Check labs for errors; needs no cluster
    Check(check::Check),
    /// List the images that labs need, which labs need each, and where it came from
    Images(images::Images),
    /// List the sentences that labs are written in
    Steps(steps::Steps),
    /// Print the JSON Schema of a file that authors write, for editors
    Schema(schema::Schema),
    /// Print a shell's completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one for each command
    Man(man::Man),
}

/// How a command uses the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    /// Not at all.
    Unused,
    /// It runs programs, which the first signal ends.
    Used,
    /// The same, but a signal makes it clean up first.
    UsedUntilClean,
}

impl Command {
    fn engine(&self) -> Engine {
        match self {
            Self::Setup(_) | Self::Down(_) | Self::Clean(_) | Self::Status(_) | Self::Images(_) => Engine::Used,
            Self::Up(_) | Self::Verify(_) | Self::Grade(_) | Self::Prove(_) => Engine::UsedUntilClean,
            Self::Submission(_)
            | Self::Export(_)
            | Self::New(_)
            | Self::Draft(_)
            | Self::Check(_)
            | Self::Steps(_)
            | Self::Schema(_)
            | Self::Completions { .. }
            | Self::Man(_) => Engine::Unused,
        }
    }

    /// Whether it works although the project's defaults are wrong: it cleans up, or explains.
    fn works_without_defaults(&self) -> bool {
        match self {
            Self::Setup(_)
            | Self::Down(_)
            | Self::Clean(_)
            | Self::Status(_)
            | Self::Steps(_)
            | Self::Schema(_)
            | Self::Completions { .. }
            | Self::Man(_) => true,
            Self::Up(_)
            | Self::Verify(_)
            | Self::Grade(_)
            | Self::Prove(_)
            | Self::Submission(_)
            | Self::Export(_)
            | Self::New(_)
            | Self::Draft(_)
            | Self::Check(_)
            | Self::Images(_) => false,
        }
    }
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let mut arguments = match read() {
        Ok(arguments) => Arguments::parse_from(arguments),
        Err(fault) => return print_error(&fault),
    };
    if arguments.command.engine() != Engine::Unused
        && let Err(fault) = endpoint::settle()
    {
        match &mut arguments.command {
            // It lists this beside everything else.
            Command::Setup(setup) => setup.unusable = Some(fault),
            _ => return print_error(&fault),
        }
    }
    let progress = Progress::new();
    let status = run::block_on(until_interrupted(arguments.command, &progress)).flatten();
    progress.done();
    status.map_or_else(|fault| print_error(&fault), ExitCode::from)
}

/// The arguments of the process, with the project's options.
fn read() -> Outcome<Vec<OsString>> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match Arguments::try_parse_from(&arguments) {
        Ok(typed) => defaults::add(arguments, &Arguments::command(), typed.command.works_without_defaults()),
        // A wrong command line is reported without the file, and so is the help.
        Err(_) => Ok(arguments),
    }
}

/// Carries out a command. The first signal ends one that runs programs and has no cleanup of its own.
async fn until_interrupted(command: Command, progress: &Progress) -> Outcome<Status> {
    let is_ended = command.engine() == Engine::Used;
    tokio::select! {
        status = carry_out(command, progress) => status,
        () = interrupt::first(), if is_ended => Ok(Status::Interrupted),
    }
}

async fn carry_out(command: Command, progress: &Progress) -> Outcome<Status> {
    match command {
        Command::Setup(setup) => setup.run(progress).await,
        Command::Up(up) => up.run(progress).await,
        Command::Down(down) => down.run(progress).await,
        Command::Clean(clean) => clean.run(progress).await,
        Command::Status(status) => status.run().await,
        Command::Verify(verify) if verify.watch => Box::pin(watch::run(verify, progress)).await,
        Command::Verify(verify) => verify.run(progress).await,
        Command::Grade(grade) => grade.run(progress).await,
        Command::Prove(prove) => prove.run(progress).await,
        Command::Submission(submission) => submission.run(),
        Command::Export(export) => export.run(),
        Command::New(new) => new.run(),
        Command::Draft(draft) => draft.run(),
        Command::Check(check) => check.run(),
        Command::Images(images) => images.run().await,
        Command::Steps(steps) => Ok(steps.run()),
        Command::Schema(schema) => Ok(schema.run()),
        Command::Man(man) => man.run(Arguments::command()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "labproof", &mut script);
            progress::print(&String::from_utf8_lossy(&script));
            Ok(Status::Passed)
        }
    }
}

fn print_error(fault: &Fault) -> ExitCode {
    progress::eprint_line(&shown(fault));
    annotate::fault(fault);
    Status::of(fault.verdict).into()
}

/// A fault as text for a terminal.
fn shown(fault: &Fault) -> String {
    format!("error: {}", escape::text(&fault.to_string()))
}
