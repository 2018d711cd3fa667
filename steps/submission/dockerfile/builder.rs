//! The programs that build what a Dockerfile describes. They read it in different ways, and each is judged as it is read.

/// Which program builds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Builder {
    /// The engine's own, without `BuildKit`: the only one of an engine that has no buildx.
    #[default]
    Classic,
    /// `BuildKit`, in a container of labproof's own.
    BuildKit,
}
