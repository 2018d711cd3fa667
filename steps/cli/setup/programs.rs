//! The programs that labproof and the labs call.

use std::path::{Path, PathBuf};

use super::finding::{SetupFinding, State};
use crate::{
    cluster::kind_cli::{
        self,
        release::{self, Suits},
    },
    tool::Tool,
};

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

/// Checks the programs except Docker; one line if all exist. `release` is that of kind for which the node images are made.
pub(super) async fn findings(release: &str) -> Vec<SetupFinding> {
    let mut found: Vec<SetupFinding> = PROGRAMS
        .iter()
        .filter(|(program, _)| on_path(program).is_none())
        .map(|(program, why)| SetupFinding::missing(format!("{program} ({why})")))
        .collect();
    if found.is_empty() {
        found.push(SetupFinding::fine(format!("programs: {}", PROGRAMS.map(|(program, _)| program).join(", "))));
    }
    found.push(kind(release).await);
    found
}

async fn kind(release: &str) -> SetupFinding {
    let program = kind_cli::program();
    if !program.is_file() && on_path("kind").is_none() {
        return SetupFinding::missing("kind (it makes the cluster)").remedy(install(release));
    }
    kind_finding(Tool::new(program).args(["version", "-q"]).output().await.ok().as_deref(), release)
}

/// Whether no kind is installed that can use the node images.
pub(super) async fn lacks_kind(release: &str) -> bool {
    kind(release).await.state == State::Missing
}

fn install(release: &str) -> String {
    format!("install kind {release}, or run `labproof setup --install`, which builds it with Go")
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

fn kind_finding(version: Option<&str>, release: &str) -> SetupFinding {
    let Some(version) = version else {
        return SetupFinding::missing("kind does not say its version").remedy(install(release));
    };
    match release::judge(version, release) {
        Suits::Well => SetupFinding::fine(format!("kind {version}")),
        Suits::Probably(note) => SetupFinding::note(note),
        Suits::Not(why) => SetupFinding::missing(why).remedy(install(release)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::setup::finding::State;

    #[test]
    fn a_kind_that_cannot_be_used_is_missing() {
        let state = |version| kind_finding(version, "v0.33.0").state;
        assert_eq!(state(Some("0.33.0")), State::Fine);
        assert_eq!(state(Some("v0.32.0-alpha")), State::Note);
        assert_eq!(state(Some("0.31.0")), State::Missing);
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
