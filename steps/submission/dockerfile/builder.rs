//! The programs that build Dockerfiles. They read them in different ways, so a Dockerfile is judged as its builder
//! reads it.

/// A program that builds Dockerfiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Builder {
    /// The engine's own builder, without `BuildKit`: the only one of an engine without buildx.
    #[default]
    Classic,
    /// `BuildKit`, in labproof's own container.
    BuildKit,
}
