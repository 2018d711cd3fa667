//! Why the engine does not get a request.

use std::fmt::Display;

/// Why the engine does not get a request.
#[derive(Debug)]
pub(super) enum Kept {
    /// A document may not ask for this.
    Refused(String),
    /// The engine did not answer what the decision depends on.
    NoAnswer(String),
}

impl Kept {
    /// The engine's or the connection's error as a reason.
    pub(super) fn no_answer(error: impl Display) -> Self {
        Self::NoAnswer(error.to_string())
    }
}

impl From<&str> for Kept {
    fn from(why: &str) -> Self {
        Self::Refused(why.to_owned())
    }
}

impl From<String> for Kept {
    fn from(why: String) -> Self {
        Self::Refused(why)
    }
}

/// What a request is judged to be: passed on, or not, with the reason.
pub(super) type RequestJudgement<T = ()> = Result<T, Kept>;
