//! Why a condition does not hold. Whose fault it is, is decided from the kind of the cause, never from its words.

use std::fmt;

use crate::image_name::ImageName;

/// Why a condition does not hold: what is seen instead, displayed as part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A state, in words.
    State(String),
    /// A state, in words, in which nodes could not pull these images.
    FailedPull {
        /// The images; none where the Pod no longer wants the image that a node complains about.
        images: Vec<ImageName>,
        /// The state.
        state: String,
    },
    /// A container cannot be started, however often that is tried.
    CannotStart {
        /// Its name.
        container: String,
        /// Kubernetes' word for the reason, such as `InvalidImageName`.
        reason: String,
        /// What Kubernetes says of it.
        message: String,
    },
    /// A container ends each time that it is started.
    KeepsEnding {
        /// Its name.
        container: String,
        /// How often it was started again.
        restarts: i32,
        /// How it ended the last time, where that is known.
        exit_code: Option<i32>,
    },
    /// No node could run the Pod, even an empty one: what the scheduler says.
    NoNode(String),
    /// A Secret or a `ConfigMap` that the Pod needs does not exist: what Kubernetes says.
    Missing(String),
}

impl Cause {
    /// The images that nodes could not pull, where that is the cause.
    #[must_use]
    pub fn failed_pulls(&self) -> &[ImageName] {
        match self {
            Self::FailedPull { images, .. } => images,
            _ => &[],
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(state) | Self::FailedPull { state, .. } => f.write_str(state),
            Self::CannotStart { container, reason, message } => {
                write!(f, "container {container} cannot start: {reason}: {message}")
            }
            Self::KeepsEnding { container, restarts, exit_code } => {
                write!(f, "container {container} keeps ending: {restarts} restarts")?;
                exit_code.map_or(Ok(()), |code| write!(f, ", last with exit code {code}"))
            }
            Self::NoNode(message) => write!(f, "no node would take it even if it were empty: {message}"),
            Self::Missing(message) => write!(f, "something that it needs does not exist: {message}"),
        }
    }
}

impl From<String> for Cause {
    fn from(state: String) -> Self {
        Self::State(state)
    }
}

impl From<&str> for Cause {
    fn from(state: &str) -> Self {
        Self::State(state.to_owned())
    }
}
