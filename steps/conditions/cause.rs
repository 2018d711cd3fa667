//! Why a condition does not hold. The kind of the cause decides who is at fault, never its text.

use std::fmt;

use crate::image_name::ImageName;

/// Why a condition does not hold: the observed state, displayed as part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A state, as text.
    State(String),
    /// A state, as text, in which nodes could not pull these images.
    FailedPull {
        /// The images; empty if the Pod no longer wants the image that a node reports.
        images: Vec<ImageName>,
        /// The state.
        state: String,
    },
    /// A state, as text, in which a node could not start a container, although nothing in the Pod is the reason.
    NodeFault(String),
    /// A container that cannot be started, however often Kubernetes tries.
    CannotStart {
        /// Its name.
        container: String,
        /// Kubernetes' word for the reason, such as `InvalidImageName`.
        reason: String,
        /// Kubernetes' message.
        message: String,
    },
    /// A container that ends each time it is started.
    KeepsEnding {
        /// Its name.
        container: String,
        /// How often it was restarted.
        restarts: i32,
        /// Its last exit code, if known.
        exit_code: Option<i32>,
    },
    /// No node can run the Pod, even if empty; contains the scheduler's message.
    NoNode(String),
    /// A Secret or a `ConfigMap` that the Pod needs does not exist; contains Kubernetes' message.
    Missing(String),
    /// A Pod of the object does not run.
    OfPod {
        /// The Pod's name.
        pod: String,
        /// Why it does not run.
        cause: Box<Cause>,
    },
}

impl Cause {
    /// The images that nodes could not pull; empty for other causes.
    #[must_use]
    pub fn failed_pulls(&self) -> &[ImageName] {
        match self {
            Self::FailedPull { images, .. } => images,
            Self::OfPod { cause, .. } => cause.failed_pulls(),
            _ => &[],
        }
    }

    /// Whether a node could not start a container, although nothing in the Pod is the reason.
    #[must_use]
    pub fn is_node_fault(&self) -> bool {
        match self {
            Self::NodeFault(_) => true,
            Self::OfPod { cause, .. } => cause.is_node_fault(),
            _ => false,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(state) | Self::NodeFault(state) | Self::FailedPull { state, .. } => f.write_str(state),
            Self::CannotStart { container, reason, message } => {
                write!(f, "container {container} cannot start: {reason}: {message}")
            }
            Self::KeepsEnding { container, restarts, exit_code } => {
                write!(f, "container {container} keeps ending: {restarts} restarts")?;
                exit_code.map_or(Ok(()), |code| write!(f, ", last with exit code {code}"))
            }
            Self::NoNode(message) => write!(f, "no node could run it, even if the node were empty: {message}"),
            Self::Missing(message) => write!(f, "something that it needs does not exist: {message}"),
            Self::OfPod { pod, cause } => write!(f, "its Pod {pod} does not run: {cause}"),
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
