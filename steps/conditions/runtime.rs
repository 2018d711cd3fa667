//! What a node's container runtime knows about a container: how it was started, which no program in the container can
//! change.

use std::path::Path;

use serde::Deserialize;

use super::{text, wildcard::Kept};

/// The output of `crictl inspect` for a container.
#[derive(Clone, Debug, Deserialize)]
pub struct Inspected {
    /// The runtime's additional information.
    pub info: Info,
}

/// The process and the specification of a container.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Info {
    /// The container's process 1, as numbered on the node; 0 after it has ended.
    pub pid: u32,
    /// How the container was started, as an OCI runtime specification.
    pub runtime_spec: Spec,
}

/// The part of an OCI runtime specification that sentences use.
#[derive(Clone, Debug, Deserialize)]
pub struct Spec {
    /// The container's first process.
    pub process: Process,
    /// The mounts of the container.
    #[serde(default)]
    pub mounts: Vec<Mount>,
    /// The container's root file system.
    #[serde(default)]
    root: Root,
    /// The limits of the container's control group.
    #[serde(default)]
    pub linux: Linux,
}

/// The first process of a container, as it was started.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Process {
    /// The user and groups of the process.
    pub user: User,
    /// Its command and arguments.
    #[serde(default)]
    pub args: Vec<String>,
    /// Its environment, each as `NAME=value`.
    #[serde(default)]
    pub env: Vec<String>,
    /// Its capabilities.
    #[serde(default)]
    pub capabilities: Capabilities,
    /// Whether the process and its children can never gain privileges.
    #[serde(default)]
    pub no_new_privileges: bool,
}

/// The user and the groups of a process.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    uid: u32,
    gid: u32,
    #[serde(default)]
    additional_gids: Vec<u32>,
}

/// The capabilities of a process.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Capabilities {
    #[serde(default)]
    bounding: Vec<String>,
    #[serde(default)]
    effective: Vec<String>,
}

/// A mount of a container.
#[derive(Clone, Debug, Deserialize)]
pub struct Mount {
    destination: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    options: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
struct Root {
    #[serde(default)]
    readonly: bool,
}

/// The Linux part of the specification.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Linux {
    #[serde(default)]
    resources: Resources,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Resources {
    #[serde(default)]
    memory: Memory,
    #[serde(default)]
    cpu: Cpu,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Memory {
    limit: Option<f64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Cpu {
    quota: Option<f64>,
    period: Option<f64>,
}

/// A limited resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Memory, in bytes.
    Memory,
    /// Processor time, in processors.
    Cpu,
}

impl Spec {
    /// The limit of a resource, in bytes or processors; `None` if there is none.
    #[must_use]
    pub fn limit(&self, resource: Resource) -> Option<f64> {
        let Resources { memory, cpu } = &self.linux.resources;
        let limit = match resource {
            Resource::Memory => memory.limit,
            Resource::Cpu => cpu.quota.zip(cpu.period).map(|(quota, period)| quota / period),
        };
        limit.filter(|limit| *limit > 0.0)
    }

    /// The node's folder that is mounted at or above a path of the container, and the rest of the path. `None` if the
    /// path is in the container's own file system.
    #[must_use]
    pub fn mounted(&self, path: &str) -> Option<(&str, String)> {
        let mount = self.mount(path)?;
        let rest = path[clean(&mount.destination).len()..].trim_start_matches('/').to_owned();
        mount.source.starts_with('/').then_some((&*mount.source, rest))
    }

    /// Where the container can write the files at this path: at the path itself, or wherever else it mounts the same
    /// folder of the node. `None` if it can only read them.
    #[must_use]
    pub fn writable_at<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        let Some(mount) = self.mount(path) else { return (!self.root.readonly).then_some(path) };
        if !mount.is_read_only() {
            return Some(path);
        }
        let (folder, rest) = self.mounted(path)?;
        let on_node = Path::new(folder).join(rest);
        let shows = |other: &&Mount| {
            let path = Path::new(&other.source);
            let is_part = || part_of(&other.source).is_some_and(|whole| whole == volume(folder));
            path.is_absolute() && (on_node.starts_with(path) || path.starts_with(&on_node) || is_part())
        };
        let writable = self.mounts.iter().filter(shows).find(|other| !other.is_read_only())?;
        Some(&writable.destination)
    }

    /// The mount at this path, or the nearest one above it.
    fn mount(&self, path: &str) -> Option<&Mount> {
        let over = |mount: &&Mount| {
            path.strip_prefix(clean(&mount.destination)).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.mounts.iter().filter(over).max_by_key(|mount| clean(&mount.destination).len())
    }
}

/// The Pod and the volume of a folder of the kubelet: `/var/lib/kubelet/pods/UID/volumes/PLUGIN/NAME`.
fn volume(folder: &str) -> (&str, &str) {
    let pod = folder.split("/pods/").nth(1).and_then(|rest| rest.split('/').next());
    (pod.unwrap_or_default(), folder.rsplit('/').next().unwrap_or_default())
}

/// The Pod and the volume of which the kubelet mounts a part, at `…/pods/UID/volume-subpaths/NAME/…`. Which part it is,
/// the path does not say.
fn part_of(source: &str) -> Option<(&str, &str)> {
    let (before, behind) = source.split_once("/volume-subpaths/")?;
    Some((before.rsplit('/').next()?, behind.split('/').next()?))
}

impl Mount {
    fn is_read_only(&self) -> bool {
        self.options.iter().any(|option| option == "ro" || option == "rro")
    }
}

/// A mount's path without a slash at its end, which a manifest may have.
fn clean(destination: &str) -> &str {
    destination.trim_end_matches('/')
}

/// Checks that the process was started as this user.
///
/// # Errors
/// If it was started as another user, which the text names.
pub fn runs_as(process: &Process, user: u32) -> Result<(), String> {
    holds(process.user.uid == user, || format!("was started as user {}", process.user.uid))
}

/// Checks that the process was started with this group, as its primary or as a supplementary one.
///
/// # Errors
/// If it was started with other groups, which the text names.
pub fn has_group(process: &Process, group: u32) -> Result<(), String> {
    let User { gid, additional_gids, .. } = &process.user;
    holds(*gid == group || additional_gids.contains(&group), || {
        let others: String = additional_gids.iter().map(|group| format!(", {group}")).collect();
        format!("was started with the groups {gid}{others}")
    })
}

/// Checks that the process has no capabilities and can get none.
///
/// # Errors
/// If it has some, which the text names.
pub fn has_no_capabilities(process: &Process) -> Result<(), String> {
    let Capabilities { bounding, effective } = &process.capabilities;
    let all = if effective.is_empty() { bounding } else { effective };
    holds(all.is_empty(), || format!("was started with the capabilities {}", all.join(", ")))
}

/// Checks that the process and its children can gain no privileges.
///
/// # Errors
/// If they can.
pub fn gains_no_privileges(process: &Process) -> Result<(), String> {
    holds(process.no_new_privileges, || {
        "may gain privileges: it runs without no_new_privs, which `allowPrivilegeEscalation: false` sets".to_owned()
    })
}

/// Checks that the command line contains this text; its words are joined by blanks.
///
/// # Errors
/// If it does not; the text contains the command line.
pub fn was_started_with(process: &Process, expected: &str, kept: &Kept) -> Result<Kept, String> {
    let line = process.args.join(" ");
    text::contains(&line, expected, kept).map_err(|_| format!("was started with \"{line}\""))
}

/// Checks that one of the processes has this command line; its words are joined by blanks. The first word may have the
/// path of its folder before it.
///
/// # Errors
/// If none has; the text names them all.
pub fn runs(processes: &[String], expected: &str, kept: &Kept) -> Result<Kept, String> {
    let fits = |line: &String| {
        let program = line.split(' ').next().unwrap_or_default();
        let name = program.rfind('/').map_or(0, |slash| slash + 1);
        text::is(line, expected, kept).or_else(|_| text::is(&line[name..], expected, kept)).ok()
    };
    processes.iter().find_map(fits).ok_or_else(|| {
        let all: Vec<_> = processes.iter().map(|line| format!("\"{line}\"")).collect();
        let all = if all.is_empty() { "no process".to_owned() } else { all.join(", ") };
        format!("does not run the process \"{expected}\"; it runs {all}")
    })
}

/// Checks that the environment contains exactly the text `NAME=value`.
///
/// # Errors
/// If the variable has another value, which the text contains, or does not exist.
pub fn has_variable(process: &Process, expected: &str, kept: &Kept) -> Result<Kept, String> {
    let name = expected.split('=').next().unwrap_or_default();
    let mut candidates = process.env.iter().filter(|variable| text::ends_alike(variable, expected));
    if let Some(kept) = candidates.find_map(|variable| text::is(variable, expected, kept).ok()) {
        return Ok(kept);
    }
    let other = process.env.iter().find(|variable| variable.split('=').next() == Some(name));
    Err(other.map_or_else(
        || format!("was started without the variable {name}"),
        |other| format!("was started with the variable {}", with_visible_end(other)),
    ))
}

/// A text whose last character can be seen.
fn with_visible_end(text: &str) -> String {
    if text.ends_with(char::is_whitespace) { format!("{text:?}, which ends with a blank") } else { text.to_owned() }
}

/// Checks that no variable has this name.
///
/// # Errors
/// If one has; the text contains its value.
pub fn lacks_variable(process: &Process, name: &str) -> Result<(), String> {
    match process.env.iter().find(|variable| variable.split('=').next() == Some(name)) {
        Some(variable) => Err(format!("was started with the variable {variable}")),
        None => Ok(()),
    }
}

fn holds(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

#[cfg(test)]
mod tests;
