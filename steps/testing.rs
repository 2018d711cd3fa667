//! Helpers for tests that use a mocked API server: the server, the objects that it returns, and runs that use it.

pub(crate) mod api;
pub(crate) mod objects;
pub(crate) mod runs;
