//! Options of `docker run` and its like that let a container reach beyond itself.

use super::Bystanders;
use crate::document::{bash::Word, safety::files::Folder};

/// Capabilities that stay within a container: those that it has by default, and a few that only concern its own network.
const HARMLESS: [&str; 16] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "IPC_LOCK",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "WAKE_ALARM",
];

/// Files of this machine that every container may read.
const READABLE: [&str; 7] =
    ["/etc/localtime", "/etc/timezone", "/etc/ssl", "/etc/hosts", "/etc/resolv.conf", "/usr/share", "/lib/modules"];

/// Whether an option, with its value joined by `=`, lets a container reach this machine or what others use.
pub(super) fn reaches_out(option: &str, folder: &Folder, others: &Bystanders<'_>) -> bool {
    named(option).iter().any(|(name, value)| one_reaches_out(name, value, folder, others))
}

/// Whether a container may read a path of this machine: every container may.
pub(super) fn is_readable(path: &str) -> bool {
    READABLE.iter().any(|readable| path == *readable || path.starts_with(&format!("{readable}/")))
        && !path.contains("..")
}

/// An option by its long name or its letter, and its value. Letters may share one word: `-dv /:/x` is `d`, and `v` with a
/// value.
fn named(option: &str) -> Vec<(String, String)> {
    if let Some(long) = option.strip_prefix("--") {
        let (name, value) = long.split_once('=').unwrap_or((long, ""));
        return vec![(name.to_owned(), value.to_owned())];
    }
    let letters = option.trim_start_matches('-');
    let without_value = letters
        .chars()
        .take_while(|letter| "ditPq".contains(*letter))
        .map(|letter| (letter.to_string(), String::new()));
    let mut found: Vec<_> = without_value.collect();
    let mut rest = letters[found.len()..].chars();
    if let Some(letter) = rest.next() {
        found.push((letter.to_string(), rest.as_str().trim_start_matches('=').to_owned()));
    }
    found
}

fn one_reaches_out(name: &str, value: &str, folder: &Folder, others: &Bystanders<'_>) -> bool {
    match name {
        "privileged" => !matches!(value.to_lowercase().as_str(), "false" | "f" | "0"),
        "pid" | "ipc" | "uts" | "userns" | "cgroupns" => {
            value == "host" || value.strip_prefix("container:").is_some_and(|name| others.is_node(name))
        }
        "net" | "network" => value.strip_prefix("container:").is_some_and(|name| others.is_node(name)),
        "volumes-from" => others.is_node(value.split(':').next().unwrap_or_default()),
        "cap-add" => {
            let value = value.to_uppercase();
            !HARMLESS.contains(&value.strip_prefix("CAP_").unwrap_or(&value))
        }
        "security-opt" => value.contains("unconfined") || value.contains("disable"),
        "cgroup-parent" | "device" | "device-cgroup-rule" | "runtime" | "use-api-socket" => true,
        "v" | "volume" => {
            let mut parts = value.split(':');
            let (source, target, options) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
            let is_read_only = options.is_some_and(|options| options.split(',').any(|option| option == "ro"));
            target.is_some() && binds_outside(source, is_read_only, folder)
        }
        "mount" => mounts_outside(value, folder),
        _ => false,
    }
}

/// Whether the fields of `--mount` name a path outside of the document's folder, or a device.
fn mounts_outside(fields: &str, folder: &Folder) -> bool {
    let fields: Vec<(&str, &str)> = fields
        .split(',')
        .map(|field| field.trim_matches(['"', '\'']))
        .map(|field| field.split_once('=').unwrap_or((field, "")))
        .collect();
    let is_read_only = fields.iter().any(|(name, value)| matches!(*name, "readonly" | "ro") && *value != "false");
    fields.iter().any(|(name, value)| match *name {
        "source" | "src" => binds_outside(value, is_read_only, folder),
        "volume-opt" => true,
        _ => false,
    })
}

/// Whether the source of a mount is a path outside of the document's folder. A name without a slash is a volume.
fn binds_outside(source: &str, is_read_only: bool, folder: &Folder) -> bool {
    let is_path = source.starts_with(['/', '~', '.', '$', '`']);
    if !is_path || (is_read_only && is_readable(source)) {
        return false;
    }
    let word = if source.starts_with(['$', '`']) { Word::printed(source, Vec::new()) } else { Word::known(source) };
    // The whole home has the reader's settings.
    folder.is_outside(&word) || matches!(source.trim_end_matches('/'), "~") || source.starts_with("~/.")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn reaches(option: &str) -> bool {
        let nodes = BTreeSet::from(["demo-worker".to_owned()]);
        reaches_out(option, &Folder::default(), &Bystanders { nodes: &nodes })
    }

    #[test]
    fn what_a_container_needs_for_itself_is_allowed() {
        for option in [
            "-d",
            "-it",
            "-p=80:80",
            "-itp=80:80",
            "--rm",
            "--name=x",
            "-v=data:/data",
            "-v=/data",
            "--volume=./x:/x",
            "-v=.:/app",
            "-v=~/lab:/x",
            "-v=/tmp/x:/x",
            "-v=/etc/localtime:/etc/localtime:ro",
            "--privileged=false",
            "--cap-add=NET_RAW",
            "--network=host",
            "--mount=type=bind,source=./x,target=/x",
            "--mount=source=data,target=/x",
            "--security-opt=no-new-privileges",
            "-e=A=/etc",
            "-w=/etc",
        ] {
            assert!(!reaches(option), "{option}");
        }
    }

    #[test]
    fn what_leads_out_of_a_container_is_not() {
        for option in [
            "--privileged",
            "--privileged=1",
            "--privileged=true",
            "-v=/:/x",
            "-dv=/:/x",
            "-itv=//:/x",
            "-v=/./:/x",
            "-v=/tmp/../srv:/x",
            "-v=..:/x",
            "-v=./../..:/x",
            "-v=$DATA:/x",
            "-v=~:/x",
            "-v=~/.kube:/x",
            "-v=/etc/localtime:/x",
            "-v=/etc/ssl/../shadow:/x:ro",
            "-v=/var/run/docker.sock:/x:ro",
            "--mount=type=bind,\"source=/\",target=/x",
            "--mount=type=bind,src=/etc,dst=/x",
            "--cap-add=CAP_SYS_ADMIN",
            "--mount=type=volume,dst=/x,volume-opt=device=/",
            "--cap-add=all",
            "--pid=host",
            "--device=/dev/sda",
            "--volumes-from=demo-worker:ro",
            "--network=container:demo-worker",
            "--security-opt=seccomp=unconfined",
            "--use-api-socket",
            "--device-cgroup-rule=a",
        ] {
            assert!(reaches(option), "{option}");
        }
    }
}
