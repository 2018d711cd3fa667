//! Tests that a builder enforces its limits, before the first untrusted build of a run: builds an image that must
//! exceed each limit.
//!
//! Some builders accept limits and silently ignore them.

use std::path::Path;

use crate::{
    submission::dockerfile::Builder,
    tool::{Finished, tail},
    verdict::{Fault, Outcome},
};

/// Uses more memory than a build may: `tail` keeps its input in memory. It must be killed; then the build continues.
const MEMORY: &str = "head -c 1600000000 /dev/zero | tail > /dev/null; test $? -eq 137";

/// Starts more processes than a build may. The shell must fail to fork; then the build continues.
const PROCESSES: &str = "! (i=0; while [ $i -lt 1000 ]; do sleep 9 & i=$((i+1)); done) 2> /dev/null";

/// Writes beyond the largest size of a file: one byte, so no disk fills. `dd` can write to the file, and must fail there;
/// then the build continues.
const FILE_SIZE: &str = "{ cd /tmp 2> /dev/null || cd /; } && dd if=/dev/zero of=labproof-probe bs=1 count=1 2> /dev/null \
                         && ! dd if=/dev/zero of=labproof-probe bs=1 count=1 seek=536870912 2> /dev/null";

/// What the image of the probe must have. Its base may have it, but images without a shell have none of it.
pub(super) const PROGRAMS: &str = "command -v head tail wc sleep dd";

/// There is no network except the loopback: the kernel's table of routes contains only its heading.
const NETWORK: &str = "test $(wc -l < /proc/net/route) -eq 1";

/// Writes a Dockerfile whose build succeeds only if the limits are enforced.
pub(super) fn write(builder: Builder, base: &str, folder: &Path) -> Outcome {
    let mut text = format!("FROM {base}\nRUN {MEMORY}\nRUN {NETWORK}\nRUN {FILE_SIZE}\n");
    if builder == Builder::BuildKit {
        // The classic builder limits processes only through their memory.
        text += &format!("RUN {PROCESSES}\n");
    }
    std::fs::write(folder.join("Dockerfile"), text).map_err(|error| {
        Fault::broken(format!("cannot write the files of the build that tests the builder's limits: {error}"))
    })
}

/// Judges the result of the test build.
///
/// # Errors
/// `broken` if a limit is not enforced; then nothing untrusted is built.
pub(super) fn judge(builder: Builder, finished: &Finished) -> Outcome {
    if finished.status.success() {
        return Ok(());
    }
    Err(Fault::broken("the builder does not enforce its limits, so no submission is built")
        .hint(match builder {
            Builder::BuildKit => {
                "submissions are built by BuildKit in a container of labproof's own: does `docker info` warn of limits?"
            }
            Builder::Classic => {
                "submissions are built by the engine's classic builder: does `docker info` warn of limits?"
            }
        })
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
        let fault = judge(Builder::BuildKit, &ended(1)).unwrap_err();
        assert_eq!(fault.verdict, Verdict::Broken);
        assert_eq!(fault.evidence[0].text, "#5 RUN\nexit code: 1");
        assert!(fault.hint.unwrap().contains("BuildKit"));
        assert!(judge(Builder::Classic, &ended(1)).unwrap_err().hint.unwrap().contains("classic"));
        assert!(judge(Builder::Classic, &ended(0)).is_ok());
    }

    #[test]
    fn every_limit_that_a_builder_has_is_probed() {
        let folder = tempfile::tempdir().unwrap();
        let text = |builder| {
            write(builder, "busybox", folder.path()).unwrap();
            std::fs::read_to_string(folder.path().join("Dockerfile")).unwrap()
        };
        let both = format!("FROM busybox\nRUN {MEMORY}\nRUN {NETWORK}\nRUN {FILE_SIZE}\n");
        assert_eq!(text(Builder::BuildKit), format!("{both}RUN {PROCESSES}\n"));
        assert_eq!(text(Builder::Classic), both);
    }
}
