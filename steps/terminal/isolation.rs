//! Finds out whether a terminal can have its own process namespace and, if not, why.
//!
//! Root gets namespaces for processes and mounts. An ordinary user gets them inside a user namespace, which many
//! machines forbid: Ubuntu since 23.10 with `AppArmor`, others with a limit of 0. Then the lab's commands see all
//! processes of the user. These processes still end with the scenario (see `keeper`), but a scenario whose commands
//! look for processes cannot run.

use std::{env, ffi::OsStr, fs};

use tokio::sync::OnceCell;

use crate::{
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// How a terminal's processes are isolated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isolation {
    /// In namespaces that root creates.
    AsRoot,
    /// In namespaces inside a user namespace.
    AsUser,
    /// Not at all.
    None,
}

/// The kernel's settings that forbid user namespaces: the file, the forbidding value, and root's command to allow them.
const WITHHELD: [(&str, &str, &str); 3] = [
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl -w kernel.unprivileged_userns_clone=1"),
    ("/proc/sys/user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces=10000"),
];

impl Isolation {
    /// What this machine allows; tested only once.
    pub async fn of_this_machine() -> Self {
        static CHOSEN: OnceCell<Isolation> = OnceCell::const_new();
        *CHOSEN.get_or_init(async || Self::first_that_works(&env::var_os("PATH").unwrap_or_default()).await).await
    }

    /// The first way that works with the programs on this PATH.
    async fn first_that_works(path: &OsStr) -> Self {
        for isolation in [Self::AsRoot, Self::AsUser] {
            let words = isolation.words();
            let attempt = Tool::new(&words[0]).args(&words[1..]).args(["true"]).env("PATH", path);
            if attempt.output().await.is_ok() {
                return isolation;
            }
        }
        Self::None
    }

    /// The command line before `bash` that creates the namespaces.
    pub(super) fn words(self) -> Vec<String> {
        let user: &[&str] = match self {
            Self::AsRoot => &[],
            Self::AsUser => &["--user", "--map-current-user"],
            Self::None => return Vec::new(),
        };
        let before = ["setpriv", "--pdeathsig", "KILL", "unshare"];
        let after = ["--pid", "--fork", "--mount-proc", "--kill-child"];
        before.iter().chain(user).chain(&after).map(|word| (*word).to_owned()).collect()
    }

    /// A note for the user if processes are not isolated.
    #[must_use]
    pub fn note(self) -> Option<String> {
        (self == Self::None).then(|| {
            format!("{MISSING}: a lab's commands see your other processes, and scenarios that must see only their own are skipped")
        })
    }

    /// What the user can do if processes are not isolated.
    #[must_use]
    pub fn remedy() -> String {
        let is = |file: &str, value: &str| fs::read_to_string(file).is_ok_and(|text| text.trim() == value);
        match WITHHELD.iter().find(|(file, value, _)| is(file, value)) {
            Some((_, _, command)) => format!("run labproof as root, or let root type `{command}`"),
            None => "run labproof as root, on a machine that allows it to create Linux namespaces".to_owned(),
        }
    }

    /// Checks that a scenario can run that must see only its own processes.
    ///
    /// # Errors
    /// If it cannot; it is then skipped.
    pub fn require(self) -> Outcome {
        if self == Self::None {
            return Err(Fault::skipped(format!("{MISSING}, and this scenario must see only its own processes"))
                .hint(Self::remedy()));
        }
        Ok(())
    }
}

const MISSING: &str = "this machine does not let labproof isolate a scenario's processes";

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::verdict::Verdict;

    #[tokio::test]
    async fn where_unshare_is_refused_nothing_is_isolated() {
        let folder = tempfile::tempdir().unwrap();
        let unshare = folder.path().join("unshare");
        fs::write(&unshare, "#!/bin/sh\necho 'unshare failed: Operation not permitted' >&2\nexit 1\n").unwrap();
        fs::set_permissions(&unshare, fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:{}", folder.path().display(), env::var("PATH").unwrap());
        assert_eq!(Isolation::first_that_works(path.as_ref()).await, Isolation::None);
    }

    #[test]
    fn only_what_needs_isolation_is_skipped_without_it() {
        assert_eq!(Isolation::AsRoot.require(), Ok(()));
        assert_eq!(Isolation::AsUser.require(), Ok(()));
        let fault = Isolation::None.require().unwrap_err();
        assert_eq!(fault.verdict, Verdict::Skipped);
        assert!(fault.reason.starts_with(MISSING), "{fault}");
        assert!(fault.hint.unwrap().contains("as root"));
    }

    #[test]
    fn only_missing_isolation_is_reported() {
        assert_eq!(Isolation::AsUser.note(), None);
        assert!(Isolation::None.note().unwrap().starts_with(MISSING));
    }
}
