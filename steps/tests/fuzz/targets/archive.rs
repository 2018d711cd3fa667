//! An exported image: it is taken apart, and put together again.
#![no_main]

use std::{collections::HashSet, fs, io};

use labproof::internal::images::{archive::Archive, id::Platform};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    fs::write(&file, bytes).expect("a temporary file");
    let platform = Platform { os: "linux".into(), architecture: "amd64".into() };
    if let Ok(archive) = Archive::open(file.path(), &platform) {
        _ = archive.write("lab:1", &HashSet::new(), &mut io::sink());
    }
});
