//! What tests of the middle share: a mocked API server, the objects that it answers with, and runs that use it.

pub(crate) mod api;
pub(crate) mod objects;
pub(crate) mod runs;
