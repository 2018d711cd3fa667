//! A submission's folder. Each line of the input is a file `NAME=CONTENT`, a link `NAME>TARGET` or a wanted name.
#![no_main]

use std::{fs, os::unix::fs::symlink, path::Path};

use labproof::internal::submission::{Rules, Submission};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut files = Vec::new();
    for line in text.lines().take(40) {
        if let Some((name, content)) = line.split_once('=') {
            write(folder.path(), name, content);
        } else if let Some((name, target)) = line.split_once('>') {
            if inside(name) {
                _ = symlink(target, folder.path().join(name));
            }
        } else {
            files.push(line.to_owned());
        }
    }
    let submission = Submission::read("fuzz", folder.path(), &Rules { files, ..Rules::default() });
    for (name, refusal) in submission.iter().flat_map(|read| read.refusals.iter()).map(|refusal| (&refusal.file, refusal)) {
        assert!(!name.contains('\u{1b}') && !refusal.message.is_empty());
    }
});

/// Nothing is written outside the temporary folder.
fn inside(name: &str) -> bool {
    !name.contains('\0') && name.split('/').all(|part| !part.is_empty() && part != ".." && part.len() < 200)
}

fn write(folder: &Path, name: &str, content: &str) {
    let path = folder.join(name);
    let real = path.parent().filter(|_| inside(name)).is_some_and(|parent| {
        fs::create_dir_all(parent).is_ok() && parent.canonicalize().is_ok_and(|parent| parent.starts_with(folder))
    });
    if real && !path.is_symlink() {
        _ = fs::write(path, content);
    }
}
