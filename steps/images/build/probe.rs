//! Shows, before the first untrusted build of a run, that a builder keeps its limits: builds that must hit them.
//!
//! Some builders take the limits of a build and ignore them, and none says so.

use std::path::Path;

use crate::{
    tool::{Finished, tail},
    verdict::{Fault, Outcome},
};

/// More memory than a build may have: `tail` keeps its input. Where it is killed, as it must be, the build goes on.
const MEMORY: &str = "head -c 1600000000 /dev/zero | tail > /dev/null; test $? -eq 137";

/// More processes than a build may have. Where the shell cannot fork, as it must not be able to, the build goes on.
const PROCESSES: &str = "! (i=0; while [ $i -lt 1000 ]; do sleep 9 & i=$((i+1)); done) 2> /dev/null";

/// No network but the loopback: the kernel's table of routes has nothing but its heading.
const NETWORK: &str = "test $(wc -l < /proc/net/route) -eq 1";

/// A limit that a builder must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    Memory,
    Processes,
    Network,
}

impl Limit {
    fn command(self) -> &'static str {
        match self {
            Self::Memory => MEMORY,
            Self::Processes => PROCESSES,
            Self::Network => NETWORK,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Memory => "the limit of memory",
            Self::Processes => "the limit of processes",
            Self::Network => "that a build has no network",
        }
    }
}

/// Writes the Dockerfile of a build that ends well only where this limit binds.
pub(super) fn write(limit: Limit, base: &str, folder: &Path) -> Outcome {
    let text = format!("FROM {base}\nRUN {}\n", limit.command());
    std::fs::write(folder.join("Dockerfile"), text)
        .map_err(|error| Fault::broken(format!("cannot write the probe of the builder: {error}")))
}

/// What a probe showed.
///
/// # Errors
/// `broken` where the limit does not bind: nothing untrusted is built then.
pub(super) fn judge(limit: Limit, finished: &Finished) -> Outcome {
    if finished.status.success() {
        return Ok(());
    }
    Err(Fault::broken(format!("the builder does not keep {}: no submission is built", limit.name()))
        .hint("`labproof setup` says which builder this machine has")
        .seen("the probe's output ends", tail(&format!("{}\n{}", finished.stdout, finished.stderr), 10)))
}
