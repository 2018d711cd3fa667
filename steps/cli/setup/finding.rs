//! What was found out about one part of a machine.

use std::fmt;

/// How good it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// As it should be.
    Fine,
    /// labproof works, but a person should know this.
    Note,
    /// labproof does not work like this.
    Missing,
}

/// One line of what `setup` prints, with what to do next below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) state: State,
    text: String,
    remedy: Option<String>,
}

impl Finding {
    pub(super) fn fine(text: impl Into<String>) -> Self {
        Self { state: State::Fine, text: text.into(), remedy: None }
    }

    pub(super) fn note(text: impl Into<String>) -> Self {
        Self { state: State::Note, text: text.into(), remedy: None }
    }

    pub(super) fn missing(text: impl Into<String>) -> Self {
        Self { state: State::Missing, text: text.into(), remedy: None }
    }

    /// Adds what to do next.
    pub(super) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.state {
            State::Fine => "ok",
            State::Note => "note",
            State::Missing => "missing",
        };
        write!(f, "{word:<7}  {}", self.text)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\n         hint: {remedy}"),
            None => Ok(()),
        }
    }
}
