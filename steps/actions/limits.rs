//! What a container may use, as its own control group says: the kernel's word, not the manifest's.

use super::container_ref::ContainerRef;
use crate::{
    cluster::exec::{self, Executed},
    conditions::quantity::amount,
    scene::Scene,
    verdict::{Fault, Outcome},
};

/// No machine has so many bytes.
const UNLIMITED: f64 = 9e18;

/// What of a machine is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Bytes of memory.
    Memory,
    /// Processors.
    Cpu,
}

impl Resource {
    /// The files that hold the limit, for control groups of version 2 and of version 1.
    fn files(self) -> [&'static [&'static str]; 2] {
        match self {
            Self::Memory => [&["/sys/fs/cgroup/memory.max"], &["/sys/fs/cgroup/memory/memory.limit_in_bytes"]],
            Self::Cpu => [
                &["/sys/fs/cgroup/cpu.max"],
                &["/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "/sys/fs/cgroup/cpu/cpu.cfs_period_us"],
            ],
        }
    }

    /// The limit that these files hold; `None` where there is none.
    fn limit(self, text: &str) -> Option<f64> {
        let mut numbers = text.split_whitespace().map(str::parse::<f64>);
        let first = numbers.next()?.ok()?;
        match self {
            // Version 1 says that there is none by the largest number of pages.
            Self::Memory => Some(first).filter(|bytes| *bytes < UNLIMITED),
            Self::Cpu => Some(first / numbers.next()?.ok()?).filter(|share| *share > 0.0),
        }
    }
}

/// Whether the container's control group limits it to just this quantity.
///
/// # Errors
/// What it says instead, or why it cannot be read.
pub async fn is_limited(scene: &Scene, container: &ContainerRef, resource: Resource, quantity: &str) -> Outcome {
    let wanted = amount(quantity).ok_or_else(|| Fault::failed(format!("{quantity} is not a quantity")))?;
    let text = read(scene, container, resource).await?;
    match resource.limit(&text) {
        Some(limit) if (limit - wanted).abs() <= wanted * 1e-6 => Ok(()),
        Some(limit) => Err(Fault::failed(format!("{container} is limited to {limit}, not to {quantity} ({wanted})"))),
        None => Err(Fault::failed(format!("{container} is not limited at all")).seen("its control group says", text)),
    }
}

async fn read(scene: &Scene, container: &ContainerRef, resource: Resource) -> Outcome<String> {
    let mut said = String::new();
    for files in resource.files() {
        let command: Vec<String> = ["cat"].iter().chain(files).map(|word| (*word).to_owned()).collect();
        let Executed { stdout, stderr, status } =
            exec::exec(&scene.pods(), &container.pod, container.name(), &command, scene.time_left()).await?;
        if status == 0 {
            return Ok(stdout);
        }
        said += &stderr;
    }
    Err(Fault::failed(format!("the control group of {container} cannot be read")).seen("cat said", said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_of_control_groups_are_understood() {
        assert_eq!(Resource::Memory.limit("104857600\n"), Some(104_857_600.0));
        assert_eq!(Resource::Cpu.limit("20000 100000\n"), Some(0.2));
        assert_eq!(Resource::Cpu.limit("20000\n100000\n"), Some(0.2));
    }

    #[test]
    fn what_is_not_limited_has_no_limit() {
        assert_eq!(Resource::Memory.limit("max\n"), None);
        assert_eq!(Resource::Memory.limit("9223372036854771712\n"), None);
        assert_eq!(Resource::Cpu.limit("max 100000\n"), None);
        assert_eq!(Resource::Cpu.limit("-1\n100000\n"), None);
    }
}
