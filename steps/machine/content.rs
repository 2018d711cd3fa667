//! Reserves an image name for one content. Runs that build the same image from the same files share its name. A run
//! that would build different content under that name waits until they have ended.
//!
//! The name is a file that contains a digest of the content. Each user of the name holds a shared lock on the file.
//! Writing another digest requires the exclusive lock.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use sha2::{Digest, Sha256};

use super::folders;
use crate::verdict::{Fault, Outcome};

/// How often to retry a name that is in use; the kernel does not notify when a lock becomes free.
const TRY_AGAIN: Duration = Duration::from_millis(100);

/// A name that is reserved for one content until this value is dropped.
#[derive(Debug)]
pub struct Name {
    _file: File,
}

impl Name {
    /// Reserves `name` for the content with this digest. Calls `waiting` once if it must wait for others.
    ///
    /// # Errors
    /// If the state folder cannot be used.
    pub async fn keep(name: &str, content: &str, waiting: impl FnOnce()) -> Outcome<Self> {
        let path = folders::state("claims")?.join(format!("image-{}", name.replace(['/', ':'], "_")));
        let mut waiting = Some(waiting);
        loop {
            match attempt(&path, content) {
                Ok(Reserved::Kept(file)) => return Ok(Self { _file: file }),
                Ok(Reserved::Written) => {}
                Ok(Reserved::InUse) => {
                    if let Some(waiting) = waiting.take() {
                        waiting();
                    }
                    tokio::time::sleep(TRY_AGAIN).await;
                }
                Err(error) => {
                    return Err(Fault::broken(format!(
                        "cannot lock {}, which reserves {name}: {error}",
                        path.display()
                    )));
                }
            }
        }
    }
}

/// The digest of all files of a folder, including their names.
///
/// # Errors
/// If a file cannot be read.
pub fn digest(folder: &Path) -> io::Result<String> {
    digest_of(&[folder])
}

/// The digest of these files, and of all files of these folders, including their names.
///
/// # Errors
/// If a file cannot be read.
pub fn digest_of(paths: &[&Path]) -> io::Result<String> {
    let mut hasher = Sha256::new();
    for path in paths {
        let files = if path.is_dir() { files(path)? } else { vec![(*path).to_owned()] };
        for file in files {
            let bytes = content_of(&file)?;
            hasher.update(format!("{}\n{}\n", file.strip_prefix(path).unwrap_or(&file).display(), bytes.len()));
            hasher.update(bytes);
        }
    }
    Ok(hex::encode(hasher.finalize()))
}

/// The content of a file; of a link to nothing, where it leads.
fn content_of(file: &Path) -> io::Result<Vec<u8>> {
    fs::read(file).or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(fs::read_link(file).map_err(|_| error)?.into_os_string().into_encoded_bytes()),
        _ => Err(error),
    })
}

/// The result of an attempt to reserve a name.
enum Reserved {
    /// The name is reserved for the content, with this lock.
    Kept(File),
    /// The digest has been written. The shared lock must still be taken and the digest read again, because a lock
    /// cannot be converted in one step.
    Written,
    /// The name is in use for another content.
    InUse,
}

fn attempt(path: &Path, content: &str) -> io::Result<Reserved> {
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    if locked(file.try_lock_shared())? && stands_for(&mut file, content)? {
        return Ok(Reserved::Kept(file));
    }
    if !locked(file.try_lock())? {
        return Ok(Reserved::InUse);
    }
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(content.as_bytes())?;
    Ok(Reserved::Written)
}

fn stands_for(file: &mut File, content: &str) -> io::Result<bool> {
    let mut written = String::new();
    file.rewind()?;
    file.read_to_string(&mut written)?;
    Ok(written == content)
}

fn locked(result: Result<(), TryLockError>) -> io::Result<bool> {
    match result {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// All files of a folder and its subfolders, sorted by name.
///
/// # Errors
/// If a folder cannot be read.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Retries until the name is reserved: a program that another test is starting shares all locks of this process for
    /// a moment.
    fn keep(path: &Path, content: &str) -> File {
        let deadline = std::time::Instant::now() + Duration::from_secs(10);
        loop {
            match attempt(path, content).unwrap() {
                Reserved::Kept(file) => return file,
                _ => assert!(std::time::Instant::now() < deadline, "the name is not free"),
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_link_to_nothing_counts_by_where_it_leads() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("a", &link).unwrap();
        let first = digest(folder.path()).unwrap();
        fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink("b", &link).unwrap();
        assert_ne!(digest(folder.path()).unwrap(), first);
    }

    #[test]
    fn the_same_content_is_shared() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("name");
        let _one = keep(&name, "a");
        keep(&name, "a");
    }

    #[test]
    fn another_content_waits_until_the_name_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("name");
        let one = keep(&name, "a");
        assert!((0..10).all(|_| matches!(attempt(&name, "b").unwrap(), Reserved::InUse)));
        drop(one);
        keep(&name, "b");
    }

    #[test]
    fn a_changed_file_is_another_content() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Dockerfile"), "FROM a").unwrap();
        let before = digest(folder.path()).unwrap();
        fs::write(folder.path().join("Dockerfile"), "FROM b").unwrap();
        assert_ne!(digest(folder.path()).unwrap(), before);
    }
}
