//! What a message says about an engine that does not answer: which one it is, and what its user can do.

use std::env;

use super::{DEFAULT_SOCKET, chosen_context};

/// The engine's address, and the context that selected it, for messages.
#[must_use]
pub fn shown() -> String {
    let host = env::var("DOCKER_HOST").unwrap_or_else(|_| format!("unix://{DEFAULT_SOCKET}"));
    chosen_context().map_or_else(|| host.clone(), |context| format!("{host}, which is the Docker context {context}"))
}

/// What to do if the engine that the user has chosen does not answer; `None` if it is the machine's usual one.
#[must_use]
pub fn correction() -> Option<&'static str> {
    if chosen_context().is_some() {
        return Some(
            "start it, or choose another context: `docker context ls` lists them, `docker context use` chooses",
        );
    }
    let names = env::var_os("DOCKER_HOST").is_some();
    names.then_some("start it, or correct DOCKER_HOST; without that variable, docker's current context decides")
}

/// What to do if the engine does not answer.
#[must_use]
pub fn advice() -> &'static str {
    correction().unwrap_or("start it, or run `labproof setup --install`")
}
