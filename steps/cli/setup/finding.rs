//! A finding about one part of a machine.

use std::fmt;

use crate::verdict::Fault;

/// The state of the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It is as it should be.
    Fine,
    /// labproof works, but the user should know this.
    Note,
    /// labproof does not work with it.
    Missing,
}

/// One line in the output of `setup`, with the next step below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SetupFinding {
    pub(super) state: State,
    text: String,
    remedy: Option<String>,
}

impl SetupFinding {
    pub(super) fn fine(text: impl Into<String>) -> Self {
        Self { state: State::Fine, text: text.into(), remedy: None }
    }

    pub(super) fn note(text: impl Into<String>) -> Self {
        Self { state: State::Note, text: text.into(), remedy: None }
    }

    pub(super) fn missing(text: impl Into<String>) -> Self {
        Self { state: State::Missing, text: text.into(), remedy: None }
    }

    /// What is missing because of a fault.
    pub(super) fn of(fault: &Fault) -> Self {
        let remedy = fault.hint.clone();
        Self { remedy, ..Self::missing(fault.reason.as_str()) }
    }

    /// Adds the next step.
    pub(super) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl fmt::Display for SetupFinding {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_that_does_not_exist_is_missing_with_what_to_do() {
        let finding =
            SetupFinding::of(&Fault::refused("the Docker context x does not exist").hint("`docker context ls`"));
        assert_eq!(finding.state, State::Missing);
        assert_eq!(
            finding.to_string(),
            "missing  the Docker context x does not exist\n         hint: `docker context ls`"
        );
    }
}
