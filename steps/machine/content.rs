//! One content under one name: runs that build the same image from the same files share its name, a run that would
//! build something else under it waits until they have ended.
//!
//! The name is a file that holds a digest of the content. Whoever uses the name holds the file's lock, shared; whoever
//! writes another digest into it needs the lock alone.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use sha2::{Digest, Sha256};

use super::folders;
use crate::verdict::{Fault, Outcome};

/// How often a name that is in use is tried again: the kernel does not tell when a lock is free.
const TRY_AGAIN: Duration = Duration::from_millis(100);

/// A name that stands for one content, until this is dropped.
#[derive(Debug)]
pub struct Name {
    _file: File,
}

impl Name {
    /// Keeps `name` for the content with this digest. `waiting` is called once if others must end first.
    ///
    /// # Errors
    /// Where the state folder cannot be used.
    pub async fn keep(name: &str, content: &str, waiting: impl FnOnce()) -> Outcome<Self> {
        let path = folders::state("claims")?.join(format!("image-{}", name.replace(['/', ':'], "_")));
        let mut waiting = Some(waiting);
        loop {
            match attempt(&path, content) {
                Ok(Attempt::Kept(file)) => return Ok(Self { _file: file }),
                Ok(Attempt::Written) => {}
                Ok(Attempt::InUse) => {
                    if let Some(waiting) = waiting.take() {
                        waiting();
                    }
                    tokio::time::sleep(TRY_AGAIN).await;
                }
                Err(error) => return Err(Fault::broken(format!("cannot keep {name} by {}: {error}", path.display()))),
            }
        }
    }
}

/// A digest of all files of a folder, by their names and bytes.
///
/// # Errors
/// Where one cannot be read.
pub fn digest(folder: &Path) -> io::Result<String> {
    digest_of(&[folder])
}

/// A digest of these files, and of all files of these folders, by their names and bytes.
///
/// # Errors
/// Where one cannot be read.
pub fn digest_of(paths: &[&Path]) -> io::Result<String> {
    let mut hasher = Sha256::new();
    for path in paths {
        let files = if path.is_dir() { files(path)? } else { vec![(*path).to_owned()] };
        for file in files {
            let bytes = fs::read(&file)?;
            hasher.update(format!("{}\n{}\n", file.strip_prefix(path).unwrap_or(&file).display(), bytes.len()));
            hasher.update(bytes);
        }
    }
    Ok(hasher.finalize().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}

/// How a try to keep a name ended.
enum Attempt {
    /// The name stands for the content, and is kept by this lock.
    Kept(File),
    /// The name stands for the content from now on. The lock is still to be taken as one of several, and the content to
    /// be looked at again: a lock is not exchanged for another in one go.
    Written,
    /// Somebody uses the name for another content.
    InUse,
}

fn attempt(path: &Path, content: &str) -> io::Result<Attempt> {
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    if locked(file.try_lock_shared())? && stands_for(&mut file, content)? {
        return Ok(Attempt::Kept(file));
    }
    if !locked(file.try_lock())? {
        return Ok(Attempt::InUse);
    }
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(content.as_bytes())?;
    Ok(Attempt::Written)
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

/// All files of a folder and of the folders in it, in the order of their names.
///
/// # Errors
/// Where one cannot be read.
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

    /// Looks at the name until it can be had; a program that another test starts at this moment shares every lock with
    /// its parent until it has begun.
    fn keep(path: &Path, content: &str) -> File {
        let deadline = std::time::Instant::now() + Duration::from_secs(10);
        loop {
            match attempt(path, content).unwrap() {
                Attempt::Kept(file) => return file,
                _ => assert!(std::time::Instant::now() < deadline, "the name is not free"),
            }
            std::thread::yield_now();
        }
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
        assert!((0..10).all(|_| matches!(attempt(&name, "b").unwrap(), Attempt::InUse)));
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
