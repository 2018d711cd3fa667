//! Finds programs that wait for input. The standard input of a command is a pipe to which nothing is written, because
//! nobody uses the keyboard. A program that reads from it waits, as in a terminal, and is found here.

use std::{collections::BTreeSet, fs, os::unix::fs::MetadataExt, path::Path, time::Duration};

use super::processes;

/// The pause between two looks at the processes; a process that begins to wait cannot be watched.
const LOOK: Duration = Duration::from_secs(1);

/// The numbers of the system calls that read from the file of their first argument: read, readv, splice and sendfile.
const READING: &[&str] = if cfg!(target_arch = "aarch64") { &["63", "65", "76"] } else { &["0", "19", "275"] };

/// A program that waits for input.
#[derive(Debug)]
pub(super) struct Waiting {
    /// Its name.
    pub name: String,
    /// Its process id.
    pub process: String,
}

/// Waits until this process or a descendant waits for input; it must be seen waiting twice in a row. Ignores programs
/// with a network connection: `kubectl exec -i` forwards input, but also ends without any.
pub(super) async fn awaited(outermost: &str, input: &Path) -> Waiting {
    let mut before = BTreeSet::new();
    loop {
        tokio::time::sleep(LOOK).await;
        let waiting: BTreeSet<String> =
            processes::from(outermost).into_iter().filter(|process| waits(process, input)).collect();
        if let Some(process) = waiting.intersection(&before).next() {
            return Waiting { name: name(process), process: process.clone() };
        }
        before = waiting;
    }
}

/// Whether bash reported on standard error that a here-document of this command file has no end.
pub(super) fn lacks_end_of_here_document(stderr: &str, file: &Path) -> bool {
    let of_the_file = |line: &&str| line.starts_with(&*file.to_string_lossy());
    stderr.lines().filter(of_the_file).any(|line| line.contains(": warning: here-document at line "))
}

fn waits(process: &str, input: &Path) -> bool {
    let inode = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    let standard_input = inode(Path::new(&format!("/proc/{process}/fd/0")));
    standard_input.is_some() && standard_input == inode(input) && reads(process) && !is_connected(process)
}

/// Whether a thread of the process is in a system call that reads standard input.
fn reads(process: &str) -> bool {
    let calls =
        processes::tasks(process).into_iter().filter_map(|task| fs::read_to_string(format!("{task}/syscall")).ok());
    calls.into_iter().any(|call| {
        let mut words = call.split_whitespace();
        words.next().is_some_and(|number| READING.contains(&number)) && words.next() == Some("0x0")
    })
}

fn is_connected(process: &str) -> bool {
    let open = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    open.filter_map(|file| fs::read_link(file.path()).ok()).any(|to| to.to_string_lossy().starts_with("socket:"))
}

fn name(process: &str) -> String {
    fs::read_to_string(format!("/proc/{process}/comm")).map(|name| name.trim().to_owned()).unwrap_or_default()
}
