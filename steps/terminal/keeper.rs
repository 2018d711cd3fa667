//! Ends all processes that were started in a terminal without a process namespace.
//!
//! A process can leave its group, its session, its parents and its environment, as background servers do. But it
//! inherits its resource limits, and only root can raise them. Therefore the shell gets a unique number as its limit of
//! file locks, which Linux has ignored since 2.4. All descendants of the shell carry this number, the mark, in
//! `/proc/PID/limits`.
//!
//! The keeper is a small bash outside the shell. It waits on a pipe that closes when the terminal is dropped or
//! labproof dies, even by `kill -9`. Then it kills all processes with the mark until none is left. A container that a
//! command started is not a process of the terminal; labproof removes it elsewhere.

use std::{
    fs,
    hash::{BuildHasher, Hasher, RandomState},
    process::Stdio,
    time::Duration,
};

use tokio::process::{Child, ChildStdin, Command};

use crate::verdict::{Fault, Outcome};

/// The keeper's script; its arguments are the mark and its time limit in seconds. It ignores ended processes: they
/// carry the mark until their parent asks for their status, which never happens in some containers without an init.
const KEEP: &str = r#"
mark=$1 limit=$2
read -r
SECONDS=0
while ((SECONDS <= limit)); do
  running=()
  for limits in $(grep --no-messages --files-with-matches "^Max file locks  *$mark " /proc/[0-9]*/limits); do
    process=${limits%/limits}
    grep --no-messages --quiet '^State:.Z' "$process/status" || running+=("${process#/proc/}")
  done
  ((${#running[@]})) || exit 0
  kill -KILL "${running[@]}"
  sleep 0.02
done
exit 1
"#;

/// The keeper of one terminal.
#[derive(Debug)]
pub(super) struct Keeper {
    mark: u64,
    bash: Child,
    /// Closing this pipe starts the keeper's work.
    pipe: Option<ChildStdin>,
}

impl Keeper {
    /// Starts a keeper. It works at most about `limit` after its pipe is closed.
    ///
    /// # Errors
    /// If no bash can be started.
    pub(super) fn start(limit: Duration) -> Outcome<Self> {
        let mark = mark();
        let mut bash = Command::new("bash")
            .args(["--noprofile", "--norc", "-c", KEEP, "labproof-keeper"])
            .args([mark, limit.as_secs()].map(|number| number.to_string()))
            .current_dir("/")
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0) // Ctrl-C is for labproof alone.
            .spawn()
            .map_err(|error| Fault::broken(format!("cannot start bash: {error}")).hint("run `labproof setup`"))?;
        let pipe = bash.stdin.take();
        Ok(Self { mark, bash, pipe })
    }

    /// The command line before `bash` that gives it the mark.
    pub(super) fn words(&self) -> Vec<String> {
        vec!["prlimit".into(), format!("--locks={0}:{0}", self.mark)]
    }

    /// Makes the keeper end all processes with the mark.
    pub(super) fn let_go(&mut self) {
        self.pipe = None;
    }

    /// Waits until no process is left; returns whether that succeeded.
    pub(super) async fn ended(mut self) -> bool {
        self.let_go();
        self.bash.wait().await.is_ok_and(|status| status.success())
    }
}

/// A random number below this process's own limit, which no other process uses as its limit.
fn mark() -> u64 {
    let highest = fs::read_to_string("/proc/self/limits").ok().and_then(|limits| highest(&limits));
    let highest = highest.unwrap_or(u64::MAX / 4);
    let drawn = RandomState::new().build_hasher().finish();
    highest / 2 + drawn % (highest / 2).max(1)
}

/// The hard limit of file locks, if there is one.
fn highest(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max file locks"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_below_the_limit_that_labproof_was_given() {
        let limits = "Limit      Soft Limit  Hard Limit  Units\nMax file locks            700                  900                  locks     \n";
        assert_eq!(highest(limits), Some(900));
        assert_eq!(highest(&limits.replace("900", "unlimited")), None);
        assert!(mark() < u64::MAX / 4);
        assert_ne!(mark(), mark());
    }
}
