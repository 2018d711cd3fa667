//! Asks the Docker engine about its images and containers.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use testcontainers::bollard::Docker;
use tokio::sync::OnceCell;

use super::id::Platform;
use crate::{
    endpoint,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// The label of everything that labproof creates in the engine; its value is the name of the run, for objects of a run.
pub const RUN: &str = "dev.labproof.run";

/// The label, with its value, of the layers of a submission's image, and of the containers in which the engine builds them.
pub const BUILD: &str = "dev.labproof.build=true";

/// The label, with its value, of objects that outlive a run.
pub const MADE: &str = "dev.labproof.made=true";

/// The label of a stand-in image.
pub const STAND_IN: &str = "dev.labproof.stand-in";

/// An image that the engine has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The engine's id of the image, `sha256:…`. It changes if the image changes, and is not comparable with other ids.
    pub key: String,
    /// Why it is a stand-in; `None` if it is not.
    pub stand_in: Option<String>,
}

/// How the engine stores its images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// With its own storage driver, such as overlay2.
    Graph,
    /// In containerd, the default of new installations from version 29 on.
    Containerd,
}

/// How the engine stores its images; asks the engine only once.
///
/// # Errors
/// If no engine answers.
pub async fn store() -> Outcome<Store> {
    static STORE: OnceCell<Store> = OnceCell::const_new();
    let ask = async || {
        let status = Tool::new("docker").args(["info", "--format", "{{json .DriverStatus}}"]).output().await?;
        Ok(if status.contains("io.containerd.snapshotter") { Store::Containerd } else { Store::Graph })
    };
    STORE.get_or_try_init(ask).await.copied()
}

/// Whether the engine's machine has control groups of version 1.
///
/// # Errors
/// If no engine answers.
pub async fn has_cgroup_v1() -> Outcome<bool> {
    let version = Tool::new("docker").args(["info", "--format", "{{.CgroupVersion}}"]).output().await?;
    Ok(version.trim() == "1")
}

/// Whether the engine uses a mirror of Docker Hub.
///
/// # Errors
/// If no engine answers.
pub async fn has_mirrors() -> Outcome<bool> {
    let format = "{{with .RegistryConfig}}{{len .Mirrors}}{{end}}";
    let mirrors = Tool::new("docker").args(["info", "--format", format]).output().await?;
    Ok(mirrors.trim().parse::<usize>().is_ok_and(|count| count > 0))
}

/// The platform of the engine's machine; asks the engine only once.
///
/// # Errors
/// If no engine answers.
pub async fn platform() -> Outcome<Platform> {
    static PLATFORM: OnceCell<Platform> = OnceCell::const_new();
    let ask = async || {
        let words = ["version", "--format", "{{.Server.Os}} {{.Server.Arch}}"];
        let answer = Tool::new("docker").args(words).output().await?;
        let (os, architecture) = answer.split_once(' ').unwrap_or(("linux", &answer));
        Ok(Platform { os: os.to_owned(), architecture: architecture.to_owned() })
    };
    PLATFORM.get_or_try_init(ask).await.cloned()
}

/// Why the engine's containers, files and disk are not those of this machine; `None` if they are. Asks the engine only once.
///
/// # Errors
/// If no engine answers.
pub async fn is_elsewhere() -> Outcome<Option<&'static str>> {
    static ELSEWHERE: OnceCell<Option<&'static str>> = OnceCell::const_new();
    if endpoint::is_remote() {
        return Ok(Some("labproof does not run on the Docker engine's own machine"));
    }
    let ask = async || {
        let format = "{{.OperatingSystem}}\n{{json .SecurityOptions}}";
        Ok(elsewhere(&Tool::new("docker").args(["info", "--format", format]).output().await?))
    };
    ELSEWHERE.get_or_try_init(ask).await.copied()
}

/// Reads the name of the engine's operating system, and its security options.
fn elsewhere(info: &str) -> Option<&'static str> {
    match () {
        () if info.starts_with("Docker Desktop") => Some("Docker Desktop runs the engine in a virtual machine"),
        () if info.contains("name=rootless") => Some("the engine is rootless, with a network of its own"),
        () => None,
    }
}

/// Connects to the engine's API through `DOCKER_HOST` or the default socket.
///
/// # Errors
/// If the address is invalid.
pub fn connect() -> Outcome<Docker> {
    Docker::connect_with_defaults().map_err(|error| Fault::broken(format!("cannot reach the Docker engine: {error}")))
}

/// The engine's version.
///
/// # Errors
/// If no engine answers.
pub async fn version() -> Outcome<String> {
    let version = Tool::new("docker")
        .args(["version", "--format", "{{.Server.Version}}"])
        .limit(Duration::from_secs(10))
        .output()
        .await;
    version.map_err(|fault| {
        let reason = format!("no Docker engine answers at {}: {}", endpoint::shown(), fault.reason);
        Fault { reason, ..fault }.hint(endpoint::advice())
    })
}

/// The image `name`; `None` if the engine does not have it.
///
/// # Errors
/// If no engine answers.
pub async fn image(name: &str) -> Outcome<Option<Image>> {
    let inspect = || Tool::new("docker").args(["image", "inspect", "--format", "{{json .}}", name]).finish();
    let mut found = inspect().await?;
    // An engine with containerd's store answers this if a build gives the name to another image meanwhile.
    for _ in 0..3 {
        if !found.stderr.contains("data changed during operation") {
            break;
        }
        found = inspect().await?;
    }
    if !found.status.success() {
        if found.stderr.to_lowercase().contains("no such image") {
            return Ok(None);
        }
        version().await?;
        return Err(Fault::broken(format!("the engine cannot describe the image {name}: {}", found.stderr.trim())));
    }
    let image = Image::read(&found.stdout);
    image
        .map(Some)
        .map_err(|error| Fault::broken(format!("the engine's description of {name} cannot be read: {error}")))
}

/// The image that labproof just put into the engine.
///
/// # Errors
/// If the engine does not have it.
pub async fn expect(name: &str) -> Outcome<Image> {
    let missing = || Fault::broken(format!("{name} is not in the engine, although labproof just put it there"));
    image(name).await?.ok_or_else(missing)
}

impl Image {
    /// Reads the output of `docker image inspect`. Depending on the engine's version, an image without labels has an
    /// empty map, null or no such field; the same applies to its configuration.
    fn read(description: &str) -> serde_json::Result<Self> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Description {
            id: String,
            config: Option<ImageConfiguration>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct ImageConfiguration {
            labels: Option<BTreeMap<String, String>>,
        }
        let described: Description = serde_json::from_str(description)?;
        let labels = described.config.and_then(|configuration| configuration.labels);
        Ok(Self { key: described.id, stand_in: labels.and_then(|mut labels| labels.remove(STAND_IN)) })
    }
}

/// The container `name`, running or not, if it exists.
///
/// # Errors
/// If no engine answers.
pub async fn container(name: &str) -> Outcome<Option<Container>> {
    let format = "{{.Id}} {{.Created}} {{.Config.Image}}";
    let found = Tool::new("docker").args(["container", "inspect", "--format", format, name]).finish().await?;
    if !found.status.success() {
        if found.stderr.to_lowercase().contains("no such container") {
            return Ok(None);
        }
        version().await?;
        return Err(Fault::broken(format!("the engine cannot describe the container {name}: {}", found.stderr.trim())));
    }
    let mut words = found.stdout.split_whitespace().map(str::to_owned);
    Ok(Some(Container {
        id: words.next().unwrap_or_default(),
        created: words.next().unwrap_or_default().parse().unwrap_or(jiff::Timestamp::MIN),
        image: words.next().unwrap_or_default(),
    }))
}

/// The address of a running container on the engine's own network.
///
/// # Errors
/// If the container has none, for example because it has ended.
pub async fn address(id: &str) -> Outcome<String> {
    let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
    let addresses = Tool::new("docker").args(["container", "inspect", "--format", format, id]).output().await?;
    let address = addresses.split_whitespace().next().map(str::to_owned);
    address.ok_or_else(|| Fault::failed("the container has no IP address because its program has ended"))
}

/// Removes a container by its id, running or not.
///
/// # Errors
/// If the engine refuses.
pub async fn remove(id: &str) -> Outcome {
    Tool::new("docker").args(["rm", "--force", "--volumes", id]).output().await.map(|_| ())
}

/// A container of the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// Its id.
    pub id: String,
    /// When it was made.
    pub created: jiff::Timestamp,
    /// The image it was made from, as named in the request.
    pub image: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_with_a_machine_or_a_network_of_its_own_is_elsewhere() {
        assert!(elsewhere("Docker Desktop\n[\"name=seccomp,profile=unconfined\"]").is_some());
        assert!(elsewhere("Ubuntu 24.04\n[\"name=seccomp,profile=builtin\",\"name=rootless\"]").is_some());
        assert_eq!(elsewhere("Ubuntu 24.04\n[\"name=apparmor\"]"), None);
        assert_eq!(elsewhere("Debian GNU/Linux 12 (bookworm)\nnull"), None);
    }

    #[test]
    fn an_image_without_labels_is_no_stand_in_however_its_engine_says_so() {
        for rest in ["", r#", "Config": null"#, r#", "Config": {}"#, r#", "Config": {"Labels": null}"#] {
            let image = Image::read(&format!(r#"{{"Id": "sha256:aa"{rest}}}"#)).unwrap();
            assert_eq!(image, Image { key: "sha256:aa".into(), stand_in: None }, "{rest}");
        }
        let labelled = r#"{"Id": "sha256:aa", "Config": {"Labels": {"dev.labproof.stand-in": "a busybox", "x": "y"}}}"#;
        assert_eq!(Image::read(labelled).unwrap().stand_in.as_deref(), Some("a busybox"));
    }
}
