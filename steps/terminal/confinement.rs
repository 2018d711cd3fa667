//! Lets the commands of a terminal write only in its own folder and in `/tmp`, and hides the user's credentials from them.
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
for labproof_place in HIDDEN; do
  [ ! -d "$labproof_place" ] || mount -t tmpfs -o ro,size=4k,mode=755 none "$labproof_place"
done
[ ! -w / ] && [ ! -w /etc ] && [ -w "$HOME" ]
"#;

/// Puts a socket in the place of another.
const REPLACE: &str = "[ ! -S ENGINE ] || mount --bind SOCKET ENGINE";

/// Folders with sockets that control every container of this machine.
const SOCKETS: [&str; 2] = ["/run/containerd", "/run/docker"];

/// The folders below the user's home with what lets somebody act as the user elsewhere.
const CREDENTIALS: [&str; 6] = [".kube", ".ssh", ".gnupg", ".aws", ".azure", ".config/gcloud"];

impl Terminal {
    /// Lets all later commands write only in `folder`, which contains the terminal's folders, and in `/tmp`, and see no
    /// credentials below `home`, the user's own home. Of the two sockets `engine`, they find the second in place of the
    /// first. Returns whether the machine allows it.
    ///
    /// # Errors
    /// If the shell ends.
    pub async fn confine(&mut self, folder: &Path, home: &Path, engine: Option<(&Path, &Path)>) -> Outcome<bool> {
        if self.keeper.is_some() {
            return Ok(false);
        }
        let folder = quoted(folder);
        let hidden = CREDENTIALS.map(|name| quoted(&home.join(name))).join(" ");
        let hidden = format!("{hidden} {}", SOCKETS.join(" "));
        let replace = engine
            .map(|(engine, socket)| REPLACE.replace("ENGINE", &quoted(engine)).replace("SOCKET", &quoted(socket)));
        for script in [Some(BIND), replace.as_deref(), Some(PROTECT)].into_iter().flatten() {
            if self.run(&script.replace("FOLDER", &folder).replace("HIDDEN", &hidden), LIMIT).await?.status != 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn quoted(path: &Path) -> String {
    shell_words::quote(&path.display().to_string()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{isolation::Isolation, tests::terminal};

    #[tokio::test]
    async fn a_confined_terminal_writes_only_in_its_folder_and_in_tmp() {
        let (folder, mut terminal) = terminal().await;
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(".kube")).unwrap();
        std::fs::write(home.path().join(".kube/config"), "secret").unwrap();
        std::fs::write(home.path().join("notes"), "known").unwrap();
        let (theirs, ours) = (folder.path().join("theirs"), folder.path().join("ours"));
        let _sockets = [&theirs, &ours].map(|path| std::os::unix::net::UnixListener::bind(path).unwrap());
        let is_root = Isolation::of_this_machine().await == Isolation::AsRoot;
        assert_eq!(terminal.confine(folder.path(), home.path(), Some((&theirs, &ours))).await, Ok(is_root));
        if !is_root {
            return;
        }
        for (path, status) in [("/var/tmp/by-a-document", 1), ("/etc/by-a-document", 1), ("file", 0), ("$(mktemp)", 0)]
        {
            let output = terminal.run(&format!("echo x > {path}"), LIMIT).await.unwrap();
            assert_eq!(output.status, status, "{path}: {}", output.stderr);
        }
        for (name, status) in [(".kube/config", 1), ("notes", 0)] {
            let output = terminal.run(&format!("cat {}", home.path().join(name).display()), LIMIT).await.unwrap();
            assert_eq!(output.status, status, "{name}: {}", output.stdout);
        }
        let is_replaced = format!("[ {} -ef {} ]", theirs.display(), ours.display());
        assert_eq!(terminal.run(&is_replaced, LIMIT).await.unwrap().status, 0);
        assert_eq!(std::fs::read_to_string(folder.path().join("home/file")).unwrap(), "x\n");
    }
}
