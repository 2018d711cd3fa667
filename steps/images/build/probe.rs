//! Shows, before the first untrusted build of a run, that a builder keeps its limits: a build that must hit them.
//!
//! Some builders take the limits of a build and ignore them, and none says so.

use std::path::Path;

use crate::{
    submission::dockerfile::Builder,
    tool::{Finished, tail},
    verdict::{Fault, Outcome},
};

/// More memory than a build may have: `tail` keeps its input. Where it is killed, as it must be, the build goes on.
const MEMORY: &str = "head -c 1600000000 /dev/zero | tail > /dev/null; test $? -eq 137";

/// More processes than a build may have. Where the shell cannot fork, as it must not be able to, the build goes on.
const PROCESSES: &str = "! (i=0; while [ $i -lt 1000 ]; do sleep 9 & i=$((i+1)); done) 2> /dev/null";

/// No network but the loopback: the kernel's table of routes has nothing but its heading.
const NETWORK: &str = "test $(wc -l < /proc/net/route) -eq 1";

/// Writes the Dockerfile of a build that ends well only where the limits bind.
pub(super) fn write(builder: Builder, base: &str, folder: &Path) -> Outcome {
    let mut text = format!("FROM {base}\nRUN {MEMORY}\nRUN {NETWORK}\n");
    if builder == Builder::BuildKit {
        // The classic builder has no limit of processes but that of memory.
        text += &format!("RUN {PROCESSES}\n");
    }
    std::fs::write(folder.join("Dockerfile"), text)
        .map_err(|error| Fault::broken(format!("cannot write the probe of the builder: {error}")))
}

/// What the probe showed.
///
/// # Errors
/// `broken` where a limit does not bind: nothing untrusted is built then.
pub(super) fn judge(finished: &Finished) -> Outcome {
    if finished.status.success() {
        return Ok(());
    }
    Err(Fault::broken("the builder does not keep its limits: no submission is built")
        .hint("`labproof setup` says which builder this machine has")
        .seen("the probe's output ends", tail(&format!("{}\n{}", finished.stdout, finished.stderr), 10)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;
    use crate::verdict::Verdict;

    fn ended(status: i32) -> Finished {
        let status = std::process::ExitStatus::from_raw(status << 8);
        Finished { status, stdout: "#5 RUN".into(), stderr: "exit code: 1".into() }
    }

    #[test]
    fn a_limit_that_does_not_bind_is_broken_and_not_failed() {
        let fault = judge(&ended(1)).unwrap_err();
        assert_eq!(fault.verdict, Verdict::Broken);
        assert_eq!(fault.evidence[0].text, "#5 RUN\nexit code: 1");
        assert!(judge(&ended(0)).is_ok());
    }

    #[test]
    fn every_limit_that_a_builder_has_is_probed() {
        let folder = tempfile::tempdir().unwrap();
        let text = |builder| {
            write(builder, "busybox", folder.path()).unwrap();
            std::fs::read_to_string(folder.path().join("Dockerfile")).unwrap()
        };
        assert_eq!(text(Builder::BuildKit), format!("FROM busybox\nRUN {MEMORY}\nRUN {NETWORK}\nRUN {PROCESSES}\n"));
        assert_eq!(text(Builder::Classic), format!("FROM busybox\nRUN {MEMORY}\nRUN {NETWORK}\n"));
    }
}
