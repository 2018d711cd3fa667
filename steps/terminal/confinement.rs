//! Lets the commands of a terminal write only in its own folder and in `/tmp`.
//!
//! It guards the machine against a document's mistakes, such as a redirection that is meant for a container. It is no
//! sandbox: root can undo it, and a Docker engine writes where it wants. It needs mount namespaces, which only root has.

use std::{path::Path, time::Duration};

use super::Terminal;
use crate::verdict::Outcome;

/// How long the mounts may take.
const LIMIT: Duration = Duration::from_secs(20);

/// Makes every other file system read-only in the shell's own mount namespace. The current folder is entered again, because
/// a shell stays in the mount in which it has entered a folder.
const CONFINE: &str = r#"
labproof_confine() {
  [ "$(id -u)" = 0 ] || return 1
  mount --make-rprivate / && mount --bind /tmp /tmp && mount --bind "$1" "$1" || return 1
  local place
  while read -r _ _ _ _ place _; do
    place=$(printf '%b' "$place")
    case $place in /tmp | /tmp/* | "$1" | "$1"/* | /proc | /proc/* | /sys | /sys/* | /dev | /dev/*) continue ;; esac
    mount -o remount,bind,ro "$place" || return 1
  done < /proc/self/mountinfo
  cd "$PWD"
}
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
        let output = self.run(&format!("{CONFINE}labproof_confine {folder}"), LIMIT).await?;
        Ok(output.status == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::tests::terminal;

    #[tokio::test]
    async fn a_confined_terminal_writes_only_in_its_folder_and_in_tmp() {
        let (folder, mut terminal) = terminal().await;
        if !terminal.confine(folder.path()).await.unwrap() {
            return; // Only root has mount namespaces.
        }
        let elsewhere = concat!(env!("CARGO_MANIFEST_DIR"), "/target/written-by-a-document");
        for (path, status) in [(elsewhere, 1), ("/etc/written-by-a-document", 1), ("file", 0), ("$(mktemp)", 0)] {
            let output = terminal.run(&format!("echo x > {path}"), LIMIT).await.unwrap();
            assert_eq!(output.status, status, "{path}: {}", output.stderr);
        }
        assert_eq!(std::fs::read_to_string(folder.path().join("home/file")).unwrap(), "x\n");
    }
}
