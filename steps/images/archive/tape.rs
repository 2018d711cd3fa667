//! A tar file whose entries are found by their names and read in any order, several at the same time.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

use sha2::{Digest, Sha256};

/// A tar file.
#[derive(Debug)]
pub(super) struct Tape {
    file: File,
    parts: HashMap<String, Part>,
}

/// Where an entry begins, and its size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    at: u64,
    pub(super) size: u64,
}

impl Tape {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let mut parts = HashMap::new();
        for entry in tar::Archive::new(&file).entries_with_seek()? {
            let entry = entry?;
            let name = entry.path()?.to_string_lossy().into_owned();
            // Older engines write a layer that an image has twice once, and a link to it.
            let part = match entry.link_name()? {
                Some(link) => parts.get(&resolve(&name, &link.to_string_lossy())).copied().unwrap_or_default(),
                None => Part { at: entry.raw_file_position(), size: entry.size() },
            };
            parts.insert(name, part);
        }
        Ok(Self { file, parts })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(name)
    }

    pub(super) fn part(&self, name: &str) -> io::Result<Part> {
        self.parts.get(name).copied().ok_or_else(|| io::Error::other(format!("the export lacks {name}")))
    }

    pub(super) fn content(&self, name: &str) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read(&self.part(name)?)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    pub(super) fn read(&self, part: &Part) -> io::Result<impl Read + use<>> {
        Ok(Reader { file: self.file.try_clone()?, at: part.at, left: part.size })
    }
}

/// The name that a link means: relative to the folder of the linking file.
fn resolve(name: &str, link: &str) -> String {
    link.strip_prefix("../")
        .map_or_else(|| format!("{}/{link}", name.rsplit_once('/').map_or("", |(folder, _)| folder)), str::to_owned)
}

struct Reader {
    file: File,
    at: u64,
    left: u64,
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use std::os::unix::fs::FileExt;
        let size = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.file.read_at(&mut buffer[..size], self.at)?;
        self.at += read as u64;
        self.left -= read as u64;
        Ok(read)
    }
}

pub(super) fn append(layout: &mut tar::Builder<impl Write>, name: &str, bytes: &[u8]) -> io::Result<()> {
    layout.append_data(&mut header(bytes.len() as u64), name, bytes)
}

pub(super) fn header(size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o644);
    header
}

/// The name of the file that holds what has this digest.
pub(super) fn blob(digest: &str) -> String {
    digest.replacen("sha256:", "blobs/sha256/", 1)
}

pub(super) fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}
