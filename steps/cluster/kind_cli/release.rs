//! Whether the kind that is installed can use the node images of a table.

use super::program;
use crate::{
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// The first minor release whose node images have a containerd that older releases of kind cannot load images into.
const CONTAINERD_2: u32 = 32;

/// How an installed kind suits node images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suits {
    /// It is of the release that the images are made for.
    Well,
    /// It is of another release. The text says which.
    Probably(String),
    /// It cannot load images into such nodes. The text says so.
    Not(String),
}

/// Compares the version that `kind version` printed with the release that node images are made for, such as `v0.33.0`.
#[must_use]
pub fn judge(version: &str, release: &str) -> Suits {
    let minor = |version: &str| version.trim_start_matches('v').split('.').nth(1)?.parse::<u32>().ok();
    let (has, wanted) = (minor(version), minor(release));
    match (has, wanted) {
        (Some(has), Some(wanted)) if has < CONTAINERD_2 && wanted >= CONTAINERD_2 => {
            Suits::Not(format!("kind {version} is too old for the node images of kind {release}"))
        }
        (Some(_), _) if has == wanted => Suits::Well,
        _ => Suits::Probably(format!("kind {version} is used; the node images are those of kind {release}")),
    }
}

/// Checks the installed kind. Returns a note if it is of another release.
///
/// # Errors
/// `refused` if it is too old, `broken` if it cannot be run.
pub(super) async fn check(release: &str) -> Outcome<Option<String>> {
    let version = Tool::new(program()).args(["version", "--quiet"]).output().await?;
    match judge(&version, release) {
        Suits::Well => Ok(None),
        Suits::Probably(note) => Ok(Some(note)),
        Suits::Not(why) => Err(Fault::refused(why)
            .hint(format!("install kind {release}, or run `labproof setup --install`, which builds it with Go"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_kind_that_cannot_load_images_is_refused() {
        assert_eq!(judge("0.33.0", "v0.33.0"), Suits::Well);
        assert!(matches!(judge("v0.31.0", "v0.33.0"), Suits::Not(_)));
        assert_eq!(judge("0.31.0", "v0.31.0"), Suits::Well, "a course may have images of its own");
        for (version, release) in [("0.32.0-alpha", "v0.33.0"), ("0.34.0", "v0.33.0"), ("devel", "v0.33.0")] {
            assert!(matches!(judge(version, release), Suits::Probably(_)), "{version}");
        }
    }
}
