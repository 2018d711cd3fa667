//! The programs that labproof and the labs call.

use std::path::{Path, PathBuf};

use super::finding::Finding;
use crate::{cluster::kind_cli, tool::Tool};

/// The programs and their purposes. On Debian, `kind-config/offline/packages labs` installs them.
const PROGRAMS: [(&str, &str); 12] = [
    ("bash", "the labs' commands run in it"),
    ("unshare", "it keeps each scenario's processes to themselves"),
    ("setpriv", "it ends a scenario's processes with labproof"),
    ("prlimit", "it marks a scenario's processes, where it must"),
    ("script", "the labs' sessions run in it"),
    ("pgrep", "the labs find processes by their name with it"),
    ("lsof", "the labs find processes by their port with it"),
    ("curl", "the labs ask servers with it"),
    ("node", "the labs run Node.js applications"),
    ("npm", "the labs install and start Node.js applications"),
    ("awk", "the labs take output apart with it"),
    ("jq", "the labs take JSON apart with it"),
];

/// The oldest kind that can load images into the nodes of its newer images.
const OLDEST_KIND: (u32, u32) = (0, 32);

/// Checks the programs except Docker; one line if all exist.
pub(super) async fn look() -> Vec<Finding> {
    let mut found: Vec<Finding> = PROGRAMS
        .iter()
        .filter(|(program, _)| on_path(program).is_none())
        .map(|(program, why)| Finding::missing(format!("{program} ({why})")))
        .collect();
    if found.is_empty() {
        found.push(Finding::fine(format!("programs: {}", PROGRAMS.map(|(program, _)| program).join(", "))));
    }
    found.push(kind().await);
    found
}

async fn kind() -> Finding {
    if !has_kind() {
        return Finding::missing("kind (it makes the cluster)")
            .remedy("install kind 0.33, or run `labproof setup --install`, which builds it with Go");
    }
    kind_finding(Tool::new(kind_cli::program()).args(["version", "-q"]).output().await.ok().as_deref())
}

/// Whether kind is installed, in any version.
pub(super) fn has_kind() -> bool {
    kind_cli::program().is_file() || on_path("kind").is_some()
}

/// The path of a program.
pub(super) fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| is_program(file))
}

/// Whether a version is older than this one; false if it cannot be parsed.
pub(super) fn is_older(version: &str, oldest: (u32, u32)) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(|part| part.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(major), Some(minor)) => (major, minor) < oldest,
        _ => false,
    }
}

fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

fn kind_finding(version: Option<&str>) -> Finding {
    let Some(version) = version else {
        return Finding::missing("kind does not say its version")
            .remedy("try `kind version -q`, and install kind 0.33");
    };
    if is_older(version, OLDEST_KIND) {
        return Finding::note(format!(
            "kind {version} is old: it cannot load images into nodes of Kubernetes 1.36 and newer"
        ))
        .remedy("install kind 0.33");
    }
    Finding::fine(format!("kind {version}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::setup::finding::State;

    #[test]
    fn an_old_kind_is_noted() {
        let state = |version| kind_finding(version).state;
        assert_eq!(state(Some("0.33.0")), State::Fine);
        assert_eq!(state(Some("v0.32.0-alpha")), State::Fine);
        assert_eq!(state(Some("0.31.0")), State::Note);
        assert_eq!(state(None), State::Missing);
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(is_older("19.03.15", (20, 10)) && is_older("v0.9.0", (0, 32)));
        assert!(!is_older("20.10.24+dfsg1", (20, 10)) && !is_older("devel", (0, 32)));
    }

    #[test]
    fn a_program_is_a_file_that_can_be_run() {
        assert!(on_path("bash").is_some());
        assert!(!is_program(Path::new("/etc/passwd")) && !is_program(Path::new("/")));
    }
}
