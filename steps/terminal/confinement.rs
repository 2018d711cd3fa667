//! Lets the commands of a terminal write only in its own folder and in `/tmp`.
//!
//! It guards the machine against a document's mistakes, such as a redirection that is meant for a container. It is no
//! sandbox: root can undo it, and a Docker engine writes where it wants. It needs mount namespaces, which only root has.

use std::{path::Path, time::Duration};

use super::Terminal;
use crate::verdict::Outcome;

/// How long the mounts may take.
const LIMIT: Duration = Duration::from_secs(20);

/// Puts the writable folders on mounts of their own. The current folder is entered again, because a shell stays in the mount
/// in which it has entered a folder.
const BIND: &str = r#"[ "$(id -u)" = 0 ] && mount --make-rprivate / && mount --bind /tmp /tmp && mount --bind FOLDER FOLDER && cd "$PWD""#;

/// Makes every other mount of the shell's namespace read-only. It is a command of its own, because a mount on which a file
/// is open for writing stays writable: the records of this command are on the new mounts already.
const PROTECT: &str = r#"
while read -r _ _ _ _ labproof_place _; do
  labproof_place=$(printf '%b' "$labproof_place")
  case $labproof_place in /tmp | /tmp/* | FOLDER | FOLDER/* | /proc | /proc/* | /sys | /sys/* | /dev | /dev/*) continue ;; esac
  mount -o remount,bind,ro "$labproof_place" # the mount of a namespace has no such option
done < /proc/self/mountinfo
[ ! -w / ] && [ ! -w /etc ] && [ -w "$HOME" ]
"#;

impl Terminal {
    /// Lets all later commands write only in `folder`, which contains the terminal's folders, and in `/tmp`. Returns
    /// whether the machine allows it.
    ///
    /// # Errors
    /// If the shell ends.
    pub async fn confine(&mut self, folder: &Path) -> Outcome<bool> {
        if self.keeper.is_some() {
            return Ok(false);
        }
        let folder = shell_words::quote(&folder.display().to_string()).into_owned();
        for script in [BIND, PROTECT] {
            if self.run(&script.replace("FOLDER", &folder), LIMIT).await?.status != 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{isolation::Isolation, tests::terminal};

    #[tokio::test]
    async fn a_confined_terminal_writes_only_in_its_folder_and_in_tmp() {
        let (folder, mut terminal) = terminal().await;
        let is_root = Isolation::of_this_machine().await == Isolation::AsRoot;
        assert_eq!(terminal.confine(folder.path()).await, Ok(is_root));
        if !is_root {
            return;
        }
        for (path, status) in [("/var/tmp/by-a-document", 1), ("/etc/by-a-document", 1), ("file", 0), ("$(mktemp)", 0)]
        {
            let output = terminal.run(&format!("echo x > {path}"), LIMIT).await.unwrap();
            assert_eq!(output.status, status, "{path}: {}", output.stderr);
        }
        assert_eq!(std::fs::read_to_string(folder.path().join("home/file")).unwrap(), "x\n");
    }
}
