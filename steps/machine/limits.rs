//! The limits that the operating system sets to this process.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// How many files the process may have open: each scenario that waits for its turn holds locks, and a class of a thousand
/// learners has some thousand of them. Linux begins with 1024.
const FILES: u64 = 16 * 1024;

/// Raises the number of files that may be open, as far as the operating system allows.
pub fn raise_open_files() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(FILES, |maximum| maximum.min(FILES));
    if current.is_some_and(|current| current < wanted) {
        // An error is ignored: the limit stays as it was, and is enough for most runs.
        _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_files_may_be_open_as_a_large_class_needs() {
        raise_open_files();
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let wanted = maximum.map_or(FILES, |maximum| maximum.min(FILES));
        assert!(current.is_none_or(|current| current >= wanted), "{current:?} of {maximum:?}");
    }
}
