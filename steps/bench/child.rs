//! Runs programs and takes their time.
//!
//! A program stays in the process group of the benchmarks, so that Ctrl-C reaches it too and it clears up itself.

use std::{
    ffi::OsStr,
    process::Stdio,
    time::{Duration, Instant},
};

use labproof::{
    cluster::Cluster,
    tool::tail,
    verdict::{Fault, Outcome},
};
use tokio::process::Command;

/// labproof, as a user runs it.
pub(crate) fn labproof() -> Command {
    Command::new(env!("CARGO_BIN_EXE_labproof"))
}

/// A program for which `kubectl` is the cluster's own and speaks to that cluster.
pub(crate) fn program(program: impl AsRef<OsStr>, cluster: &Cluster) -> Command {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    command.env("PATH", format!("{}:{path}", cluster.tools().display())).env("KUBECONFIG", cluster.kubeconfig());
    command
}

/// How long the program takes, from its start to its end, which must be a good one.
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

/// The command as it can be typed.
pub(crate) fn shown(command: &Command) -> String {
    let command = command.as_std();
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    shell_words::join(words.map(OsStr::to_string_lossy))
}
