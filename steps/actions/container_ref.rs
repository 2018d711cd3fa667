//! What a sentence refers to: a Pod as a whole, or one of its containers.

use std::fmt;

/// A Pod with one container, or one of several containers of a Pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerRef {
    /// The Pod's name.
    pub pod: String,
    /// The container's name, if the Pod has several.
    pub container: Option<String>,
}

impl ContainerRef {
    /// The container's name, if one was given.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.container.as_deref()
    }
}

impl fmt::Display for ContainerRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.container {
            Some(container) => write!(f, "container {container} of Pod {}", self.pod),
            None => write!(f, "Pod {}", self.pod),
        }
    }
}
