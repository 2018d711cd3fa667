//! Where something of a Pod is looked at: in the Pod as a whole, or in one of its containers.

use std::fmt;

/// A Pod that has one container, or one of several containers of a Pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerRef {
    /// The Pod's name.
    pub pod: String,
    /// The container's name, where the Pod has several.
    pub container: Option<String>,
}

impl ContainerRef {
    /// The container's name, where one was given.
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
