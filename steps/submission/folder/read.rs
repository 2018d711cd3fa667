//! Reads one file of a submission without following links and without waiting for a pipe.

use std::{
    fs::{self, File, Metadata},
    io::{self, ErrorKind, Read},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use crate::{
    submission::{is_manifest, rule::Rule},
    yaml,
};

/// The maximum size of a file, in bytes.
const LARGEST: u64 = 256 * 1024;

/// Why a file is refused: the rule, and what to do instead.
pub(super) type Unfit = (Rule, String);

/// The entry at a relative path in `folder`, if it exists. Each component is checked before the next one is accessed.
pub(super) fn metadata_of(folder: &Path, path: &str) -> Result<Option<(PathBuf, Metadata)>, Unfit> {
    let mut place = folder.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        place.push(part);
        let seen = match fs::symlink_metadata(&place) {
            Ok(seen) => seen,
            Err(error) => return not_seen(&error),
        };
        let last = parts.peek().is_none();
        if seen.is_symlink() {
            let what = if last { "it is a symbolic link" } else { "a folder on the way to it is a symbolic link" };
            return Err((Rule::NoLinks, format!("{what}: hand in the files themselves")));
        }
        if last {
            return Ok(Some((place, seen)));
        }
        if !seen.is_dir() {
            return Ok(None);
        }
    }
    Ok(None)
}

fn not_seen<T>(error: &io::Error) -> Result<Option<T>, Unfit> {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(None),
        _ => Err(unreadable()),
    }
}

fn unreadable() -> Unfit {
    (Rule::Unreadable, "it cannot be read: give everyone the right to read it (chmod a+r)".into())
}

/// Reads the text file at a relative path in `folder`, if it exists. Converts a manifest in UTF-16 to UTF-8.
///
/// Only a regular file is opened, because opening a pipe would wait for a writer. After opening, it is checked again,
/// because a link could have replaced the file.
pub(super) fn read(folder: &Path, path: &str) -> Result<Option<Vec<u8>>, Unfit> {
    let Some((place, seen)) = metadata_of(folder, path)? else { return Ok(None) };
    if seen.is_dir() {
        return Err((Rule::NoFolders, "it is a folder: hand in a file of this name".into()));
    }
    if !seen.is_file() {
        return Err((Rule::NoSpecialFiles, "it is a pipe, a socket or a device: hand in a plain file".into()));
    }
    if seen.len() > LARGEST {
        return Err(too_large(seen.len()));
    }
    let file = match File::open(place) {
        Ok(file) => file,
        Err(error) => return not_seen(&error),
    };
    let same = |opened: Metadata| opened.is_file() && opened.dev() == seen.dev() && opened.ino() == seen.ino();
    if !file.metadata().is_ok_and(same) {
        return Err((Rule::NoLinks, "it changed while it was read: hand in a plain file".into()));
    }
    let mut bytes = Vec::new();
    let length = file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|_| unreadable())? as u64;
    if length > LARGEST {
        return Err(too_large(length));
    }
    let manifest = is_manifest(path) || [".json"].iter().any(|ending| path.ends_with(ending));
    if manifest && is_utf16(&bytes) {
        bytes = yaml::text(&bytes).map(|text| text.into_owned().into_bytes()).unwrap_or(bytes);
    }
    if is_dockerfile(path) {
        bytes = as_builders_read(&bytes);
    }
    match wrong_with_text(&bytes, manifest) {
        Some(why) => Err((Rule::Utf8, why)),
        None => Ok(Some(bytes)),
    }
}

fn is_dockerfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    name.split('.').any(|part| part == "dockerfile" || part == "containerfile")
}

/// A Dockerfile as Docker's builders read it: without a byte order mark, and whatever bytes its comments have.
fn as_builders_read(bytes: &[u8]) -> Vec<u8> {
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let line = |line: &[u8]| {
        let is_comment = line.trim_ascii_start().starts_with(b"#");
        if is_comment { String::from_utf8_lossy(line).into_owned().into_bytes() } else { line.to_owned() }
    };
    bytes.split_inclusive(|byte| *byte == b'\n').flat_map(line).collect()
}

fn too_large(bytes: u64) -> Unfit {
    let most = LARGEST / 1024;
    (Rule::FileSize, format!("it has {bytes} bytes; at most {most} KiB are allowed: hand in the sources only"))
}

/// Whether bytes begin with a byte order mark of UTF-16, as some editors and shells of Windows write them.
fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff])
}

/// Why bytes are not plain text; `None` if they are. kubectl ignores a byte order mark in a manifest.
fn wrong_with_text(bytes: &[u8], manifest: bool) -> Option<String> {
    const ADVICE: &str = "save it as UTF-8 without a byte order mark";
    if is_utf16(bytes) {
        return Some(format!("it is written in UTF-16: {ADVICE}"));
    }
    if !manifest && bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        return Some(format!("it begins with a byte order mark: {ADVICE}"));
    }
    if bytes.contains(&0) {
        return Some("it contains zero bytes, so it is not text: hand in the source".into());
    }
    let error = std::str::from_utf8(bytes).err()?;
    let line = yaml::line_of_fault(bytes, error);
    Some(format!("line {line} is not UTF-8: {ADVICE}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dockerfile_may_have_a_mark_and_any_comment() {
        let read = |name: &str, bytes: &[u8]| {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(name), bytes).unwrap();
            super::read(folder.path(), name).map_err(|(rule, _)| rule)
        };
        let text = b"\xef\xbb\xbfFROM a\n# f\xfcr\nUSER b\n";
        assert_eq!(read("Dockerfile", text), Ok(Some("FROM a\n# f\u{fffd}r\nUSER b\n".into())));
        assert_eq!(read("web.Dockerfile", b"FROM a\n"), Ok(Some(b"FROM a\n".to_vec())));
        assert_eq!(read("Dockerfile", b"FROM a\nRUN echo f\xfcr\n"), Err(Rule::Utf8));
        for name in ["server.js", "dockerfile-notes.txt"] {
            assert_eq!(read(name, text), Err(Rule::Utf8), "{name}");
        }
    }

    /// The error is passed in here, because root can read every file.
    #[test]
    fn what_may_not_be_read_is_not_absent() {
        let answered = |kind: ErrorKind| not_seen::<()>(&kind.into()).map_err(|(rule, _)| rule);
        assert_eq!(answered(ErrorKind::PermissionDenied), Err(Rule::Unreadable));
        assert_eq!(answered(ErrorKind::NotFound), Ok(None));
        assert_eq!(answered(ErrorKind::NotADirectory), Ok(None));
    }
}
