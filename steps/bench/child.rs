//! Runs programs and measures their time.
//!
//! A program stays in the process group of the benchmarks, so Ctrl-C reaches it too and it cleans up itself.

use std::{
    ffi::OsStr,
    process::Stdio,
    time::{Duration, Instant},
};

use labproof::internal::{
    cluster::Cluster,
    tool::tail,
    verdict::{Fault, Outcome},
};
use tokio::process::Command;

/// labproof, run as a user runs it.
pub(crate) fn labproof() -> Command {
    Command::new(env!("CARGO_BIN_EXE_labproof"))
}

/// A program whose `kubectl` is the cluster's version and uses that cluster.
pub(crate) fn program(program: impl AsRef<OsStr>, cluster: &Cluster) -> Command {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    command.env("PATH", format!("{}:{path}", cluster.tools().display())).env("KUBECONFIG", cluster.kubeconfig());
    command
}

/// Measures how long the program runs; it must succeed.
pub(crate) async fn time(command: &mut Command) -> Outcome<Duration> {
    let started = Instant::now();
    let output = command.stdin(Stdio::null()).output().await;
    let took = started.elapsed();
    let shown = shown(command);
    let output = output.map_err(|error| Fault::broken(format!("cannot run `{shown}`: {error}")))?;
    if output.status.success() {
        return Ok(took);
    }
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|bytes| tail(&String::from_utf8_lossy(bytes), 30));
    Err(Fault::broken(format!("`{shown}` ended with {}", output.status))
        .seen("standard output ends", stdout)
        .seen("standard error ends", stderr))
}

/// The command in a form that can be typed.
pub(crate) fn shown(command: &Command) -> String {
    let command = command.as_std();
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    shell_words::join(words.map(OsStr::to_string_lossy))
}
