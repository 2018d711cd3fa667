//! Ends what was started in a terminal that has no process namespace, whatever became of it.
//!
//! A process can leave its group, its session, its parents and its environment, and a server that runs in the
//! background does. It cannot leave its resource limits: they are inherited, and nobody but root can raise them. So the
//! shell gets a number of its own as its limit of file locks, a limit that Linux has not obeyed since 2.4, and all that
//! comes of the shell bears this number in `/proc/PID/limits`.
//!
//! The keeper is a small bash beside the shell. It waits on a pipe that closes when the terminal is dropped or labproof
//! dies, even by `kill -9`, and then kills what bears the number until nothing is left. A container that a command
//! started is no process of the terminal, and is left to others.

use std::{
    fs,
    hash::{BuildHasher, Hasher, RandomState},
    process::Stdio,
    time::Duration,
};

use tokio::process::{Child, ChildStdin, Command};

use crate::verdict::{Fault, Outcome};

/// What the keeper runs, with the mark and the seconds that it may take. A process that has ended still bears the mark
/// until its parent asks for its status, which in a container without an init may be never.
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
    /// Closing it sets the keeper to work.
    pipe: Option<ChildStdin>,
}

impl Keeper {
    /// Starts a keeper that takes at most about `limit` when it is let go.
    ///
    /// # Errors
    /// Where no bash can be started.
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

    /// The words before `bash` that mark it.
    pub(super) fn words(&self) -> Vec<String> {
        vec!["prlimit".into(), format!("--locks={0}:{0}", self.mark)]
    }

    /// Has it end everything that bears the mark.
    pub(super) fn let_go(&mut self) {
        self.pipe = None;
    }

    /// Waits until nothing is left, and says whether that is so.
    pub(super) async fn ended(mut self) -> bool {
        self.let_go();
        self.bash.wait().await.is_ok_and(|status| status.success())
    }
}

/// A number that no other process bears: drawn at random below the limit that this process has itself.
fn mark() -> u64 {
    let highest = fs::read_to_string("/proc/self/limits").ok().and_then(|limits| highest(&limits));
    let highest = highest.unwrap_or(u64::MAX / 4);
    let drawn = RandomState::new().build_hasher().finish();
    highest / 2 + drawn % (highest / 2).max(1)
}

/// The hard limit of file locks, where there is one.
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
