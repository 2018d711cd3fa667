//! What a new container would reach beyond itself, by the configuration that a request has for it.

use std::path::PathBuf;

use serde_json::Value;

use super::fields::{field, list, text, texts};
use crate::document::safety::reaches_out;

/// Why a container is not made.
const REACHES_OUT: &str = "it reaches beyond its container";

/// What a container reaches, as far as it depends on whose it is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// Other containers whose namespaces or volumes it shares.
    pub(super) containers: Vec<String>,
    /// The names of its volumes.
    pub(super) volumes: Vec<String>,
    /// The paths of this machine that it sees.
    pub(super) binds: Vec<Bind>,
}

/// A path of this machine that a container sees.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bind {
    pub(super) path: PathBuf,
    pub(super) is_read_only: bool,
}

/// What a container of this configuration reaches.
///
/// # Errors
/// Why no document may have such a container.
pub(super) fn reach(configuration: &Value) -> Result<Reach, &'static str> {
    let mut reach = Reach::default();
    // Engines before 27 also read these fields beside the others.
    for host in [field(configuration, "HostConfig")?, configuration] {
        if options(host, &mut reach)?.iter().any(|option| reaches_out(option)) {
            return Err(REACHES_OUT);
        }
        for bind in texts(host, "Binds")? {
            reach.bind(bind);
        }
        for mount in list(host, "Mounts")? {
            reach.mount(mount)?;
        }
    }
    Ok(reach)
}

/// The configuration of the machine's side as options of `docker run`. What names another container is kept apart.
fn options(host: &Value, reach: &mut Reach) -> Result<Vec<String>, &'static str> {
    const MODES: [(&str, &str); 6] = [
        ("NetworkMode", "network"),
        ("PidMode", "pid"),
        ("IpcMode", "ipc"),
        ("UTSMode", "uts"),
        ("UsernsMode", "userns"),
        ("CgroupnsMode", "cgroupns"),
    ];
    const LISTS: [(&str, &str); 2] = [("CapAdd", "cap-add"), ("DeviceCgroupRules", "device-cgroup-rule")];
    let mut options = Vec::new();
    for (name, option) in MODES {
        match text(host, name)? {
            mode if mode.starts_with("container:") => reach.containers.push(mode["container:".len()..].to_owned()),
            mode => options.push(format!("--{option}={mode}")),
        }
    }
    for (name, option) in LISTS {
        options.extend(texts(host, name)?.iter().map(|value| format!("--{option}={value}")));
    }
    // A profile may be given by its text, so only what restricts a container is known.
    let restricts = |option: &&str| option.starts_with("no-new-privileges") || *option == "seccomp=builtin";
    if !texts(host, "SecurityOpt")?.iter().all(restricts) {
        return Err(REACHES_OUT);
    }
    // A link gives another container a name below this one.
    for from in texts(host, "VolumesFrom")?.into_iter().chain(texts(host, "Links")?) {
        reach.containers.push(from.split(':').next().unwrap_or_default().to_owned());
    }
    let runtime = text(host, "Runtime")?;
    let given = [
        ("privileged", !matches!(field(host, "Privileged")?, Value::Null | Value::Bool(false))),
        ("device", !list(host, "Devices")?.is_empty()),
        ("cgroup-parent", !text(host, "CgroupParent")?.is_empty()),
        ("runtime", !matches!(runtime, "" | "runc" | "io.containerd.runc.v2")),
        // A list, even an empty one, takes the place of the paths that the engine hides from a container.
        ("privileged", !field(host, "MaskedPaths")?.is_null() || !field(host, "ReadonlyPaths")?.is_null()),
    ];
    options.extend(given.iter().filter(|(_, is_given)| *is_given).map(|(option, _)| format!("--{option}")));
    if !matches!(text(host, "VolumeDriver")?, "" | "local") {
        return Err(REACHES_OUT);
    }
    Ok(options)
}

impl Reach {
    /// `/path:/target:ro`, or `volume:/target`.
    fn bind(&mut self, bind: &str) {
        let mut parts = bind.split(':');
        let (source, _, options) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        if source.contains('/') {
            let is_read_only = options.is_some_and(|options| options.split(',').any(|option| option == "ro"));
            self.binds.push(Bind { path: source.into(), is_read_only });
        } else {
            self.volumes.push(source.to_owned());
        }
    }

    fn mount(&mut self, mount: &Value) -> Result<(), &'static str> {
        let source = text(mount, "Source")?;
        match text(mount, "Type")? {
            "bind" => {
                let is_read_only = field(mount, "ReadOnly")? == &Value::Bool(true);
                self.binds.push(Bind { path: source.into(), is_read_only });
            }
            "volume" => {
                let driver = field(field(mount, "VolumeOptions")?, "DriverConfig")?;
                volume_driver(driver, "Name", "Options")?;
                self.volumes.extend((!source.is_empty()).then(|| source.to_owned()));
            }
            "tmpfs" | "image" => {}
            _ => return Err(REACHES_OUT),
        }
        Ok(())
    }
}

/// Checks that a volume has the engine's own driver without options: one with options can be any folder.
///
/// # Errors
/// If it does not.
pub(super) fn volume_driver(object: &Value, name: &str, options: &str) -> Result<(), &'static str> {
    let has_options = field(object, options)?.as_object().is_some_and(|options| !options.is_empty());
    let is_local = matches!(text(object, name)?, "" | "local");
    if has_options || !is_local { Err(REACHES_OUT) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(host: &Value) -> Result<Reach, &'static str> {
        reach(&json!({"Image": "busybox", "HostConfig": host}))
    }

    #[test]
    fn a_container_as_docker_run_makes_it_reaches_nothing() {
        let host = json!({
            "Binds": null, "ContainerIDFile": "", "NetworkMode": "bridge", "PortBindings": {"80/tcp": [{"HostPort": "80"}]},
            "VolumeDriver": "", "VolumesFrom": null, "CapAdd": ["NET_RAW"], "CapDrop": null, "CgroupnsMode": "", "IpcMode": "",
            "Cgroup": "", "PidMode": "", "Privileged": false, "SecurityOpt": null, "UTSMode": "", "UsernsMode": "",
            "Devices": [], "DeviceCgroupRules": null, "DeviceRequests": null, "CgroupParent": "", "MaskedPaths": null,
            "ReadonlyPaths": null, "Mounts": [{"Type": "tmpfs", "Target": "/x"}],
        });
        assert_eq!(of(&host), Ok(Reach::default()));
        assert_eq!(reach(&json!({"Image": "busybox"})), Ok(Reach::default()));
    }

    #[test]
    fn what_no_document_may_have_is_refused() {
        for host in [
            json!({"Privileged": true}),
            json!({"privileged": true}),
            json!({"PidMode": "host"}),
            json!({"IpcMode": "host"}),
            json!({"UTSMode": "host"}),
            json!({"utsmode": "host"}),
            json!({"UsernsMode": "host"}),
            json!({"CgroupnsMode": "host"}),
            json!({"CapAdd": ["SYS_ADMIN"]}),
            json!({"SecurityOpt": ["seccomp=unconfined"]}),
            json!({"SecurityOpt": ["seccomp={}"]}),
            json!({"Devices": [{"PathOnHost": "/dev/sda"}]}),
            json!({"DeviceCgroupRules": ["a *:* rwm"]}),
            json!({"CgroupParent": "/"}),
            json!({"Runtime": "other"}),
            json!({"MaskedPaths": []}),
            json!({"ReadonlyPaths": []}),
            json!({"VolumeDriver": "other"}),
            json!({"Mounts": [{"Type": "cluster", "Source": "x"}]}),
            json!({"Mounts": [{"Type": "volume", "VolumeOptions": {"DriverConfig": {"Options": {"device": "/"}}}}]}),
            json!({"Mounts": [{"Type": "volume", "VolumeOptions": {"DriverConfig": {"Name": "other"}}}]}),
            json!({"Binds": "/:/x"}),
        ] {
            assert!(of(&host).is_err(), "{host}");
            assert!(reach(&host).is_err(), "beside the others: {host}");
        }
    }

    #[test]
    fn what_depends_on_whose_it_is_is_kept() {
        let host = json!({
            "NetworkMode": "container:a", "PidMode": "container:b", "VolumesFrom": ["c:ro"], "Links": ["d:alias"],
            "Binds": ["/srv:/x", "data:/y", "/etc/ssl:/z:ro"],
            "Mounts": [{"type": "bind", "source": "/home", "ReadOnly": true}, {"Type": "volume", "Source": "more"}, {"Type": "volume"}],
        });
        let bind = |path: &str, is_read_only| Bind { path: path.into(), is_read_only };
        let expected = Reach {
            containers: ["a", "b", "c", "d"].map(String::from).to_vec(),
            volumes: ["data", "more"].map(String::from).to_vec(),
            binds: vec![bind("/srv", false), bind("/etc/ssl", true), bind("/home", true)],
        };
        assert_eq!(of(&host), Ok(expected));
    }
}
